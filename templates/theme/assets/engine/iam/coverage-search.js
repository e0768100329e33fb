// The search for a kind of request that is in a box, but in none of several others.
import { LIMITS } from "../rules.js";
import { truths } from "./clause-truths.js";
import { byKey, inWords, noStricter } from "./conditions.js";
import { ACTIONS, RESOURCES, kindsOfText } from "./term-kinds.js";
import { Undecided } from "./text-sets.js";

/**
 * @typedef {import("./aws-reference.js").AwsReference} AwsReference
 * @typedef {import("./coverage.js").Box} Box
 * @typedef {import("../model/documents.js").Clause} Clause
 */

/** @type {WeakMap<readonly Clause[], Map<string, Clause[]>>} */
const known = new WeakMap();

/**
 * The clauses of a block, which does not change, by their condition key; see `byKey`.
 * @param {readonly Clause[]} block
 */
function keysOf(block) {
  let found = known.get(block);
  if (!found) known.set(block, (found = byKey(block)));
  return found;
}

export class Search {
  /**
   * @param {Box} box
   * @param {readonly Box[]} others
   * @param {AwsReference} reference
   */
  constructor(box, others, reference) {
    this.box = box;
    this.others = others;
    this.reference = reference;
    this.given = keysOf(box.condition);
    this.wanted = others.map(({ condition }) => keysOf(condition));
    this.keys = [...new Set([this.given, ...this.wanted].flatMap((wanted) => [...wanted.keys()]))];
    /** @type {Map<string, number[][]>} */
    this.kinds = new Map();
    this.doubt = "";
    this.steps = 0;
    this.tooMany = false; // patterns, so that telling them apart is not tried again
  }

  /**
   * Whether the boxes together cover the box; see `covers`.
   * @param {boolean} hopeful
   * @param {number} depth
   */
  coversAll(hopeful, depth = 0) {
    this.steps = 0;
    return this.covers(this.others.map((_, place) => place), hopeful, depth);
  }

  /**
   * Whether the boxes at some positions, which have the kinds of the axes before, cover the box from an axis
   * on.
   * @param {number[]} places
   * @param {boolean} hopeful whether a box counts that may have a kind, but cannot be compared
   * @param {number} depth the axis: 0 for actions, 1 for resources, then the condition keys
   * @returns {boolean}
   */
  covers(places, hopeful, depth) {
    if (++this.steps > LIMITS.kinds) {
      this.doubt ||= "too many conditions";
      return hopeful;
    }
    if (depth === this.keys.length + 2) return places.length > 0;
    for (const having of this.#kinds(places, hopeful, depth))
      if (!this.covers(having, hopeful, depth + 1)) return false;
    return true;
  }

  /**
   * For each kind of value on an axis that the box has, the other boxes that have it too.
   * @param {number[]} places
   * @param {boolean} hopeful
   * @param {number} depth
   * @returns {Generator<number[], void>}
   */
  *#kinds(places, hopeful, depth) {
    const key = depth > 1 ? this.keys[depth - 2] : "";
    try {
      if (depth > 1) yield* this.#kindsOfKey(key, places);
      else if (this.tooMany) throw new Undecided();
      else yield* this.#kindsOfTerms(places, depth);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      if (key) yield places.filter((place) => this.#has(place, key, hopeful));
      else {
        this.tooMany = true;
        this.doubt ||= "too many patterns";
        yield hopeful ? places : [];
      }
    }
  }

  /**
   * @param {number[]} places
   * @param {number} depth
   */
  #kindsOfTerms(places, depth) {
    const term = (/** @type {Box} */ one) => (depth ? one.resources : one.actions);
    const terms = new Map(places.map((place) => [place, term(this.others[place])]));
    return kindsOfText(depth ? RESOURCES : ACTIONS, term(this.box), terms);
  }

  /**
   * @param {string} key
   * @param {number[]} places
   */
  #kindsOfKey(key, places) {
    const id = `${key} ${places}`;
    let found = this.kinds.get(id);
    if (!found) this.kinds.set(id, (found = this.#toldApart(key, places)));
    return found;
  }

  /**
   * @param {string} key
   * @param {number[]} places
   */
  #toldApart(key, places) {
    const given = this.given.get(key) ?? [];
    const wanted = places.map((place) => this.wanted[place].get(key) ?? []);
    if (!given.length && wanted.every((own) => !own.length)) return [places]; // there is nothing to tell apart
    const clauses = new Map([given, ...wanted].flat().map((clause) => [clause.id, clause]));
    const bits = new Map([...clauses.keys()].map((id, n) => [id, 1n << BigInt(n)]));
    const needed = wanted.map((own) => own.reduce((all, { id }) => all | (bits.get(id) ?? 0n), 0n));
    const must = (1n << BigInt(given.length)) - 1n;
    const found = truths([...clauses.values()], this.reference.isArray(key), must);
    if (!found) throw new Undecided();
    return found.map((holding) => places.filter((_, n) => (holding & needed[n]) === needed[n]));
  }

  /**
   * Whether another box has every value of the box for a key.
   * @param {number} place
   * @param {string} key
   * @param {boolean} hopeful
   */
  #has(place, key, hopeful) {
    const [wanted, given] = [this.wanted[place].get(key) ?? [], this.given.get(key) ?? []];
    if (!wanted.length) return true;
    const [answer] = noStricter(wanted, given, this.reference);
    if (answer !== true)
      this.doubt ||= inWords(wanted, given.length ? given : wanted, this.reference.isArray(key));
    return answer === true || hopeful;
  }
}
