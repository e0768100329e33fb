// Which policies of the site contain a document, equal it, lie in it or come near; and how it differs from
// one that the reader chose.
import { evidence } from "../tools/evidence.js";
import { element, naming } from "../dom.js";
import { ROOT } from "../finder/fetching.js";
import { segment } from "../finder/items.js";
import { count, number } from "../words.js";
import { longList, section } from "./parts.js";

/** @import { ActionLinks } from "../tools/action-links.js" */
/** @typedef {"equal" | "contained_in" | "near" | "contains"} Relation */

const LINES = 12;

/** @type {[Relation, string][]} */
const TITLES = [
  ["equal", "Allow the same"],
  ["contained_in", "Contain it"],
  ["near", "Come near"],
  ["contains", "Lie in it"],
];

/** @param {OverlapResult} overlap */
export function managed(overlap) {
  const total = TITLES.reduce((sum, [relation]) => sum + overlap[relation].length, 0);
  const title = "Policies of this site";
  if (overlap.kind === "none")
    return section(title, "", [element("p", "", "The document allows nothing, so it is not compared.")]);
  if (!total) return section(title, "", [element("p", "", "None contains it, equals it, lies in it or comes near.")]);
  const note = "By current documents. A policy comes near if at least four fifths of the actions of both are shared.";
  const groups = TITLES.flatMap(([relation, words]) => {
    const found = overlap[relation];
    if (!found.length) return [];
    return [element("h4", "", `${words} (${number(found.length)})`), ...longList(found, (one) => line(one, relation), LINES)];
  });
  return section(title, "", [element("p", "pb-fine", note), ...groups]);
}

/**
 * @param {OverlapLine} line
 * @param {Relation} relation
 */
function line({ name, more, less, covers, covered }, relation) {
  const link = naming("a", "", name);
  link.href = new URL(`policies/${segment(name)}/`, ROOT).href;
  const decided = relation === "contains" ? covered : relation === "contained_in" ? covers : "yes";
  const grants = {
    yes: "",
    no: "; not on all the same resources or conditions",
    undetermined: "; undetermined for resources and conditions",
  };
  const said = `${count(more, "action", "actions")} more, ${number(less)} less${grants[decided]}`;
  return [link, " ", element("span", "pb-count", said)];
}

/**
 * @param {ComparisonResult} comparison from the other policy to the document
 * @param {string} name of the other one
 * @param {string} unsure
 * @param {ActionLinks} links
 */
export function comparison({ verdict, undecided, rows, formats_date: day }, name, unsure, links) {
  const head = element("p", "");
  head.append(`From ${name} to this document: `, element("span", `pb-verdict pb-verdict--${verdict}`, verdict));
  /** @type {Node[]} */
  const parts = [head];
  if (unsure) parts.push(element("p", "pb-note pb-note--warn", `Not certain: ${unsure}.`));
  if (undecided.length) parts.push(element("p", "pb-note pb-note--warn", `Undetermined: ${undecided.join("; ")}.`));
  if (day) parts.push(element("p", "pb-fine", `This verdict relies on the ARN formats in AWS's action list of ${day}.`));
  if (rows.length) parts.push(element("p", "pb-fine", `A is ${name}, B is this document.`), ...evidence(rows, links));
  return section(`Compared with ${name}`, "", parts);
}
