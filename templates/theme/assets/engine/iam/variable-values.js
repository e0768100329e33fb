// Terms and conditions with a value in place of each policy variable; see
// generator/policybook/iam/variable_values.py.
import { memoized } from "../memo.js";
import { Clause, Term } from "../model/documents.js";
import { compareTexts } from "../order.js";
import { LIMITS } from "../rules.js";
import { VARIABLE, strip } from "./patterns.js";

/** @typedef {ReadonlyMap<string, string>} Values values of variables by their condition keys */

const ESCAPES = ["${*}", "${?}", "${$}"];
const FRESH = "\u{10fffe}"; // a character that no pattern contains, and not `OTHER`

/**
 * The condition keys, in lower case, whose values the variables in a text stand for.
 * @param {string} text
 */
function variables(text) {
  return variablesIn(text).filter((found) => !ESCAPES.includes(found)).map(keyOf);
}

/** @param {string} text */
function variablesIn(text) {
  return text.match(VARIABLE) ?? [];
}

/**
 * Whether a term or a condition block has variables.
 * @param {Term} term
 * @param {Iterable<Clause>} condition
 */
export function hasVariables(term, condition) {
  return textsOf([term], condition).some((text) => variables(text).length > 0);
}

/**
 * The texts that may have variables.
 * @param {Iterable<Term>} terms
 * @param {Iterable<Clause>} condition
 */
function textsOf(terms, condition) {
  const found = [];
  for (const term of terms) if (term.variables) found.push(...term.patterns);
  for (const clause of condition) if (clause.variables) found.push(...clause.values);
  return found;
}

/**
 * Values for all variables in some terms and clauses, to try one after the other. First each has a value of
 * its own. Then one of them has a value with which a pattern becomes another of the texts.
 * @param {Iterable<Term>} terms
 * @param {Iterable<Clause>} condition
 * @returns {Generator<Values, void>}
 */
export function* assignments(terms, condition) {
  const texts = textsOf(terms, condition);
  const keys = [...new Set(texts.flatMap(variables))].sort(compareTexts);
  const fresh = new Map(keys.map((key) => [key, `${FRESH}v${hex(key)}`]));
  yield fresh;
  const tried = new Set();
  for (const [key, value] of likely(texts)) {
    const id = `${key}\0${value}`;
    if (tried.has(id)) continue;
    if (tried.size === LIMITS.triedValues) return;
    tried.add(id);
    yield new Map([...fresh, [key, value]]);
  }
}

/**
 * The bytes of a text in hexadecimal digits.
 * @type {(text: string) => string}
 */
const hex = memoized(1_000, (text) => text, (text) =>
  encodeURIComponent(text).replace(/%(..)|(.)/g, (_, byte, char) =>
    byte?.toLowerCase() ?? char.charCodeAt(0).toString(16)));

/**
 * A variable's key and a value with which one text is another one.
 * @param {string[]} texts
 * @returns {Generator<[string, string], void>}
 */
function* likely(texts) {
  const plain = texts.filter((text) => !/[*?]/.test(text));
  for (const text of plain) {
    const found = variablesIn(text);
    if (found.length !== 1) continue;
    const [head, tail] = text.split(found[0]);
    for (const other of plain) {
      const rest = other.startsWith(head) ? other.slice(head.length) : other;
      const middle = tail && rest.endsWith(tail) ? rest.slice(0, -tail.length) : rest;
      if (middle && !other.includes("${") && head + middle + tail === other) yield [keyOf(found[0]), middle];
    }
  }
}

/**
 * The term with these values for its variables.
 * @param {Term} term
 * @param {Values} values
 */
export function termWithValues(term, values) {
  const patterns = term.variables ? withValues(term.patterns, values) : term.patterns;
  return patterns === term.patterns ? term : new Term(patterns, term.negated);
}

/**
 * The block with these values for its variables.
 * @param {readonly Clause[]} condition
 * @param {Values} values
 */
export function clausesWithValues(condition, values) {
  const found = condition.map((clause) => {
    const own = clause.variables ? withValues(clause.values, values) : clause.values;
    return own === clause.values ? clause : new Clause(clause.operator, clause.key, own);
  });
  return found.every((clause, n) => clause === condition[n]) ? condition : found;
}

/**
 * Clauses that the keys of variables have these values.
 * @param {Values} values
 */
export function clausesOfValues(values) {
  return Array.from(values, ([key, value]) => new Clause("StringEquals", key, [value], false));
}

/**
 * The same list if no text has a variable.
 * @param {readonly string[]} texts
 * @param {Values} values
 */
function withValues(texts, values) {
  if (!texts.some((text) => text.includes("${"))) return texts;
  return texts.map((text) => text.replace(VARIABLE, (found) =>
    ESCAPES.includes(found) ? found : /** @type {string} */ (values.get(keyOf(found)))));
}

/**
 * The condition key in a variable, which may have a default value.
 * @param {string} variable
 */
function keyOf(variable) {
  return strip(variable.slice(2).split(/[,}]/)[0]).toLowerCase();
}
