// Whether an ARN, which may have wildcards, fits a format of AWS's action list such as
// `arn:${Partition}:s3:::${BucketName}/${ObjectName}`, by the rules of
// generator/policybook/iam/arn_formats.py: a placeholder of the first five fields has neither colon nor
// slash and may be empty; one of the last field has none of certain characters and is not empty; a `*`
// of a format is a placeholder in the first five fields, and stands for any text in the last.
import { ANY, STAR, tokens } from "./patterns.js";

const FIELDS = 6;

/**
 * @param {string} arn
 * @param {string} format
 * @param {string} never the characters that no placeholder of the last field has
 */
export function fits(arn, format, never) {
  const pattern = tokens(arn).map((token) => (token.startsWith("${") ? STAR : token));
  let reached = closed(new Set([0]), pattern);
  for (const { text, least } of parts(format, never)) {
    if (least === undefined) reached = after(reached, pattern, (own) => own === text);
    else reached = run(reached, pattern, text, least);
    if (!reached.size) return false;
  }
  return reached.has(pattern.length);
}

/**
 * The parts of a format: characters, and placeholders with the characters that they do not have and
 * how many they have at least.
 * @param {string} format
 * @param {string} never
 * @returns {{ text: string, least?: number }[]}
 */
function parts(format, never) {
  let colons = 0;
  return [...format.matchAll(/\$\{([*?$])\}|(\$\{[^}]*\}|\*)|([^])/g)].map(
    ([, escaped, placeholder, character]) => {
      if (!placeholder) {
        if (character === ":") colons++;
        return { text: escaped || character };
      }
      if (colons < FIELDS - 1) return { text: ":/", least: 0 };
      return placeholder === "*" ? { text: "", least: 0 } : { text: never, least: 1 };
    },
  );
}

/**
 * The positions after any text without certain characters.
 * @param {Set<number>} reached
 * @param {string[]} pattern
 * @param {string} never
 * @param {number} least
 */
function run(reached, pattern, never, least) {
  const takes = (/** @type {string} */ own) => !never.includes(own);
  const start = least ? after(reached, pattern, takes) : reached;
  const found = new Set(start);
  for (let at = Math.min(...start); at < pattern.length; at++)
    if (found.has(at) && (pattern[at] === STAR || pattern[at] === ANY || takes(pattern[at])))
      found.add(at + 1);
  return found;
}

/**
 * The positions after one character.
 * @param {Set<number>} reached
 * @param {string[]} pattern
 * @param {(own: string) => boolean} takes whether it may be this character of the pattern
 */
function after(reached, pattern, takes) {
  /** @type {Set<number>} */
  const found = new Set();
  for (const at of reached)
    if (pattern[at] === STAR) found.add(at);
    else if (at < pattern.length && (pattern[at] === ANY || takes(pattern[at]))) found.add(at + 1);
  return closed(found, pattern);
}

/**
 * Adds the positions after each `*`, since it may match nothing.
 * @param {Set<number>} reached
 * @param {string[]} pattern
 */
function closed(reached, pattern) {
  for (const at of reached) if (pattern[at] === STAR) reached.add(at + 1);
  return reached;
}
