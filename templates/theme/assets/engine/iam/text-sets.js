// Sets of texts that patterns describe, and which of several sets have a text in common. The rules are
// those of generator/policybook/iam/text_sets.py: all patterns read each text together.
import { isCharacter, isVariable, coversTokens } from "./patterns.js";
import { Walk } from "./text-walk.js";

export { Undecided } from "./text-walk.js";

/** @typedef {import("./patterns.js").Tokens} Tokens */

/**
 * A pattern as tokens. Wildcards match none of the first `colons` colons of a text. With `fold`, letters
 * match in any case.
 */
export class TextPattern {
  /**
   * @param {Tokens} tokens
   * @param {number} colons
   * @param {boolean} fold
   */
  constructor(tokens, colons = 0, fold = false) {
    this.tokens = tokens;
    this.colons = colons;
    this.fold = fold;
    this.id = `${colons}${fold ? "i" : " "}${tokens.join("\0")}`;
    Object.freeze(this);
  }

  /** Whether the pattern matches one text only, its tokens. */
  get isLiteral() {
    return !this.fold && this.tokens.every(isCharacter);
  }
}

/** The texts that one of the patterns matches; if `negated`, all other texts. */
export class TextSet {
  /**
   * @param {readonly TextPattern[]} patterns
   * @param {boolean} negated
   */
  constructor(patterns, negated = false) {
    this.patterns = patterns;
    this.negated = negated;
    Object.freeze(this);
  }
}

/**
 * Which of the sets hold for a text, for each kind of text; bit n stands for set n. Each combination
 * comes once.
 * @param {readonly TextSet[]} sets
 * @param {bigint} must the sets, as bits, that have to hold
 * @param {Iterable<string>} samples texts to look at first
 * @returns {Generator<bigint, void>}
 * @throws {Undecided} if it takes too many steps
 */
export function* textTruths(sets, must, samples = []) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const patterns = [];
  for (const { patterns: own } of sets)
    for (const pattern of own)
      if (!numbers.has(pattern.id)) {
        numbers.set(pattern.id, patterns.length);
        patterns.push(pattern);
      }
  const numberOf = (/** @type {TextPattern} */ pattern) => /** @type {number} */ (numbers.get(pattern.id));
  const required = sets.filter((_, n) => (must >> BigInt(n)) & 1n);
  const needed = required.filter(({ negated }) => !negated).map((set) => set.patterns.map(numberOf));
  const walk = new Walk(patterns, needed, within(patterns));
  const truth = truthOf(sets, numberOf, patterns.length);
  const seen = new Set();
  for (const accepted of acceptedOf(walk, onlyTexts(required), samples)) {
    const found = truth(accepted);
    if ((found & must) === must && !seen.has(found)) {
      seen.add(found);
      yield found;
    }
  }
}

/**
 * @param {Walk} walk
 * @param {string[] | undefined} texts the only ones that count
 * @param {Iterable<string>} samples
 */
function* acceptedOf(walk, texts, samples) {
  for (const text of texts?.length ? texts : samples) yield* walk.ofText(text);
  if (!texts) yield* walk.ofEveryText();
}

/**
 * The sets that hold for a text, as bits, from the numbers of the patterns that match it.
 * @param {readonly TextSet[]} sets
 * @param {(pattern: TextPattern) => number} numberOf
 * @param {number} count how many patterns there are
 * @returns {(accepted: number[]) => bigint}
 */
function truthOf(sets, numberOf, count) {
  /** @type {bigint[]} */
  const having = new Array(count).fill(0n);
  let negated = 0n;
  sets.forEach((set, n) => {
    const bit = 1n << BigInt(n);
    if (set.negated) negated |= bit;
    for (const pattern of set.patterns) having[numberOf(pattern)] |= bit;
  });
  return (accepted) => accepted.reduce((bits, number) => bits | having[number], 0n) ^ negated;
}

/**
 * The texts of the first set that has no others.
 * @param {readonly TextSet[]} sets
 */
function onlyTexts(sets) {
  const found = sets.find(({ negated, patterns }) => !negated && patterns.every((one) => one.isLiteral));
  return found?.patterns.map(({ tokens }) => tokens.join(""));
}

/**
 * Pairs of numbers of patterns with variables, the second of which covers the first.
 * @param {readonly TextPattern[]} patterns
 * @returns {[number, number][]}
 */
function within(patterns) {
  /** @type {[number, number][]} */
  const found = [];
  patterns.forEach((one, n) => {
    if (!one.tokens.some(isVariable)) return;
    patterns.forEach((other, m) => {
      if (n === m || (one.fold && !other.fold) || ![0, one.colons].includes(other.colons)) return;
      const [wide, narrow] = [other, one].map((p) => (other.fold ? folded(p.tokens) : p.tokens));
      if (coversTokens(wide, narrow)) found.push([n, m]);
    });
  });
  return found;
}

/** @param {Tokens} pattern */
function folded(pattern) {
  return pattern.map((token) => token.toLowerCase());
}
