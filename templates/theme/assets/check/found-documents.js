// The policy documents in a text, wherever they lie in it, by generator/policybook/data/own_documents.py.
import { LIMITS } from "../engine/rules.js";
import { IN_VALUE, Reading, refuseHidden } from "../engine/reading/document.js";
import { JsonText, Wrong, quoted } from "../engine/reading/json.js";
import { textHint } from "./text-hints.js";

/** @import { Json } from "../engine/reading/json.js" */
/** @import { Document } from "../engine/model/documents.js" */
/** @typedef {(string | number)[]} Path */
/** @typedef {{ [key: string]: Json }} Mapping */
/** @typedef {Pick<FoundProblem, "kind" | "expected" | "found" | "path"> & { level?: "error" | "warning", line?: number, hint?: string }} Reason */

const ENVELOPES = [["PolicyVersion", "Document"], ["Document"]];
const TRUST = ["AssumeRolePolicyDocument", "assume_role_policy"];

/** A policy document in a text; `document` is null if it has errors, or is a trust policy. */
export class FoundDocument {
  /**
   * @param {Path} at its key path
   * @param {number} line
   * @param {(path: Path) => number} lineOf the line of a key path, 0 if it is not in the text
   */
  constructor(at, line, lineOf) {
    this.at = at;
    this.line = line;
    this.lineOf = lineOf;
    /** @type {FoundProblem[]} */
    this.findings = [];
    /** @type {Document | null} */
    this.document = null;
  }

  /**
   * Adds findings about the document.
   * @param {Iterable<Reason>} reasons
   */
  add(reasons) {
    for (const { path, kind, expected, found, level = "error", hint = "" } of reasons) {
      const whole = [...this.at, ...path];
      this.findings.push({ path: whole, kind, expected, found, level, line: this.lineOf(whole) || this.line, hint });
    }
  }
}

/**
 * The documents in a text, in its order, at least one.
 * @param {string} written
 */
export function documentsIn(written) {
  const text = written.replace(/^\ufeff/, "");
  const json = new JsonText(text);
  const reading = new Reading();
  /** @type {Json} */
  let value = null;
  try {
    refuse(text);
    value = json.value();
    if (value === null) throw new Wrong(-1, "some content", "nothing but comments or null", "empty");
    if (json.twice.length) return [unread(json, json.twice)];
    if (text.includes("\\")) reading.refuseCharacters(value, [], IN_VALUE);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return [unread(json, [error])];
  }
  const lineOf = (/** @type {Path} */ path) => json.lineOf(value, path);
  if (reading.problems.length) {
    const found = new FoundDocument([], 0, lineOf);
    found.add(reading.problems);
    return [found];
  }
  const places = [...documentsWithin(value, [])];
  if (!places.length) places.push(only(value));
  return places.map(([at, part]) => read(new FoundDocument(at, lineOf(at) || 1, lineOf), part));
}

/**
 * @param {string} text
 * @throws {Wrong}
 */
function refuse(text) {
  const most = LIMITS.documentBytes;
  const bytes = text.length > most ? text.length : new TextEncoder().encode(text).length;
  if (bytes > most) throw new Wrong(-1, `at most ${most} bytes`, "more", "too-large");
  if (!text.trim()) throw new Wrong(-1, "some content", "an empty file", "empty");
  refuseHidden(text);
}

/**
 * A text that is no JSON.
 * @param {JsonText} json
 * @param {Wrong[]} errors
 */
function unread(json, errors) {
  const found = new FoundDocument([], 0, () => 0);
  for (const error of errors) {
    const { at, kind, expected, found: what } = error;
    const line = at < 0 ? 0 : json.line(at);
    found.findings.push({ path: [], kind, expected, found: what, level: "error", line, hint: textHint(json, error) });
  }
  return found;
}

/**
 * @param {Json} value
 * @param {Path} at
 * @returns {Generator<[at: Path, value: Json]>}
 */
function* documentsWithin(value, at) {
  if (Array.isArray(value)) for (const [place, part] of value.entries()) yield* documentsWithin(part, [...at, place]);
  else if (isMapping(value)) {
    if (typeof value.Statement === "object" && value.Statement !== null) yield [at, value];
    else for (const key of Object.keys(value)) yield* documentsWithin(value[key], [...at, key]);
  } else if (typeof value === "string" && value.trimStart().startsWith("{") && value.includes('"Statement"'))
    yield [at, value];
}

