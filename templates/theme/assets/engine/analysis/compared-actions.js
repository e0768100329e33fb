// The actions of a statement, normalised for comparison, by
// generator/policybook/analysis/compared_actions.py.
import { compared } from "../iam/grants.js";
import { covers, hasWildcard, overlaps } from "../iam/patterns.js";
import { Term } from "../model/documents.js";

/** The actions of a statement, normalised for comparison. */
export class ComparedActions {
  /** @param {Term} actions */
  constructor(actions) {
    this.actions = actions;
    this.patterns = actions.patterns.map(compared);
    this.named = new Set(actions.negated ? [] : this.patterns);
    this.term = new Term(this.patterns, actions.negated);
    /** @type {Map<string, string[]>} */
    this.byPrefix = new Map();
    for (const pattern of this.patterns) add(this.byPrefix, prefixOf(pattern), pattern);
    /** @type {Map<string, Term | null>} */
    this.parts = new Map();
    this.written = new Map(this.patterns.map((plain, at) => [plain, actions.patterns[at]]));
    /** @type {[prefix: string, wide: Term][]} the terms that can name more than one action */
    this.wide = actions.negated
      ? [["", this.term]]
      : this.patterns.filter(hasWildcard).map((pattern) => [prefixOf(pattern), new Term([pattern])]);
  }

  /** @param {string} prefix */
  near(prefix) {
    return [...(this.byPrefix.get(prefix) ?? []), ...(this.byPrefix.get("") ?? [])];
  }

  /**
   * The part that the service prefixes leave open to name one of some actions, too.
   * @param {Term} action
   */
  about(action) {
    const prefix = onlyPrefix(action);
    return prefix ? made(this.parts, prefix, () => this.#part(prefix)) : this.term;
  }

  /**
   * Whether it may name actions of a service, as far as the service prefixes tell.
   * @param {string} prefix
   */
  mayName(prefix) {
    return this.actions.negated || this.byPrefix.has(prefix) || this.byPrefix.has("");
  }

  /** @param {string} prefix */
  #part(prefix) {
    const found = this.near(prefix);
    return found.length || this.actions.negated ? new Term(found, this.actions.negated) : null;
  }

  /**
   * The action terms as written and as compared: each pattern in `left`, or the NotAction.
   * @param {Set<string>} left
   * @returns {Generator<[written: Term, plain: Term]>}
   */
  *terms(left) {
    if (this.actions.negated) yield [this.actions, this.term];
    else
      for (const [at, plain] of this.patterns.entries())
        if (left.has(plain)) yield [new Term([this.actions.patterns[at]]), new Term([plain])];
  }

  /**
   * The patterns of an Action element, as written, that overlap with one as compared.
   * @param {string} pattern
   */
  *meeting(pattern) {
    if (this.actions.negated) return;
    const prefix = prefixOf(pattern);
    if (hasWildcard(pattern)) {
      for (const plain of prefix ? this.near(prefix) : this.patterns)
        if (overlaps(plain, pattern)) yield this.asWritten(plain);
      return;
    }
    if (this.written.has(pattern)) yield this.asWritten(pattern);
    for (const [own, { patterns }] of this.wide)
      if ((!own || own === prefix) && covers(patterns[0], pattern)) yield this.asWritten(patterns[0]);
  }

  /** @param {string} plain */
  asWritten(plain) {
    return /** @type {string} */ (this.written.get(plain));
  }
}

/**
 * @template K, V
 * @param {Map<K, V>} map
 * @param {K} key
 * @param {() => V} make
 * @returns {V}
 */
export function made(map, key, make) {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}

/**
 * @template V
 * @param {Map<string, V[]>} map
 * @param {string} key
 * @param {V} value
 */
export function add(map, key, value) {
  made(map, key, () => /** @type {V[]} */ ([])).push(value);
}

/**
 * The only service prefix of the actions that the term can name, or "".
 * @param {Term} action
 */
export function onlyPrefix({ patterns, negated }) {
  return negated ? "" : prefixOf(patterns[0]);
}

/** @param {string} pattern */
function prefixOf(pattern) {
  const colon = pattern.indexOf(":");
  const prefix = colon < 0 ? "" : pattern.slice(0, colon);
  return /[*?]/.test(prefix) ? "" : prefix;
}
