// Converts statements from the form of JSON files to the normalised form used everywhere else; see
// generator/policybook/iam/statements.py.
import { Clause, Statement, Term } from "../model/documents.js";
import { strip } from "./patterns.js";

/**
 * @typedef {string | boolean} Scalar
 * @typedef {object} StatementFile a statement as its file has it, valid
 * @property {import("../model/documents.js").Effect} Effect
 * @property {string | null} [Sid]
 * @property {string | string[]} [Action]
 * @property {string | string[]} [NotAction]
 * @property {string | string[]} [Resource]
 * @property {string | string[]} [NotResource]
 * @property {Record<string, Record<string, Scalar | Scalar[]>>} [Condition]
 * @property {unknown} [Principal]
 * @property {unknown} [NotPrincipal]
 */

/**
 * The statements in normalised form, numbered from 1.
 * @param {readonly StatementFile[]} found
 * @param {boolean} variables whether `${…}` is a policy variable; it is text in a document whose Version is
 *   older than 2012-10-17 or missing
 */
export function statements(found, variables = true) {
  return found.map((file, n) => new Statement(
    n + 1,
    file.Sid ?? null,
    file.Effect,
    termOf(file.Action, file.NotAction, false, true),
    termOf(file.Resource, file.NotResource, true, variables),
    Object.entries(file.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => clauseOf(operator, key, valuesOf(values), variables))),
    "Principal" in file || "NotPrincipal" in file,
    file.Principal === "*",
  ));
}

/**
 * @param {string} operator
 * @param {string} key
 * @param {string[]} values
 * @param {boolean} variables
 */
function clauseOf(operator, key, values, variables) {
  return new Clause(operator, key, values, variables || !values.join("").includes("${"));
}

/**
 * The patterns of an element. White space around an action is left out.
 * @param {string | string[] | undefined} named
 * @param {string | string[] | undefined} others
 * @param {boolean} spaces
 * @param {boolean} variables
 */
function termOf(named, others, spaces, variables) {
  const listed = listOf(others ?? named ?? []);
  const patterns = [...new Set(spaces ? listed : listed.map(strip))];
  return new Term(patterns, others !== undefined, variables || !listed.join("").includes("${"));
}

/**
 * @template T
 * @param {T | T[]} found
 */
function listOf(found) {
  return Array.isArray(found) ? found : [found];
}

/** @param {Scalar | Scalar[]} found */
function valuesOf(found) {
  return listOf(found).map(String);
}
