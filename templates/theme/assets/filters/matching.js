// Which rows of a table and which entries of a list a reader's filter leaves, and in which order.
import { number } from "../words.js";

/**
 * The words of a text, in lower case.
 * @param {string} text
 */
export function wordsOf(text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * Whether a text in lower case contains every word.
 * @param {string} text
 * @param {string[]} words
 */
export function hasEveryWord(text, words) {
  return words.every((word) => text.includes(word));
}

/**
 * Whether data has each value that was chosen.
 * @param {Record<string, string | undefined>} data
 * @param {Record<string, string>} choices
 */
export function hasChoices(data, choices) {
  return Object.entries(choices).every(([name, value]) => data[name] === value);
}

/**
 * Whether two lists, written with a separator, have something in common; every list has where nothing
 * is wanted.
 * @param {string | undefined} list
 * @param {string} wanted
 * @param {string} separator
 */
export function hasAny(list, wanted, separator) {
  if (!wanted) return true;
  const found = (list ?? "").split(separator);
  return wanted.split(separator).some((value) => found.includes(value));
}

/**
 * The places of keys in their order, as numbers where all of them are; equal ones keep their order.
 * @param {string[]} keys
 * @param {boolean} descending
 */
export function sortedPlaces(keys, descending) {
  const values = keys.every((key) => !Number.isNaN(Number(key))) ? keys.map(Number) : keys;
  const sign = descending ? -1 : 1;
  return keys
    .map((_, place) => place)
    .sort((a, b) => {
      if (values[a] === values[b]) return 0;
      return values[a] < values[b] ? -sign : sign;
    });
}

/**
 * How many of how many are shown.
 * @param {number} shown
 * @param {number} all
 */
export function shownOf(shown, all) {
  return shown === all ? `${number(all)} in total` : `${number(shown)} of ${number(all)}`;
}
