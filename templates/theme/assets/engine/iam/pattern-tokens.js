// The tokens of IAM's patterns: characters, which may be two units of a text, the two wildcards, and
// whole variables such as "${aws:username}".
import { memoized } from "../memo.js";

export const STAR = "**";
export const ANY = "??";
const TOKEN = /\$\{([*?$])\}|(\$\{[^}]*\})|(.)/gsu;
/** What makes a pattern more than a text. */
export const SPECIAL = /[*?]|\$\{/;
export const VARIABLE = /\$\{[^}]*\}/g;

/** A character that no pattern contains: the worst case of what wildcards may match. */
export const OTHER = "\u{10ffff}";

/** @typedef {readonly string[]} Tokens */

/**
 * The pattern as tokens; each run of wildcards is its `?`s followed by at most one `*`.
 * @type {(pattern: string) => Tokens}
 */
export const tokens = memoized(20_000, (pattern) => pattern, (pattern) => {
  /** @type {string[]} */
  const found = [];
  let starred = false;
  for (const token of read(pattern, SPECIAL.test(pattern))) {
    if (token === STAR) starred = true;
    else {
      if (starred && token !== ANY) found.push(STAR);
      starred &&= token === ANY;
      found.push(token);
    }
  }
  if (starred) found.push(STAR);
  return found;
});

/**
 * The tokens of a text in order.
 * @param {string} text
 * @param {boolean} special whether it may have any beside characters
 * @returns {Iterable<string>}
 */
function read(text, special) {
  if (!special) return text;
  return Array.from(text.matchAll(TOKEN), ([, escaped, variable, char]) =>
    escaped ?? (variable ? named(variable) : char === "*" ? STAR : char === "?" ? ANY : char));
}

/**
 * The variable with its name in lower case and without the space before a default value.
 * @param {string} variable
 */
function named(variable) {
  const comma = variable.indexOf(",");
  if (comma < 0) return variable.toLowerCase();
  return `${strip(variable.slice(0, comma)).toLowerCase()}, ${strip(variable.slice(comma + 1))}`;
}

const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/**
 * The text without white space around it, by Python's idea of white space.
 * @param {string} text
 */
export function strip(text) {
  return text.replace(AROUND, "");
}

/**
 * The text as tokens in which `*` and `?` are ordinary characters; variables stay variables.
 * @param {string} text
 * @returns {Tokens}
 */
export function literal(text) {
  if (!text.includes("${")) return Array.from(text);
  return Array.from(read(text, true), (token) => (token === STAR ? "*" : token === ANY ? "?" : token));
}

/**
 * The pattern with each `${` as text, for a document whose Version has no variables.
 * @param {string} pattern
 */
export function asText(pattern) {
  return pattern.replaceAll("${", "${$$}{"); // `$$` is one `$` here
}

/**
 * The pattern with `*` for each of an ARN's six fields that it lacks, as IAM completes it.
 * @param {string} pattern
 */
export function completed(pattern) {
  if (!pattern.startsWith("arn:") || (hasFields(pattern) && !pattern.includes("${"))) return pattern;
  const missing = 6 - pattern.replace(VARIABLE, "").split(":").length;
  return missing > 0 ? pattern + ":*".repeat(missing) : pattern;
}

/**
 * Whether the text has as many colons as an ARN.
 * @param {string} text
 */
function hasFields(text) {
  let at = -1;
  for (let left = 5; left; left--) if ((at = text.indexOf(":", at + 1)) < 0) return false;
  return true;
}

/**
 * Whether the token is one character.
 * @param {string} token
 */
export function isCharacter(token) {
  return token.length === 1 || (token.length === 2 && /** @type {number} */ (token.codePointAt(0)) > 0xffff);
}

/**
 * Whether the token is a policy variable, such as `${aws:username}`.
 * @param {string} token
 */
export function isVariable(token) {
  return token.length > 2;
}
