// Terms: several patterns together, or everything except them. The rules are those of
// generator/policybook/iam/terms.py.
import { asText, covers, overlaps } from "./patterns.js";

/** @typedef {import("../model/documents.js").Term} Term */

/** @type {WeakMap<Term, readonly string[]>} */
const texts = new WeakMap();

/**
 * The term's patterns as they are matched: with `${` as text if it has no variables.
 * @param {Term} term
 */
export function matched(term) {
  if (term.variables) return term.patterns;
  let found = texts.get(term);
  if (!found) texts.set(term, (found = term.patterns.map(asText)));
  return found;
}

/**
 * Whether everything that the term `narrow` names is named by the term `wide`, as far as single
 * patterns show it.
 * @param {Term} wide
 * @param {Term} narrow
 */
export function termCovers(wide, narrow) {
  const [outer, inner] = [matched(wide), matched(narrow)];
  if (wide.negated && narrow.negated) {
    const left = new Set(inner);
    return outer.every((w) => left.has(w) || inner.some((n) => covers(n, w)));
  }
  if (wide.negated) return !outer.some((w) => inner.some((n) => overlaps(w, n)));
  if (narrow.negated) return outer.some((w) => covers(w, "*"));
  return inner.every((n) => outer.some((w) => covers(w, n)));
}

/**
 * Whether something may be named by both terms. A negated term is assumed to overlap with a pattern
 * unless one excluded pattern covers it, and with every other negated term.
 * @param {Term} one
 * @param {Term} other
 */
export function termOverlaps(one, other) {
  if (one.negated && other.negated) return true;
  if (one.negated || other.negated) {
    const [out, kept] = one.negated ? [one, other] : [other, one];
    const excluded = matched(out);
    return matched(kept).some((n) => !excluded.some((w) => covers(w, n)));
  }
  const there = matched(other);
  return matched(one).some((a) => there.some((b) => overlaps(a, b)));
}
