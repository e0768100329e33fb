// Patterns that read texts together, character by character.
import { compareTexts } from "../order.js";
import { LIMITS } from "../rules.js";
import { ANY, OTHER, STAR, isVariable } from "./patterns.js";

/** @typedef {import("./text-sets.js").TextPattern} TextPattern */

/** Sets cannot be compared, or there are too many combinations to look at. */
export class Undecided extends Error {}

/**
 * A pattern that reads a text; a set of positions in the pattern is a list of them in order. A policy
 * variable may have any value, so it reads as `*`.
 */
class Reader {
  /** @param {TextPattern} pattern */
  constructor({ tokens, colons, fold }) {
    this.loose = tokens.some(isVariable);
    this.end = tokens.length;
    /** For each position the letters that it takes, or a wildcard. */
    this.takes = tokens.map((token) => {
      if (isVariable(token)) return STAR;
      if (token === STAR || token === ANY) return token;
      return fold ? [...new Set([token.toLowerCase(), token.toUpperCase()])] : [token];
    });
    let before = 0;
    /** For each position whether it is before the last of the colons that no wildcard matches. */
    this.inner = tokens.map((token) => (token === ":" ? before++ : before) < colons);
    this.start = this.#closed([0]);
  }

  /**
   * The positions and those after each `*` among them, without those that a later one makes redundant.
   * @param {number[]} places
   */
  #closed(places) {
    /** @type {number[]} */
    let found = [];
    for (let place of places) {
      if (place <= (found.at(-1) ?? -1)) continue;
      for (found.push(place); this.takes[place] === STAR; found.push(place)) {
        if (!this.inner[place]) found = [place];
        place++;
      }
    }
    return found;
  }

  /**
   * The positions after reading a letter.
   * @param {number[]} places
   * @param {string} letter
   */
  step(places, letter) {
    const found = [];
    for (const place of places) {
      if (place === this.end) break;
      const own = this.takes[place];
      const wild = letter !== ":" || !this.inner[place];
      if (own === STAR) {
        if (wild) found.push(place);
      } else if (own === ANY ? wild : own.includes(letter)) found.push(place + 1);
    }
    return this.#closed(found);
  }
}

/**
 * The place in the tree of literal patterns, -1 outside of it, and the positions of each reader that can
 * still match, with its number.
 * @typedef {{ place: number, reading: [number, number[]][] }} State
 */

/** @typedef {{ next: Map<string, number>, ends: number[], below: Set<number> }} Place */

/** Patterns that read texts together. Those without wildcards are kept in one tree of letters. */
export class Walk {
  /**
   * @param {readonly TextPattern[]} patterns each once
   * @param {readonly number[][]} needed sets of numbers of patterns, each of which has to match a text
   * @param {readonly [number, number][]} within patterns with variables, and what always matches too
   */
  constructor(patterns, needed, within) {
    this.within = within;
    this.colons = patterns.some(({ colons }) => colons);
    /** @type {Place[]} */
    this.tree = [];
    /** @type {Map<number, Reader>} */
    this.wild = new Map();
    /** @type {number[][]} the sets of `needed` in which a pattern is */
    this.neededBy = patterns.map(() => []);
    needed.forEach((own, set) => own.forEach((n) => this.neededBy[n].push(set)));
    this.needed = needed.length;
    this.#add();
    patterns.forEach((pattern, n) => {
      if (pattern.isLiteral) this.#grow(pattern.tokens, n);
      else this.wild.set(n, new Reader(pattern));
    });
  }

