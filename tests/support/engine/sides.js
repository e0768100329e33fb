// Compares sides as the page /compare/ does. Standard input has AWS's action list, the risk rules and the
// cases; standard output has a result for each.
import { readFileSync } from "node:fs";
import { sideBySide } from "../../../templates/theme/assets/compare/side-by-side.js";
import { catalogueOf, readDocument } from "../../../templates/theme/assets/engine/engine.js";

const { catalogue, rules, cases } = JSON.parse(readFileSync(0, "utf-8"));
const actions = catalogueOf(catalogue);

/**
 * @param {unknown[]} sources
 * @param {string} letter
 */
function side(sources, letter) {
  return sources.map((source, place) => {
    const read = readDocument(JSON.stringify(source));
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    const named = { name: `${letter}${place}`, version: null, day: null, unsure: "", text: "" };
    return { named, document: read.document };
  });
}

const found = cases.map((/** @type {unknown[][]} */ [a, b]) => sideBySide(side(a, "a"), side(b, "b"), actions, rules));
process.stdout.write(JSON.stringify(found));
