// The remedy for a text that is no JSON, by generator/policybook/data/syntax_errors.py.
import { quoted } from "../engine/reading/json.js";

/** @import { JsonText, Wrong } from "../engine/reading/json.js" */

const MERGE = /^(?:<{7}|={7}|>{7})(?: |\n|$)/;
const MERGED =
  "it is a mark of git for a conflict; keep one of the two parts, and remove the lines that begin with " +
  "<<<<<<<, ======= and >>>>>>>";
const QUOTES = ["'", "\u201c", "\u201d", "\u201e", "\u2018", "\u2019", "\u00ab"];

/**
 * The remedy, if one is known; else "".
 * @param {JsonText} json
 * @param {Wrong} error
 */
export function textHint(json, { at, kind, found, first }) {
  if (first >= 0) return `the first is in line ${json.line(first)}`;
  return kind === "bad-json" && at >= 0 ? ofSyntax(json.text, at, found.slice("an error (".length)) : "";
}

/**
 * @param {string} text
 * @param {number} at where Python's parser stumbles, too
 * @param {string} message
 */
function ofSyntax(text, at, message) {
  const before = text.slice(0, at).trimEnd();
  const line = before.split("\n").length;
  const rest = text.slice(at);
  if (MERGE.test(rest)) return MERGED;
  if (/^(?:\/\/|\/\*|#)/.test(rest)) return "remove the comment; JSON has none";
  if (/^[}\]]/.test(rest) && before.endsWith(",")) return `remove the comma at the end of line ${line}`;
  if (!rest.trim()) return closing(text);
  if (QUOTES.includes(rest[0])) return `write texts in double quotes, not in ${quoted(rest[0])}`;
  return ofMessage(before, line, rest, message);
}

/**
 * @param {string} before
 * @param {number} line
 * @param {string} rest
 * @param {string} message
 */
function ofMessage(before, line, rest, message) {
  const [word] = /^[A-Za-z_][\w-]*/.exec(rest) ?? [""];
  if (message.startsWith("Expecting ',' delimiter")) return `put a comma at the end of line ${line}`;
  if (message.startsWith("Expecting ':' delimiter")) return "put a colon between the key and its value";
  if (["True", "False", "None"].includes(word))
    return `did you mean ${word === "None" ? "null" : word.toLowerCase()}?`;
  if (word) return "write texts and keys in double quotes";
  if (message.startsWith("Unterminated string")) return "the quote that begins here is not closed";
  if (message.startsWith("Invalid control character")) return "a text has to end on its line; close its quote";
  if (message.startsWith("Invalid \\")) return "write a backslash as \\\\";
  if (message.startsWith("Extra data")) return `remove what follows the end of the value in line ${line}`;
  if (rest.startsWith(",") || before.endsWith(",")) return "remove the comma that has no value next to it";
  return before ? "" : "write the document as `aws … --output json` prints it";
}

/**
 * The remedy for a text that ends too early: the brackets that are still open.
 * @param {string} text
 */
function closing(text) {
  /** @type {string[]} */
  const open = [];
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g))
    if (part === "[" || part === "{") open.push(part === "[" ? "]" : "}");
    else if (part === "]" || part === "}") open.pop();
  return open.length ? `${open.reverse().join("")} is missing at the end` : "";
}
