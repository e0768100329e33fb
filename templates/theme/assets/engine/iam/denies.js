// How certain a grant is, given the Deny statements of its document; see
// generator/policybook/iam/denies.py, which has the table of cases.
import { Term } from "../model/documents.js";
import { CERTAINTIES as LISTED, GRANTED as EFFECTIVE } from "../rules.js";
import { part, supported } from "./arn-formats.js";
import { comparedTerm, singleTerms } from "./grants.js";
import { termCovers, termOverlaps } from "./terms.js";

/**
 * @typedef {import("../model/documents.js").Clause} Clause
 * @typedef {import("./arn-formats.js").Formats} Formats
 * @typedef {"yes" | "conditional" | "unsupported" | "no"} Certainty
 */

/**
 * A statement, or the part of one that is about a single service.
 * @typedef {{ actions: Term, resources: Term, condition: readonly Clause[] }} StatementLike
 */

/**
 * What is known about the actions of AWS's services.
 * @typedef {object} ActionList
 * @property {(actions: Term) => DeniedActions} denied those that an element of a Deny names
 * @property {(name: string) => Formats} formats those of an action's ARNs, by its full name in lower case
 * @property {(actions: Term, resources: Term) => ReadonlyMap<string, string>} supporting the named actions
 *   that can have one of the resources, by full name with their levels
 */

/** The most certain first. */
export const CERTAINTIES = /** @type {readonly Certainty[]} */ (LISTED);
/** What counts as an effective action. */
export const GRANTED = /** @type {readonly Certainty[]} */ (EFFECTIVE);

/**
 * Whether a Deny applies to every request for the actions it names on `resources`. It is about actions of
 * which the resources are not known.
 * @param {StatementLike} deny
 * @param {Term} resources
 */
export function removes(deny, resources) {
  return certaintyAfter(deny, resources) === "no";
}

/**
 * Whether a Deny removes some of the actions it names from a grant on `resources`.
 * @param {StatementLike} deny
 * @param {Term} resources
 */
export function mayRemove(deny, resources) {
  return !deny.condition.length && (deny.resources.negated || removes(deny, resources));
}

/**
 * How certain a grant on `resources` is, given one Deny that names its action.
 * @param {StatementLike} deny
 * @param {Term} resources
 * @param {Formats} formats those of the action's ARNs
 * @returns {Certainty}
 */
export function certaintyAfter(deny, resources, formats = null) {
  const denied = part(deny.resources, formats);
  if (!denied) return "yes";
  if (!deny.condition.length && termCovers(denied, resources)) return "no";
  return termOverlaps(denied, resources) ? "conditional" : "yes";
}

/**
 * The least certain of several restrictions on one grant; `yes` without any.
 * @param {readonly Certainty[]} found
 * @returns {Certainty}
 */
export function weakest(found) {
  return CERTAINTIES[Math.max(0, ...found.map((one) => CERTAINTIES.indexOf(one)))];
}

/**
 * The most certain of several grants of one action; null without any.
 * @param {readonly Certainty[]} found
 * @returns {Certainty | null}
 */
export function surest(found) {
  return CERTAINTIES.find((one) => found.includes(one)) ?? null;
}

/**
 * How certain the grant of one action is, given the Denies that name this action, and the numbers of the
 * Denies that remove or may limit it.
 * @template {StatementLike & { number: number }} S
 * @param {readonly S[]} denies
 * @param {Term} resources
 * @param {Certainty} alone how certain it is without any Deny
 * @param {Formats} formats
 * @returns {[Certainty, number[]]}
 */
export function certaintyWith(denies, resources, alone = "yes", formats = null) {
  const left = denies.map((deny) => certaintyAfter(deny, resources, formats));
  const limiting = denies.filter((_, n) => left[n] !== "yes").map(({ number }) => number);
  return [denies.length ? weakest([alone, ...left]) : alone, limiting];
}

/** The actions that the Action or NotAction element of a Deny names. */
export class DeniedActions {
  /**
   * @param {Term} actions
   * @param {{ has(name: string): boolean }} expanded the full names, in lower case, of the catalogued
   *   actions that its patterns match
   * @param {string} uncatalogued the level of names that the catalogue lacks
   */
  constructor(actions, expanded, uncatalogued) {
    this.actions = comparedTerm(actions);
    this.expanded = expanded;
    this.uncatalogued = uncatalogued;
  }

  /**
   * Whether the Deny names an action.
   * @param {string} name the full name in lower case
   * @param {string} level
   */
  names(name, level) {
    if (level === this.uncatalogued) return termCovers(this.actions, new Term([name]));
    return this.expanded.has(name) !== this.actions.negated;
  }

  /**
   * The actions, full names in lower case with their levels, that the Deny does not name.
   * @param {ReadonlyMap<string, string>} named
   */
  without(named) {
    return new Map([...named].filter(([name, level]) => !this.names(name, level)));
  }
}

/**
 * The Denies that remove the actions they name from every grant on `resources`, in order.
 * @template {StatementLike} S
 * @param {Iterable<S>} denies
 * @param {Term} resources
 */
export function removing(denies, resources) {
  return [...denies].filter((deny) => removes(deny, resources));
}

/**
 * How certain the actions of an Allow are, given the Denies of its document: a function of an action's full
 * name in lower case and its level.
 * @param {StatementLike} allow
 * @param {Iterable<StatementLike>} denies
 * @param {ActionList} known
 * @returns {(name: string, level: string) => Certainty}
 */
export function certaintiesWith(allow, denies, known) {
  const alone = allow.condition.length ? "conditional" : "yes";
  const resources = singleTerms(allow.resources);
  const denying = Array.from(denies, (deny) => ({ deny, names: known.denied(deny.actions) }));
  const effect = (/** @type {Formats} */ formats) => ({
    own: resources.map((one) => /** @type {Certainty} */ (supported(one, formats) ? alone : "unsupported")),
    after: denying.map(({ deny }) => resources.map((one) => certaintyAfter(deny, one, formats))),
  });
  /** @type {Map<Formats, ReturnType<typeof effect>>} */
  const effects = new Map();
  return (name, level) => {
    const formats = known.formats(name);
    let found = effects.get(formats);
    if (!found) effects.set(formats, (found = effect(formats)));
    const { own, after } = found;
    const limiting = after.filter((_, n) => denying[n].names.names(name, level));
    const left = !limiting.length ? own : own.map((one, n) => weakest([one, ...limiting.map((by) => by[n])]));
    return surest(left) ?? alone;
  };
}

/**
 * The actions that an Allow grants on a resource that they can have and that no Deny removes: full names in
 * lower case with their levels. This is the rule for effective actions.
 * @param {StatementLike} allow
 * @param {readonly StatementLike[]} denies
 * @param {ActionList} known
 * @param {Term | null} actions a part of the statement's actions; default: all of them
 */
export function granted(allow, denies, known, actions = null) {
  const named = known.supporting(actions ?? allow.actions, allow.resources);
  const resources = singleTerms(allow.resources);
  const reaching = denies.filter((deny) => resources.some((one) => mayRemove(deny, one)));
  if (!reaching.length) return named;
  const certainty = certaintiesWith(allow, reaching, known);
  return new Map([...named].filter(([name, level]) => GRANTED.includes(certainty(name, level))));
}
