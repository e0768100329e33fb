// Documents prepared for comparison, by generator/policybook/analysis/compared_documents.py.
import { exclude, noStricter } from "../iam/conditions.js";
import { coveredBy, mayCover, meetingParts } from "../iam/coverage.js";
import { comparedTerm, singleTerms } from "../iam/grants.js";
import { typicalAction, typicalResource } from "../iam/term-kinds.js";
import { hasWildcard } from "../iam/patterns.js";
import { termCovers, termOverlaps } from "../iam/terms.js";
import { hasVariables } from "../iam/variable-values.js";
import { Grant, Term, idsOf } from "../model/documents.js";
import { ComparedActions, add, made, onlyPrefix } from "./compared-actions.js";

/** @import { AwsReference, Box } from "../iam/coverage.js" */
/** @import { Document, Statement } from "../model/documents.js" */

/** @typedef {Map<string, ComparedActions>} ActionsCache actions that documents have in common */

/** A document, prepared for checking whether it covers the grants of another one. */
export class ComparedDocument {
  /**
   * @param {Document} document
   * @param {ActionsCache} parts
   * @param {AwsReference} reference
   */
  constructor(document, parts, reference) {
    this.document = document;
    this.parts = parts;
    this.reference = reference;
    this.whole = new Set(document.statements.map(literally));
    /** @type {Map<string, [answer: boolean | null, doubt: string]>} of `covers` for one action, by boxes */
    this.answers = new Map();
    /** @type {Map<string, boolean>} of `mayCover`, by condition blocks */
    this.may = new Map();
    /** @type {Record<Effect, [Statement, ComparedActions, place: string][]>} */
    this.of = { Allow: [], Deny: [] };
    /** @type {Map<string, [Term, Statement][]>} statements with wide actions by effect and prefix */
    this.wide = new Map();
    /** @type {Map<string, [Statement, ComparedActions, string][]>} statements by effect and prefix */
    this.nearby = new Map();
    /** @type {Map<string, Box[]>} the same as boxes */
    this.boxes = new Map();
    /** @type {Map<string, Statement[]>} statements by effect and each pattern of Action */
    this.naming = new Map();
    for (const statement of document.statements) {
      const part = this.part(statement);
      for (const pattern of part.named) add(this.naming, statement.effect + pattern, statement);
      this.of[statement.effect].push([statement, part, placeOf(statement)]);
      for (const [prefix, wide] of part.wide) add(this.wide, statement.effect + prefix, [wide, statement]);
    }
  }

  /**
   * The statement's actions, normalised for comparison.
   * @param {Statement} statement
   */
  part({ actions }) {
    return made(this.parts, actions.id, () => new ComparedActions(actions));
  }

  /**
   * Whether the document has a statement with the same elements, literally.
   * @param {Statement} statement
   */
  has(statement) {
    return this.whole.has(literally(statement));
  }

  /**
   * The actions without those of statements with equal effect, resources and condition.
   * @param {ComparedActions} part
   * @param {Statement} statement
   */
  without(part, statement) {
    const left = new Set(part.named);
    const place = placeOf(statement);
    for (const [, own, other] of this.of[statement.effect])
      if (other === place) for (const pattern of own.named) left.delete(pattern);
    return part.terms(left);
  }

  /**
   * The statements with an effect and a term that covers an action term, once for each such term.
   * @param {Effect} effect
   * @param {Term} action
   */
  *allowing(effect, action) {
    if (!action.negated) yield* this.naming.get(effect + action.patterns[0]) ?? [];
    for (const prefix of new Set([onlyPrefix(action), ""]))
      for (const [wide, statement] of this.wide.get(effect + prefix) ?? [])
        if (termCovers(wide, action)) yield statement;
  }

  /**
   * The grants of equal effect that may be about a request that the given one is about. A grant of
   * NotAction is compared with grants of NotAction, if there are any.
   * @param {Grant} grant
   * @returns {Generator<Grant>}
   */
  *meeting(grant) {
    const { effect } = grant;
    for (const [action, { resources, condition, number }] of this.meetingTerms(effect, comparedTerm(grant.action))) {
      const met = singleTerms(resources).filter((one) => termOverlaps(one, grant.resource));
      if (met.length && !exclude(grant.condition, condition, this.reference))
        for (const resource of met)
          if (!this.apart(resource, grant.resource))
            yield new Grant(effect, action, resource, condition, number);
    }
  }

  /**
   * Whether the ARN formats tell two terms of one pattern each apart.
   * @param {Term} one
   * @param {Term} other
   */
  apart(one, other) {
    return !(one.negated || other.negated) && this.reference.apart(one.patterns[0], other.patterns[0]);
  }

