// The order of texts.

/**
 * Texts in the order of their characters, which is not always that of UTF-16.
 * @param {Iterable<string>} texts
 */
export function sortedTexts(texts) {
  return [...texts].sort(compareTexts);
}

/**
 * @param {string} one
 * @param {string} other
 */
export function compareTexts(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const [here, there] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (here !== there) return rank(here) - rank(there);
  }
  return one.length - other.length;
}

/** @param {number} unit halves of characters are for those after all others */
function rank(unit) {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
