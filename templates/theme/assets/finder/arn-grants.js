// Who may do what on an ARN: the statements whose resource patterns match it and whose actions it has,
// from the file of the ARN's service.
import { fits } from "./arn-formats.js";
import { namesSomeOf } from "./patterns.js";
import { Wildcard } from "./wildcards.js";

/**
 * @typedef {object} PolicyGrant what a policy's statements with one resource pattern say
 * @property {number} policy
 * @property {Set<number>} actions
 * @property {boolean} conditional whether each of the statements has a condition
 */

/**
 * @typedef {object} PatternGrants a resource pattern that matches the ARN, in Allow or in Deny
 * @property {number} place of the pattern
 * @property {boolean} denies
 * @property {PolicyGrant[]} policies those without a condition first, then those with most actions
 */

/**
 * @param {Set<number>} one
 * @param {Set<number>} [other]
 */
export function both(one, other) {
  return new Set([...one, ...(other ?? [])]);
}

/** What the statements of a file name, whatever the ARN; kept, since every keystroke asks for it. */
class Statements {
  /** @param {ArnsFile} file */
  constructor(file) {
    this.file = file;
    this.lower = file.actions.map((name) => name.toLowerCase());
    this.places = new Map(this.lower.map((name, place) => [name, place]));
    /** @type {(number[] | undefined)[]} */
    this.byPattern = [];
    /** @type {(number[] | undefined)[]} */
    this.byTerm = [];
  }

  /**
   * The actions that the Action or NotAction element of a statement names.
   * @param {number} term
   */
  actionsOf(term) {
    return (this.byTerm[term] ??= this.named(this.file.terms[term]));
  }

  /**
   * What is not in AWS's action list counts only where a statement names it.
   * @param {string} term
   */
  named(term) {
    const patterns = term.replace("!", "").split(" ").filter(Boolean).map(Number);
    const found = new Set(patterns.flatMap((pattern) => this.matched(pattern)));
    if (!term.startsWith("!")) return [...found];
    return [...this.lower.keys()].filter((place) => !found.has(place) && this.isListed(place));
  }

  /** @param {number} pattern */
  matched(pattern) {
    return (this.byPattern[pattern] ??= this.search(this.file.patterns[pattern]));
  }

  /** @param {string} pattern */
  search(pattern) {
    const place = this.places.get(pattern);
    if (place !== undefined) return [place];
    const wildcard = new Wildcard(pattern);
    return [...this.lower.keys()].filter(
      (one) => this.isListed(one) && wildcard.matches(this.lower[one]),
    );
  }

  /** @param {number} place */
  isListed(place) {
    return this.file.levels[place] !== "u";
  }
}

/** @type {WeakMap<ArnsFile, Statements>} */
const kept = new WeakMap();

/** @param {ArnsFile} file */
function statementsOf(file) {
  const found = kept.get(file) ?? new Statements(file);
  kept.set(file, found);
  return found;
}

export class ArnGrants {
  /**
   * @param {ArnsFile} file
   * @param {string} arn
   * @param {string} action the only action to look for, which may be a pattern, or ""
   */
  constructor(file, arn, action) {
    this.file = file;
    this.arn = arn;
    this.statements = statementsOf(file);
    const { lower } = this.statements;
    const formats = file.formats.map(([format, never]) => fits(arn, format, never));
    /** Whether AWS's list has a type of resource with such an ARN. */
    this.known = formats.includes(true);
    const has = file.formats_of.map(
      (places) => !this.known || !places || places.split(" ").some((place) => formats[Number(place)]),
    );
    const wanted = action ? new Wildcard(action.toLowerCase()) : null;
    /** The actions that are asked for, whether or not they can have such an ARN. */
    this.named = lower.flatMap((name, at) => (!wanted || wanted.matches(name) ? [at] : []));
    /** @type {Set<number>} */
    this.actions = new Set(this.named.filter((at) => has[at]));
    /** @type {(Set<number> | undefined)[]} */
    this.byTerm = [];
  }

  /**
   * The actions of the ARN that a statement names.
   * @param {number} term
   */
  actionsOf(term) {
    return (this.byTerm[term] ??= new Set(
      this.statements.actionsOf(term).filter((action) => this.actions.has(action)),
    ));
  }

  /**
   * The resource patterns that match the ARN, each with its policies, once for Allow and for Deny.
   * @param {ResourcePattern[]} resources
   * @returns {PatternGrants[]}
   */
  patterns(resources) {
    return this.file.rows
      .filter(([place]) => namesSomeOf(resources[place], this.arn))
      .flatMap((row) => [this.grants(row, false), this.grants(row, true)])
      .filter(({ policies }) => policies.length);
  }

  /**
   * @param {number[]} row
   * @param {boolean} denies
   * @returns {PatternGrants}
   */
  grants([place, ...statements], denies) {
    /** @type {Map<number, PolicyGrant>} */
    const found = new Map();
    for (let at = 0; at < statements.length; at += 3) {
      const [policy, flag, term] = statements.slice(at, at + 3);
      if (flag >= 2 !== denies) continue;
      const actions = this.actionsOf(term);
      const before = found.get(policy);
      const conditional = flag % 2 === 1 && (before?.conditional ?? true);
      found.set(policy, { policy, conditional, actions: both(actions, before?.actions) });
    }
    const policies = [...found.values()].sort(
      (one, other) =>
        Number(one.conditional) - Number(other.conditional) ||
        other.actions.size - one.actions.size ||
        one.policy - other.policy,
    );
    return { place, denies, policies };
  }

  /**
   * The names of actions, and the letters of their levels.
   * @param {Iterable<number>} actions
   */
  describe(actions) {
    const places = [...actions].sort((one, other) => one - other);
    return {
      names: places.map((at) => this.file.actions[at]),
      levels: new Set(places.map((at) => this.file.levels[at])),
    };
  }
}
