// Whether several grants together let through everything that one grant does; see
// generator/policybook/iam/coverage.py. A grant is a box: the requests whose action, resource and value of
// each condition key lie in a set for each of them.
import { Clause, Term } from "../model/documents.js";
import { NO_REFERENCE } from "./aws-reference.js";
import { truths } from "./clause-truths.js";
import { byKey } from "./conditions.js";
import { Search } from "./coverage-search.js";
import { covers, overlaps } from "./patterns.js";
import { matched, termOverlaps } from "./terms.js";
import {
  assignments, clausesOfValues, clausesWithValues, hasVariables, termWithValues,
} from "./variable-values.js";

/**
 * @typedef {import("./aws-reference.js").AwsReference} AwsReference
 * @typedef {import("./conditions.js").Answer} Answer
 */

/** Requests for some actions, in lower case, on some resources under a condition block. */
export class Box {
  /**
   * @param {Term} actions
   * @param {Term} resources
   * @param {readonly Clause[]} condition
   */
  constructor(actions, resources, condition = []) {
    this.actions = actions;
    this.resources = resources;
    this.condition = condition;
    Object.freeze(this);
  }
}

/**
 * Whether every request of a box is one of the other boxes together; and if that is not known, what could
 * not be compared.
 * @param {Box} box
 * @param {Iterable<Box>} others
 * @param {AwsReference} reference tells which condition keys have several values
 * @returns {[Answer, string]}
 */
export function covered(box, others, reference = NO_REFERENCE) {
  return coveredBy(box, meetingParts(box, others, reference), reference);
}

/**
 * Those of the other boxes that share something with a box, with those of their patterns only that matter.
 * @param {Box} box
 * @param {Iterable<Box>} others
 * @param {AwsReference} reference
 */
export function meetingParts(box, others, reference) {
  return Array.from(others).flatMap((other) => meetingPart(box, other, reference) ?? []);
}

/**
 * The same as `covered`, of the `meetingParts` of other boxes.
 * @param {Box} box
 * @param {readonly Box[]} meeting
 * @param {AwsReference} reference tells which condition keys have several values
 * @returns {[Answer, string]}
 */
export function coveredBy(box, meeting, reference) {
  const answer = coveredIf(box, meeting, reference);
  if (answer[0] === false) {
    const doubt = mayNeverHold(box.condition, reference);
    if (doubt) return [null, doubt];
    if ([box, ...meeting].some(varies) && !leftOut(box, meeting, reference))
      return [null, "policy variables, which may have the same value"];
  }
  return answer;
}

/**
 * Like `covered`, as if variables had any value, and conditions always held for a request.
 * @param {Box} box
 * @param {readonly Box[]} others
 * @param {AwsReference} reference
 * @returns {[Answer, string]}
 */
function coveredIf(box, others, reference) {
  const search = new Search(box, others, reference);
  if (search.coversAll(false)) return [true, ""];
  if (search.doubt && search.coversAll(true)) return [null, search.doubt];
  return [false, ""];
}

/** @param {Box} box */
function varies(box) {
  return hasVariables(box.resources, box.condition);
}

/**
 * Whether a request of the box is left out for some value of each variable.
 * @param {Box} box
 * @param {readonly Box[]} others
 * @param {AwsReference} reference
 */
function leftOut(box, others, reference) {
  const boxes = [box, ...others];
  const clauses = boxes.flatMap(({ condition }) => condition);
  for (const values of assignments(boxes.map(({ resources }) => resources), clauses)) {
    const [narrow, ...rest] = boxes.map((one) => new Box(
      one.actions, termWithValues(one.resources, values), clausesWithValues(one.condition, values)));
    const condition = [...narrow.condition, ...clausesOfValues(values)];
    const given = new Box(narrow.actions, narrow.resources, condition);
    if (coveredIf(given, rest, reference)[0] === false) return true;
  }
  return false;
}

/**
 * Whether condition blocks together may let through all requests that a block lets through: false if a
 * request shows that they do not; true if they do, or that cannot be decided.
 * @param {readonly Clause[]} condition
 * @param {Iterable<readonly Clause[]>} others
 * @param {AwsReference} reference
 */
export function mayCover(condition, others, reference) {
  const boxes = Array.from(others, (other) => new Box(EVERY, EVERY, other));
  const box = new Box(EVERY, EVERY, condition);
  if (new Search(box, boxes, reference).coversAll(true, 2)) return true;
  return !!mayNeverHold(condition, reference) || [box, ...boxes].some(varies);
}

const EVERY = new Term(["*"]);

/**
 * Clauses on one key, in words, of which it is not known whether a request meets them all.
 * @param {readonly Clause[]} condition
 * @param {AwsReference} reference
 */
function mayNeverHold(condition, reference) {
  for (const [key, given] of byKey(condition)) {
    const every = (1n << BigInt(given.length)) - 1n;
    if (truths(given, reference.isArray(key), every)) continue;
    if (!truths(given.map(plain), false, every)?.length)
      return `${given.map(({ operator }) => operator).join(" and ")} on ${given[0].key}`;
  }
  return "";
}

/** @param {Clause} clause */
function plain({ operator, key, values, variables }) {
  return new Clause(operator.slice(operator.lastIndexOf(":") + 1), key, values, variables);
}

/**
 * The other box, with those of its patterns only that matter; null if they share nothing.
 * @param {Box} box
 * @param {Box} other
 * @param {AwsReference} reference
 */
function meetingPart(box, other, reference) {
  const actions = part(other.actions, box.actions, NO_REFERENCE);
  if (!termOverlaps(actions, box.actions)) return null;
  const resources = part(other.resources, box.resources, reference);
  return termOverlaps(resources, box.resources) ? new Box(actions, resources, other.condition) : null;
}

/**
 * The term without the patterns that match nothing of the narrow one. Which ARNs exist matters for
 * exceptions only: a pattern more never covers less.
 * @param {Term} term
 * @param {Term} narrow
 * @param {AwsReference} reference
 */
function part(term, narrow, reference) {
  const texts = matched(narrow);
  const given = new Set(texts);
  const kept = matched(term).filter((p) => (narrow.negated
    ? !given.has(p) && !texts.some((text) => covers(text, p))
    : texts.some((text) => overlaps(p, text) && !(term.negated && reference.apart(p, text)))));
  return term.variables && kept.length === term.patterns.length ? term : new Term(kept, term.negated);
}
