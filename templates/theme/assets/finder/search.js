// Answers questions from the index: an ARN, a pattern, or a name.
import { findArns } from "./arns.js";
import { Found } from "./found.js";
import { KINDS } from "./index.js";
import { findNames } from "./names.js";
import { findMatches } from "./wildcards.js";
import { number } from "../words.js";

/** @import { Index } from "./index.js" */

const LONGEST = 2048;

/**
 * The entries that answer a question, best first.
 * @param {Index} index
 * @param {string} typed
 * @param {string} kind the only kind of entries to list, or "" for all
 * @param {number} most the number of items
 * @returns {Answer}
 */
export function search(index, typed, kind, most) {
  const asked = cleaned(typed);
  const found = new Found(index, KINDS.findIndex((one) => one === kind), most);
  if (!asked) return found.answer("", "");
  if (asked.length > LONGEST) {
    const size = `${number(asked.length)} characters, maximum ${number(LONGEST)}`;
    return found.answer(asked, `The text is too long: ${size}.`);
  }
  if (/^arn:/i.test(asked)) return findArns(index, asked, found);
  if (/[*?]/.test(asked)) return findMatches(index, asked, found);
  return findNames(index, asked, found);
}

/**
 * What was typed or pasted, without what came along: quotes, commas, white space.
 * @param {string} typed
 */
export function cleaned(typed) {
  return typed
    .trim()
    .split(/[\r\n]/)[0]
    .replace(/^[\s"'`,;[\](){}]*(?=[^\s"'`,;[\](){}])/, "")
    .replace(/["'`,;\s]+$/, "")
    .replace(/\s+/g, " ");
}
