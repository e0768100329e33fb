// Statements split into grants, and the service prefixes of grants; see
// generator/policybook/iam/grants.py.
import { Grant, Term } from "../model/documents.js";
import { compareTexts } from "../order.js";
import { termCovers } from "./terms.js";

/** @typedef {import("../model/documents.js").Document} Document */

export const EVERYTHING = "*";

/**
 * All grants of the document, ordered by statement, then action, then resource.
 * @param {Document} document
 */
export function grants({ statements }) {
  return statements.flatMap((s) => singleTerms(s.actions).flatMap((action) =>
    singleTerms(s.resources).map((resource) => new Grant(s.effect, action, resource, s.condition, s.number))));
}

/**
 * One term for each pattern; a negated term (NotAction, NotResource) is returned whole.
 * @param {Term} term
 * @returns {Term[]}
 */
export function singleTerms(term) {
  return term.negated ? [term] : term.patterns.map((pattern) => new Term([pattern], false, term.variables));
}

/**
 * An action pattern normalised for comparison: in lower case, and `*:*` as `*`.
 * @param {string} pattern
 */
export function compared(pattern) {
  return pattern === "*:*" ? EVERYTHING : pattern.toLowerCase();
}

/**
 * An action term with its patterns normalised for comparison.
 * @param {Term} term
 */
export function comparedTerm(term) {
  return new Term(term.patterns.map(compared), term.negated, term.variables);
}

/**
 * Whether an Action or NotAction element names all that an action term in lower case names.
 * @param {Term} actions
 * @param {Term} action
 */
export function namesAction(actions, action) {
  return termCovers(comparedTerm(actions), action);
}

/**
 * The service prefix of an action pattern, in lower case; `*` if it matches every service.
 * @param {string} action
 */
export function prefixOf(action) {
  const colon = action.indexOf(":");
  return colon < 0 ? EVERYTHING : action.slice(0, colon).toLowerCase();
}

/**
 * The action patterns whose `prefixOf` is the prefix, in order.
 * @param {readonly string[]} actions
 * @param {string} prefix a service prefix in lower case, or `*`
 */
export function withPrefix(actions, prefix) {
  return actions.filter((action) => prefixOf(action) === prefix);
}

/**
 * The sorted prefixes under which the grant is listed; `*` for `*` and for NotAction.
 * @param {Grant} grant
 */
export function prefixes({ action }) {
  if (action.negated) return [EVERYTHING];
  return [...new Set(action.patterns.map(prefixOf))].sort(compareTexts);
}
