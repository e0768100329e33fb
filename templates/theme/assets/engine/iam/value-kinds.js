// Values of requests that are no texts: one of each kind that expected values tell apart; the last part of
// generator/policybook/iam/clause_truths.py.
import { boolean, moment, network, number } from "./condition-values.js";
import { between, compareFractions, fraction, plus } from "./fractions.js";
import { OTHER } from "./patterns.js";

/**
 * @typedef {import("./condition-operators.js").Family} Family
 * @typedef {import("./condition-values.js").Network} Network
 * @typedef {import("./fractions.js").Fraction} Fraction
 */

/**
 * What a value stands for; equal ones have equal ids.
 * @typedef {{ id: string, point?: Fraction, block?: Network }} Value
 */

/**
 * What a value of a clause stands for; null if it stands for no value of the family.
 * @param {Family} family
 * @param {string} text
 * @returns {Value | null}
 */
export function valueOf(family, text) {
  if (family === "binary") return { id: text };
  if (family === "bool") {
    const found = boolean(text);
    return found === null ? null : { id: `${found}` };
  }
  if (family === "ip") {
    const block = network(text);
    return block && ofBlock(block);
  }
  if (family !== "number" && family !== "date") return null;
  const point = family === "number" ? number(text) : moment(text);
  return point && ofPoint(point);
}

/** @param {Fraction} point */
function ofPoint(point) {
  return { id: point.id, point };
}

/** @param {Network} block */
function ofBlock(block) {
  return { id: `${block.version} ${block.first} ${block.last}`, block };
}

/**
 * One value of a request of each kind that the expected values tell apart, each once.
 * @param {Family} family
 * @param {readonly Value[]} expected
 * @returns {Value[]}
 */
export function valueKinds(family, expected) {
  const kinds = [...kindsOf(family, expected)];
  return [...new Map(kinds.map((kind) => [kind.id, kind])).values()];
}

/**
 * @param {Family} family
 * @param {readonly Value[]} expected
 * @returns {Iterable<Value>}
 */
function* kindsOf(family, expected) {
  if (family === "bool") yield* [{ id: "true" }, { id: "false" }];
  else if (family === "binary") yield* [{ id: OTHER }, ...expected];
  else if (family === "ip") {
    yield* [addressOf(4, 0n), addressOf(6, 0n)];
    for (const { block } of expected) {
      if (!block) continue;
      yield addressOf(block.version, block.first);
      if (block.last + 1n < 1n << (block.version === 4 ? 32n : 128n))
        yield addressOf(block.version, block.last + 1n);
    }
  } else yield* pointsOf(expected);
}

/**
 * @param {4 | 6} version
 * @param {bigint} address
 */
function addressOf(version, address) {
  return ofBlock({ version, first: address, last: address });
}

/** @param {readonly Value[]} expected */
function* pointsOf(expected) {
  const points = expected.flatMap(({ point }) => point ?? []).sort(compareFractions);
  yield ofPoint(points.length ? plus(points[0], -1n) : fraction(0n, 1n));
  for (const [n, point] of points.entries()) {
    yield ofPoint(point);
    yield ofPoint(n + 1 < points.length ? between(point, points[n + 1]) : plus(point, 1n));
  }
}

/**
 * Whether a value of a request matches one value of a clause, before negation.
 * @param {string} base the operator
 * @param {Value} value
 * @param {Value} expected
 */
export function matchesValue(base, value, expected) {
  if (value.point && expected.point && /less|greater/.test(base)) {
    const difference = compareFractions(value.point, expected.point);
    if (!difference) return base.endsWith("equals");
    return base.includes("less") ? difference < 0 : difference > 0;
  }
  if (!value.block || !expected.block) return value.id === expected.id;
  const { version, first, last } = expected.block;
  return value.block.version === version && first <= value.block.first && value.block.first <= last;
}
