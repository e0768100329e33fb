// What the pages ask the engine. It has no access to the page: it runs in a worker. The rules are those
// of generator/policybook/iam/ and analysis/; tests compare the answers of both.
//
// Documents are those of `readDocument`. Several are one set of policies: the union of their statements,
// Denies included. Documents, catalogues and policies stay where they were made: only results can be sent
// from a worker to its page.
import { Covering, compare as compareDocuments } from "./analysis/compare.js";
import { changeRows } from "./analysis/change-rows.js";
import { effectiveServices } from "./analysis/effective-actions.js";
import { Policies, decided } from "./analysis/overlap.js";
import { Rulebook } from "./analysis/risks.js";
import { Catalogue } from "./catalogue/catalogue.js";
import { union } from "./model/union.js";
import { comparisonResult, flagResult } from "./results.js";

export { readDocument } from "./reading/document.js";

/** @import { Document } from "./model/documents.js" */

/**
 * The catalogue in `engine/catalogue.json`.
 * @param {CatalogueFile} file
 */
export function catalogueOf(file) {
  return new Catalogue(file);
}

/**
 * How the documents `after` differ from the documents `before`.
 * @param {Document[]} before
 * @param {Document[]} after
 * @param {Catalogue} [catalogue] tells array keys and ARNs apart; without it the text alone counts
 * @returns {ComparisonResult}
 */
export function compare(before, after, catalogue) {
  const change = compareDocuments(union(before), union(after), catalogue);
  return comparisonResult(change, changeRows(change.gained, change.lost));
}

/**
 * What the documents together allow, by service and level, services and actions in order.
 * @param {Document[]} documents
 * @param {Catalogue} catalogue
 * @returns {EffectiveService[]}
 */
export function effectiveActions(documents, catalogue) {
  return effectiveServices(union(documents), catalogue);
}

/**
 * The risk rules that the documents together match, in the order of the rules.
 * @param {Document[]} documents
 * @param {RiskRule[]} rules those of `engine/rules.json`
 * @param {Catalogue} catalogue
 * @returns {FlagResult[]}
 */
export function risks(documents, rules, catalogue) {
  return rulebook(rules, catalogue).flags(union(documents)).map(flagResult);
}

/** @type {WeakMap<RiskRule[], Rulebook>} */
const rulebooks = new WeakMap();

/**
 * @param {RiskRule[]} rules
 * @param {Catalogue} catalogue
 */
function rulebook(rules, catalogue) {
  let found = rulebooks.get(rules);
  if (found?.catalogue !== catalogue) rulebooks.set(rules, (found = new Rulebook(rules, catalogue)));
  return found;
}

/**
 * Whether the documents `wide` cover all grants of the documents `narrow`.
 * @param {Document[]} wide
 * @param {Document[]} narrow
 * @param {Catalogue} [catalogue]
 * @returns {Decided}
 */
export function contains(wide, narrow, catalogue) {
  const documents = new Map([["wide", union(wide)], ["narrow", union(narrow)]]);
  return decided(new Covering(documents, catalogue).covers("wide", "narrow"));
}

/**
 * Policies prepared for `near`, once for many questions.
 * @param {Iterable<[name: string, document: Document]>} named
 * @param {Catalogue} catalogue
 */
export function policiesOf(named, catalogue) {
  return new Policies(named, catalogue);
}

/**
 * Which policies contain, equal, lie in or come near the documents together.
 * @param {Document[]} documents
 * @param {Policies} policies
 * @returns {OverlapResult}
 */
export function near(documents, policies) {
  return policies.overlap(union(documents));
}
