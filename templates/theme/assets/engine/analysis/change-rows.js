// The evidence of a change for readers: for each action what was, what is now and what is kept, by
// generator/policybook/analysis/change_rows.py and evidence.py.
import { comparedTerm } from "../iam/grants.js";
import { Term, idsOf } from "../model/documents.js";
import { meaning, sideOf } from "./kept-parts.js";
import { compareTexts } from "../order.js";
import { OUTCOMES } from "../rules.js";

/** @import { Clause, Grant } from "../model/documents.js" */

/**
 * What happened to what the row is about.
 * @param {ChangeRow} row
 * @returns {Outcome}
 */
export function outcome({ was, now, kept, partly, exceptions }) {
  const less = was.length > 0 || exceptions.some(({ added }) => added.length);
  const more = now.length > 0 || exceptions.some(({ dropped }) => dropped.length);
  if (less && more) return "changed";
  if (kept.length || partly.length || exceptions.length) return more ? "widened" : "narrowed";
  return more ? "added" : "removed";
}

/**
 * The evidence of a change by action: rows of equal outcome together, Allows before Denies.
 * @param {Evidence[]} gained
 * @param {Evidence[]} lost
 */
export function changeRows(gained, lost) {
  /** @type {Map<string, Sides>} */
  const sides = new Map();
  const add = (/** @type {Evidence} */ evidence, /** @type {boolean} */ isGained) => {
    const { effect, action } = evidence.grant;
    const key = effect + (action.negated ? "" : comparedTerm(action).id);
    const found = sides.get(key) ?? new Sides(effect, action);
    sides.set(key, found);
    found.add(evidence, sideOf(evidence.kind, isGained));
  };
  for (const evidence of gained) add(evidence, true);
  for (const evidence of lost) add(evidence, false);
  const order = (/** @type {ChangeRow} */ row) => OUTCOMES.indexOf(outcome(row));
  return joined(sides.values()).sort((one, other) =>
    one.effect === other.effect ? order(one) - order(other) : one.effect === "Allow" ? -1 : 1,
  );
}

/** The grants about one action: of the older document, of the newer one, and of both. */
class Sides {
  /**
   * @param {Effect} effect
   * @param {Term} action
   */
  constructor(effect, action) {
    this.effect = effect;
    this.action = action;
    /** @type {Record<"was" | "now", Grant[]>} */
    this.rest = { was: [], now: [] };
    /** @type {Map<string, Grant>} */
    this.kept = new Map();
    /** @type {Grant[]} */
    this.beside = [];
  }

  /**
   * @param {Evidence} evidence
   * @param {"was" | "now"} side
   */
  add(evidence, side) {
    this.rest[side].push(evidence.rest);
    for (const grant of evidence.kept)
      if (!this.kept.has(meaning(grant))) this.kept.set(meaning(grant), grant);
    this.beside.push(...evidence.beside);
  }

  /** The older, newer, kept and partly kept grants in groups, without its own actions. */
  parts() {
    const own = comparedTerm(this.action).id;
    const kept = [...this.kept.values()];
    const place = (/** @type {Grant} */ { action, resource }) => `${action.id}\n${resource.id}`;
    const shown = new Set(kept.map(place));
    const partly = this.beside.filter((grant) => !shown.has(place(grant)));
    return [this.rest.was, this.rest.now, kept, partly].map((grants) =>
      grouped(grants).map((group) =>
        !group.negated && comparedTerm(new Term(group.actions)).id === own
          ? { ...group, actions: [] }
          : group,
      ),
    );
  }
}

/**
 * A row for all actions of which the same was, is and is kept.
 * @param {Iterable<Sides>} found
 */
function joined(found) {
  /** @type {Map<string, { effect: Effect, parts: GroupedGrants[][], names: string[] }>} */
  const rows = new Map();
  for (const { effect, action, ...rest } of each(found)) {
    const key = [effect, ...rest.parts.map((groups) => groups.map(groupId).join("\n"))].join("\n\n");
    const row = rows.get(key) ?? { effect, parts: rest.parts, names: [] };
    rows.set(key, row);
    if (!action.negated) row.names.push(...action.patterns);
  }
  return Array.from(rows.values(), ({ effect, parts: [was, now, kept, partly], names }) =>
    withExceptions({ effect, actions: names, was, now, kept, partly, exceptions: [] }),
  );
}

