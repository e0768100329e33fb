// What limits a grant: a resource narrower than all resources of a type, and a condition; see
// generator/policybook/iam/mitigation.py.
import { Term } from "../model/documents.js";
import { MITIGATIONS as WITHIN } from "../rules.js";
import { parsed } from "./condition-operators.js";
import { asText, coversTokens, literal, overlapsTokens, tokens } from "./patterns.js";
import { termCovers } from "./terms.js";

/**
 * @typedef {import("../model/documents.js").Clause} Clause
 * @typedef {import("../model/documents.js").Statement} Statement
 * @typedef {keyof typeof WITHIN} Mitigation
 */

/** The weakest first. */
export const MITIGATIONS = /** @type {Mitigation[]} */ (Object.keys(WITHIN));

/**
 * The mitigation of one action on one resource.
 * @param {boolean} scoped whether the resource is narrower than all resources of the action's types
 * @param {boolean} conditional whether the statement has a condition or a Deny may apply
 * @returns {Mitigation}
 */
export function mitigated(scoped, conditional) {
  if (scoped && conditional) return "scoped and conditional";
  return scoped ? "scoped" : conditional ? "conditional" : "none";
}

/**
 * The mitigation of several alternatives, of which any is enough; there is at least one.
 * @param {readonly Mitigation[]} found
 */
export function anyOf(found) {
  return named(found.reduce((within, one) => within | WITHIN[one], 0));
}

/**
 * The mitigation of several steps, all of which are needed.
 * @param {readonly Mitigation[]} found
 */
export function allOf(found) {
  return named(found.reduce((within, one) => within & WITHIN[one], ~0));
}

/** @param {number} within */
function named(within) {
  return /** @type {Mitigation} */ (MITIGATIONS.find((one) => WITHIN[one] === within));
}

/**
 * Whether a grant reaches no resources but some.
 * @param {Term} some patterns of resources
 * @param {Term} resources those of the grant
 * @param {readonly Statement[]} denying the Deny statements that name the action
 */
export function isOnlyOn(some, resources, denying) {
  return termCovers(some, resources) || denying.some((deny) =>
    deny.resources.negated &&
    !deny.condition.length &&
    termCovers(some, new Term(deny.resources.patterns, false, deny.resources.variables)));
}

/**
 * Whether the condition may hold for a request with given values of some condition keys.
 * @param {readonly Clause[]} condition
 * @param {Readonly<Record<string, readonly string[]>>} context for each key the values of which the request
 *   may have any one
 */
export function mayHold(condition, context) {
  return Object.entries(context).every(([key, values]) => {
    const clauses = condition.filter((clause) => clause.key.toLowerCase() === key.toLowerCase());
    return !clauses.length || values.some((value) => clauses.every((clause) => possible(clause, value)));
  });
}

/**
 * Whether the clause can hold for a request in which its key has this one value.
 * @param {Clause} clause
 * @param {string} value
 */
function possible({ operator, values, variables }, value) {
  const { family, base, negated } = parsed(operator);
  if (family === "null") return values.some((v) => v.toLowerCase() !== "true");
  if (family !== "string") return true;
  const folded = (/** @type {string} */ text) => (base.endsWith("ignorecase") ? text.toLowerCase() : text);
  const read = base.endsWith("like") ? tokens : literal;
  const wanted = literal(asText(folded(value)));
  const listed = values.map((v) => read(folded(variables ? v : asText(v))));
  if (negated) return !listed.some((one) => coversTokens(one, wanted));
  return listed.some((one) => overlapsTokens(one, wanted));
}
