// The engine's answers about documents, which are given as texts.
import { readFileSync } from "node:fs";
import * as engine from "../../../templates/theme/assets/engine/engine.js";

/** @type {Record<string, any>} what the answers are about, beside what they are given */
const held = {};

const json = (/** @type {string} */ path) => JSON.parse(readFileSync(path, "utf-8"));

/** @param {string} text */
function documentOf(text) {
  const found = engine.readDocument(text);
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return found.document;
}

const documentsOf = (/** @type {string[]} */ texts) => texts.map(documentOf);

/** @type {Record<string, (...given: any[]) => unknown>} */
export const ANSWERS = {
  hold(catalogue, rules) {
    held.catalogue = engine.catalogueOf(json(catalogue));
    held.rules = json(rules);
  },
  problems(text) {
    const found = engine.readDocument(text);
    return "problems" in found ? found.problems : [];
  },
  compare: (before, after) => engine.compare(documentsOf(before), documentsOf(after), held.catalogue),
  compareTexts: (before, after) => engine.compare(documentsOf(before), documentsOf(after)),
  contains: (wide, narrow) => engine.contains(documentsOf(wide), documentsOf(narrow), held.catalogue),
  effectiveActions: (documents) => engine.effectiveActions(documentsOf(documents), held.catalogue),
  risks: (documents) => engine.risks(documentsOf(documents), held.rules, held.catalogue),
  policies(path) {
    const named = json(path).map((/** @type {[string, string]} */ [name, text]) => [name, documentOf(text)]);
    held.policies = engine.policiesOf(named, held.catalogue);
  },
  near: (documents) => engine.near(documentsOf(documents), held.policies),
  milliseconds(name, ...given) {
    const start = performance.now();
    ANSWERS[name](...given);
    return performance.now() - start;
  },
};
