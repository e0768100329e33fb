// The answer to a question, as the page draws it: what `policybook choose --format json` says too.
import { riskWeight, risksOf, together } from "./attached.js";
import { askedActions } from "./asked-actions.js";
import { askedText } from "./asked-text.js";
import { addBit, addBits, hasBit, noBits, placesOf, removeBits } from "./bits.js";
import { LEVELS } from "./membership.js";
import { choices } from "./search.js";

/** @import { Bits } from "./bits.js" */
/** @import { Membership } from "./membership.js" */
/** @import { Choice } from "./search.js" */
/** @import { Operations } from "../tools/operations.js" */

/**
 * The answer to a question of the page.
 * @param {Membership} membership
 * @param {Operations} known
 * @param {ChooseQuestion} question
 * @returns {ChooseAnswer}
 */
export function answer(membership, known, question) {
  const { numbers, operations, unknown } = askedActions(membership, known, askedText(question.text));
  const insteadOf = insteadOfWhat(membership, question, numbers);
  const wanted = insteadOf ? insteadOf.used : numbers;
  const members = allowed(membership, question.switches);
  const { inFull, most, nothingElse } = question.switches;
  const offered = noBits(membership.size);
  for (const one of members) addBits(offered, inFull ? one.full : one.granted);
  const needed = inOrder(membership, wanted.filter((number) => hasBit(offered, number)));
  const found = choices(membership, members, { needed, inFull, nothingElse, most });
  const bits = bitsOf(membership, needed);
  return {
    actions: wanted.filter((number) => hasBit(offered, number)).map((n) => membership.names[n]),
    uncovered: wanted.filter((number) => !hasBit(offered, number)).map((n) => membership.names[n]),
    choices: found.choices.map((choice) => described(membership, choice, bits)),
    complete: found.complete,
    insteadOf: insteadOf && insteadOf.unused,
    operations,
    unknown,
  };
}

/**
 * The policies that choices may have.
 * @param {Membership} membership
 * @param {ChooseSwitches} switches
 */
function allowed(membership, { attachable, customerManaged, noDeprecated }) {
  return membership.index.file.policies
    .map((_, place) => place)
    .filter((place) => !attachable || !membership.unattachable.has(place))
    .filter((place) => !noDeprecated || !membership.deprecated.has(place))
    .filter((place) => customerManaged || !membership.customerManaged.has(place))
    .map((place) => membership.member(place));
}

/**
 * The numbers in order of the names in lower case.
 * @param {Membership} membership
 * @param {number[]} numbers
 */
function inOrder(membership, numbers) {
  const lower = numbers.map((number) => ({ number, name: membership.names[number].toLowerCase() }));
  lower.sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
  return lower.map(({ number }) => number);
}

/**
 * @param {Membership} membership
 * @param {number[]} numbers
 */
function bitsOf(membership, numbers) {
  const found = noBits(membership.size);
  for (const number of numbers) addBit(found, number);
  return found;
}

/**
 * A choice with what its policies grant beyond the actions that are needed.
 * @param {Membership} membership
 * @param {Choice} choice
 * @param {Bits} needed
 * @returns {ChooseChoice}
 */
function described(membership, choice, needed) {
  const members = choice.places.map((place) => membership.member(place));
  const { full, granted } = together(members);
  const excess = granted.slice();
  removeBits(excess, needed);
  const part = needed.slice();
  removeBits(part, full);
  const risks = risksOf(membership, members);
  const weight = riskWeight(membership, risks);
  return {
    policies: choice.places.map((place) => membership.index.file.policies[place]),
    conditional: namesOf(membership, part),
    excess: byLevel(membership, excess),
    risks,
    rank: { score: choice.score, excess: choice.score - weight, risks: weight },
  };
}

/**
 * @param {Membership} membership
 * @param {Bits} bits
 */
function namesOf(membership, bits) {
  return inOrder(membership, [...placesOf(bits)]).map((number) => membership.names[number]);
}

/**
 * The actions of each access level that occurs, in the order of the levels.
 * @param {Membership} membership
 * @param {Bits} bits
 */
function byLevel(membership, bits) {
  /** @type {Record<string, number[]>} */
  const found = {};
  for (const number of placesOf(bits)) (found[membership.levelOf(number)] ??= []).push(number);
  return [...LEVELS]
    .filter((level) => found[level])
    .map((level) => ({
      level,
      actions: inOrder(membership, found[level]).map((number) => membership.names[number]),
    }));
}

/**
 * @param {Membership} membership
 * @param {ChooseQuestion} question
 * @param {number[]} used
 */
function insteadOfWhat(membership, { granted, insteadOf }, used) {
  if (granted) return insteadOfDocuments(membership, granted, used);
  return insteadOf.length ? insteadOfPolicies(membership, insteadOf, used) : null;
}

/**
 * What is not used of what documents grant.
 * @param {Membership} membership
 * @param {GrantedAction[]} granted
 * @param {number[]} used
 */
function insteadOfDocuments(membership, granted, used) {
  const lower = (/** @type {number} */ number) => membership.names[number].toLowerCase();
  const names = new Set(granted.map(([name]) => name));
  const needed = new Set(used.map(lower));
  const rest = granted.filter(([name]) => !needed.has(name));
  const unused = [...LEVELS].map((level) => ({
    level,
    actions: rest.filter(([, own]) => own === level).map(([, , spelled]) => spelled),
  }));
  return {
    used: used.filter((number) => names.has(lower(number))),
    unused: {
      unused: unused.filter(({ actions }) => actions.length),
      notGranted: used.filter((number) => !names.has(lower(number))).map((number) => membership.names[number]),
      noPolicies: /** @type {string[]} */ ([]),
    },
  };
}

/**
 * What is not used of policies that are attached together.
 * @param {Membership} membership
 * @param {string[]} names
 * @param {number[]} used
 */
function insteadOfPolicies(membership, names, used) {
  const places = names.map((name) => membership.index.file.policies.indexOf(name));
  const missing = names.filter((_, at) => places[at] < 0);
  const known = [...new Set(places.filter((place) => place >= 0))];
  const members = known.map((place) => membership.member(place));
  const granted = members.length ? together(members).granted : noBits(membership.size);
  const unused = granted.slice();
  removeBits(unused, bitsOf(membership, used));
  return {
    used: used.filter((number) => hasBit(granted, number)),
    unused: {
      unused: byLevel(membership, unused),
      notGranted: used.filter((number) => !hasBit(granted, number)).map((n) => membership.names[n]),
      noPolicies: missing,
    },
  };
}
