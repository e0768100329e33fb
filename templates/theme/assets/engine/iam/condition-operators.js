// Condition operators: what they compare, whether they are negated, and what an absent key means; see
// generator/policybook/iam/condition_operators.py.
import { memoized } from "../memo.js";
import { OPERATORS, SPELLED_OPERATORS } from "../rules.js";

/** @typedef {"string" | "arn" | "bool" | "binary" | "number" | "date" | "ip" | "null" | "other"} Family */

/** @type {ReadonlyMap<string, [Family, boolean]>} */
const BASES = new Map(/** @type {[string, [Family, boolean]][]} */ (Object.entries(OPERATORS)));
const IF_EXISTS = "ifexists";

/**
 * The parts of an operator, in lower case. `quantifier` is `forallvalues`, `foranyvalue` or empty; `base`
 * is the operator without it and without the suffix `IfExists`.
 * @typedef {object} Operator
 * @property {string} quantifier
 * @property {string} base
 * @property {boolean} ifExists
 * @property {Family} family the kind of values that it compares
 * @property {boolean} negated whether it holds when no value matches
 * @property {boolean} passesAbsent whether a clause holds for a request without the condition key
 */

/**
 * Splits an operator, in any case, into its parts.
 * @type {(operator: string) => Readonly<Operator>}
 */
export const parsed = memoized(5_000, (operator) => operator, (operator) => {
  const lower = operator.toLowerCase();
  const colon = lower.lastIndexOf(":");
  const [quantifier, whole] = [lower.slice(0, Math.max(colon, 0)), lower.slice(colon + 1)];
  const ifExists = whole.endsWith(IF_EXISTS);
  const base = ifExists ? whole.slice(0, -IF_EXISTS.length) : whole;
  const [family, negated] = BASES.get(base) ?? ["other", false];
  const passesAbsent = quantifier ? quantifier === "forallvalues" || ifExists : ifExists || negated;
  return Object.freeze({ quantifier, base, ifExists, family, negated, passesAbsent });
});

/**
 * Whether IAM has this operator.
 * @param {string} operator
 */
export function isKnown(operator) {
  const { quantifier, base } = parsed(operator);
  return ["", "forallvalues", "foranyvalue"].includes(quantifier) && BASES.has(base);
}

/**
 * IAM's operators as its guide spells them, with the quantifier and suffix that a text has.
 * @param {string} like
 */
export function spelledOperators(like) {
  const lower = like.toLowerCase();
  const quantifier = ["ForAllValues", "ForAnyValue"].find((q) => lower.startsWith(q.slice(0, 6).toLowerCase()));
  const suffixed = SPELLED_OPERATORS.filter((name) => name !== "Null").map((name) => `${name}IfExists`);
  return [...SPELLED_OPERATORS, ...suffixed].map((name) => (quantifier ? `${quantifier}:${name}` : name));
}
