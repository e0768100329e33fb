// Which terms name a text, for each kind of text that one term names; see
// generator/policybook/iam/term_kinds.py. The terms are those of several statements, all for actions or all
// for resources.
import { memoized } from "../memo.js";
import { Term, idsOf } from "../model/documents.js";
import { LIMITS } from "../rules.js";
import { ANY, OTHER, STAR, completed, covers, overlaps, tokens } from "./patterns.js";
import { matched, termCovers } from "./terms.js";
import { TextPattern, TextSet, Undecided, textTruths } from "./text-sets.js";

/**
 * The actions or the resources of boxes. `every` is the set of all texts that count; `typical` is one that
 * no pattern but `*` matches.
 * @typedef {{ name: string, every: TextSet, typical: string }} Axis
 */

/** The name of an action has exactly one colon. @type {Axis} */
export const ACTIONS = {
  name: "actions",
  every: new TextSet([new TextPattern(tokens("*:*"), 2)]),
  typical: `${OTHER}:${OTHER}`,
};
/** @type {Axis} */
export const RESOURCES = { name: "resources", every: new TextSet([], true), typical: OTHER };

/**
 * An action that a term names and that few other patterns match; null without one at hand.
 * @param {Term} term
 */
export function typicalAction(term) {
  return typical(ACTIONS, term);
}

/**
 * A resource that a term names and that few other patterns match; null without one at hand.
 * @param {Term} term
 */
export function typicalResource(term) {
  return typical(RESOURCES, term);
}

/** @type {(axis: Axis, term: Term) => string | null} */
const typical = memoized(5_000, (axis, term) => `${axis.name} ${term.id}`, (axis, term) => {
  const texts = matched(term);
  if (term.negated) return texts.some((text) => covers(text, axis.typical)) ? null : axis.typical;
  if (texts.length !== 1 || texts[0].includes("${")) return null;
  const found = tokens(completed(texts[0])).map((t) => (t === STAR || t === ANY ? OTHER : t)).join("");
  if (axis === ACTIONS && !found.includes(":")) return texts[0].endsWith("*") ? `${found}:${OTHER}` : null;
  return found;
});

/**
 * For each kind of text that a term names, the other terms, by their keys, that name it too. Kinds that are
 * easily found come first.
 * @param {Axis} axis
 * @param {Term} narrow
 * @param {ReadonlyMap<number, Term>} terms
 * @returns {Generator<number[], void>}
 * @throws {Undecided}
 */
export function* kindsOfText(axis, narrow, terms) {
  /** @type {number[]} */
  const whole = [];
  /** @type {number[]} */
  const parts = [];
  for (const [key, term] of terms) (termCovers(term, narrow) ? whole : parts).push(key);
  if (!parts.length && typical(axis, narrow) !== null) {
    yield whole;
    return;
  }
  const others = parts.map((key) => /** @type {Term} */ (terms.get(key)));
  for (const bits of truthsOfTerms(axis, narrow, others).all())
    yield [...whole, ...parts.filter((_, n) => (bits >> BigInt(n + 2)) & 1n)];
}

/** What a generator yields, found when it is read, and kept for others that ask for the same. */
class Kept {
  /** @param {Generator<bigint, void>} found */
  constructor(found) {
    /** @type {bigint[]} */
    this.found = [];
    this.undecided = false;
    this.rest = found;
  }

  *all() {
    for (let n = 0; ; n++) {
      if (n === this.found.length && !this.#read()) return;
      yield this.found[n];
    }
  }

  #read() {
    if (this.undecided) throw new Undecided();
    try {
      const next = this.rest.next();
      if (!next.done) this.found.push(next.value);
      return !next.done;
    } catch (error) {
      this.undecided = error instanceof Undecided;
      throw error;
    }
  }
}

/**
 * The truths of the axis's texts, a term, and others.
 * @type {(axis: Axis, narrow: Term, others: readonly Term[]) => Kept}
 */
const truthsOfTerms = memoized(
  256,
  (axis, narrow, others) => `${axis.name} ${narrow.id}\n${idsOf(others)}`,
  (axis, narrow, others) => {
    const own = textSet(relevant(axis, narrow, others));
    const sets = [axis.every, own, ...others.map(textSet)];
    return new Kept(textTruths(sets, 0b11n, samples(axis, narrow, others)));
  },
);

/**
 * @param {Axis} axis
 * @param {Term} narrow
 * @param {readonly Term[]} others
 */
function samples(axis, narrow, others) {
  const exceptions = !narrow.negated ? [] : others.filter(({ negated }) => negated).flatMap(matched);
  const found = exceptions.slice(0, LIMITS.samples).map((pattern) => typical(axis, new Term([pattern])));
  return [typical(axis, narrow), ...found].flatMap((text) => text || []);
}

/**
 * The term without exceptions that do not matter for telling the other terms apart.
 * @param {Axis} axis
 * @param {Term} narrow
 * @param {readonly Term[]} others
 */
function relevant(axis, narrow, others) {
  if (!narrow.negated) return narrow;
  const patterns = others.flatMap(matched);
  // A text that no other term matches may be among the exceptions only.
  if (patterns.some((pattern) => covers(pattern, axis.typical))) return narrow;
  const matters = (/** @type {string} */ exception) =>
    covers(exception, axis.typical) || patterns.some((p) => overlaps(exception, p));
  return new Term(matched(narrow).filter(matters), true);
}

/** @param {Term} term */
function textSet(term) {
  return new TextSet(matched(term).map((p) => new TextPattern(tokens(completed(p)))), term.negated);
}
