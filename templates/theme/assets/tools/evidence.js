// What differs, statement by statement: was in A, now in B, and what both have. The elements are those of
// templates/html/partials/evidence.html.
import { element } from "../dom.js";
import { count, number } from "../words.js";
import { inParts } from "../compare/more.js";

/** @import { ActionLinks } from "./action-links.js" */

const ROWS = 40; // at first
const NAMES = 40;
const PLACES = 6;

/** @type {Record<string, string>} of an Allow; others are their outcome */
const DENIED = {
  added: "now denied",
  removed: "no longer denied",
  widened: "more denied",
  narrowed: "less denied",
  changed: "denied otherwise",
};

/**
 * The rows in their order, the first ones at once and the others when asked for.
 * @param {ChangeRowResult[]} rows
 * @param {ActionLinks} links
 */
export function evidence(rows, links) {
  const list = element("ul", "pb-evidence");
  return inParts(list, rows, ROWS, (row) => rowOf(row, links), ["row", "rows"]);
}

/**
 * @param {ChangeRowResult} row
 * @param {ActionLinks} links
 */
function rowOf(row, links) {
  const made = element("li", "");
  const head = element("p", "");
  const denies = row.effect === "Deny";
  const style = `pb-kind pb-kind--${row.outcome}${denies ? " pb-kind--deny" : ""}`;
  head.append(element("span", style, denies ? DENIED[row.outcome] : row.outcome), " ");
  if (row.actions.length) head.append(...namesIn(row.actions, NAMES, (name) => links.code(name)));
  else head.append(element("span", "pb-not", "all actions with exceptions"));
  const parts = element("dl", "");
  parts.append(
    ...part(row.was, "was in A", "was", links),
    ...part(row.now, "now in B", "now", links),
    ...part(row.kept, "in both", "kept", links),
    ...part(row.partly, "in both in part", "kept", links),
    ...row.exceptions.flatMap(exceptionsOf),
  );
  made.append(head, parts);
  return made;
}

/**
 * The first names, each followed by a space, and how many more there are.
 * @param {readonly string[]} names
 * @param {number} most
 * @param {(name: string) => Node} code
 * @returns {(string | Node)[]}
 */
function namesIn(names, most, code) {
  const shown = names.slice(0, most).flatMap((name) => [code(name), " "]);
  const more = names.length - most;
  return more > 0 ? [...shown, element("span", "pb-count", `and ${number(more)} more`), " "] : shown;
}

/** @param {string} text */
function plainCode(text) {
  return element("code", "", text);
}

/**
 * @param {GroupResult[]} groups
 * @param {string} title
 * @param {"was" | "now" | "kept"} style
 * @param {ActionLinks} links
 */
function part(groups, title, style, links) {
  if (!groups.length) return [];
  const list = element("ul", "");
  for (const group of groups.slice(0, PLACES)) {
    const item = element("li", "");
    const inner = style === "kept" ? item : element(style === "was" ? "del" : "ins", "");
    inner.append(...groupOf(group, links));
    if (inner !== item) item.append(inner);
    list.append(item);
  }
  const more = groups.length - PLACES;
  if (more > 0) list.append(element("li", "pb-count", `and ${count(more, "more place", "more places")}`));
  return [entry(`pb-${style}`, title, [list])];
}

/**
 * @param {string} style
 * @param {string} title
 * @param {(string | Node)[]} content
 */
function entry(style, title, content) {
  const made = element("div", style);
  const shown = element("dd", "");
  shown.append(...content);
  made.append(element("dt", "", title), shown);
  return made;
}

/**
 * @param {GroupResult} group
 * @param {ActionLinks} links
 */
function groupOf(group, links) {
  const actions = group.actions.length ? namesIn(group.actions, PLACES, (name) => links.code(name)) : [];
  if (group.actions.length && group.not_actions)
    actions.unshift(element("span", "pb-not", "all actions except"), " ");
  return [...actions, ...placesOf(group.resources, group.not_resources), ...whenOf(group.condition)];
}

/**
 * @param {readonly string[]} resources
 * @param {boolean} negated
 */
function placesOf(resources, negated) {
  /** @type {(string | Node)[]} */
  const words = [element("span", "pb-on", "on"), " "];
  if (negated) words.push(element("span", "pb-not", "all resources except"), " ");
  else if (resources.length === 1 && resources[0] === "*") words.push("all resources ");
  return [...words, ...namesIn(resources, PLACES, plainCode)];
}

/** @param {ConditionBlock} condition */
function whenOf(condition) {
  const clauses = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
  );
  return clauses.flatMap(({ operator, key, values }, place) => [
    element("span", "pb-on", place ? "and" : "if"),
    " ",
    plainCode(key),
    " ",
    element("span", "pb-operator", operator),
    " ",
    ...namesIn(values, PLACES, plainCode),
  ]);
}

/** @param {ExceptionsResult} exceptions */
function exceptionsOf({ added, dropped, kept, resources, not_resources: negated, condition }) {
  const where = () => [
    ...(kept ? [element("span", "pb-count", `(${count(kept, "exception", "exceptions")} in both)`), " "] : []),
    ...(resources ? placesOf(resources, negated) : []),
    ...whenOf(condition),
  ];
  const made = [];
  if (added.length)
    made.push(entry("pb-went", "except", ["in B also ", ...namesIn(added, NAMES, plainCode), ...where()]));
  if (dropped.length)
    made.push(entry("pb-came", "except", ["only in A ", ...namesIn(dropped, NAMES, plainCode), ...where()]));
  return made;
}
