// The check of a text: its documents, each with its findings and what is known of it.
import { answersAbout, findingsOf, overlapOf } from "./answers.js";
import { documentsIn } from "./found-documents.js";
import { UNKNOWN_KIND, doesGrant } from "./policy-kind.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Policies } from "../engine/analysis/overlap.js" */
/** @import { Operations } from "../tools/operations.js" */
/** @import { Document } from "../engine/model/documents.js" */
/** @import { PolicyKind } from "./policy-kind.js" */

/**
 * @typedef {object} Known what the engine knows
 * @property {Catalogue} catalogue
 * @property {RiskRule[]} rules
 * @property {Operations} operations
 * @property {Policies} [policies] the overlap is not looked for without
 */

/**
 * The documents in a text, at least one, each with all that is known of it.
 * @param {string} text
 * @param {Known} known
 * @param {Document | null} boundary
 * @param {PolicyKind} kind of the policy whose document it is; no risk rule is about one that grants nothing
 * @returns {CheckedDocument[]}
 */
export function checked(text, { catalogue, rules, operations, policies }, boundary = null, kind = UNKNOWN_KIND) {
  const { ofAws, type } = kind;
  return documentsIn(text).map((found) => {
    const { document } = found;
    const answers = document && answersAbout(document, doesGrant(type) ? rules : [], catalogue, boundary);
    if (answers && policies && doesGrant(type)) answers.overlap = overlapOf(document, policies);
    const findings = findingsOf(found, catalogue, operations, type);
    if (ofAws && document) for (const one of findings) if (one.kind !== "malformed-action") one.level = "warning";
    return { path: found.at, line: found.line, findings, answers };
  });
}

/**
 * The one policy document in a text.
 * @param {string} text
 * @returns {Document}
 * @throws {Error} it has errors, or there are several
 */
export function onlyDocument(text) {
  const isTrust = (/** @type {FoundProblem} */ { kind }) => kind === "trust-policy";
  const found = documentsIn(text).filter(({ findings }) => !findings.some(isTrust));
  if (found.length !== 1) throw new Error(`expected one policy document, found ${found.length || "none"}`);
  const [{ document, findings }] = found;
  if (document) return document;
  const { line, expected, found: what } = findings[0];
  throw new Error(`${line ? `line ${line}: ` : ""}expected ${expected}, found ${what}`);
}
