// Answers in the form of `policybook … --format json`, by generator/policybook/output/json/.
import { grouped, outcome } from "./analysis/change-rows.js";
import { sideOf } from "./analysis/kept-parts.js";
import { strengths } from "./analysis/effective-actions.js";

/** @import { Flag, StepGrant } from "./analysis/risks.js" */
/** @import { Clause, Term } from "./model/documents.js" */

/**
 * @param {Change} change
 * @param {ChangeRow[]} rows
 * @returns {ComparisonResult}
 */
export function comparisonResult({ verdict, gained, lost, undecided, formatsDate }, rows) {
  return {
    verdict,
    gained: gained.map((evidence) => evidenceResult(evidence, true)),
    lost: lost.map((evidence) => evidenceResult(evidence, false)),
    undecided,
    formats_date: formatsDate || null,
    rows: rows.map(rowResult),
  };
}

/**
 * @param {Evidence} evidence
 * @param {boolean} gained
 * @returns {EvidenceResult}
 */
function evidenceResult({ kind, grant, kept, beside }, gained) {
  const { effect, action, resource, condition, statement } = grant;
  const own = groupResults(grouped([grant]));
  const other = groupResults(grouped(beside));
  const [was, now] = sideOf(kind, gained) === "now" ? [other, own] : [own, other];
  return {
    effect,
    action: action.negated ? null : action.patterns[0],
    not_action: action.negated ? action.patterns : null,
    resource: resource.negated ? null : resource.patterns[0],
    not_resource: resource.negated ? resource.patterns : null,
    condition: conditionBlock(condition),
    statement,
    kind,
    was,
    now,
    kept: groupResults(grouped(kept)),
  };
}

/**
 * @param {ChangeRow} row
 * @returns {ChangeRowResult}
 */
function rowResult(row) {
  const { effect, actions, was, now, kept, partly, exceptions } = row;
  return {
    effect,
    outcome: outcome(row),
    actions,
    was: groupResults(was),
    now: groupResults(now),
    kept: groupResults(kept),
    partly: groupResults(partly),
    exceptions: exceptions.map(exceptionsResult),
  };
}

/**
 * @param {Exceptions} exceptions
 * @returns {ExceptionsResult}
 */
function exceptionsResult({ added, dropped, kept, resources, condition }) {
  return {
    added,
    dropped,
    kept,
    resources: resources && resources.patterns,
    not_resources: !!resources?.negated,
    condition: conditionBlock(condition),
  };
}

/**
 * @param {GroupedGrants[]} groups
 * @returns {GroupResult[]}
 */
function groupResults(groups) {
  return groups.map(({ negated, actions, resources, condition }) => ({
    actions,
    not_actions: negated,
    ...resourcesResult(resources),
    condition: conditionBlock(condition),
  }));
}

/** @param {Term} resources */
function resourcesResult({ patterns, negated }) {
  return { resources: patterns, not_resources: negated };
}

/**
 * @param {Flag} flag
 * @returns {FlagResult}
 */
export function flagResult({ rule, grants, steps, mitigation }) {
  return {
    rule: rule.id,
    title: rule.title,
    kind: rule.kind,
    mitigation,
    steps: rule.steps.map(({ does }, place) => ({
      does,
      mitigation: steps[place],
      grants: grants[place].map(stepGrantResult),
    })),
  };
}

/**
 * @param {StepGrant} grant
 * @returns {StepGrantResult}
 */
function stepGrantResult({ statement, patterns, actions, resources, condition, ...limits }) {
  return {
    statement,
    patterns,
    actions,
    ...resourcesResult(resources),
    condition: conditionBlock(condition),
    strength: strengths(condition),
    mitigation: limits.mitigation,
    denied_by: limits.denials,
    scopable: limits.scopable,
    limiting: limits.limiting,
  };
}

/**
 * @param {readonly Clause[]} clauses
 * @returns {ConditionBlock}
 */
function conditionBlock(clauses) {
  /** @type {Record<string, Record<string, readonly string[]>>} */
  const block = Object.create(null); // any text may be a key
  for (const { operator, key, values } of clauses) {
    block[operator] ??= Object.create(null);
    block[operator][key] = values;
  }
  return block;
}
