// Questions that are ARNs: the resource patterns that match them, and the policy with that ARN.
import { EXACT, PART, PREFIX } from "./fit.js";
import { LEAST, SAME } from "./found.js";
import { namesSomeOf } from "./patterns.js";
import { count, number } from "../words.js";

/** @import { Found } from "./found.js" */
/** @import { Index } from "./index.js" */

const PARTS = 6;

/**
 * Finds resource patterns that match an ARN, or that have resources in common with a pattern of ARNs.
 * @param {Index} index
 * @param {string} asked
 * @param {Found} found
 */
export function findArns(index, asked, found) {
  const policy = /^arn:[^:]*:iam::[^:]*:policy\/(?:.*\/)?([^/]+)$/.exec(asked);
  const place = policy ? index.file.policies.indexOf(policy[1]) : -1;
  if (place >= 0) found.add(index.firstPolicy + place, EXACT);
  if (!index.patterns) return found.answer(asked, "Loading resource patterns…");
  const { patterns } = index.patterns;
  const parts = asked.split(":").length;
  if (parts < PARTS) return findBeginnings(index, patterns.length, asked, parts, found);
  const wild = /[*?]|\$\{/.test(asked);
  let matching = 0;
  patterns.forEach((pattern, at) => {
    if (!namesSomeOf(pattern, asked)) return;
    matching++;
    found.addPattern(index.firstPattern + at, closeness(pattern, asked, wild));
  });
  return found.answer(asked, sentence(matching, patterns.length, wild));
}

/**
 * @param {number} matching
 * @param {number} all
 * @param {boolean} wild
 */
function sentence(matching, all, wild) {
  const one = matching === 1;
  const verb = wild
    ? `${one ? "overlaps" : "overlap"} with this ARN.`
    : `${one ? "matches" : "match"} this ARN.`;
  return `${number(matching)} of ${count(all, "resource pattern", "resource patterns")} ${verb}`;
}

/**
 * How much of a pattern is its own text, or for a question that is a pattern, how much both have in
 * common from the start; the same text is closest, and "everything but" farthest.
 * @param {ResourcePattern} pattern
 * @param {string} asked
 * @param {boolean} wild
 */
export function closeness(pattern, asked, wild) {
  if (pattern === asked) return SAME;
  if (typeof pattern !== "string") return LEAST;
  const own = wild
    ? commonStart(pattern, asked)
    : pattern.replace(/\$\{[^}]*\}|[*?]/g, "").length;
  return Math.min(own + LEAST + 1, SAME - 1);
}

/**
 * @param {string} one
 * @param {string} other
 */
function commonStart(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/**
 * Finds resource patterns that contain the beginning of an ARN.
 * @param {Index} index
 * @param {number} patterns how many there are
 * @param {string} asked
 * @param {number} parts
 * @param {Found} found
 */
function findBeginnings(index, patterns, asked, parts, found) {
  const lower = asked.toLowerCase();
  for (let id = index.firstPattern; id < index.firstPattern + patterns; id++) {
    const name = index.lower[id];
    if (name.includes(lower)) found.add(id, name.startsWith(lower) ? PREFIX : PART);
  }
  const say =
    "An ARN has six parts (arn:partition:service:region:account:resource). " +
    `This text has ${parts}.`;
  return found.answer(asked, say + (found.total ? " These patterns contain it." : ""));
}