  /**
   * The action terms, as written, that may name one of some actions, and their statements.
   * @param {Effect} effect
   * @param {Term} action
   * @returns {Generator<[Term, Statement]>}
   */
  *meetingTerms(effect, action) {
    const every = this.about(effect, action);
    const negated = every.filter(([, part]) => part.actions.negated);
    const overlapping = (/** @type {Term} */ one) => termOverlaps(comparedTerm(one), action);
    if (action.negated && negated.length) {
      for (const [statement, part] of negated) yield [part.actions, statement];
    } else if (action.negated) {
      for (const [statement, part] of every)
        for (const one of singleTerms(part.actions)) if (overlapping(one)) yield [one, statement];
    } else {
      for (const [statement, part] of negated)
        if (overlapping(part.actions)) yield [part.actions, statement];
      for (const [statement, part] of every)
        for (const written of part.meeting(action.patterns[0])) yield [new Term([written]), statement];
    }
  }

  /**
   * The statements with an effect that may name one of some actions, by service prefixes.
   * @param {Effect} effect
   * @param {Term} action
   */
  about(effect, action) {
    const prefix = onlyPrefix(action);
    const own = this.of[effect];
    return made(this.nearby, effect + prefix, () => prefix ? own.filter(([, part]) => part.mayName(prefix)) : own);
  }

  /**
   * These statements as boxes.
   * @param {Effect} effect
   * @param {Term} action
   */
  boxesAbout(effect, action) {
    return made(this.boxes, effect + onlyPrefix(action), () =>
      boxes(this.about(effect, action), action));
  }

  /**
   * Whether the statements with an effect cover what some Denies leave of a box, together; and if that
   * is undecided, what could not be compared.
   * @param {Effect} effect
   * @param {Box} box
   * @param {Statement[]} denies
   * @returns {[answer: boolean | null, doubt: string]}
   */
  covers(effect, box, denies) {
    const action = typicalAction(box.actions);
    const resource = typicalResource(box.resources);
    if (action && resource && this.misses(effect, box, denies, new Term([action]), new Term([resource])))
      return [false, ""];
    const denied = boxes(denies.map((deny) => [deny, this.part(deny)]), box.actions);
    const meeting = meetingParts(box, [...this.boxesAbout(effect, box.actions), ...denied], this.reference);
    const answer = () => coveredBy(box, meeting, this.reference);
    if (!action || box.actions.negated || hasWildcard(box.actions.patterns[0])) return answer();
    // Each of these names the one action, whichever it is, so other actions have the same answer.
    return made(this.answers, placesOf([box, ...meeting]), answer);
  }

  /**
   * Whether one action on one resource of a box is surely not covered.
   * @param {Effect} effect
   * @param {Box} box
   * @param {Statement[]} denies
   * @param {Term} name
   * @param {Term} arn
   */
  misses(effect, { condition }, denies, name, arn) {
    const naming = [...this.allowing(effect, name)];
    for (const deny of denies) if (termCovers(this.part(deny).term, name)) naming.push(deny);
    const near = naming.filter((one) => termCovers(one.resources, arn)).map((one) => one.condition);
    const blocks = [condition, ...near].map(idsOf).join("\n\n");
    const may = (near.length || condition.length) && made(this.may, blocks, () =>
      mayCover(condition, near, this.reference));
    return !may && !naming.some(({ resources }) => hasVariables(resources, []));
  }
}

/** Tells whether one statement alone covers a part of another one, split by its `resources`. */
export class SingleStatements {
  /**
   * @param {Statement} statement
   * @param {AwsReference} reference
   */
  constructor(statement, reference) {
    this.resources = singleTerms(statement.resources);
    this.condition = statement.condition;
    this.reference = reference;
    /** @type {Map<number, boolean[]>} */
    this.reach = new Map();
    /** @type {Map<number, [boolean | null, string]>} */
    this.strict = new Map();
  }

  /**
   * What the nearest of the statements lacks; null if one covers the part, or that is in doubt.
   * @param {Statement[]} allowing those that name the actions of the part
   * @param {number} place of its resource
   * @returns {[kind: EvidenceKind | null, doubt: string]}
   */
  lack(allowing, place) {
    /** @type {EvidenceKind} */
    let kind = "action";
    let doubt = "";
    for (const { number, resources, condition } of allowing) {
      const reach = made(this.reach, number, () => this.resources.map((one) => termCovers(resources, one)));
      if (!reach[place]) {
        if (kind === "action") kind = "resource";
        continue;
      }
      const [answer, why] = made(this.strict, number, () =>
        noStricter(condition, this.condition, this.reference),
      );
      if (answer) return [null, ""];
      doubt ||= why;
      kind = "condition";
    }
    return doubt ? [null, doubt] : [kind, ""];
  }
}

/**
 * Statements as boxes, of their actions only what may be one of some actions.
 * @param {(readonly [Statement, ComparedActions, ...unknown[]])[]} statements
 * @param {Term} action
 * @returns {Box[]}
 */
function boxes(statements, action) {
  return statements.flatMap(([{ resources, condition }, part]) => {
    const actions = part.about(action);
    return actions ? [{ actions, resources, condition }] : [];
  });
}

/** @param {Box[]} boxes */
function placesOf(boxes) {
  return boxes.map(placeOf).join("\n\n");
}

/** @param {Statement | Box} where */
function placeOf({ resources, condition }) {
  return `${resources.id}\n${idsOf(condition)}`;
}

/** @param {Statement} statement */
function literally(statement) {
  return `${statement.effect}${statement.actions.id}\n${placeOf(statement)}`;
}