/** @param {Iterable<Sides>} found */
function each(found) {
  return Array.from(found, (side) => ({ effect: side.effect, action: side.action, parts: side.parts() }));
}

/** @param {GroupedGrants} group */
function groupId({ negated, actions, resources, condition }) {
  return `${new Term(actions, negated).id}\n${resources.id}\n${idsOf(condition)}`;
}

/**
 * The row with groups that differ only in their exceptions as `Exceptions`.
 * @param {ChangeRow} row
 * @returns {ChangeRow}
 */
function withExceptions(row) {
  let { was, now, kept, partly } = row;
  /** @type {Exceptions[]} */
  const found = [];
  for (const older of [...row.was, ...row.kept])
    for (const newer of [...now, ...kept, ...partly]) {
      const change = older === newer ? null : exceptions(older, newer);
      const ids = [groupId(older), groupId(newer)];
      const isKept = (/** @type {string} */ id) => kept.some((group) => groupId(group) === id);
      if (!change || ids.every(isKept)) continue;
      found.push(change);
      [was, now, kept, partly] = [was, now, kept, partly].map((groups) =>
        groups.filter((group) => !ids.includes(groupId(group))),
      );
      break;
    }
  return found.length ? { ...row, was, now, kept, partly, exceptions: found } : row;
}

/**
 * How the exceptions differ; null if more than those of one element differ.
 * @param {GroupedGrants} older
 * @param {GroupedGrants} newer
 */
function exceptions(older, newer) {
  if (idsOf(older.condition) !== idsOf(newer.condition)) return null;
  const { resources, condition } = older;
  const sameResources = resources.id === newer.resources.id;
  if (older.negated && newer.negated && sameResources)
    return difference(older.actions, newer.actions, resources, condition);
  const sameActions =
    new Term(older.actions, older.negated).id === new Term(newer.actions, newer.negated).id;
  if (sameActions && resources.negated && newer.resources.negated)
    return difference(resources.patterns, newer.resources.patterns, null, condition);
  return null;
}

/**
 * @param {readonly string[]} older
 * @param {readonly string[]} newer
 * @param {Term | null} resources
 * @param {readonly Clause[]} condition
 */
function difference(older, newer, resources, condition) {
  const added = newer.filter((pattern) => !older.includes(pattern));
  const dropped = older.filter((pattern) => !newer.includes(pattern));
  return { added, dropped, kept: newer.length - added.length, resources, condition };
}

/**
 * Groups grants of one effect: first resources of equal actions, then actions of equal resources.
 * @param {readonly Grant[]} grants
 * @returns {GroupedGrants[]}
 */
export function grouped(grants) {
  /** @type {Map<string, { grant: Grant, resources: Term[] }>} */
  const terms = new Map();
  for (const grant of grants) {
    const alone = grant.resource.negated ? grant.resource.id : "";
    const key = `${grant.action.id}\n${alone}\n${idsOf(grant.condition)}`;
    const found = terms.get(key) ?? { grant, resources: [] };
    terms.set(key, found);
    found.resources.push(grant.resource);
  }
  /** @type {Map<string, { group: GroupedGrants, actions: string[] }>} */
  const groups = new Map();
  for (const { grant, resources } of terms.values()) {
    const { action, condition } = grant;
    const { negated } = action;
    const joint = grant.resource.negated ? grant.resource : joinedTerm(resources);
    const key = `${negated ? action.id : ""}\n${joint.id}\n${idsOf(condition)}`;
    const found = groups.get(key) ?? { group: { negated, actions: [], resources: joint, condition }, actions: [] };
    groups.set(key, found);
    found.actions.push(...action.patterns);
  }
  return Array.from(groups.values(), ({ group, actions }) => ({ ...group, actions: [...new Set(actions)] }));
}

/** @param {Term[]} resources */
function joinedTerm(resources) {
  const ordered = [...resources].sort(compareTerms);
  return new Term([...new Set(ordered.flatMap(({ patterns }) => patterns))]);
}

const EVERY = new Term(["*"]).id;

/**
 * `*` first, then patterns by their text.
 * @param {Term} one
 * @param {Term} other
 */
function compareTerms(one, other) {
  if (one.id === EVERY || other.id === EVERY) return Number(other.id === EVERY) - Number(one.id === EVERY);
  return compareTexts(one.patterns[0], other.patterns[0]);
}
