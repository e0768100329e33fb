// Which risk rules a document matches, through which statements, and what limits each, by
// generator/policybook/analysis/risks.py.
import { isOpen, supported } from "../iam/arn-formats.js";
import { GRANTED, certaintyWith } from "../iam/denies.js";
import { singleTerms } from "../iam/grants.js";
import { allOf, anyOf, isOnlyOn, mayHold, mitigated } from "../iam/mitigation.js";
import { covers } from "../iam/patterns.js";
import { Term } from "../model/documents.js";
import { sortedTexts } from "../order.js";

/** @import { Action, Catalogue } from "../catalogue/catalogue.js" */
/** @import { Clause, Document, Statement } from "../model/documents.js" */

/**
 * @typedef {object} StepGrant an Allow statement that matches a step, and what limits it
 * @property {number} statement
 * @property {string[]} patterns those that match actions of the step, none for NotAction
 * @property {string[]} actions
 * @property {Term} resources
 * @property {readonly Clause[]} condition
 * @property {Mitigation} mitigation
 * @property {number[]} denials
 * @property {boolean} scopable
 * @property {string[]} limiting
 */

/**
 * @typedef {object} Flag a rule that a document matches
 * @property {RiskRule} rule
 * @property {StepGrant[][]} grants those of each step
 * @property {Mitigation[]} steps the mitigation of each
 * @property {Mitigation} mitigation that of all together
 */

/** Rules prepared for a catalogue. */
export class Rulebook {
  /**
   * @param {RiskRule[]} rules
   * @param {Catalogue} catalogue
   */
  constructor(rules, catalogue) {
    this.rules = rules;
    this.catalogue = catalogue;
    this.steps = rules.flatMap((rule) => rule.steps);
    /** @type {Map<string, number[]>} the positions of the steps that list an action */
    this.listed = new Map();
    for (const [place, step] of this.steps.entries())
      for (const name of this.stepNames(step)) this.listed.set(name, [...(this.listed.get(name) ?? []), place]);
    this.leveled = [...this.steps.entries()].filter(([, step]) => !step.actions?.length);
    /** @type {Map<string, Map<number, string[]>>} */
    this.hits = new Map();
  }

  /**
   * The full names, in lower case, of the catalogued actions that a step lists.
   * @param {RiskStep} step
   */
  stepNames(step) {
    const named = new Set((step.actions ?? []).flatMap((pattern) => [...this.catalogue.namedBy(pattern).keys()]));
    return [...named].filter((name) => {
      const action = this.catalogue.action(name);
      return action && isAbout(step, action);
    });
  }

  /**
   * A flag for each rule that the document meets, in the order of the rules.
   * @param {Document} document
   * @returns {Flag[]}
   */
  flags({ statements }) {
    const denying = statements.filter(({ effect }) => effect === "Deny");
    /** @type {StepGrant[][]} */
    const met = this.steps.map(() => []);
    for (const statement of statements) if (statement.effect === "Allow") this.meet(met, statement, denying);
    let first = 0;
    return this.rules.flatMap((rule) => {
      const grants = met.slice(first, (first += rule.steps.length));
      if (!grants.every((found) => found.length)) return [];
      const steps = grants.map((found) => anyOf(found.map(({ mitigation }) => mitigation)));
      return [{ rule, grants, steps, mitigation: allOf(steps) }];
    });
  }

  /**
   * @param {StepGrant[][]} met
   * @param {Statement} statement
   * @param {Statement[]} denying
   */
  meet(met, statement, denying) {
    for (const [place, { patterns, names }] of this.named(statement.actions)) {
      const step = this.steps[place];
      if (!mayHold(statement.condition, step.context ?? {})) continue;
      const found = this.grant(step, statement, [...names], [...patterns], denying);
      if (found) met[place].push(found);
    }
  }

  /**
   * The steps whose actions a statement names: the matching patterns, and the actions.
   * @param {Term} actions
   */
  named(actions) {
    /** @type {Map<number, { patterns: Set<string>, names: Set<string> }>} */
    const found = new Map();
    for (const pattern of actions.negated ? [""] : actions.patterns)
      for (const [place, names] of this.hit(pattern, actions)) {
        const own = found.get(place) ?? { patterns: new Set(), names: new Set() };
        found.set(place, own);
        if (pattern) own.patterns.add(pattern);
        for (const name of names) own.names.add(name);
      }
    return found;
  }

