// AWS's services, actions, access levels and resource types on one day, and what patterns match, by
// generator/policybook/catalogue/catalogue.py. Names in lower case are looked up.
import { ArnFormat, apart, meets, supported } from "../iam/arn-formats.js";
import { DeniedActions } from "../iam/denies.js";
import { completed, covers, hasWildcard, matches, strip } from "../iam/patterns.js";
import { Term } from "../model/documents.js";
import { ConditionKeys, parted } from "./condition-keys.js";

/** @import { Formats } from "../iam/arn-formats.js" */

/** @type {Level} */
export const UNCATALOGUED = "Uncatalogued";

/**
 * @typedef {object} Action
 * @property {string} name as AWS spells it, with the service
 * @property {string[]} levels
 * @property {Level} level the riskiest of them
 * @property {Formats} formats of its ARNs; none if it has no resource type, null if not known
 * @property {boolean} scopable whether it has resource types
 */

/** The services of one day; answers are kept. */
export class Catalogue {
  /** @param {CatalogueFile} file */
  constructor(file) {
    this.file = file;
    this.date = file.date;
    this.services = new Map(Object.entries(file.services));
    /** @type {Map<string, Map<string, Action>>} */
    this.actions = new Map();
    /** @type {Map<string, Action>} */
    this.byName = new Map(); // those that were read, by full names in lower case
    /** @type {Map<string, Map<string, string>>} */
    this.kept = new Map(); // what terms name, by their texts
    /** @type {Map<string, DeniedActions>} */
    this.denials = new Map();
    /** @type {Map<string, boolean>} */
    this.apartOf = new Map();
    this.conditionKeys = new ConditionKeys(file.globals, file.services);
    /** @type {Map<string, ArnFormat[]> | undefined} */
    this.byField = undefined;
    /** @type {Map<string, ArnFormat[]>} */
    this.metBy = new Map();
    /** @type {Map<string, ArnFormat[]>} */
    this.sameFormats = new Map();
  }

  /**
   * The actions of a service by name in lower case; none if it is not known.
   * @param {string} prefix
   */
  actionsOf(prefix) {
    let found = this.actions.get(prefix);
    const service = this.services.get(prefix);
    if (!found) this.actions.set(prefix, (found = new Map(service && this.entries(prefix, service))));
    return found;
  }

  /**
   * @param {string} prefix
   * @param {CatalogueService} service
   * @returns {[string, Action][]}
   */
  entries(prefix, { actions, levels: digits, types, sets, types_of: typesOf }) {
    const lists = sets.map((set) => set.map((type) => types[type]));
    const formatsOf = lists.map((list) => this.formatsOf([], list));
    return actions.map((name, place) => {
      const bits = parseInt(digits[place], 32);
      const levels = this.file.levels.filter((_, n) => (bits >> n) & 1);
      const full = `${prefix}:${name}`;
      const set = typesOf[place];
      const accepted = this.file.accepted[full.toLowerCase()];
      const formats = accepted ? this.formatsOf(accepted, lists[set]) : formatsOf[set];
      const level = /** @type {Level} */ (levels.at(-1));
      const action = { name: full, levels, level, formats, scopable: lists[set].length > 0 };
      this.byName.set(full.toLowerCase(), action);
      return [name.toLowerCase(), action];
    });
  }

  /**
   * One object for equal formats.
   * @param {string[]} accepted
   * @param {([never: string, ...formats: string[]] | undefined)[]} types
   * @returns {Formats}
   */
  formatsOf(accepted, types) {
    /** @type {Map<string, ArnFormat>} */
    const found = new Map();
    const add = (/** @type {string} */ text, /** @type {string} */ never) => found.set(`${never} ${text}`, new ArnFormat(text, never));
    for (const text of accepted) add(text, "");
    for (const type of types) {
      if (!type || type.length < 2) return null;
      const [never, ...texts] = type;
      for (const text of texts) add(text, never);
    }
    const key = [...found.keys()].join("\n");
    const formats = this.sameFormats.get(key) ?? [...found.values()];
    this.sameFormats.set(key, formats);
    return formats;
  }

  /**
   * The action with a full name such as `s3:GetObject`, in any case.
   * @param {string} name
   */
  action(name) {
    const found = this.byName.get(name);
    if (found) return found;
    const [prefix, rest] = parted(name.toLowerCase());
    return this.actionsOf(prefix).get(rest);
  }

  /**
   * The formats of the ARNs that an action can be limited to, by its full name; null if not known.
   * @param {string} name
   * @returns {Formats}
   */
  formats(name) {
    return this.action(name)?.formats ?? null;
  }

