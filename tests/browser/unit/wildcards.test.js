import assert from "node:assert/strict";
import { test } from "node:test";
import { Wildcard } from "../../../templates/theme/assets/finder/wildcards.js";

/**
 * Every text of up to so many of these characters.
 * @param {string} characters
 * @param {number} length
 * @returns {string[]}
 */
function texts(characters, length) {
  if (!length) return [""];
  const shorter = texts(characters, length - 1);
  return ["", ...[...characters].flatMap((first) => shorter.map((rest) => first + rest))];
}

/**
 * IAM's wildcards, by trying everything.
 * @param {string} pattern
 * @param {string} text
 * @returns {boolean}
 */
function matches(pattern, text) {
  if (!pattern) return !text;
  const rest = pattern.slice(1);
  if (pattern[0] === "*") return matches(rest, text) || (!!text && matches(pattern, text.slice(1)));
  return !!text && (pattern[0] === "?" || pattern[0] === text[0]) && matches(rest, text.slice(1));
}

test("every small pattern matches as in IAM", () => {
  for (const pattern of texts("ab*?", 4)) {
    const wildcard = new Wildcard(pattern);
    for (const text of texts("ab", 5))
      assert.equal(wildcard.matches(text), matches(pattern, text), `${pattern} on ${text}`);
  }
});

test("a pattern with many wildcards is matched fast", () => {
  assert.ok(!new Wildcard(`${"*a".repeat(500)}b`).matches(`${"a".repeat(2000)}c`));
});
