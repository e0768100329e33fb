// Questions that are ARNs: who may do what on it, and the policy with that ARN.
import { ArnGrants, both } from "./arn-grants.js";
import { EXACT, PART, PREFIX } from "./fit.js";
import { LEAST, SAME } from "./found.js";
import { PATTERN } from "./index.js";
import { LEVELS, item, segment } from "./items.js";
import { namesSomeOf } from "./patterns.js";
import { count, number } from "../words.js";

/** @import { PatternGrants } from "./arn-grants.js" */
/** @import { Found } from "./found.js" */
/** @import { Index } from "./index.js" */

const PARTS = 6;
const NAMED = 3; // actions

// The order of what matches an ARN; last, named patterns of statements without an action that it can have.
const [BY_NAME, BY_STAR, BY_EXCEPTION, DENYING, WITHOUT] = [0, 1, 2, 3, 4];

/**
 * Finds the resource patterns that match an ARN, or that have resources in common with a pattern of
 * ARNs, with the policies that allow or deny something on it.
 * @param {Index} index
 * @param {string} asked
 * @param {string} arn
 * @param {string} action the only action to look for, or ""
 * @param {Found} found
 */
export function findArns(index, asked, arn, action, found) {
  const policy = action ? null : /^arn:[^:]*:iam::[^:]*:policy\/(?:.*\/)?([^/]+)$/.exec(arn);
  const place = policy ? index.file.policies.indexOf(policy[1]) : -1;
  if (place >= 0) found.add(index.firstPolicy + place, EXACT);
  if (!index.patterns) return found.waitFor(asked, "patterns.json");
  const parts = arn.split(":").length;
  if (parts < PARTS) return findBeginnings(index, asked, arn, parts, found);
  const service = arn.split(":")[2];
  const file = index.arns.get(service);
  if (file === undefined) return findPatterns(index, asked, arn, action, found);
  if (file === null) return found.waitFor(asked, `arns/${service}.json`);
  const exact = place >= 0 ? [item(index, index.firstPolicy + place, true)] : [];
  return grantsOn(index, new Question(asked, arn, action, service), file, exact, found);
}

class Question {
  /**
   * @param {string} asked
   * @param {string} arn
   * @param {string} action
   * @param {string} service
   */
  constructor(asked, arn, action, service) {
    this.asked = asked;
    this.arn = arn;
    this.action = action;
    this.service = service;
    this.wild = isWild(arn);
  }
}

/**
 * @param {Index} index
 * @param {Question} question
 * @param {ArnsFile} file
 * @param {Item[]} exact
 * @param {Found} found
 */
function grantsOn(index, question, file, exact, found) {
  const { asked, arn, action } = question;
  const grants = new ArnGrants(file, arn, action);
  if (action && !grants.actions.size)
    return found.answerWith(asked, [], noAction(question, grants));
  const { patterns } = /** @type {PatternsFile} */ (index.patterns);
  const groups = grants.patterns(patterns).map((group) => ({ ...group, order: orderOf(group, patterns) }));
  const kept = groups.filter(
    ({ order, policies }) => order !== WITHOUT && policies.some(({ actions }) => actions.size),
  );
  const without = action ? [] : groups.filter(({ order }) => order === WITHOUT);
  const near = (/** @type {{ place: number }} */ { place }) =>
    closeness(patterns[place], arn, question.wild);
  const ordered = [...kept, ...without].sort(
    (one, other) => one.order - other.order || near(other) - near(one),
  );
  const items = ordered.map((group) => patternItem(index, question, grants, group));
  return found.answerWith(asked, [...exact, ...items], sentence(question, grants, kept));
}

/**
 * @param {PatternGrants} group
 * @param {ResourcePattern[]} patterns
 */
function orderOf({ place, denies, policies }, patterns) {
  if (denies) return DENYING;
  if (typeof patterns[place] !== "string") return BY_EXCEPTION;
  if (patterns[place] === "*") return BY_STAR;
  return policies.some(({ actions }) => actions.size) ? BY_NAME : WITHOUT;
}

/**
 * @param {Question} question
 * @param {ArnGrants} grants
 */
function noAction({ service, action }, grants) {
  if (grants.named.length === 1) return `${nameOf(action, grants)} has no resource with such an ARN.`;
  return `No action ${action} has a resource with an ARN of ${service}.`;
}

/**
 * The action as AWS spells it, or what was typed where that is not one action.
 * @param {string} action
 * @param {ArnGrants} grants
 */
function nameOf(action, { named, file }) {
  return named.length === 1 ? file.actions[named[0]] : action;
}

/**
 * @param {Index} index
 * @param {Question} question
 * @param {ArnGrants} grants
 * @param {PatternGrants} group
 * @returns {Item}
 */
