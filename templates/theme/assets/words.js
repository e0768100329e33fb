// Numbers and counts in words.

/**
 * The number in groups of three digits, with commas between them.
 * @param {number} value
 */
export function number(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * The number and what is counted, in the singular or the plural.
 * @param {number} value
 * @param {string} one
 * @param {string} many
 */
export function count(value, one, many) {
  return `${number(value)} ${value === 1 ? one : many}`;
}
