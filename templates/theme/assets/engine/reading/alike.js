// Which known name a misspelt one means, by `meant` of generator/policybook/wording.py: with the
// measure of Python's `difflib`, after Ratcliff and Obershelp.

const LONGEST = 40; // no name of a document is alike to a longer text
const ALIKE = 0.6;
const LESS = 0.1;

/**
 * @param {string} text
 * @param {string[]} known
 * @returns {string[]} the names that are meant, at most three
 */
export function meant(text, known) {
  const names = known.filter((name) => name !== text).sort();
  const same = names.filter((name) => letters(name) === letters(text));
  if (same.length || text.length > LONGEST) return same;
  const lower = text.toLowerCase();
  const close = names
    .map((name) => ({ name, lower: name.toLowerCase(), score: ratio(name.toLowerCase(), lower) }))
    .filter(({ score }) => score >= ALIKE)
    .sort((one, other) => other.score - one.score || (one.lower < other.lower ? 1 : -1))
    .slice(0, 3)
    .map(({ name, lower: of }) => ({ name, score: ratio(lower, of) }));
  return close.filter(({ score }) => score > close[0].score - LESS).map(({ name }) => name);
}

/** @param {string} text */
function letters(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * How alike two texts are, from 0 to 1; the order of the texts can matter.
 * @param {string} one
 * @param {string} other
 */
function ratio(one, other) {
  const [a, b] = [[...one], [...other]];
  return a.length + b.length ? (2 * matching(a, b)) / (a.length + b.length) : 1;
}

/**
 * How many characters are in the longest block that both have, and in those before and after it.
 * @param {string[]} a
 * @param {string[]} b
 * @returns {number}
 */
function matching(a, b) {
  let [size, inA, inB] = [0, 0, 0];
  /** @type {number[]} how long the block is that ends before each place */
  let before = [];
  for (const [i, char] of a.entries()) {
    /** @type {number[]} */
    const here = [];
    for (const [j, found] of b.entries()) {
      if (char !== found) continue;
      const long = (here[j] = (before[j - 1] ?? 0) + 1);
      if (long > size) [size, inA, inB] = [long, i - long + 1, j - long + 1];
    }
    before = here;
  }
  if (!size) return 0;
  const [left, right] = [matching(a.slice(0, inA), b.slice(0, inB)), matching(a.slice(inA + size), b.slice(inB + size))];
  return left + size + right;
}
