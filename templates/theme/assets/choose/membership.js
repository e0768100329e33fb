// What each policy grants, by the rules of generator/policybook/analysis/membership.py: search/names.json
// and search/membership.json as sets of actions. docs/reference/finder.md describes the files.
//
// Actions are numbered so that each word of a set holds actions of one access level only: a set is
// weighed word by word.
import { ACTION } from "../finder/index.js";
import { addBit, noBits } from "./bits.js";

/** @import { Bits } from "./bits.js" */
/** @import { Index } from "../finder/index.js" */

/** The letters of access levels, the least risky first, as the command lists them. */
export const LEVELS = "lrwtpu";
/** The letter of actions that are not in AWS's list. */
export const UNLISTED = "u";

/**
 * @typedef {object} Member a policy as one of several that are attached together
 * @property {number} place among all policies
 * @property {Bits} full what it grants in full
 * @property {Bits} granted all that it grants
 * @property {Bits | null} removed what it denies to others
 * @property {Bits | null} limited what it limits of others' grants
 * @property {Map<number, Bits>} voided what it removes beside that, by the place of another policy
 * @property {Bits} steps the steps of risk rules that it allows
 * @property {Bits} openSteps those that it allows without limits
 */

export class Membership {
  /** @type {string[]} full names, by number; "" for a number without an action */
  names = [];
  /** @type {Map<string, number>} numbers by full name in lower case */
  numbers = new Map();
  /** @type {number[][]} the numbers of each service's actions, in the order of the names */
  numbersOf = [];
  /** @type {Map<string, string[]> | null} */
  sorted = null;
  /** @type {Map<number, Member>} */
  known = new Map();

  /**
   * @param {Index} index
   * @param {MembershipFile} file
   */
  constructor(index, file) {
    if (!index.fits(file)) throw new Error("the files of the finder are of different builds");
    this.index = index;
    this.file = file;
    this.unattachable = new Set(file.unattachable);
    this.customerManaged = new Set(file.customer_managed);
    this.deprecated = new Set(index.file.rows.deprecated);
    this.sets = file.sets.map((texts) => texts.split(" "));
    /** The letter of the access level of each word. */
    this.words = this.numberActions();
    this.size = this.names.length;
    /** The weight of an action of each word. */
    this.weights = Int32Array.from(this.words, (level) => file.weights[level]);
    let first = 0;
    this.rules = file.rules.map(([id, title, steps, place]) => {
      first += steps;
      return { id, title, place, first: first - steps, steps };
    });
    this.stepCount = first;
  }

  /** Numbers the actions by level; returns the level of each word. */
  numberActions() {
    const { kinds, levels, names, owners, services } = this.index;
    this.numbersOf = services.map(() => []);
    const ids = kinds.flatMap((kind, id) => (kind === ACTION ? [id] : []));
    /** @type {number[]} */
    const numberOf = [];
    /** @type {string[]} */
    const words = [];
    for (const level of LEVELS) {
      for (const id of ids.filter((one) => levels[one] === level)) {
        numberOf[id] = this.names.length;
        this.names.push(`${services[owners[id]].prefix}:${names[id]}`);
      }
      while (this.names.length % 32) this.names.push("");
      while (words.length < this.names.length / 32) words.push(level);
    }
    for (const id of ids) {
      this.numbersOf[owners[id]].push(numberOf[id]);
      this.numbers.set(this.names[numberOf[id]].toLowerCase(), numberOf[id]);
    }
    return words;
  }

  /**
   * The actions of a service in AWS's list: full names in lower case, sorted.
   * @param {string} prefix
   */
  listed(prefix) {
    if (!this.sorted) {
      this.sorted = new Map();
      for (const name of [...this.numbers.keys()].sort()) {
        const own = name.slice(0, name.indexOf(":"));
        if (!this.sorted.has(own)) this.sorted.set(own, []);
        if (this.isListed(name)) this.sorted.get(own)?.push(name);
      }
    }
    return this.sorted.get(prefix) ?? [];
  }

  /**
   * Whether an action, by its full name in lower case, is in AWS's list.
   * @param {string} name
   */
  isListed(name) {
    const number = this.numbers.get(name);
    return number !== undefined && this.levelOf(number) !== UNLISTED;
  }

  /**
   * The number of a known action, by its full name in lower case.
   * @param {string} name
   */
  number(name) {
    return /** @type {number} */ (this.numbers.get(name));
  }

  /**
   * The letter of an action's access level.
   * @param {number} number
   */
  levelOf(number) {
    return this.words[number >>> 5];
  }

  /**
   * The policy at a place of the names.
   * @param {number} place
   */
  member(place) {
    let found = this.known.get(place);
    if (!found) {
      found = this.read(place);
      this.known.set(place, found);
    }
    return found;
  }

  /**
   * @param {number} place
   * @returns {Member}
   */
  read(place) {
    const { denies, grants, steps, voided } = this.file;
    const [full, granted] = this.digits(grants[place]);
    const denied = denies[place] === undefined ? null : this.digits(denies[place]);
    const [allowed, open] = [noBits(this.stepCount), noBits(this.stepCount)];
    for (const step of steps[place] ? steps[place].split(",") : []) {
      addBit(allowed, parseInt(step, 10));
      if (step.endsWith("*")) addBit(open, parseInt(step, 10));
    }
    const others = Object.entries(voided[place] ?? {});
    return {
      place, full, granted, steps: allowed, openSteps: open,
      removed: denied && denied[0],
      limited: denied && denied[1],
      voided: new Map(others.map(([other, text]) => [Number(other), this.actions(text)])),
    };
  }

  /**
   * The actions with the digit 2 in the sets of a row, and those with 1 or 2.
   * @param {string} row
   */
  digits(row) {
    const [twos, all] = [noBits(this.size), noBits(this.size)];
    let service = -1;
    for (const part of row ? row.split(",") : []) {
      const [distance, set] = part.split(".");
      service += 1 + Number(distance);
      const numbers = this.numbersOf[service];
      [...this.sets[service][Number(set ?? 0)]].forEach((digit, at) => {
        if (digit !== "0") addBit(all, numbers[at]);
        if (digit === "2") addBit(twos, numbers[at]);
      });
    }
    return [twos, all];
  }

  /**
   * Actions that are named by the places of their services, and their own.
   * @param {string} text
   */
  actions(text) {
    const found = noBits(this.size);
    for (const part of text.split(" ")) {
      const [service, action] = part.split(".").map(Number);
      addBit(found, this.numbersOf[service][action]);
    }
    return found;
  }
}
