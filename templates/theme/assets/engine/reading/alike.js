// Which known name a misspelt one means, by `meant` of generator/policybook/wording.py: with the
// measure of Python's `difflib`, after Ratcliff and Obershelp.

const ALIKE = 0.6;
const LESS = 0.1;
const MOST = 3;

/**
 * What was most likely meant by a text, as a question; "" if nothing is like it.
 * @param {string} text
 * @param {Iterable<string>} known
 */
export function whatWasMeant(text, known) {
  return question(meant(text, known));
}

/**
 * @param {string[]} names
 * @returns {string} "did you mean A, B or C?"; "" without names
 */
export function question(names) {
  if (!names.length) return "";
  const others = names.slice(0, -1).join(", ");
  return `did you mean ${others ? `${others} or ` : ""}${names[names.length - 1]}?`;
}

/**
 * @param {string} text
 * @param {Iterable<string>} known
 * @returns {string[]} the names that are meant: those with the same letters, or at most three
 */
export function meant(text, known) {
  const names = [...new Set(known)].filter((name) => name !== text).sort();
  const own = letters(text);
  const same = names.filter((name) => letters(name) === own);
  if (same.length) return same;
  const lower = [...text.toLowerCase()];
  const close = closeNames(text, names).map((name) => ({ name, score: ratio(lower, [...name.toLowerCase()]) }));
  return close.filter(({ score }) => score > close[0].score - LESS).map(({ name }) => name);
}

/**
 * The known names that are most like a text, compared without case; at most three, the most alike first.
 * @param {string} text
 * @param {Iterable<string>} known
 */
export function closeNames(text, known) {
  const own = [...text.toLowerCase()];
  const names = new Map([...known].sort().map((name) => [name.toLowerCase(), name]));
  return Array.from(names, ([lower, name]) => ({ lower, name, score: score([...lower], own) }))
    .filter(({ score: found }) => found >= ALIKE)
    .sort((one, other) => other.score - one.score || (one.lower < other.lower ? 1 : -1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** @param {string} text */
function letters(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * How alike two texts are, 0 where their lengths and characters already tell that they are not.
 * @param {string[]} one
 * @param {string[]} other
 */
function score(one, other) {
  const length = one.length + other.length;
  if ((2 * Math.min(one.length, other.length)) / length < ALIKE) return 0;
  /** @type {Map<string, number>} */
  const left = new Map();
  for (const char of other) left.set(char, (left.get(char) ?? 0) + 1);
  let common = 0;
  for (const char of one) {
    const times = left.get(char) ?? 0;
    if (times > 0) common += 1;
    left.set(char, times - 1);
  }
  return (2 * common) / length < ALIKE ? 0 : ratio(one, other);
}

/**
 * How alike two texts are, from 0 to 1; the order of the texts can matter.
 * @param {string[]} one
 * @param {string[]} other
 */
function ratio(one, other) {
  const length = one.length + other.length;
  return length ? (2 * matching(one, other)) / length : 1;
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
