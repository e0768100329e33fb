// What is known of the policy documents in a text, as `policybook show FILE --format json` has it.
import { effectiveActions, near, risks } from "../engine/engine.js";
import { dotted } from "./key-paths.js";
import { compareTexts } from "../engine/order.js";
import { documentFindings } from "./findings.js";
import { rulesOf } from "./kinds.js";
import { leftOver } from "./left-over.js";
import { unknownActions } from "./unknown-actions.js";
import { unsupported } from "./unsupported.js";
import { wildcards } from "./wildcards.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Policies } from "../engine/analysis/overlap.js" */
/** @import { Document } from "../engine/model/documents.js" */
/** @import { Operations } from "../tools/operations.js" */
/** @import { FoundDocument } from "./found-documents.js" */

/**
 * All errors and warnings about a document, in order of line.
 * @param {FoundDocument} found
 * @param {Catalogue} catalogue
 * @param {Operations} operations
 * @param {string} type the type of its policy
 */
export function findingsOf(found, catalogue, operations, type = "") {
  if (found.document) found.add(documentFindings(found.document.source, catalogue, operations, rulesOf(type)));
  return found.findings
    .map((one) => ({ one, at: dotted(one.path) }))
    .sort((a, b) => a.one.line - b.one.line || compareTexts(a.at, b.at) || compareTexts(a.one.kind, b.one.kind))
    .map(({ one }) => one);
}

/**
 * What is known of a document that could be read, but for policies that overlap with it.
 * @param {Document} document
 * @param {RiskRule[]} rules
 * @param {Catalogue} catalogue
 * @param {Document | null} boundary
 * @returns {DocumentAnswers}
 */
export function answersAbout(document, rules, catalogue, boundary) {
  return {
    services: effectiveActions([document], catalogue),
    unknown: unknownActions(document, catalogue),
    unsupported: unsupported(document, catalogue),
    wildcards: wildcards(document, catalogue),
    risks: risks([document], rules, catalogue),
    overlap: null,
    left: boundary && leftOver(document, boundary, catalogue),
  };
}

/**
 * The policies of the site that overlap with a document.
 * @param {Document} document
 * @param {Policies} policies
 */
export function overlapOf(document, policies) {
  return near([document], policies);
}
