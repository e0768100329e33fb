// Draws a comparison: which side contains the other, both verdicts, risks, columns, and what differs.
import { element } from "../dom.js";
import { columns } from "./columns.js";
import { drawnPaths, limitsMark, ruleLink } from "../tools/risks.js";
import { evidence } from "../tools/evidence.js";

/** @import { ActionLinks } from "../tools/action-links.js" */

/**
 * What screen readers announce.
 * @param {SideBySide} found
 */
export function sentence({ summary, verdict, reverse }) {
  return `${summary}. From A to B: ${verdict}. From B to A: ${reverse}.`;
}

/**
 * @param {SideBySide} found
 * @param {SidePaths} together
 * @param {ActionLinks} links
 */
export function drawn(found, together, links) {
  const made = element("section", "pb-compared");
  made.setAttribute("aria-labelledby", "pb-compared");
  const heading = element("h2", "", `${found.summary}.`);
  heading.id = "pb-compared";
  made.append(heading, verdicts(found), ...doubts(found));
  if (found.verdict !== "identical") {
    made.append(columns(found.services, links));
    made.append(
      element("p", "pb-fine", "Effective actions, an upper bound: resources and conditions may limit them further."),
    );
    if (found.rows.length) {
      made.append(element("h3", "", "What differs: was in A → now in B"), ...evidence(found.rows, links));
    }
  }
  made.append(...risks(found, together));
  return made;
}

/** @param {SideBySide} found */
function verdicts({ verdict, reverse }) {
  const made = element("p", "");
  made.append("From A to B: ", verdictMark(verdict), " From B to A: ", verdictMark(reverse));
  return made;
}

/** @param {Verdict} verdict */
function verdictMark(verdict) {
  return element("span", `pb-verdict pb-verdict--${verdict}`, verdict);
}

/** @param {SideBySide} found */
function doubts({ undecided, formats_date: day, a, b }) {
  const unsure = [...a.documents, ...b.documents].filter((one) => one.unsure);
  return [
    ...(undecided.length ? [element("p", "pb-note pb-note--warn", `Undetermined: ${undecided.join("; ")}.`)] : []),
    ...(day ? [element("p", "pb-fine", `This verdict relies on the ARN formats in AWS's action list of ${day}.`)] : []),
    ...unsure.map(({ name, version, unsure: why }) =>
      element("p", "pb-note pb-note--warn", `Not certain that ${name} was at ${version}: ${why}.`),
    ),
  ];
}

/**
 * @param {SideBySide} found
 * @param {SidePaths} together
 */
function risks({ a, b }, together) {
  if (!a.risks || !b.risks) return [];
  const made = element("div", "pb-columns pb-columns--two");
  made.append(risksOf("A", a.risks, b.risks, together.a), risksOf("B", b.risks, a.risks, together.b));
  const note = "By our risk rules, which are not exhaustive. A match is something to review, not a vulnerability.";
  return [element("h3", "", "Risks of each"), made, element("p", "pb-fine", note)];
}

/**
 * The rules that a side matches, those of it alone marked.
 * @param {string} letter
 * @param {SideRule[]} own
 * @param {SideRule[]} others
 * @param {JointPaths} together
 */
function risksOf(letter, own, others, together) {
  const made = element("section", "pb-column");
  made.append(element("h4", "", letter));
  if (!own.length) made.append(element("p", "", "No rule matches."));
  const list = element("ul", "pb-list");
  for (const { rule, title, mitigation } of own) {
    const item = element("li", "");
    item.append(ruleLink(rule, title), " ", limitsMark(mitigation));
    if (!others.some((other) => other.rule === rule))
      item.append(" ", element("span", "pb-count", `only ${letter}`));
    list.append(item);
  }
  made.append(list, ...drawnPaths(together, `Together, ${letter}`, true));
  return made;
}
