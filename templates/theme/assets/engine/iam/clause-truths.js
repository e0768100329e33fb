// For which values of a condition key several clauses hold, each for itself; see
// generator/policybook/iam/clause_truths.py. One value of each kind that the clauses tell apart is tried,
// and the request without the key.
import { memoized } from "../memo.js";
import { idsOf } from "../model/documents.js";
import { LIMITS } from "../rules.js";
import { parsed } from "./condition-operators.js";
import { matchesValue, valueKinds, valueOf } from "./value-kinds.js";
import { ANY, STAR, asText, literal, tokens } from "./patterns.js";
import { TextPattern, TextSet, Undecided, textTruths } from "./text-sets.js";

/**
 * @typedef {import("../model/documents.js").Clause} Clause
 * @typedef {import("./condition-operators.js").Operator} Operator
 */

/**
 * The sets of clauses that hold together for some value of their key, in order; bit n is clause n. Null if
 * the clauses cannot be compared.
 *
 * `array` says whether the key has several values; if it is null, a clause with `ForAllValues` or
 * `ForAnyValue` says that it has. Sets without the clauses `must`, as bits, may be left out.
 * @type {(clauses: readonly Clause[], array?: boolean | null, must?: bigint) => readonly bigint[] | null}
 */
export const truths = memoized(
  50_000,
  (clauses, array = null, must = 0n) => `${array} ${must} ${idsOf(clauses)}`,
  (clauses, array = null, must = 0n) => {
    try {
      return truthsOf(clauses, array, must);
    } catch (error) {
      if (error instanceof Undecided) return null;
      throw error;
    }
  },
);

/**
 * @param {readonly Clause[]} clauses
 * @param {boolean | null} array
 * @param {bigint} must
 */
function truthsOf(clauses, array, must) {
  const operators = clauses.map(({ operator }) => parsed(operator));
  const quantifiers = new Set(operators.filter(({ family }) => family !== "null").map((op) => op.quantifier));
  const several = array !== false && [...quantifiers].some(Boolean);
  if ((several || array) && quantifiers.has("")) return null;
  const absent = bitsOf(clauses, (clause, n) =>
    operators[n].family === "null" ? says(clause, "true") : operators[n].passesAbsent);
  let found = new Set(present(clauses, operators, several ? 0n : must));
  if (several) found = ofSets(found, operators);
  return [...found.add(absent)].filter((bits) => (bits & must) === must).sort((a, b) => (a < b ? -1 : 1));
}

/**
 * @template T
 * @param {readonly T[]} listed
 * @param {(one: T, n: number) => boolean} holds
 */
function bitsOf(listed, holds) {
  return listed.reduce((bits, one, n) => (holds(one, n) ? bits | (1n << BigInt(n)) : bits), 0n);
}

/**
 * Whether a `Null` clause has the value.
 * @param {Clause} clause
 * @param {string} wanted
 */
function says({ values }, wanted) {
  const lower = values.map((value) => value.toLowerCase());
  if (lower.some((value) => value !== "true" && value !== "false")) throw new Undecided();
  return lower.some((value) => value === wanted);
}

/**
 * The clauses that hold for one value, for a value of each kind.
 * @param {readonly Clause[]} clauses
 * @param {readonly Operator[]} operators
 * @param {bigint} must
 */
function* present(clauses, operators, must) {
  const always = bitsOf(clauses, (clause, n) => operators[n].family === "null" && says(clause, "false"));
  const places = clauses.map((_, n) => n).filter((n) => operators[n].family !== "null");
  const families = new Set(places.map((n) => operators[n].family));
  const [compared, own] = [places.map((n) => clauses[n]), places.map((n) => operators[n])];
  /** @type {Iterable<bigint>} */
  let found;
  if ([...families].every((family) => family === "string" || family === "arn")) {
    const needed = bitsOf(places, (n) => !!((must >> BigInt(n)) & 1n));
    found = textTruths(compared.map((clause, n) => textSet(clause, own[n])), needed);
  } else if (families.size === 1) found = ofValues(compared, own);
  else throw new Undecided();
  for (const bits of found)
    yield places.reduce((all, n, at) => ((bits >> BigInt(at)) & 1n ? all | (1n << BigInt(n)) : all), always);
}

/**
 * The clauses that hold for a set of values, from those that hold for each of its values.
 * @param {Set<bigint>} single
 * @param {readonly Operator[]} operators
 */
function ofSets(single, operators) {
  const every = bitsOf(operators, ({ quantifier }) => quantifier !== "foranyvalue");
  const any = bitsOf(operators, ({ quantifier }) => quantifier === "foranyvalue");
  const found = new Set(single);
  const waiting = [...single];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop())
    for (const other of single) {
      const both = (one & other & every) | ((one | other) & any);
      if (found.has(both)) continue;
      if (found.size >= LIMITS.valueSets) throw new Undecided();
      found.add(both);
      waiting.push(both);
    }
  return found;
}

/**
 * The values for which a clause on strings or ARNs holds. The six parts of an ARN are compared one by one,
 * so a wildcard does not match the colons between them.
 * @param {Clause} clause
 * @param {Operator} operator
 */
function textSet({ values, variables }, { family, base, negated }) {
  const [arn, fold] = [family === "arn", base.endsWith("ignorecase")];
  const read = arn || base.endsWith("like") ? tokens : literal;
  const found = values.map((value) => read(variables ? value : asText(value)));
  if (arn && found.some((pattern) => colonsIn(pattern) < COLONS)) throw new Undecided();
  const colons = (/** @type {readonly string[]} */ pattern) => (arn && !endsPlain(pattern) ? COLONS : 0);
  return new TextSet(found.map((pattern) => new TextPattern(pattern, colons(pattern), fold)), negated);
}

const COLONS = 5; // between the six parts of an ARN

/** @param {readonly string[]} pattern */
function colonsIn(pattern) {
  return pattern.filter((token) => token === ":").length;
}

/**
 * Whether only the last part of an ARN's pattern has wildcards or variables, or none has.
 * @param {readonly string[]} pattern
 */
function endsPlain(pattern) {
  const first = pattern.findIndex((token) => token === STAR || token === ANY || token.length > 2);
  return first < 0 || colonsIn(pattern.slice(0, first)) >= COLONS;
}

/**
 * The clauses that hold for a value of each kind; all are of one family that does not compare texts.
 * @param {readonly Clause[]} compared
 * @param {readonly Operator[]} operators
 */
function* ofValues(compared, operators) {
  const { family } = operators[0];
  const expected = compared.map(({ values }) => values.map((value) => {
    const found = valueOf(family, value);
    if (found === null) throw new Undecided();
    return found;
  }));
  const every = [...new Map(expected.flat().map((one) => [one.id, one])).values()];
  const kinds = valueKinds(family, every);
  if (kinds.length * every.length > LIMITS.comparedValues) throw new Undecided();
  for (const value of kinds)
    yield bitsOf(operators, ({ base, negated }, n) =>
      expected[n].some((one) => matchesValue(base, value, one)) !== negated);
}
