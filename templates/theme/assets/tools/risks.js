// Draws what risk rules say: links to their pages, limits, and what policies make possible together.
import { element } from "../dom.js";
import { ROOT } from "../finder/fetching.js";

/** @type {Record<string, string>} by mitigation */
const LIMITS = {
  none: "no limits",
  scoped: "limited resources",
  conditional: "conditional",
  "scoped and conditional": "limited resources and conditional",
  "scoped or conditional": "limited resources or conditional",
};
const SETS = 6;
const ESCALATION = "privilege-escalation";

/**
 * A link to the page of a rule.
 * @param {string} rule
 * @param {string} text
 */
export function ruleLink(rule, text) {
  const made = element("a", "", text);
  made.href = new URL(`risks/${encodeURIComponent(rule)}/`, ROOT).href;
  return made;
}

/** @param {string} mitigation */
export function limitsMark(mitigation) {
  return element("span", `pb-tag${mitigation === "none" ? " pb-tag--warn" : ""}`, LIMITS[mitigation]);
}

/**
 * What policies make possible together that none of them does alone; nothing if there is none.
 * @param {JointPaths} found
 * @param {string} who such as "This pair"
 * @param {boolean} named whether the policies that suffice are named
 */
export function drawnPaths({ paths }, who, named) {
  const escalations = paths.filter(({ kind }) => kind === ESCALATION);
  const others = paths.filter(({ kind }) => kind !== ESCALATION);
  return [
    ...listed(`${who} can escalate, as no policy of it does alone:`, escalations, named),
    ...listed(`${who} matches, as no policy of it does alone:`, others, named),
  ];
}

/**
 * @param {string} said
 * @param {JointPath[]} paths
 * @param {boolean} named
 */
function listed(said, paths, named) {
  if (!paths.length) return [];
  const list = element("ul", "pb-list");
  list.append(...paths.map((path) => item(path, named)));
  return [element("p", "pb-fine", said), list];
}

/**
 * @param {JointPath} path
 * @param {boolean} named
 */
function item({ rule, title, gain, mitigation, sets, alone, unsure }, named) {
  const made = element("li", "");
  made.append(ruleLink(rule, title), " ", limitsMark(mitigation));
  const notes = [];
  if (named) {
    const more = sets.length > SETS ? `, and ${sets.length - SETS} more` : "";
    notes.push(sets.slice(0, SETS).map((names) => names.join(" with ")).join("; ") + more);
  }
  if (gain === "opened") notes.push(`more limited in ${Object.keys(alone).join(", ")} alone`);
  if (unsure.length) notes.push(`an upper bound: Denies of ${unsure.join(", ")} may limit it`);
  if (notes.length) made.append(" ", element("span", "pb-count", notes.join("; ")));
  return made;
}
