// Policy documents in normalized form, as generator/policybook/model/documents.py has them.
//
// Objects are frozen. `id` is a text that is equal for equal objects, so that they can be looked up.

/** @typedef {"Allow" | "Deny"} Effect */

/** Patterns of actions or of resources; if `negated`, everything except what they match. */
export class Term {
  #id = "";

  /**
   * @param {readonly string[]} patterns
   * @param {boolean} negated
   * @param {boolean} variables false if a pattern has `${` and the document has no policy variables
   */
  constructor(patterns, negated = false, variables = true) {
    this.patterns = patterns;
    this.negated = negated;
    this.variables = variables;
    Object.freeze(this);
  }

  get id() {
    const kind = (this.negated ? "!" : "") + (this.variables ? "" : "$");
    return (this.#id ||= kind + listId(this.patterns));
  }
}

/** One entry of a condition block: operator, key and values, one of which must match. */
export class Clause {
  #id = "";

  /**
   * @param {string} operator
   * @param {string} key the condition key
   * @param {readonly string[]} values
   * @param {boolean} variables as in a `Term`
   */
  constructor(operator, key, values, variables = true) {
    this.operator = operator;
    this.key = key;
    this.values = values;
    this.variables = variables;
    Object.freeze(this);
  }

  get id() {
    const kind = this.variables ? "" : "$";
    return (this.#id ||= kind + listId([this.operator, this.key, ...this.values]));
  }
}

/**
 * A text for a list of texts, different for different lists.
 * @param {readonly string[]} texts
 */
export function listId(texts) {
  return JSON.stringify(texts);
}

/** @type {WeakMap<readonly { id: string }[], string>} */
const listed = new WeakMap();

/**
 * A text for a list of objects with ids, different for different lists, which do not change.
 * @param {readonly { id: string }[]} found
 */
export function idsOf(found) {
  let id = listed.get(found);
  if (id === undefined) listed.set(found, (id = found.map((one) => one.id).join("\n"))); // no id has an end of line
  return id;
}

/** A normalized statement; `number` is its position in the document, from 1. */
export class Statement {
  /**
   * @param {number} number
   * @param {string | null} sid
   * @param {Effect} effect
   * @param {Term} actions
   * @param {Term} resources
   * @param {readonly Clause[]} condition
   * @param {boolean} hasPrincipal
   * @param {boolean} forEverybody its Principal is `*`
   */
  constructor(number, sid, effect, actions, resources, condition, hasPrincipal = false, forEverybody = false) {
    this.number = number;
    this.sid = sid;
    this.effect = effect;
    this.actions = actions;
    this.resources = resources;
    this.condition = condition;
    this.hasPrincipal = hasPrincipal;
    this.forEverybody = forEverybody;
    Object.freeze(this);
  }
}

/** A policy document: its statements, and `source`, the document as its file has it. */
export class Document {
  #sourceKey = "";

  /**
   * @param {readonly Statement[]} statements
   * @param {Readonly<Record<string, unknown>>} source
   * @param {string} file
   */
  constructor(statements, source, file = "") {
    this.statements = statements;
    this.source = source;
    this.file = file;
    Object.freeze(this);
  }

  /** A text that is equal for equal sources, in whatever order their keys are. */
  get sourceKey() {
    return (this.#sourceKey ||= JSON.stringify(sorted(this.source)));
  }
}

/**
 * A plain value with the keys of its objects in order.
 * @param {unknown} value
 * @returns {unknown}
 */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const parts = /** @type {Record<string, unknown>} */ (value);
  return { "": Object.keys(parts).sort().map((key) => [key, sorted(parts[key])]) };
}

/** One part of a statement: one action pattern on one resource pattern; a negated term is whole. */
export class Grant {
  /**
   * @param {Effect} effect
   * @param {Term} action
   * @param {Term} resource
   * @param {readonly Clause[]} condition
   * @param {number} statement the statement's number
   */
  constructor(effect, action, resource, condition, statement) {
    this.effect = effect;
    this.action = action;
    this.resource = resource;
    this.condition = condition;
    this.statement = statement;
    Object.freeze(this);
  }
}