  #add() {
    return this.tree.push({ next: new Map(), ends: [], below: new Set() }) - 1;
  }

  /**
   * @param {readonly string[]} letters
   * @param {number} n
   */
  #grow(letters, n) {
    let own = this.tree[0];
    const begin = (/** @type {number} */ set) => own.below.add(set);
    this.neededBy[n].forEach(begin);
    for (const letter of letters) {
      let place = own.next.get(letter);
      if (place === undefined) own.next.set(letter, (place = this.#add()));
      own = this.tree[place];
      this.neededBy[n].forEach(begin);
    }
    own.ends.push(n);
  }

  /** @returns {State} */
  #start() {
    return { place: 0, reading: Array.from(this.wild, ([n, { start }]) => [n, start]) };
  }

  /**
   * @param {State} state
   * @param {string} letter
   * @returns {State}
   */
  #after({ place, reading }, letter) {
    /** @type {[number, number[]][]} */
    const after = [];
    for (const [n, places] of reading) {
      const found = this.#reader(n).step(places, letter);
      if (found.length) after.push([n, found]);
    }
    return { place: place < 0 ? -1 : (this.tree[place].next.get(letter) ?? -1), reading: after };
  }

  /** @param {number} n */
  #reader(n) {
    return /** @type {Reader} */ (this.wild.get(n));
  }

  /**
   * The numbers of the patterns that match the text; several lists if that depends on variables.
   * @param {string} text
   */
  ofText(text) {
    let state = this.#start();
    for (const letter of text) state = this.#after(state, letter);
    return this.#choices(state);
  }

  /**
   * The patterns that match a text, for all texts that may match the needed sets.
   * @returns {Generator<number[], void>}
   * @throws {Undecided} if it takes too many steps
   */
  *ofEveryText() {
    if (!this.wild.size) {
      yield [];
      for (const { ends } of this.tree) if (ends.length) yield ends;
      return;
    }
    const waiting = [this.#start()];
    const seen = new Set(waiting.map(stateId));
    let steps = 0;
    for (let state = waiting.pop(); state; state = waiting.pop()) {
      yield* this.#choices(state);
      const letters = this.#letters(state);
      steps += letters.length * (state.reading.length + 1);
      if (steps > LIMITS.textSteps) throw new Undecided();
      for (const letter of letters) {
        const after = this.#after(state, letter);
        const id = stateId(after);
        if (seen.has(id) || !this.#alive(after)) continue;
        seen.add(id);
        waiting.push(after);
      }
    }
  }

  /**
   * The letters that lead to different states; all others lead to where `OTHER` leads.
   * @param {State} state
   */
  #letters({ place, reading }) {
    const letters = new Set([OTHER]);
    if (this.colons) letters.add(":");
    if (place >= 0) for (const letter of this.tree[place].next.keys()) letters.add(letter);
    for (const [n, places] of reading) {
      const { takes } = this.#reader(n);
      for (const at of places) {
        const own = takes[at];
        if (typeof own === "object") for (const letter of own) letters.add(letter);
      }
    }
    return [...letters].sort(compareTexts);
  }

  /**
   * Whether each of the needed sets has a pattern that can still match.
   * @param {State} state
   */
  #alive({ place, reading }) {
    const alive = new Set(place >= 0 ? this.tree[place].below : []);
    for (const [n] of reading) for (const set of this.neededBy[n]) alive.add(set);
    return alive.size === this.needed;
  }

  /**
   * The patterns that match here; one with variables may match or not.
   * @param {State} state
   */
  *#choices({ place, reading }) {
    const sure = place >= 0 ? [...this.tree[place].ends] : [];
    /** @type {number[]} */
    const loose = [];
    for (const [n, places] of reading) {
      const reader = this.#reader(n);
      if (places.at(-1) === reader.end) (reader.loose ? loose : sure).push(n);
    }
    if (loose.length > LIMITS.textVariables) throw new Undecided();
    for (let chosen = 0; chosen < 1 << loose.length; chosen++) {
      const taken = loose.filter((_, n) => (chosen >> (loose.length - 1 - n)) & 1);
      const found = [...sure, ...taken];
      if (this.within.every(([one, wide]) => found.includes(wide) || !found.includes(one))) yield found;
    }
  }
}

/** @param {State} state */
function stateId({ place, reading }) {
  return `${place};${reading.map(([n, places]) => `${n}:${places}`).join(";")}`;
}