/**
 * The value that should have been a document, without what it may be in.
 * @param {Json} value
 * @returns {[at: Path, value: Json]}
 */
function only(value) {
  for (const envelope of ENVELOPES) {
    /** @type {Json | undefined} */
    let inner = value;
    for (const key of envelope) inner = isMapping(inner) ? inner[key] : undefined;
    if (isMapping(inner)) return [envelope, inner];
  }
  return [[], value];
}

/**
 * @param {FoundDocument} found
 * @param {Json} part
 */
function read(found, part) {
  const own = new Reading();
  /** @type {Reason[]} */
  const assumed = [];
  if (found.at.some((key) => TRUST.includes(String(key))))
    assumed.push(warning([], "trust-policy", "a policy of permissions", "a trust policy"));
  else {
    const value = typeof part === "string" ? embedded(part, own) : part;
    if (value !== undefined) own.refuseCharacters(value, []);
    if (value !== undefined && !own.problems.length) found.document = own.document(resolved(value, [], assumed), []);
  }
  found.add(own.problems);
  found.add(assumed);
  return found;
}

/**
 * The value of a text within the text.
 * @param {string} text
 * @param {Reading} reading gets the errors
 * @returns {Json | undefined} none with errors
 */
function embedded(text, reading) {
  const json = new JsonText(text);
  const add = (/** @type {Wrong} */ error) =>
    reading.add([], error.expected, error.found, error.kind, textHint(json, error));
  try {
    refuseHidden(text);
    const value = json.value();
    json.twice.forEach(add);
    return json.twice.length ? undefined : value;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    add(error);
    return undefined;
  }
}

// --- functions of CloudFormation ------------------------------------------------------------------

/**
 * The value with a text for each function; `assumed` gets a warning for each.
 * @param {Json} value
 * @param {Path} at
 * @param {Reason[]} assumed
 * @returns {Json}
 */
function resolved(value, at, assumed) {
  if (Array.isArray(value)) return value.map((part, place) => resolved(part, [...at, place], assumed));
  if (!isMapping(value)) return value;
  const name = functionOf(value);
  if (name) {
    const text = textOf(value);
    const found = `${name}, whose value is not known; read as ${quoted(text)}`;
    assumed.push(warning(at, "unknown-value", "a text", found));
    return text;
  }
  const parts = Object.keys(value).map((key) => [key, resolved(value[key], [...at, key], assumed)]);
  return Object.assign(Object.create(null), Object.fromEntries(parts));
}

/**
 * The name of the function that a value is, or "".
 * @param {Json} value
 */
function functionOf(value) {
  const [name = "", ...others] = isMapping(value) ? Object.keys(value) : [];
  return !others.length && (name === "Ref" || name.startsWith("Fn::")) ? name : "";
}

/**
 * What stands for a text, or for the value of a function.
 * @param {Json} value
 * @returns {string}
 */
function textOf(value) {
  const name = functionOf(value);
  if (!name) return typeof value === "string" ? value : "${}";
  const given = /** @type {Mapping} */ (value)[name];
  const list = Array.isArray(given) ? given : [given];
  const texts = list.every((part) => typeof part === "string");
  const [first, second] = list;
  if ((name === "Ref" || name === "Fn::GetAtt") && typeof given === "string") return `\${${given}}`;
  if (name === "Fn::GetAtt" && texts && list.length === 2) return `\${${first}.${second}}`;
  if (name === "Fn::Sub" && typeof first === "string" && (list === given ? list.length === 2 : true))
    return first.replaceAll("${!", "${");
  if (name === "Fn::Join" && list.length === 2 && typeof first === "string" && Array.isArray(second))
    return second.map(textOf).join(first);
  return `\${${name}}`;
}

/**
 * @param {Path} path
 * @param {string} kind
 * @param {string} expected
 * @param {string} found
 * @returns {Reason}
 */
function warning(path, kind, expected, found) {
  return { path, kind, expected, found, level: "warning" };
}

/**
 * @param {Json | undefined} value
 * @returns {value is Mapping}
 */
export function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