function patternItem(index, question, grants, { place, denies, policies }) {
  const own = policies.filter(({ actions }) => actions.size);
  const shown = own.length ? own : policies;
  const all = grants.describe(
    shown.reduce((found, { actions }) => both(found, actions), /** @type {Set<number>} */ (new Set())),
  );
  const names = all.names.length > NAMED ? `${number(all.names.length)} actions` : all.names.join(", ");
  const whole = own.length ? [levelNames(all.levels), names] : ["no action that this ARN can have"];
  const page = index.services.find(({ prefix }) => prefix === question.service)?.page ?? "0";
  return {
    ...item(index, index.firstPattern + place, false),
    kind: "pattern",
    detail: [
      denies ? "Deny" : "Allow", count(shown.length, "policy", "policies"), ...whole,
    ].join(" · "),
    more: page === "0" ? undefined : `services/${segment(question.service)}/`,
    policies: shown.map(({ policy, actions, conditional }) => {
      const name = index.file.policies[policy];
      const { names, levels } = grants.describe(actions);
      const said = names.length ? `${levelNames(levels)}: ${shortened(names)}` : "";
      return { name, href: `policies/${segment(name)}/`, denies, conditional, actions: said };
    }),
  };
}

/** @param {Set<string>} letters */
function levelNames(letters) {
  return Object.keys(LEVELS).filter((one) => letters.has(one)).map((one) => LEVELS[one]).join(", ");
}

/** @param {string[]} names */
function shortened(names) {
  const rest = names.length - NAMED;
  const more = rest > 0 ? ` and ${number(rest)} more` : "";
  return names.slice(0, NAMED).join(", ") + more;
}

/**
 * @param {Question} question
 * @param {ArnGrants} grants
 * @param {(PatternGrants & { order: number })[]} groups
 */
function sentence({ action, wild }, grants, groups) {
  const policies = (/** @type {number[]} */ ...orders) =>
    new Set(
      groups
        .filter(({ order }) => orders.includes(order))
        .flatMap((group) => group.policies.filter(({ actions }) => actions.size))
        .map(({ policy }) => policy),
    ).size;
  const named = count(policies(BY_NAME), "policy allows", "policies allow");
  const others = number(policies(BY_STAR, BY_EXCEPTION));
  const denying = policies(DENYING);
  const what = action ? nameOf(action, grants) : "actions";
  const where = wild ? "some of these ARNs" : "this ARN";
  return [
    `On ${where}, ${named} ${what} by a named pattern, ${others} through “*” or NotResource.`,
    denying ? `${count(denying, "policy denies", "policies deny")} some of it.` : "",
    grants.known ? "" : "AWS's action list has no resource with such an ARN, so all actions count.",
  ].filter(Boolean).join(" ");
}

// --- ARNs of no known service, and beginnings of ARNs ------------------------------------------------

/** @param {string} arn */
function isWild(arn) {
  return /[*?]|\$\{/.test(arn);
}

/**
 * Finds resource patterns where the service of the ARN has no file, or is a pattern itself.
 * @param {Index} index
 * @param {string} asked
 * @param {string} arn
 * @param {string} action
 * @param {Found} found
 */
function findPatterns(index, asked, arn, action, found) {
  const { patterns } = /** @type {PatternsFile} */ (index.patterns);
  const wild = isWild(arn);
  let matching = 0;
  patterns.forEach((pattern, at) => {
    if (pattern === "*" || !namesSomeOf(pattern, arn)) return;
    matching++;
    found.addPattern(index.firstPattern + at, closeness(pattern, arn, wild));
  });
  const service = arn.split(":")[2];
  const why = isWild(service)
    ? "Name the service to see the actions."
    : `No known service has ARNs with “${service}”.`;
  const [one, several] = wild ? ["overlaps with", "overlap with"] : ["matches", "match"];
  const matches = count(matching, `resource pattern ${one}`, `resource patterns ${several}`);
  const say = `${matches} this ARN, and so does “*”.`;
  return found.answer(asked, `${say} ${why}${action ? ` ${action} was not looked for.` : ""}`);
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
 * @param {string} asked
 * @param {string} arn
 * @param {number} parts
 * @param {Found} found
 */
function findBeginnings(index, asked, arn, parts, found) {
  const lower = arn.toLowerCase();
  for (let id = index.firstPattern; index.kinds[id] === PATTERN; id++) {
    const name = index.lower[id];
    if (name.includes(lower)) found.add(id, name.startsWith(lower) ? PREFIX : PART);
  }
  const say =
    "An ARN has six parts (arn:partition:service:region:account:resource). " +
    `This text has ${parts}.`;
  return found.answer(asked, say + (found.total ? " These patterns contain it." : ""));
}
