// Compares condition blocks: whether one is no stricter than another; see
// generator/policybook/iam/conditions.py. Answers are true, false, or null if the two forms cannot be
// compared.
import { NO_REFERENCE } from "./aws-reference.js";
import { truths } from "./clause-truths.js";
import { parsed } from "./condition-operators.js";

/**
 * @typedef {import("../model/documents.js").Clause} Clause
 * @typedef {import("./aws-reference.js").AwsReference} AwsReference
 * @typedef {boolean | null} Answer
 */

/**
 * Whether every request that meets the block `other` also meets the block `one`; and if that is not known,
 * the clauses that could not be compared.
 * @param {readonly Clause[]} one the block that must not be stricter
 * @param {readonly Clause[]} other
 * @param {AwsReference} reference tells which keys have several values
 * @returns {[Answer, string]}
 */
export function noStricter(one, other, reference = NO_REFERENCE) {
  const missing = one.filter((clause) => !other.some((given) => evident(clause, given)));
  if (!missing.length) return [true, ""];
  const given = byKey(other);
  let [doubt, answer] = ["", true];
  for (const [key, clauses] of byKey(missing)) {
    const array = reference.isArray(key);
    const strong = given.get(key) ?? [];
    const found = implied(clauses, strong, array);
    answer &&= found !== false;
    if (found === null) doubt ||= inWords(clauses, strong, array);
  }
  if (answer && !doubt) return [true, ""];
  for (const [key, clauses] of given) if (contradicts(clauses, reference.isArray(key))) return [true, ""];
  return answer ? [null, doubt] : [false, ""];
}

/**
 * Whether `weak` holds for every request for which `strong` holds.
 * @param {Clause} strong
 * @param {Clause} weak another clause with the same condition key
 * @param {AwsReference} reference
 */
export function implies(strong, weak, reference = NO_REFERENCE) {
  return noStricter([weak], [strong], reference)[0];
}

/**
 * Whether the values alone show that one clause implies another of the same operator.
 * @param {Clause} weak
 * @param {Clause} strong
 */
function evident(weak, strong) {
  if (weak === strong || weak.id === strong.id) return true;
  if (weak.variables !== strong.variables) return false;
  if (weak.key.toLowerCase() !== strong.key.toLowerCase()) return false;
  if (weak.operator.toLowerCase() !== strong.operator.toLowerCase()) return false;
  const { family, negated } = parsed(weak.operator);
  const [inner, outer] = [new Set(strong.values), new Set(weak.values)];
  const [wider, narrower] = [isWithin(inner, outer), isWithin(outer, inner)];
  if (family === "other" || family === "null") return wider && narrower;
  return negated ? narrower : wider;
}

/**
 * @param {Set<string>} inner
 * @param {Set<string>} outer
 */
function isWithin(inner, outer) {
  return [...inner].every((value) => outer.has(value));
}

/**
 * The clauses of a block by their condition key in lower case, each once.
 * @param {Iterable<Clause>} block
 * @returns {Map<string, Clause[]>}
 */
export function byKey(block) {
  /** @type {Map<string, Clause[]>} */
  const found = new Map();
  for (const clause of block) {
    const key = clause.key.toLowerCase();
    const listed = found.get(key);
    if (!listed) found.set(key, [clause]);
    else if (!listed.some(({ id }) => id === clause.id)) listed.push(clause);
  }
  return found;
}

/**
 * Whether clauses hold wherever other clauses on the same key hold.
 * @param {readonly Clause[]} weak the clauses that have to hold
 * @param {readonly Clause[]} strong those that are assumed to hold; none for a block without the key
 * @param {boolean | null} array whether the key has several values
 * @returns {Answer}
 */
export function implied(weak, strong, array) {
  const every = all(strong.length + weak.length);
  const found = truths([...strong, ...weak], array, all(strong.length));
  if (!found) return strong.length ? null : false;
  return found.every((bits) => bits === every);
}

/** @param {number} count */
function all(count) {
  return (1n << BigInt(count)) - 1n;
}

/**
 * Whether no request meets all of these clauses on one key, as far as that is known.
 * @param {readonly Clause[]} clauses
 * @param {boolean | null} array
 */
export function contradicts(clauses, array) {
  return truths(clauses, array, all(clauses.length))?.length === 0;
}

/**
 * Whether no request meets both blocks, as far as clauses on one key show.
 * @param {Iterable<Clause>} one
 * @param {Iterable<Clause>} other
 * @param {AwsReference} reference
 */
export function exclude(one, other, reference) {
  const there = byKey(other);
  return [...byKey(one)].some(([key, clauses]) => {
    const more = there.get(key);
    return !!more && contradicts([...clauses, ...more], reference.isArray(key));
  });
}

/**
 * What could not be compared, for a reader.
 * @param {readonly Clause[]} weak the clauses of one block on a key
 * @param {readonly Clause[]} strong those of the other block; at least one
 * @param {boolean | null} array
 */
export function inWords(weak, strong, array) {
  const isNull = (/** @type {Clause} */ clause) => clause.operator.toLowerCase() === "null";
  const [one, other] = [weak, strong].map((found) => found.find((clause) => !isNull(clause)) ?? found[0]);
  for (const { operator, key } of array ? [one, other] : [])
    if (!parsed(operator).quantifier && parsed(operator).family !== "null")
      return `${operator} on ${key}, which has several values`;
  return `${other.operator} beside ${one.operator} on ${one.key}`;
}
