// Texts in the order of their characters, as Python sorts them. JavaScript's own order is that of
// UTF-16 units, in which characters above U+FFFF come before those from U+E000 on.

/**
 * @param {string} one
 * @param {string} other
 */
export function compareTexts(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
    if (difference) return difference;
  }
  return one.length - other.length;
}

/**
 * The unit with halves of characters after all others.
 * @param {number} unit
 */
function rank(unit) {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/**
 * @param {Iterable<string>} texts
 */
export function sortedTexts(texts) {
  return [...texts].sort(compareTexts);
}
