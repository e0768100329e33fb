// Draws what is known of the documents in a text.
import { element } from "../dom.js";
import { count } from "../words.js";
import { effective, leftOver, risks, unknownActions, wildcards, withoutEffect } from "./about.js";
import { countOf, findingsSection } from "./findings-list.js";
import { dotted } from "./key-paths.js";

/** @import { ActionLinks } from "../tools/action-links.js" */

const MOST_DOCUMENTS = 20;

/**
 * @typedef {object} Drawn a document as it was drawn
 * @property {HTMLElement} made
 * @property {HTMLElement} overlap where the policies of the site go
 * @property {HTMLElement} other where the comparison goes
 */

/**
 * The sentence about all documents, which is announced.
 * @param {CheckedDocument[]} documents
 */
export function summary(documents) {
  const findings = countOf(documents.flatMap((one) => one.findings));
  if (documents.length > 1) return `${count(documents.length, "document", "documents")}: ${findings}.`;
  const [{ answers: found }] = documents;
  if (!found) return `${findings}.`;
  const actions = found.services.reduce((sum, { levels }) => sum + levels.reduce((all, one) => all + one.actions.length, 0), 0);
  const services = count(found.services.length, "service", "services");
  const risky = found.risks.length ? `; ${count(found.risks.length, "risk rule matches", "risk rules match")}` : "";
  return `${findings}; ${count(actions, "effective action", "effective actions")} of ${services}${risky}.`;
}

/**
 * @param {CheckedDocument[]} documents
 * @param {string} date of AWS's action list
 * @param {ActionLinks} links
 * @param {(line: number) => void} show a line of the text
 * @returns {Drawn[]}
 */
export function drawn(documents, date, links, show) {
  return documents.slice(0, MOST_DOCUMENTS).map((one, place) => {
    const made = element("section", "pb-checked");
    const heading = element("h2", "", titleOf(one, documents.length));
    heading.id = `pb-checked-${place + 1}`;
    made.setAttribute("aria-labelledby", heading.id);
    const overlap = element("div", "");
    const other = element("div", "");
    made.append(heading, findingsSection(one.findings, show));
    if (one.answers) made.append(other, ...answers(one.answers, date, links), overlap);
    else made.append(element("p", "", unread(one)));
    return { made, overlap, other };
  });
}

/** @param {number} total how many documents are not shown, in words, or "" */
export function leftOut(total) {
  const more = total - MOST_DOCUMENTS;
  return more > 0 ? `${count(more, "further document is", "further documents are")} not shown; the command shows all.` : "";
}

/**
 * @param {CheckedDocument} document
 * @param {number} total
 */
function titleOf({ path, line }, total) {
  const where = path.length ? `${dotted(path)}, line ${line}` : `line ${line}`;
  return total > 1 || path.length ? `Document at ${where}` : "The document";
}

/** @param {CheckedDocument} document */
function unread({ findings }) {
  return findings.some(({ kind }) => kind === "trust-policy")
    ? "A trust policy says who may take a role. It grants nothing, and is not checked."
    : "The document cannot be read further until its errors are mended.";
}

/**
 * @param {DocumentAnswers} answers
 * @param {string} date
 * @param {ActionLinks} links
 */
function answers({ services, unknown, unsupported, wildcards: patterns, risks: flags, left }, date, links) {
  return [
    ...leftOver(left, links),
    effective(services, links),
    risks(flags),
    ...unknownActions(unknown, date, links),
    ...withoutEffect(unsupported),
    ...wildcards(patterns, links),
  ];
}
