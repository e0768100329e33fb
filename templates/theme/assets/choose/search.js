// The policies, pairs and triples that grant all of some actions; by the steps of
// generator/policybook/analysis/choices.py.
import { hasDenies, score, takesAway, together } from "./attached.js";
import { addBit, hasBit, isEmpty, isWithin, noBits, placesOf, removeBits } from "./bits.js";

/** @import { Bits } from "./bits.js" */
/** @import { Member, Membership } from "./membership.js" */

export const MOST_POLICIES = 3;
export const MOST_STEPS = 400_000;

/**
 * @typedef {object} Question
 * @property {number[]} needed the numbers of actions, in order of their names in lower case
 * @property {boolean} inFull
 * @property {boolean} nothingElse
 * @property {number} most
 */

/**
 * @typedef {object} Choice
 * @property {number} score
 * @property {number[]} places of policies, in order
 */

/**
 * The best choices of one, two and three policies, in order.
 * @param {Membership} membership
 * @param {Member[]} members
 * @param {Question} question
 */
export function choices(membership, members, question) {
  if (!question.needed.length) return { choices: [], complete: true };
  const search = new Search(membership, members, question);
  search.singles();
  search.larger();
  return { choices: search.best.flat().sort(inOrder), complete: search.steps <= MOST_STEPS };
}

/**
 * @param {Choice} one
 * @param {Choice} other
 */
function inOrder(one, other) {
  if (one.score !== other.score) return one.score - other.score;
  if (one.places.length !== other.places.length) return one.places.length - other.places.length;
  const at = one.places.findIndex((place, n) => place !== other.places[n]);
  return at < 0 ? 0 : one.places[at] - other.places[at];
}

class Search {
  /** @type {Choice[][]} by the number of policies */
  best = Array.from({ length: MOST_POLICIES }, () => []);
  steps = 0;
  /** @type {Map<number, Bits>} which of the needed actions each policy grants, by place */
  masks = new Map();
  /** @type {Map<number, number>} what each policy weighs alone, by place */
  own = new Map();

  /**
   * @param {Membership} membership
   * @param {Member[]} members
   * @param {Question} question
   */
  constructor(membership, members, question) {
    this.membership = membership;
    this.question = question;
    this.needed = noBits(membership.size);
    for (const number of question.needed) addBit(this.needed, number);
    this.all = this.mask(this.needed);
    const useful = members.filter((one) => this.isUseful(one));
    for (const one of useful) this.own.set(one.place, this.score([one]));
    // Those with Denies come first: without them, each further policy only adds weight.
    this.members = useful.sort(
      (one, other) =>
        Number(takesAway(other)) - Number(takesAway(one)) ||
        this.ownScore(one) - this.ownScore(other) || one.place - other.place,
    );
    /** @type {Member[][]} the policies that grant each of the needed actions */
    this.granting = question.needed.map(() => []);
    for (const one of this.members)
      for (const at of placesOf(this.maskOf(one))) this.granting[at].push(one);
  }

  singles() {
    for (const one of this.members) if (isEmpty(this.missing([one]))) this.add([one]);
  }

  /** Finds pairs and triples: each has a policy with the action that fewest policies grant. */
  larger() {
    for (const one of this.grantingRarest(this.all)) {
      const missing = this.missing([one]);
      if (isEmpty(missing)) continue;
      for (const other of this.grantingRarest(missing)) {
        const heavier = Math.max(this.ownScore(one), this.ownScore(other));
        const plain = !takesAway(one) && !takesAway(other);
        if (plain && this.isTooHeavy(heavier, 2, 3)) break; // those that follow weigh even more
        if (++this.steps > MOST_STEPS || !this.pair([one, other])) return;
      }
    }
  }

  /**
   * Looks at a pair and at the triples with it; false if the search ends.
   * @param {Member[]} pair
   */
  pair(pair) {
    const missing = this.missing(pair);
    if (isEmpty(missing)) {
      this.add(pair);
      return true;
    }
    const plain = !pair.some(takesAway);
    const bound = plain ? this.score(pair) : 0;
    for (const third of this.grantingRarest(missing)) {
      const heavier = Math.max(bound, this.ownScore(third));
      if (plain && !takesAway(third) && this.isTooHeavy(heavier, 3)) break;
      if (isWithin(missing, this.maskOf(third))) {
        if (++this.steps > MOST_STEPS) return false;
        this.add([...pair, third]);
      }
    }
    return true;
  }

  // --- what a set of policies grants and weighs ---

  /** @param {Member} one */
  maskOf(one) {
    let found = this.masks.get(one.place);
    if (!found) {
      found = this.mask(this.question.inFull ? one.full : one.granted);
      this.masks.set(one.place, found);
    }
    return found;
  }

  /**
   * Which of the needed actions a set has, by their place among them.
   * @param {Bits} actions
   */
  mask(actions) {
    const found = noBits(this.question.needed.length);
    this.question.needed.forEach((number, at) => {
      if (hasBit(actions, number)) addBit(found, at);
    });
    return found;
  }

  /** @param {Member} one */
  isUseful(one) {
    if (this.question.nothingElse && !isWithin(one.granted, this.needed)) return false;
    return !isEmpty(this.maskOf(one));
  }

  /** @param {Member[]} members */
  missing(members) {
    const found = this.all.slice();
    if (members.some(hasDenies)) {
      const { full, granted } = together(members);
      removeBits(found, this.mask(this.question.inFull ? full : granted));
    } else for (const one of members) removeBits(found, this.maskOf(one));
    return found;
  }

  /** @param {Member[]} members */
  score(members) {
    return score(this.membership, members, this.needed);
  }

  /** @param {Member} one */
  ownScore(one) {
    return /** @type {number} */ (this.own.get(one.place));
  }

  /**
   * The policies with the action that fewest policies grant; of several the first one.
   * @param {Bits} missing
   */
  grantingRarest(missing) {
    /** @type {Member[] | null} */
    let fewest = null;
    for (const at of placesOf(missing))
      if (!fewest || this.granting[at].length < fewest.length) fewest = this.granting[at];
    return fewest ?? [];
  }

  // --- the best so far ---

  /**
   * Whether no choice of these sizes with such a weight is among the best.
   * @param {number} weight
   * @param {number[]} sizes
   */
  isTooHeavy(weight, ...sizes) {
    return sizes.every((size) => {
      const best = this.best[size - 1];
      return best.length === this.question.most && weight > best[best.length - 1].score;
    });
  }

  /** @param {Member[]} members */
  add(members) {
    const places = members.map(({ place }) => place).sort((one, other) => one - other);
    const choice = { score: this.score(members), places };
    const best = this.best[members.length - 1];
    if (best.length === this.question.most && inOrder(choice, best[best.length - 1]) > 0) return;
    if (best.some((known) => inOrder(known, choice) === 0) || !this.isWanted(members)) return;
    best.push(choice);
    best.sort(inOrder);
    best.length = Math.min(best.length, this.question.most);
  }

  /**
   * Whether the policies grant everything, and nothing less of them does.
   * @param {Member[]} members
   */
  isWanted(members) {
    if (!isEmpty(this.missing(members))) return false;
    return smaller(members).every((some) => !isEmpty(this.missing(some)));
  }
}

/**
 * All smaller sets that are not empty, of at most three policies.
 * @param {Member[]} members
 */
function smaller(members) {
  const one = members.length > 1 ? members.map((member) => [member]) : [];
  const two = members.map((left) => members.filter((member) => member !== left));
  return members.length > 2 ? [...one, ...two] : one;
}
