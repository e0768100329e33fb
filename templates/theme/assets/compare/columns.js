// What only A, both, and only B allow: effective actions by service, with their access levels.
import { element } from "../dom.js";
import { count, number } from "../words.js";
import { STYLES } from "../tools/action-links.js";
import { inParts } from "./more.js";

/** @import { ActionLinks } from "../tools/action-links.js" */
/** @typedef {"only_a" | "both" | "only_b"} Column */

/** @type {[Column, string][]} */
const TITLES = [
  ["only_a", "Only A"],
  ["both", "Both"],
  ["only_b", "Only B"],
];
const OPENED = { only_a: 250, both: 40, only_b: 250 }; // names in a column that are shown at once

const SERVICES = 60; // in a column at first

/** @type {Partial<Record<Verdict, string>>} how B limits an action that both allow */
const LIMITS = {
  widened: "B limits it less",
  narrowed: "B limits it more",
  mixed: "other limits in B",
  undetermined: "undetermined whether B limits it otherwise",
};

/**
 * @param {SideBySide["services"]} services
 * @param {ActionLinks} links
 */
export function columns(services, links) {
  const made = element("div", "pb-columns");
  for (const [column, title] of TITLES) made.append(columnOf(services, links, column, title));
  return made;
}

/**
 * @param {SideBySide["services"]} services
 * @param {ActionLinks} links
 * @param {Column} column
 * @param {string} title
 */
function columnOf(services, links, column, title) {
  const made = element("section", "pb-column");
  const id = `pb-column-${column}`;
  made.setAttribute("aria-labelledby", id);
  const filled = Object.entries(services).filter(([, service]) => Object.keys(service[column]).length);
  const total = filled.reduce((sum, [, service]) => sum + sizeOf(service[column]), 0);
  const heading = element("h3", "", `${title} `);
  heading.id = id;
  heading.append(element("span", "pb-count", total ? count(total, "action", "actions") : "nothing"));
  made.append(heading);
  const others = filled.reduce((sum, [, service]) => sum + othersIn(service, column), 0);
  if (others) made.append(element("p", "pb-fine", `${number(others)} with other limits in A than in B`));
  const open = total <= OPENED[column];
  const one = (/** @type {[string, ServiceActions]} */ [prefix, service]) =>
    serviceOf(prefix, service, column, links, open);
  made.append(...inParts(element("div", ""), filled, SERVICES, one, ["service", "services"]));
  return made;
}

/** @param {NamesByLevel} levels */
function sizeOf(levels) {
  return Object.values(levels).reduce((sum, names) => sum + names.length, 0);
}

/**
 * The number of actions with other limits.
 * @param {ServiceActions} service
 * @param {Column} column
 */
function othersIn(service, column) {
  return column === "both" ? Object.keys(service.otherwise).length : 0;
}

/**
 * A service, whose names are made when it is opened: there may be thousands.
 * @param {string} prefix
 * @param {ServiceActions} service
 * @param {Column} column
 * @param {ActionLinks} links
 * @param {boolean} open
 */
function serviceOf(prefix, service, column, links, open) {
  const fold = element("details", "pb-fold");
  const summary = element("summary", "");
  summary.append(element("code", "", prefix), " ", levelCounts(service[column]));
  const others = othersIn(service, column);
  if (others) summary.append(" ", element("span", "pb-count", `${number(others)} with other limits`));
  fold.append(summary);
  const fill = () => {
    if (fold.childElementCount === 1) fold.append(namesOf(prefix, service, column, links));
  };
  if (open) {
    fill();
    fold.open = true;
  }
  fold.addEventListener("toggle", fill);
  return fold;
}

/** @param {NamesByLevel} levels */
function levelCounts(levels) {
  const made = element("span", "pb-levels");
  for (const [level, names] of Object.entries(levels)) {
    const mark = element("span", `pb-level pb-level--${STYLES[level]}`, `${titleOf(level)} `);
    mark.append(element("b", "", number(names.length)));
    made.append(mark, " ");
  }
  return made;
}

/** @param {string} level */
function titleOf(level) {
  return level === "Uncatalogued" ? "Not in AWS's action list" : level;
}

/**
 * @param {string} prefix
 * @param {ServiceActions} service
 * @param {Column} column
 * @param {ActionLinks} links
 */
function namesOf(prefix, service, column, links) {
  const list = element("ul", "pb-list");
  for (const names of Object.values(service[column]))
    for (const name of names) {
      const item = element("li", "");
      item.append(links.code(`${prefix}:${name}`));
      const verdict = column === "both" && Object.hasOwn(service.otherwise, name) ? service.otherwise[name] : null;
      if (verdict) item.append(" ", element("span", "pb-limits", LIMITS[verdict] ?? ""));
      list.append(item);
    }
  return list;
}
