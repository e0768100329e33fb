// Policy documents in texts, read as strictly as generator/policybook/data/file_reader.py reads files, with
// the same errors in the same words.
import { statements } from "../iam/statements.js";
import { Document } from "../model/documents.js";
import { STATEMENT_KEYS } from "../rules.js";
import { meant, whatWasMeant } from "./alike.js";
import { JsonText, Wrong, quoted } from "./json.js";
import { AS_LIST, BELOW_OPERATOR, asMapping, asText } from "./remedies.js";

/** @import { Json, Mapping } from "./json.js" */
/** @typedef {(string | number)[]} Path */

const MOST_CHARACTERS = 400_000; // AWS has a document of 157,000
// Control characters but for tab, LF and CR; separators of lines; what changes the direction of text; and no characters.
const HIDDEN = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufdd0-\\ufdef\\ufffe\\uffff";
const IN_TEXT = new RegExp(`[${HIDDEN}]`, "g");
const IN_DOCUMENT = new RegExp(`[${HIDDEN}\\t\\n\\r]`, "g");
/** What no text may have that is no part of a policy document. */
export const IN_VALUE = new RegExp(`[${HIDDEN}\\r]`, "g");
const HALF = /\p{Cs}/u;
const KEYS = ["Statement", "Version", "Id"];
const ELEMENTS = ["Action", "NotAction", "Resource", "NotResource"];

/**
 * @param {string} text
 * @returns {{ document: Document } | { problems: Problem[] }}
 */
export function readDocument(text) {
  const json = new JsonText(text.replace(/^\ufeff/, ""));
  const problem = (/** @type {Wrong} */ { at, message }) => ({ line: at < 0 ? 0 : json.line(at), path: [], message });
  try {
    refuseText(json.text);
    const value = json.value();
    if (value === null) throw new Wrong(-1, "some content", "nothing but comments or null", "empty");
    if (json.twice.length) return { problems: json.twice.map(problem) };
    const reading = new Reading();
    if (json.text.includes("\\")) reading.refuseCharacters(value, []);
    const document = reading.problems.length ? null : reading.opened(value, []);
    if (document) return { document };
    return {
      problems: reading.problems.map(({ path, expected, found }) => ({
        line: json.lineOf(value, path),
        path,
        message: `expected ${expected}, found ${found}`,
      })),
    };
  } catch (error) {
    if (error instanceof Wrong) return { problems: [problem(error)] };
    throw error;
  }
}

/**
 * @param {string} text
 * @throws {Wrong}
 */
function refuseText(text) {
  if (text.length > MOST_CHARACTERS)
    throw new Wrong(-1, "at most 400,000 characters", text.length.toLocaleString("en"), "too-large");
  if (!text.trim()) throw new Wrong(-1, "some content", "an empty file", "empty");
  refuseHidden(text);
}

/**
 * @param {string} text
 * @throws {Wrong} it has a control character
 */
export function refuseHidden(text) {
  const [hidden] = text.matchAll(IN_TEXT);
  if (hidden) throw new Wrong(hidden.index, "text without control characters", code(hidden[0]), "control-character");
}

