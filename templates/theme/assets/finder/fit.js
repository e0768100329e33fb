// How well a name fits what is asked. Ranks are numbers, the best first; -1 is no fit.

export const EXACT = 0;
export const PREFIX = 1;
export const WORDS = 2; // the starts of words that follow each other
export const PART = 3;
export const LOOSE = 4; // the starts of words with others between them
export const OF_SERVICE = 5;

const MOST_PIECES = 30; // characters that may be starts of words: the bits of a number
const OTHER = 0;
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;

/** @param {number} code */
function classOf(code) {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  return code >= 48 && code <= 57 ? DIGIT : OTHER;
}

/**
 * The letters of a text as the bits of a number: a text that lacks one of another cannot contain it.
 * @param {string} text
 */
export function lettersOf(text) {
  let found = 0;
  for (let n = 0; n < text.length; n++) found |= 1 << (text.charCodeAt(n) & 31);
  return found;
}

/** A text that names are compared with. */
export class Query {
  /** @param {string} text in lower case */
  constructor(text) {
    this.text = text;
    this.letters = lettersOf(text);
    this.end = text.length <= MOST_PIECES ? 1 << text.length : 0;
    // The places of each character as the bits of a number.
    this.places = new Int32Array(128);
    for (let n = 0; this.end && n < text.length; n++) this.places[text.charCodeAt(n) & 127] |= 1 << n;
  }

  /**
   * How a name fits.
   * @param {string} name
   * @param {string} lower the name in lower case
   * @param {number} letters the name's letters
   */
  rank(name, lower, letters) {
    if (this.letters & ~letters) return -1;
    if (lower === this.text) return EXACT;
    if (lower.startsWith(this.text)) return PREFIX;
    if (this.text.length < 3) {
      const at = lower.indexOf(this.text);
      if (at < 0) return -1;
      return classOf(name.charCodeAt(at)) === UPPER ? WORDS : PART;
    }
    const rank = this.end ? this.rankWords(name, lower) : -1;
    if (rank === WORDS) return rank;
    return lower.includes(this.text) ? PART : rank;
  }

  /**
   * WORDS where the query is made of starts of words that follow each other, LOOSE where others stand
   * between them, else -1. Each bit of a set says that so many characters can have been found by now.
   * @param {string} name
   * @param {string} lower
   */
  rankWords(name, lower) {
    let loose = 1; // found at the end of any word before, or nothing
    let inWord = 0; // found in this word
    let wholeAt = 0; // found just before this character
    let looseAt = 0;
    let before = OTHER;
    let rank = -1;
    for (let at = 0; at < lower.length; at++) {
      const here = classOf(name.charCodeAt(at));
      if (startsWord(before, here, name, at)) {
        wholeAt = 1 | inWord; // 1 is nothing found yet
        looseAt = loose;
        inWord = 0;
      }
      const found = this.places[lower.charCodeAt(at) & 127];
      inWord |= wholeAt = (wholeAt & found) << 1;
      loose |= looseAt = (looseAt & found) << 1;
      if (wholeAt & this.end) return WORDS;
      if (looseAt & this.end) rank = LOOSE;
      before = here;
    }
    return rank;
  }
}

/**
 * Whether a word starts here: at a capital, and after what is neither letter nor digit.
 * @param {number} before the class of the character before
 * @param {number} here the class of this one
 * @param {string} name
 * @param {number} at
 */
function startsWord(before, here, name, at) {
  if (here === UPPER) return before !== UPPER || classOf(name.charCodeAt(at + 1)) === LOWER;
  return before === OTHER && here !== OTHER;
}

/**
 * How a service's title fits.
 * @param {string} asked in lower case
 * @param {string} title in lower case
 */
export function rankTitle(asked, title) {
  const at = title.indexOf(asked);
  if (at < 0 || !title) return -1;
  if (title === asked) return EXACT;
  if (at === 0) return PREFIX;
  return title[at - 1] === " " ? WORDS : PART;
}

/**
 * Whether the text contains every word.
 * @param {string[]} words
 * @param {string} text
 */
export function hasEveryWord(words, text) {
  return words.every((word) => text.includes(word));
}

/**
 * The better of two ranks, each of which may be -1.
 * @param {number} one
 * @param {number} other
 */
export function better(one, other) {
  if (one < 0) return other;
  return other < 0 ? one : Math.min(one, other);
}
