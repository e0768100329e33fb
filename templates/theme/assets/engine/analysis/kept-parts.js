// What remains of a grant that was gained or lost, and what the other document has instead, by
// generator/policybook/analysis/kept_parts.py.
import { parsed } from "../iam/condition-operators.js";
import { comparedTerm } from "../iam/grants.js";
import { Clause, Grant } from "../model/documents.js";

/** @import { ComparedDocument } from "./compared-documents.js" */

/**
 * Completes the evidence of a change by what both documents grant of it.
 * @param {Evidence[]} lost
 * @param {Evidence[]} gained
 * @param {Grant[]} doubts the grants of both documents that could not be compared
 * @param {ComparedDocument} before
 * @param {ComparedDocument} after
 * @returns {[lost: Evidence[], gained: Evidence[]]}
 */
export function withKeptParts(lost, gained, doubts, before, after) {
  const unsure = new Set(doubts.map(meaning));
  const others = { was: after, now: before }; // by the side that has the grant
  /** @type {Record<Side, Map<string, Evidence>>} */
  const split = { was: new Map(), now: new Map() };
  const sided = (/** @type {boolean} */ isGained) => (/** @type {Evidence} */ evidence) => {
    const side = sideOf(evidence.kind, isGained);
    const key = meaning(evidence.grant);
    split[side].set(key, splitByValues(evidence, others[side]));
    return { side, key };
  };
  const completed = (/** @type {{ side: Side, key: string }} */ { side, key }) => {
    const own = /** @type {Evidence} */ (split[side].get(key));
    const changes = split[side === "was" ? "now" : "was"];
    return withBeside(own, [...others[side].meeting(own.grant)], changes, unsure);
  };
  const [here, there] = [lost.map(sided(false)), gained.map(sided(true))];
  return [here.map(completed), there.map(completed)];
}

/** @typedef {"was" | "now"} Side the older or the newer document */

/**
 * The document that has the grant of a piece of evidence, as the older has a Deny that is gained.
 * @param {EvidenceKind} kind
 * @param {boolean} gained
 * @returns {Side}
 */
export function sideOf(kind, gained) {
  return gained === (kind === "deny") ? "was" : "now";
}

/**
 * @param {Evidence} own
 * @param {Grant[]} beside the grants of the other document that meet it
 * @param {Map<string, Evidence>} changes the evidence of that document
 * @param {Set<string>} unsure
 */
function withBeside(own, beside, changes, unsure) {
  if (!beside.length) return own;
  const kept = [...own.kept];
  for (const grant of beside) {
    const key = meaning(grant);
    const changed = changes.get(key);
    if (changed) kept.push(...changed.kept);
    else if (!unsure.has(key)) kept.push(grant);
  }
  return { ...own, kept: lastOfEach(kept, meaning), beside };
}

/**
 * The evidence with what the other document grants for single values of one condition key.
 * @param {Evidence} evidence
 * @param {ComparedDocument} other
 * @returns {Evidence}
 */
function splitByValues(evidence, other) {
  const { grant } = evidence;
  for (const [place, clause] of grant.condition.entries()) {
    if (clause.values.length < 2 || !canBeSplit(clause)) continue;
    const kept = clause.values.filter((value) => isCovered(other, withValues(grant, place, [value])));
    if (!kept.length) continue;
    const gone = clause.values.filter((value) => !kept.includes(value));
    return {
      ...evidence,
      rest: withValues(grant, place, gone.length ? gone : clause.values),
      kept: gone.length ? [withValues(grant, place, kept)] : [],
    };
  }
  return evidence;
}

/**
 * Whether a request that meets a clause meets it with one of its values alone.
 * @param {Clause} clause
 */
function canBeSplit({ operator }) {
  const { negated, quantifier } = parsed(operator);
  return !negated && quantifier !== "forallvalues";
}

/**
 * @param {ComparedDocument} document
 * @param {Grant} grant
 */
function isCovered(document, { effect, action, resource, condition }) {
  const box = { actions: comparedTerm(action), resources: resource, condition };
  return document.covers(effect, box, [])[0] === true;
}

/**
 * @param {Grant} grant
 * @param {number} place of the clause
 * @param {readonly string[]} values
 */
function withValues({ effect, action, resource, condition, statement }, place, values) {
  const { operator, key, variables } = condition[place];
  const clauses = [...condition];
  clauses[place] = new Clause(operator, key, values, variables);
  return new Grant(effect, action, resource, clauses, statement);
}

/** @type {WeakMap<Grant, string>} */
const MEANINGS = new WeakMap();

/**
 * A text that is equal for grants that differ only in case, order or repetition.
 * @param {Grant} grant
 */
export function meaning(grant) {
  let found = MEANINGS.get(grant);
  if (!found) {
    const { effect, action, resource } = grant;
    const clauses = grant.condition.map(({ operator, key, values }) =>
      JSON.stringify([operator.toLowerCase(), key.toLowerCase(), each(values)]),
    );
    const actions = each(action.patterns.map((pattern) => pattern.toLowerCase()));
    const rest = [action.negated, each(resource.patterns), resource.negated, each(clauses)];
    found = JSON.stringify([effect, actions, ...rest]);
    MEANINGS.set(grant, found);
  }
  return found;
}

/** @param {readonly string[]} texts */
function each(texts) {
  return texts.length < 2 ? texts : [...new Set(texts)].sort();
}

/**
 * The first of all items with the same key, each where the last of them is.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @returns {T[]}
 */
export function lastOfEach(items, keyOf) {
  /** @type {Map<string, T>} */
  const found = new Map();
  for (const item of [...items].reverse()) found.set(keyOf(item), item);
  return [...found.values()].reverse();
}
