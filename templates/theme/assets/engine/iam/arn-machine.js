// Patterns as automata that read formats of ARNs.
import { memoized } from "../memo.js";
import { ANY, STAR, completed, isCharacter, isVariable, tokens } from "./patterns.js";

/** @typedef {import("./arn-formats.js").ArnFormat} ArnFormat */

export const FIELDS = 6;

// Tokens of a format beside characters. The characters that they do not stand for follow.
export const ONE = "one ";
export const RUN = "run ";
const NEVER = ":/"; // which no partition, service, Region or account has

/** What a format is made of: an escaped character, a placeholder, or a character. */
export function placeholder() {
  return /\$\{([*?$])\}|(\$\{[^}]*\}|\*)|(.)/gsu;
}

/**
 * The tokens of the first five fields, and those of the last one.
 * @type {(form: ArnFormat) => { fields: string[], last: string[], id: string }}
 */
export const formTokens = memoized(20_000, ({ id }) => id, (form) => {
  /** @type {string[]} */
  const fields = [];
  /** @type {string[]} */
  const last = [];
  let colons = 0;
  for (const [, escaped, place, char] of form.text.matchAll(placeholder())) {
    if (colons < FIELDS - 1) {
      const token = place ? RUN + NEVER : (escaped ?? char);
      fields.push(token);
      if (token === ":") colons++;
    } else if (place === "*") last.push(RUN);
    else if (place) last.push(ONE + form.never, RUN + form.never);
    else last.push(escaped ?? char);
  }
  return { fields, last, id: fields.join("\0") };
});

/** A pattern as an automaton; a set of positions has a 1 for each. */
class Machine {
  /** @param {string} pattern */
  constructor(pattern) {
    this.tokens = tokens(completed(pattern)).map((token) => (isVariable(token) ? STAR : token));
    this.end = this.tokens.length;
    this.start = new Uint8Array(this.end + 1);
    this.start[0] = 1;
    this.#pass(this.start, (own) => own === STAR);
  }

  /**
   * Adds all positions that follow without leaving those that are passed.
   * @param {Uint8Array} places
   * @param {(token: string) => boolean} passed
   */
  #pass(places, passed) {
    for (let at = 0; at < this.end; at++) if (places[at] && passed(this.tokens[at])) places[at + 1] = 1;
  }

  /**
   * The positions after reading any text that these tokens of a format stand for.
   * @param {Uint8Array} places
   * @param {readonly string[]} form
   */
  read(places, form) {
    for (const token of form) {
      const never = token.slice(RUN.length);
      const without = (/** @type {string} */ own) => !(isCharacter(own) && never.includes(own));
      if (token.startsWith(RUN)) {
        places = places.slice();
        this.#pass(places, without);
      } else {
        const takes = (/** @type {string} */ own) => own === token || own === ANY;
        places = this.#step(places, isCharacter(token) ? takes : without);
      }
    }
    return places;
  }

  /**
   * @param {Uint8Array} places
   * @param {(token: string) => boolean} takes
   */
  #step(places, takes) {
    const next = new Uint8Array(this.end + 1);
    for (let at = 0; at < this.end; at++) {
      if (!places[at]) continue;
      if (this.tokens[at] === STAR) next[at] = 1;
      else if (takes(this.tokens[at])) next[at + 1] = 1;
    }
    this.#pass(next, (own) => own === STAR);
    return next;
  }
}

/** @type {(pattern: string) => Machine} */
export const machineOf = memoized(20_000, (pattern) => pattern, (pattern) => new Machine(pattern));

/**
 * The positions after the first five fields, which many formats have in common.
 * @type {(pattern: string, form: ArnFormat) => Uint8Array}
 */
export const after = memoized(
  50_000,
  (pattern, form) => `${pattern}\0${formTokens(form).id}`,
  (pattern, form) => {
    const machine = machineOf(pattern);
    return machine.read(machine.start, formTokens(form).fields);
  },
);