  /**
   * The steps whose actions a pattern or NotAction names, with these actions.
   * @param {string} pattern
   * @param {Term} actions
   */
  hit(pattern, actions) {
    const key = pattern.toLowerCase() || `not ${actions.patterns.join(" ")}`;
    let hits = this.hits.get(key);
    if (hits) return hits;
    /** @type {Map<number, string[]>} */
    const found = new Map();
    for (const name of this.catalogue.named(pattern ? new Term([key]) : actions).keys())
      for (const place of [...(this.listed.get(name) ?? []), ...this.ofLevel(name)])
        found.set(place, [...(found.get(place) ?? []), name]);
    hits = new Map(Array.from(found, ([place, names]) => [place, sortedTexts(names)]));
    this.hits.set(key, hits);
    return hits;
  }

  /**
   * The positions of the steps about all actions of one of the action's levels.
   * @param {string} name
   */
  ofLevel(name) {
    const action = this.catalogue.action(name);
    return action ? this.leveled.filter(([, step]) => isAbout(step, action)).map(([place]) => place) : [];
  }

  /**
   * The grant of a step by a statement; null if a Deny or the step itself excludes it.
   * @param {RiskStep} step
   * @param {Statement} statement
   * @param {string[]} names
   * @param {string[]} patterns
   * @param {Statement[]} denying
   * @returns {StepGrant | null}
   */
  grant(step, statement, names, patterns, denying) {
    const { kept, denials, found } = this.reached(step, statement, names, denying);
    if (!kept.size) return null;
    const actions = sortedTexts(kept).map((name) => this.catalogue.action(name));
    const keys = (step.limited_by ?? []).map((key) => key.toLowerCase());
    const limiting = statement.condition.map(({ key }) => key).filter((key) => keys.includes(key.toLowerCase()));
    return {
      statement: statement.number,
      patterns: patterns.filter((pattern) =>
        [...this.hit(pattern, new Term([pattern])).values()].some((all) => all.some((name) => kept.has(name))),
      ),
      actions: actions.map((action, n) => action?.name ?? sortedTexts(kept)[n]),
      resources: statement.resources,
      condition: statement.condition,
      mitigation: anyOf([...found]),
      denials: [...denials].sort((one, other) => one - other),
      scopable: actions.some((action) => action?.scopable),
      limiting: [...new Set(limiting)],
    };
  }

  /**
   * The actions that a statement grants for a step, the Denies that may limit them, and what limits them.
   * @param {RiskStep} step
   * @param {Statement} statement
   * @param {string[]} names
   * @param {Statement[]} denying
   */
  reached(step, { condition, resources }, names, denying) {
    const alone = condition.length ? "conditional" : "yes";
    /** @type {Set<string>} */
    const kept = new Set();
    /** @type {Set<number>} */
    const denials = new Set();
    /** @type {Set<Mitigation>} */
    const found = new Set();
    const naming = new Map(names.map((name) => [name, this.naming(name, denying)]));
    for (const term of singleTerms(resources))
      for (const name of names) {
        const denies = naming.get(name) ?? [];
        const formats = this.catalogue.formats(name);
        const own = supported(term, formats) ? alone : "unsupported";
        const [certainty, limiting] = certaintyWith(denies, term, own, formats);
        const ownOnly = step.own?.length && isOnlyOn(new Term(step.own), term, denies);
        if (!GRANTED.includes(certainty) || ownOnly) continue;
        const wide = isOpen(term, formats ?? []);
        if (!wide && step.open) continue;
        kept.add(name);
        for (const number of limiting) denials.add(number);
        found.add(mitigated(!wide, certainty === "conditional"));
      }
    return { kept, denials, found };
  }

  /**
   * The Deny statements that name a catalogued action.
   * @param {string} name
   * @param {Statement[]} denying
   */
  naming(name, denying) {
    return denying.filter((deny) => this.catalogue.denied(deny.actions).names(name, ""));
  }
}

/**
 * Whether the action has the level of the step, if any, and is not excluded by its name.
 * @param {RiskStep} step
 * @param {Action} action
 */
function isAbout({ level, but }, { levels, name }) {
  if (level && !levels.includes(level)) return false;
  const lower = name.slice(name.indexOf(":") + 1).toLowerCase();
  return !(but ?? []).some((pattern) => covers(pattern.toLowerCase(), lower));
}
