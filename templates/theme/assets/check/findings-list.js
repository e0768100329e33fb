// Errors and warnings of a document, each with its line, which it shows in the field.
import { element } from "../dom.js";
import { count } from "../words.js";
import { dotted } from "./key-paths.js";
import { longList, section } from "./parts.js";

const ROWS = 20;

/**
 * @param {FoundProblem[]} findings
 * @param {(line: number) => void} show the line in the field
 */
export function findingsSection(findings, show) {
  const errors = findings.filter(({ level }) => level === "error");
  const warnings = findings.filter(({ level }) => level !== "error");
  const item = (/** @type {FoundProblem} */ one) => problem(one, show);
  if (!findings.length) return section("Errors and warnings", "none", []);
  const made = section("Errors and warnings", countOf(findings), longList([...errors, ...warnings], item, ROWS));
  made.classList.toggle("pb-checked__part--errors", errors.length > 0);
  return made;
}

/**
 * How many errors and warnings there are, in words.
 * @param {FoundProblem[]} findings
 */
export function countOf(findings) {
  const errors = findings.filter(({ level }) => level === "error").length;
  return `${count(errors, "error", "errors")}, ${count(findings.length - errors, "warning", "warnings")}`;
}

/**
 * @param {FoundProblem} problem
 * @param {(line: number) => void} show
 */
function problem({ level, line, path, expected, found, kind, hint }, show) {
  const mark = element("span", `pb-tag${level === "error" ? " pb-tag--warn" : ""}`, level);
  const what = `expected ${expected}${found ? `, found ${found}` : ""}${hint ? `; ${hint}` : ""} `;
  /** @type {(Node | string)[]} */
  const parts = [mark, " "];
  if (line) {
    const link = element("button", "pb-line", `line ${line}`);
    link.type = "button";
    link.addEventListener("click", () => show(line));
    parts.push(link, " ");
  }
  if (path.length) parts.push(element("code", "", dotted(path)), ": ");
  return [...parts, what, element("span", "pb-count", kind)];
}

/**
 * Selects a line of a text in its field, and shows it.
 * @param {HTMLTextAreaElement} field
 * @param {number} line from 1
 */
export function showLine(field, line) {
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  const height = field.scrollHeight / Math.max(lines.length, 1);
  field.scrollTop = Math.max(0, (line - 4) * height);
}
