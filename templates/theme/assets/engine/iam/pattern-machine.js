// Patterns as automata: whether one covers another one or overlaps with it.
import { ANY, OTHER, STAR, isCharacter, isVariable } from "./pattern-tokens.js";

/** @typedef {import("./pattern-tokens.js").Tokens} Tokens */

/** A pattern as a nondeterministic automaton; a set of positions is a list of them in order. */
class Machine {
  /** @param {Tokens} pattern */
  constructor(pattern) {
    this.pattern = pattern;
    this.end = pattern.length;
    this.runs = runs(pattern);
    this.start = this.#closed([0]);
  }

  /**
   * The positions and those after a `*`, without positions that a later one makes redundant.
   *
   * What matches from before a `*` also matches from the `*`, and what matches from within a run of
   * `?` that ends in a `*` also matches from later in that run.
   * @param {number[]} places
   */
  #closed(places) {
    /** @type {number[]} */
    let found = [];
    for (const place of places) {
      const last = found.at(-1) ?? -1;
      if (place > last) {
        if (this.runs[place] >= 0 && this.runs[place] === this.runs[last]) found.pop();
        found.push(place);
      }
      if (this.pattern[place] === STAR) found = [place, place + 1];
    }
    return found;
  }

  /**
   * The positions after reading a character, or a variable, which `?` does not match.
   * @param {number[]} places
   * @param {string} token
   */
  step(places, token) {
    const any = isCharacter(token);
    return this.#after(places, (own) => own === token || (any && own === ANY));
  }

  /**
   * The positions after reading one unknown character.
   * @param {number[]} places
   */
  stepAny(places) {
    return this.#after(places, () => true);
  }

  /**
   * @param {number[]} places
   * @param {(token: string) => boolean} takes
   */
  #after(places, takes) {
    const found = [];
    for (const place of places) {
      if (place === this.end) break;
      const own = this.pattern[place];
      if (own === STAR) found.push(place);
      else if (takes(own)) found.push(place + 1);
    }
    return this.#closed(found);
  }

  /**
   * The positions after reading any sequence of characters.
   * @param {number[]} places
   */
  skip(places) {
    return places.length ? range(places[0], this.end + 1) : places;
  }
}

/**
 * For each position the run of several `?` that ends in a `*` to which it belongs, or -1.
 * @param {Tokens} pattern
 */
function runs(pattern) {
  const found = new Array(pattern.length + 1).fill(-1);
  pattern.forEach((token, star) => {
    if (token !== STAR) return;
    let first = star;
    while (first && pattern[first - 1] === ANY) first--;
    if (star - first > 1) found.fill(star, first, star + 1);
  });
  return found;
}

/**
 * @param {number} first
 * @param {number} end
 */
function range(first, end) {
  return Array.from({ length: end - first }, (_, n) => first + n);
}

/** @type {WeakMap<Tokens, Machine>} */
const machines = new WeakMap();

/** @param {Tokens} pattern */
function machineOf(pattern) {
  let found = machines.get(pattern);
  if (!found) machines.set(pattern, (found = new Machine(pattern)));
  return found;
}

/**
 * Whether every text that the tokens `narrow` match is matched by the tokens `wide`.
 * @param {Tokens} wide
 * @param {Tokens} narrow
 */
export function coversTokens(wide, narrow) {
  if (wide.every(isCharacter)) return same(wide, narrow);
  const machine = machineOf(wide);
  /** @type {[number[], number][]} */
  const waiting = [[machine.start, 0]];
  const seen = new Set();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    let [places, at] = next;
    while (at < narrow.length && narrow[at] !== STAR && places.length) {
      places = machine.step(places, narrow[at] === ANY ? OTHER : narrow[at]);
      at++;
    }
    if (at === narrow.length || !places.length) {
      if (places.at(-1) !== machine.end) return false;
      continue;
    }
    for (const reached of afterStar(machine, places)) {
      const state = `${at} ${reached}`;
      if (!seen.has(state)) waiting.push([reached, at + 1]);
      seen.add(state);
    }
  }
  return true;
}

/**
 * @param {Tokens} one
 * @param {Tokens} other
 */
function same(one, other) {
  return one.length === other.length && one.every((token, n) => token === other[n]);
}

/**
 * The minimal sets of positions after reading 0, 1, 2, … characters outside the pattern.
 * @param {Machine} machine
 * @param {number[]} places
 */
function afterStar(machine, places) {
  /** @type {Map<string, Set<number>>} */
  const reached = new Map();
  const listed = [];
  for (let left = places; !reached.has(`${left}`); left = machine.step(left, OTHER)) {
    reached.set(`${left}`, new Set(left));
    listed.push(left);
  }
  const sets = [...reached.values()];
  return listed.filter((own, n) =>
    !sets.some((other, m) => m !== n && other.size < own.length && [...other].every((p) => sets[n].has(p))));
}

/**
 * Whether some text is matched by both; a variable may have any value.
 * @param {Tokens} one
 * @param {Tokens} other
 */
export function overlapsTokens(one, other) {
  if (one.every(isCharacter) && other.every(isCharacter)) return same(one, other);
  const machine = machineOf(withoutVariables(one));
  let places = machine.start;
  for (const token of withoutVariables(other)) {
    if (token === STAR) places = machine.skip(places);
    else places = token === ANY ? machine.stepAny(places) : machine.step(places, token);
    if (!places.length) return false;
  }
  return places.at(-1) === machine.end;
}

/**
 * The pattern with each variable replaced by `*`, without adjacent `*`s.
 * @param {Tokens} pattern
 */
function withoutVariables(pattern) {
  if (!pattern.some(isVariable)) return pattern;
  /** @type {string[]} */
  const found = [];
  for (const token of pattern) {
    const loose = isVariable(token) ? STAR : token;
    if (loose !== STAR || found.at(-1) !== STAR) found.push(loose);
  }
  return found;
}
