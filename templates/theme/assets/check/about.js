// What the page says about the parts of a document: its actions, wildcards, risks and limits.
import { element } from "../dom.js";
import { limitsMark, ruleLink } from "../tools/risks.js";
import { count, number } from "../words.js";
import { code, fold, inStatements, levelMarks, list, longList, section } from "./parts.js";

/** @import { ActionLinks } from "../tools/action-links.js" */

const OPENED = 60; // names that are shown at once
const ROWS = 20;
const SERVICES = 60;
const NAMES = 300;

/**
 * @param {EffectiveService[]} services
 * @param {ActionLinks} links
 */
export function effective(services, links) {
  const sizes = services.map(({ levels }) => levels.reduce((sum, { actions }) => sum + actions.length, 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!total) return section("Effective actions", "none", [element("p", "", "The document allows no action.")]);
  const folded = (/** @type {EffectiveService} */ { prefix, name, levels }) =>
    fold(
      [code(prefix), name ? ` ${name} ` : " ", levelMarks(levels)],
      () => levels.map(({ actions }) => list(actions.map((one) => effectiveAction(one, links)))),
      total <= OPENED,
    );
  const folds = longList(services, (one) => [folded(one)], SERVICES);
  const note = "Resources and conditions may limit them further. After each action: the pattern and the statement that grant it.";
  const counted = `${count(total, "action", "actions")} of ${count(services.length, "service", "services")}, an upper bound`;
  return section("Effective actions", counted, [element("p", "pb-fine", note), ...folds]);
}

/**
 * @param {EffectiveAction} action
 * @param {ActionLinks} links
 */
function effectiveAction({ name, by }, links) {
  const through = by.map(({ statement, pattern }) => `${pattern && pattern !== name ? `${pattern}, ` : ""}${statement}`);
  return [links.code(name), " ", element("span", "pb-count", through.slice(0, 4).join("; "))];
}

/**
 * @param {UnknownActionResult[]} unknown
 * @param {string} date
 * @param {ActionLinks} links
 */
export function unknownActions(unknown, date, links) {
  if (!unknown.length) return [];
  const item = (/** @type {UnknownActionResult} */ { action, statements, nearest }) => [
    code(action),
    " ",
    inStatements(statements),
    ...(nearest.length ? [" Did you mean ", ...nearest.flatMap((name, n) => [n ? " or " : "", links.code(name)]), "?"] : []),
  ];
  const said = `Not in AWS's action list of ${date}: a mistake, or an action that AWS has retired.`;
  const counted = count(unknown.length, "action", "actions");
  return [section("Unknown actions", counted, [element("p", "pb-fine", said), ...longList(unknown, item, ROWS)])];
}

/** @param {UnsupportedResult[]} found */
export function withoutEffect(found) {
  if (!found.length) return [];
  const item = (/** @type {UnsupportedResult} */ { statement, element: kind, pattern }) => [
    code(pattern),
    " ",
    element(
      "span",
      "pb-count",
      kind === "Action"
        ? `has no resource of statement ${statement}`
        : `is a resource of no action of statement ${statement}`,
    ),
  ];
  const said = "For most services such a statement grants or denies nothing.";
  const counted = count(found.length, "pattern", "patterns");
  return [section("Unsupported resources", counted, [element("p", "pb-fine", said), ...longList(found, item, ROWS)])];
}

/**
 * @param {WildcardResult[]} found
 * @param {ActionLinks} links
 */
export function wildcards(found, links) {
  if (!found.length) return [];
  const item = (/** @type {WildcardResult} */ one) => [wildcard(one, links)];
  return [section("Wildcards", count(found.length, "pattern", "patterns"), longList(found, item, ROWS))];
}

/**
 * @param {WildcardResult} wildcard
 * @param {ActionLinks} links
 */
function wildcard({ pattern, statements, actions, every, shortest }, links) {
  const named = every ? "every action of every service" : count(actions.length, "action", "actions");
  const summary = [code(pattern), ` names ${named}, `, inStatements(statements)];
  const shorter = shortest ? ["; the shortest pattern that names the same: ", code(shortest)] : [];
  summary.push(...shorter);
  if (!actions.length) {
    const line = element("p", "");
    line.append(...summary);
    return line;
  }
  return fold(summary, () => {
    const names = actions.slice(0, NAMES).map((name) => [links.code(name)]);
    if (actions.length > NAMES) names.push([element("span", "", `and ${number(actions.length - NAMES)} more`)]);
    return [list(names)];
  });
}

/** @param {FlagResult[]} risks */
export function risks(risks) {
  const note = "These rules are not exhaustive. A match is something to review, not a vulnerability.";
  if (!risks.length) return section("Risks", "", [element("p", "", `No rule matches. ${note}`)]);
  const counted = count(risks.length, "rule matches", "rules match");
  const shown = risks.map(({ rule, title, kind, mitigation, steps }) => {
    const link = ruleLink(rule, "About this rule, and policies that match");
    const head = [element("b", "", title), " ", limitsMark(mitigation), " ", element("span", "pb-count", kind)];
    return fold(head, () => [list(steps.map(step)), link]);
  });
  return section("Risks", counted, [element("p", "pb-fine", note), ...shown]);
}

/** @param {FlagResult["steps"][number]} step */
function step({ does, grants }) {
  const item = (/** @type {StepGrantResult} */ { statement, actions, resources, not_resources: others, mitigation }) => [
    `Statement ${statement}: `,
    ...actions.slice(0, 8).flatMap((name) => [code(name), " "]),
    others ? "on all resources except " : "on ",
    ...resources.slice(0, 4).flatMap((pattern) => [code(pattern), " "]),
    limitsMark(mitigation),
  ];
  return [element("b", "", does), ...longList(grants, item, 12)];
}

/**
 * @param {LeftResult | null} left
 * @param {ActionLinks} links
 */
export function leftOver(left, links) {
  if (!left) return [];
  const total = left.services.reduce((sum, { actions }) => sum + Object.keys(actions).length, 0);
  const kind = left.exact ? "exact" : "an upper bound";
  const said = left.exact
    ? "Each of these actions is allowed by both documents on a resource that one of them names whole, without conditions or a Deny that may apply."
    : "Marked actions may be limited further: both documents name different parts of a resource, or a condition or a Deny may apply.";
  const folds = left.services.map(({ prefix, name, actions }) =>
    fold([code(prefix), ` ${name} `, element("span", "pb-count", count(Object.keys(actions).length, "action", "actions"))], () => [
      list(
        Object.entries(actions).map(([action, certainty]) => [
          links.code(action),
          certainty === "yes" ? "" : " ",
          certainty === "yes" ? "" : element("span", "pb-tag", "upper bound"),
        ]),
      ),
    ]),
  );
  const removed = left.removed.length
    ? [fold([`${count(left.removed.length, "action", "actions")} removed`], () => longList(left.removed, (name) => [links.code(name)], NAMES))]
    : [];
  const counted = `${count(total, "action", "actions")}, ${kind}`;
  return [section("Left by the boundary", counted, [element("p", "pb-fine", said), ...folds, ...removed])];
}
