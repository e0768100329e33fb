// Answers that are kept for the next time.

/**
 * A function of texts or objects with keys that keeps its answers, at most so many at a time.
 * @template {unknown[]} A
 * @template R
 * @param {number} most
 * @param {(...given: A) => string} keyOf
 * @param {(...given: A) => R} answer
 * @returns {(...given: A) => R}
 */
export function memoized(most, keyOf, answer) {
  /** @type {Map<string, R>} */
  const kept = new Map();
  return (...given) => {
    const key = keyOf(...given);
    let found = kept.get(key);
    if (found === undefined) {
      found = answer(...given);
      if (kept.size >= most) kept.clear();
      kept.set(key, found);
    }
    return found;
  };
}
