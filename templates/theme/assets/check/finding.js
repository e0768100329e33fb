// How findings about a document are made, and the elements that they are about.
import { quoted } from "../engine/reading/json.js";

/** @import { Path, Reason } from "./found-documents.js" */

export const REFUSED = "which IAM refuses in a customer-managed policy";
export const VALIDATION = "which IAM's policy validation calls an error";

/**
 * Each entry of an element with its key path.
 * @param {any} found
 * @param {Path} at
 * @returns {[Path, any][]}
 */
export function listed(found, at) {
  if (!Array.isArray(found)) return [[at, found]];
  return found.map((entry, place) => [[...at, place], entry]);
}

/**
 * @param {Path} path
 * @param {string} kind
 * @param {string} expected
 * @param {string} text
 * @param {string} aws what AWS does with such a document
 * @param {"error" | "warning"} level
 * @param {string} hint what was most likely meant
 * @returns {Reason}
 */
export function finding(path, kind, expected, text, aws = "", level = "error", hint = "") {
  const found = quoted(text.length <= 80 ? text : `${text.slice(0, 79)}…`);
  return { path, kind, expected, found: aws ? `${found}, ${aws}` : found, level, hint };
}
