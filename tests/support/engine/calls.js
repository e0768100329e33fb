// The functions of the engine that tests ask for, with what they are given as JSON.
import {
  ArnFormat, apart, asPattern, isOpen, meets, part,
} from "../../../templates/theme/assets/engine/iam/arn-formats.js";
import { truths } from "../../../templates/theme/assets/engine/iam/clause-truths.js";
import { isKnown, parsed } from "../../../templates/theme/assets/engine/iam/condition-operators.js";
import {
  boolean, moment, network, number,
} from "../../../templates/theme/assets/engine/iam/condition-values.js";
import { noStricter } from "../../../templates/theme/assets/engine/iam/conditions.js";
import { Box, covered, mayCover } from "../../../templates/theme/assets/engine/iam/coverage.js";
import { NO_REFERENCE } from "../../../templates/theme/assets/engine/iam/aws-reference.js";
import { certaintyWith } from "../../../templates/theme/assets/engine/iam/denies.js";
import {
  allOf, anyOf, isOnlyOn, mayHold,
} from "../../../templates/theme/assets/engine/iam/mitigation.js";
import {
  completed, covers, hasWildcard, literal, matches, overlaps, tokens,
} from "../../../templates/theme/assets/engine/iam/patterns.js";
import { typicalAction, typicalResource } from "../../../templates/theme/assets/engine/iam/term-kinds.js";
import { termCovers, termOverlaps } from "../../../templates/theme/assets/engine/iam/terms.js";
import { Clause, Statement, Term } from "../../../templates/theme/assets/engine/model/documents.js";
import { compareTexts } from "../../../templates/theme/assets/engine/order.js";
import { LIMITS } from "../../../templates/theme/assets/engine/rules.js";

/** @param {any} given */
export function termOf({ patterns, negated, variables }) {
  return new Term(patterns, negated, variables);
}

/** @param {any} given */
export function clauseOf({ operator, key, values, variables }) {
  return new Clause(operator, key, values, variables);
}

/** @param {any[]} given */
export function clausesOf(given) {
  return given.map(clauseOf);
}

/** @param {any} given */
function boxOf({ actions, resources, condition }) {
  return new Box(termOf(actions), termOf(resources), clausesOf(condition));
}

/** @param {any} given */
function statementOf({ number, sid, effect, actions, resources, condition }) {
  return new Statement(number, sid, effect, termOf(actions), termOf(resources), clausesOf(condition));
}

/** @param {any[] | null} given */
function formatsOf(given) {
  return given && given.map(({ text, never }) => new ArnFormat(text, never));
}

/**
 * A reference that knows which keys have several values, and which pairs of patterns are apart.
 * @param {{ arrays: Record<string, boolean>, apart: [string, string][] }} known
 */
export function referenceOf({ arrays, apart }) {
  const pairs = new Set(apart.map((pair) => JSON.stringify(pair)));
  return {
    ...NO_REFERENCE,
    isArray: (/** @type {string} */ key) => arrays[key] ?? null,
    apart: (/** @type {string} */ one, /** @type {string} */ other) => pairs.has(JSON.stringify([one, other].sort())),
  };
}

/** @type {Record<string, (...given: any[]) => unknown>} */
export const CALLS = {
  limit: (limits) => void Object.assign(LIMITS, limits),
  inOrder: (texts) => texts.sort(compareTexts),
  tokens,
  literal,
  completed,
  covers,
  overlaps,
  matches,
  hasWildcard,
  termCovers: (wide, narrow) => termCovers(termOf(wide), termOf(narrow)),
  termOverlaps: (one, other) => termOverlaps(termOf(one), termOf(other)),
  typicalAction: (term) => typicalAction(termOf(term)),
  typicalResource: (term) => typicalResource(termOf(term)),
  operator: (text) => ({ ...parsed(text), known: isKnown(text) }),
  moment: (text) => moment(text)?.id,
  number: (text) => number(text)?.id,
  network: (text) => {
    const found = network(text);
    return found && [found.version, found.first, found.last];
  },
  boolean,
  truths: (clauses, array, must) => truths(clausesOf(clauses), array, BigInt(must)),
  noStricter: (one, other, known) => noStricter(clausesOf(one), clausesOf(other), referenceOf(known)),
  covered: (box, others, known) => covered(boxOf(box), others.map(boxOf), referenceOf(known)),
  mayCover: (condition, others, known) => mayCover(clausesOf(condition), others.map(clausesOf), referenceOf(known)),
  asPattern: (formats, partition) => formatsOf(formats)?.map((form) => asPattern(form, partition)),
  meets: (pattern, formats) => formatsOf(formats)?.map((form) => meets(pattern, form)),
  apart: (one, other, formats) => apart(one, other, formatsOf(formats) ?? []),
  part: (resources, formats) => part(termOf(resources), formatsOf(formats)),
  isOpen: (resources, formats) => isOpen(termOf(resources), formatsOf(formats) ?? []),
  certaintyWith: (denies, resources, alone, formats) =>
    certaintyWith(denies.map(statementOf), termOf(resources), alone, formatsOf(formats)),
  anyOf,
  allOf,
  isOnlyOn: (some, resources, denying) => isOnlyOn(termOf(some), termOf(resources), denying.map(statementOf)),
  mayHold: (condition, context) => mayHold(clausesOf(condition), context),
};