/** @param {string} char */
function code(char) {
  return `U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Reads a value as a document, and gathers what is wrong with it. */
export class Reading {
  constructor() {
    /** @type {{ path: Path, kind: string, expected: string, found: string, hint: string }[]} */
    this.problems = [];
  }

  /**
   * @param {Path} path
   * @param {string} expected
   * @param {string} found
   * @param {string} kind
   * @param {string} hint what was most likely meant
   */
  add(path, expected, found, kind = "wrong-type", hint = "") {
    this.problems.push({ path, kind, expected, found, hint });
  }

  /**
   * @param {Json} value
   * @param {Path} at
   * @param {RegExp} [hidden] what no text may have
   */
  refuseCharacters(value, at, hidden = IN_DOCUMENT) {
    if (typeof value === "string") {
      if (HALF.test(value)) this.add([], "characters", "half of a surrogate pair", "bad-json");
      for (const char of new Set(value.match(hidden)))
        this.add(at, "text without control characters", code(char), "control-character");
    } else if (Array.isArray(value)) value.forEach((part, place) => this.refuseCharacters(part, [...at, place], hidden));
    else if (isMapping(value))
      for (const key of Object.keys(value)) {
        this.refuseCharacters(key, [...at, key], hidden);
        this.refuseCharacters(value[key], [...at, key], hidden);
      }
  }

  /**
   * The document in what `aws iam get-policy-version` prints, or in the value itself.
   * @param {Json} value
   * @param {Path} at
   * @returns {Document | null}
   */
  opened(value, at) {
    for (const envelope of ["PolicyVersion", "Document"]) {
      if (!isMapping(value)) break;
      const inner = value[envelope];
      if (isMapping(inner)) [value, at] = [inner, [...at, envelope]];
      else if (envelope === "Document" && typeof inner === "string") return this.encoded(inner, [...at, envelope]);
    }
    return this.document(value, at);
  }

  /**
   * A document that is a text, or the part of an address.
   * @param {string} text
   * @param {Path} at
   */
  encoded(text, at) {
    try {
      const json = new JsonText(text.trim().startsWith("{") ? text : decodeURIComponent(text));
      const value = json.value();
      if (json.twice.length) throw json.twice[0];
      this.refuseCharacters(value, at);
      return this.problems.length ? null : this.document(value, at);
    } catch (error) {
      this.add(at, "a policy document in JSON", error instanceof Wrong ? error.message : "another encoding");
      return null;
    }
  }

  /**
   * @param {Json} value
   * @param {Path} at
   */
  document(value, at) {
    if (!isMapping(value)) return this.wrong(at, "a mapping", value, asMapping(value, KEYS, "Statement"));
    const { Statement: found, Version: version, Id: id } = value;
    this.check(at, value, KEYS, ["Statement"]);
    if (version !== undefined && version !== "2008-10-17" && version !== "2012-10-17")
      this.wrongEnum([...at, "Version"], ["2008-10-17", "2012-10-17"], version);
    this.strings([...at, "Id"], id, "a string");
    const path = [...at, "Statement"];
    const listed = Array.isArray(found) ? found : [found];
    if (Array.isArray(found)) found.forEach((one, place) => this.statement([...path, place], one));
    else if (isMapping(found)) this.statement(path, found);
    else if (found !== undefined) this.wrong(path, "a list or a mapping", found, AS_LIST);
    if (this.problems.length) return null;
    for (const [place, one] of listed.entries()) this.elements(Array.isArray(found) ? [...path, place] : path, one);
    if (this.problems.length) return null;
    return new Document(statements(/** @type {any} */ (listed), version === "2012-10-17"), value);
  }

  /**
   * @param {Path} at
   * @param {Json} value
   */
  statement(at, value) {
    if (!isMapping(value)) {
      this.wrong(at, "a mapping", value, asMapping(value, STATEMENT_KEYS, "Effect"));
      return;
    }
    this.check(at, value, STATEMENT_KEYS, ["Effect"]);
    const { Effect: effect, Sid: sid, Condition: condition } = value;
    if (effect !== undefined && effect !== "Allow" && effect !== "Deny")
      this.wrongEnum([...at, "Effect"], ["Allow", "Deny"], effect);
    this.strings([...at, "Sid"], sid, "a string");
    for (const key of ELEMENTS) {
      if (value[key] === null) this.wrong([...at, key], "a string or a list", null, AS_LIST);
      this.strings([...at, key], value[key], "a string", " or a list");
    }
    if (condition === undefined) return;
    this.each([...at, "Condition"], condition, (operator, keys) =>
      this.each(operator, keys, (path, values) => {
        if (values === null) this.wrong(path, "a string or true or false or a list", null, AS_LIST);
        this.strings(path, values, "a string or true or false", " or a list");
      }),
    );
  }

  /**
   * A text, nothing, or with `list` a list of texts; truth values are texts where they are expected.
   * @param {Path} at
   * @param {Json | undefined} value
   * @param {string} expected
   * @param {string} list
   */
  strings(at, value, expected, list = "") {
    const fits = (/** @type {Json} */ one) =>
      typeof one === "string" || (typeof one === "boolean" && expected.endsWith("false"));
    if (value === undefined || value === null || fits(value)) return;
    if (!list || !Array.isArray(value)) this.wrong(at, expected + list, value, asText(value) || (list && AS_LIST));
    else for (const [place, one] of value.entries()) if (!fits(one)) this.wrong([...at, place], expected, one, asText(one));
  }

  /**
   * @param {Path} at
   * @param {Json} value
   * @param {(path: Path, part: Json) => void} look
   */
  each(at, value, look) {
    if (!isMapping(value)) this.wrong(at, "a mapping", value, at[at.length - 2] === "Condition" ? BELOW_OPERATOR : asMapping(value));
    else for (const key of Object.keys(value)) look([...at, key], value[key]);
  }

  /**
   * A key that is missing because it is misspelt is one mistake.
   * @param {Path} at
   * @param {Mapping} value
   * @param {string[]} keys
   * @param {string[]} required
   */
  check(at, value, keys, required) {
    const unknown = Object.keys(value).filter((key) => !keys.includes(key));
    const absent = keys.filter((key) => !(key in value));
    const missing = required.filter((key) => absent.includes(key));
    const misspelt = missing.length ? unknown.map((key) => meant(key, absent)) : [];
    for (const key of missing)
      if (!misspelt.some((names) => names.length === 1 && names[0] === key))
        this.add(at, `the key ${key}`, "none", key === "Effect" ? "no-effect" : "missing-key");
    for (const key of unknown)
      this.add([...at, key], `one of ${keys.join(", ")}`, quoted(key), "unknown-key", whatWasMeant(key, absent));
  }

  /**
   * @param {Path} at
   * @param {string[]} values
   * @param {Json} value none of them
   */
  wrongEnum(at, values, value) {
    const [kind, hint] = typeof value === "string" ? ["wrong-value", whatWasMeant(value, values)] : ["wrong-type", ""];
    this.add(at, `one of ${values.join(", ")}`, shown(value), kind, hint);
  }

  /**
   * @param {Path} at
   * @param {string} expected
   * @param {Json} value
   * @param {string} hint
   * @returns {null}
   */
  wrong(at, expected, value, hint) {
    this.add(at, expected, shown(value), "wrong-type", hint);
    return null;
  }

  /**
   * Each statement needs Action or NotAction, and Resource or NotResource, but not both.
   * @param {Path} at
   * @param {Json} statement
   */
  elements(at, statement) {
    const has = (/** @type {string} */ key) => key in /** @type {Mapping} */ (statement);
    for (const one of ["Action", "Resource"]) {
      const [both, lower] = [has(one), one.toLowerCase()];
      if (both !== has(`Not${one}`)) continue;
      const kind = both ? `${lower}-and-not-${lower}` : `no-${lower}`;
      this.add(at, `${one} or Not${one}`, both ? "both" : "neither", kind);
    }
  }
}

/**
 * @param {Json | undefined} value
 * @returns {value is Mapping}
 */
function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {Json} value */
function shown(value) {
  if (value === null) return "nothing";
  if (typeof value === "string") return quoted(value.length <= 80 ? value : `${value.slice(0, 79)}…`);
  return typeof value === "boolean" ? String(value) : Array.isArray(value) ? "a list" : "a mapping";
}
