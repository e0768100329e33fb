// IAM's wildcard patterns: whether one matches a name, covers another pattern, overlaps with one.
// The rules are those of generator/policybook/iam/patterns.py, and so are the names.
import { memoized } from "../memo.js";
import { coversTokens, overlapsTokens } from "./pattern-machine.js";
import { ANY, SPECIAL, STAR, completed, tokens } from "./pattern-tokens.js";

export { coversTokens, overlapsTokens } from "./pattern-machine.js";
export {
  ANY, OTHER, STAR, VARIABLE, asText, completed, isCharacter, isVariable, literal, strip, tokens,
} from "./pattern-tokens.js";

/** @typedef {import("./pattern-tokens.js").Tokens} Tokens */

/**
 * Whether everything that the pattern `narrow` matches is matched by the pattern `wide`.
 * @param {string} wide
 * @param {string} narrow
 */
export function covers(wide, narrow) {
  if (wide === "*" || wide === narrow) return true;
  const [outer, inner] = [completed(wide), completed(narrow)];
  return SPECIAL.test(inner) ? coversWild(outer, inner) : matches(outer, inner);
}

/** @type {(wide: string, narrow: string) => boolean} */
const coversWild = memoized(100_000, (wide, narrow) => `${wide}\0${narrow}`, (wide, narrow) => {
  const plain = !wide.includes("${") && !narrow.includes("${");
  return !(plain && !narrow.startsWith(head(wide))) && coversTokens(tokens(wide), tokens(narrow));
});

/**
 * The pattern up to its first wildcard.
 * @param {string} pattern
 */
function head(pattern) {
  const star = pattern.indexOf("*");
  const begins = star < 0 ? pattern : pattern.slice(0, star);
  const any = begins.indexOf("?");
  return any < 0 ? begins : begins.slice(0, any);
}

/**
 * Whether something is matched by both patterns; see `covers`.
 * @param {string} one
 * @param {string} other
 */
export function overlaps(one, other) {
  if (one === other) return true;
  const [here, there] = [completed(one), completed(other)];
  if (!here.includes("${") && !there.includes("${")) {
    const [begins, starts] = [head(here), head(there)];
    if (!begins.startsWith(starts) && !starts.startsWith(begins)) return false;
  }
  return here === there || overlapsWild(here, there);
}

/** @type {(one: string, other: string) => boolean} */
const overlapsWild = memoized(50_000, (one, other) => `${one}\0${other}`, (one, other) =>
  overlapsTokens(tokens(one), tokens(other)));

/**
 * Whether the pattern matches the text, in which nothing is special.
 * @param {string} pattern
 * @param {string} text
 */
export function matches(pattern, text) {
  const star = pattern.indexOf("*");
  const begins = star < 0 ? pattern : pattern.slice(0, star);
  const ends = star < 0 || star === pattern.length - 1;
  if (!ends || SPECIAL.test(begins)) return matchesWild(tokens(pattern), text);
  return star < 0 ? text === pattern : text.startsWith(begins);
}

/**
 * Each part between two `*`s is taken at the first place where it matches; variables match themselves.
 * @param {Tokens} pattern
 * @param {string} text
 */
function matchesWild(pattern, text) {
  let [place, at, star, tried] = [0, 0, -1, 0];
  while (at < text.length || place < pattern.length) {
    const own = pattern[place];
    if (own === STAR) [star, tried, place] = [place, at, place + 1];
    else if (own === ANY && at < text.length) [place, at] = [place + 1, at + width(text, at)];
    else if (own && own !== ANY && text.startsWith(own, at)) [place, at] = [place + 1, at + own.length];
    else if (star >= 0 && tried < text.length) {
      tried += width(text, tried);
      [place, at] = [star + 1, tried];
    } else return false;
  }
  return true;
}

/**
 * How many units the character at a place has.
 * @param {string} text
 * @param {number} at
 */
function width(text, at) {
  return /** @type {number} */ (text.codePointAt(at)) > 0xffff ? 2 : 1;
}

/**
 * Whether the pattern has a `*` or `?` that is a wildcard, not an escaped character.
 * @param {string} pattern
 */
export function hasWildcard(pattern) {
  if (!/[*?]/.test(pattern)) return false;
  return !pattern.includes("${") || tokens(pattern).some((token) => token === STAR || token === ANY);
}