  /**
   * The actions that a term names: full names in lower case, each with its access level.
   * @param {Term} term
   * @returns {Map<string, string>}
   */
  named({ patterns, negated }) {
    if (negated) return this.unnamed(patterns);
    if (patterns.length === 1) return this.namedBy(patterns[0]);
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const pattern of patterns) for (const [name, level] of this.namedBy(pattern)) found.set(name, level);
    return found;
  }

  /**
   * The actions that one pattern matches. One with wildcards that matches nothing, or with white space
   * in it, names nothing; any other is the name of an action that is not known.
   * @param {string} written
   * @returns {Map<string, string>}
   */
  namedBy(written) {
    const pattern = written.toLowerCase();
    const every = pattern === "*" || pattern === "*:*";
    return this.keep(every ? "*" : pattern, () => {
      if (every) return this.every();
      const [prefix, name] = parted(pattern);
      const known = this.actionsOf(prefix);
      /** @type {Map<string, string>} */
      const found = new Map();
      if (/[*?]/.test(name)) {
        for (const [own, { level }] of known) if (matches(name, own)) found.set(`${prefix}:${own}`, level);
      } else {
        const level = known.get(name)?.level;
        if (level) found.set(pattern, level);
      }
      if (!found.size && !hasWildcard(pattern) && !hasSpace(pattern)) found.set(pattern, UNCATALOGUED);
      return found;
    });
  }

  every() {
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const prefix of this.services.keys())
      for (const [name, { level }] of this.actionsOf(prefix)) found.set(`${prefix}:${name}`, level);
    return found;
  }

  /** @param {readonly string[]} patterns */
  unnamed(patterns) {
    return this.keep(`not ${patterns.join(" ")}`, () => {
      const found = new Map(this.namedBy("*"));
      for (const name of this.named(new Term(patterns)).keys()) found.delete(name);
      return found;
    });
  }

  /**
   * @param {string} key
   * @param {() => Map<string, string>} make
   */
  keep(key, make) {
    let found = this.kept.get(key);
    if (!found) this.kept.set(key, (found = make()));
    return found;
  }

  /**
   * The actions of `named` that can have one of the resources of a statement.
   * @param {Term} actions
   * @param {Term} resources
   */
  supporting(actions, resources) {
    const named = this.named(actions);
    if (resources.patterns.includes("*") && !resources.negated) return named;
    /** @type {Map<Formats, boolean>} */
    const answers = new Map();
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const [name, level] of named) {
      const formats = this.formats(name);
      let answer = answers.get(formats);
      if (answer === undefined) answers.set(formats, (answer = supported(resources, formats)));
      if (answer) found.set(name, level);
    }
    return found;
  }

  /**
   * The actions that the Action or NotAction element of a Deny names.
   * @param {Term} actions
   */
  denied(actions) {
    let found = this.denials.get(actions.id);
    if (!found) {
      const expanded = new Set(this.named(new Term(actions.patterns)).keys());
      this.denials.set(actions.id, (found = new DeniedActions(actions, expanded, UNCATALOGUED)));
    }
    return found;
  }

  /**
   * Whether a condition key, in lower case, has several values; null if that is not known.
   * @param {string} key
   */
  isArray(key) {
    return this.conditionKeys.isArray(key);
  }

  /**
   * Whether two resource patterns match ARNs of known formats, but none in common.
   * @param {string} one
   * @param {string} other
   */
  apart(one, other) {
    const arns = one.startsWith("arn:") && other.startsWith("arn:");
    if (!arns || covers(one, other) || covers(other, one)) return false;
    const key = (one < other ? [one, other] : [other, one]).join("\n");
    const known = this.apartOf.get(key);
    if (known !== undefined) return known;
    const services = new Set([one, other].map((pattern) => completed(pattern).split(":")[2]));
    const formats = [...services].flatMap((name) => [...new Set([...this.met(one, name), ...this.met(other, name)])]);
    const found = apart(one, other, formats);
    this.apartOf.set(key, found);
    return found;
  }

  /**
   * The formats with a third field whose ARNs a pattern matches; the others do not matter.
   * @param {string} pattern
   * @param {string} field
   */
  met(pattern, field) {
    const key = `${field} ${pattern}`;
    let found = this.metBy.get(key);
    if (!found) {
      found = (this.formatsByField().get(field) ?? []).filter((form) => meets(pattern, form));
      this.metBy.set(key, found);
    }
    return found;
  }

  /** All formats of ARNs by their third field, which is not always the service's prefix. */
  formatsByField() {
    if (this.byField) return this.byField;
    this.byField = new Map();
    for (const { types } of this.services.values())
      for (const [never, ...texts] of types)
        for (const text of texts) {
          const field = text.split(":")[2] ?? "";
          const listed = this.byField.get(field) ?? [];
          listed.push(new ArnFormat(text, never));
          this.byField.set(field, listed);
        }
    return this.byField;
  }
}

/** @param {string} text */
function hasSpace(text) {
  return Array.from(text).some((char) => !strip(char));
}
