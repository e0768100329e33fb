// Reads JSON strictly, as generator/policybook/data/strict_yaml.py does: numbers are texts, no key is
// there twice, and depth is bounded; and knows the line of each part.
import { LIMITS } from "../rules.js";

const MOST_LEVELS = LIMITS.documentDepth;
const ESCAPES = new Map(Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }));
const NUMBER = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)|NaN/y;
const SPACE = /[ \t\n\r]*/y;
const STRING = /[^"\\\x00-\x1f]*/y; // eslint-disable-line no-control-regex -- JSON has none in strings

/** @typedef {{ [key: string]: Json }} Mapping */
/** @typedef {string | boolean | null | List | Mapping} Json */
/** @typedef {Json[]} List */

/** What is wrong with a text, at a place in it. */
export class Wrong extends Error {
  /**
   * @param {number} at
   * @param {string} expected
   * @param {string} found
   * @param {string} kind
   * @param {number} first of two that are alike: where the first one is
   */
  constructor(at, expected, found, kind = "bad-json", first = -1) {
    super(`expected ${expected}, found ${found}`);
    this.at = at;
    this.expected = expected;
    this.found = found;
    this.kind = kind;
    this.first = first;
  }
}

export class JsonText {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
    /** @type {Wrong[]} keys that are there twice */
    this.twice = [];
    /** @type {number[]} where lines end */
    this.ends = [];
    /** @type {Map<object, Map<string | number, number>>} where the parts of containers begin */
    this.places = new Map();
  }

  /**
   * The value of the whole text.
   * @throws {Wrong}
   */
  value() {
    this.skip(SPACE);
    const found = this.any(0);
    this.skip(SPACE);
    if (this.at < this.text.length) throw this.wrong("Extra data");
    return found;
  }

  /**
   * The line, from 1, of the last step of a path that is in the text; 0 if none is.
   * @param {Json} value
   * @param {(string | number)[]} path
   */
  lineOf(value, path) {
    let at = -1;
    let part = /** @type {any} */ (value);
    for (const step of path) {
      const found = this.places.get(part)?.get(step);
      if (found === undefined) break;
      [at, part] = [found, part[step]];
    }
    return at < 0 ? 0 : this.line(at);
  }

  /** @param {number} at */
  line(at) {
    if (!this.ends.length) for (const { index } of this.text.matchAll(/\n|$/g)) this.ends.push(index);
    let [low, high] = [0, this.ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }

  /**
   * @param {string} found
   * @param {number} at
   */
  wrong(found, at = this.at) {
    return new Wrong(at, "valid JSON", `an error (${found})`);
  }

  /** @param {RegExp} pattern a sticky one */
  skip(pattern) {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [""];
    this.at += found.length;
    return found;
  }

  /** @param {string} token */
  takes(token) {
    const found = this.text.startsWith(token, this.at);
    if (found) this.at += token.length;
    return found;
  }

  /**
   * @param {number} depth
   * @returns {Json}
   */
  any(depth) {
    const start = this.at;
    if (depth >= MOST_LEVELS && /[[{]/.test(this.text[start])) throw new Wrong(-1, `at most ${MOST_LEVELS} levels`, "more", "too-deep");
    if (this.takes('"')) return this.string(start);
    if (this.takes("{")) return this.mapping(depth);
    if (this.takes("[")) return this.list(depth);
    if (this.takes("true")) return true;
    if (this.takes("false")) return false;
    if (this.takes("null")) return null;
    const number = this.skip(NUMBER);
    if (!number) throw this.wrong("Expecting value");
    return number;
  }

  /**
   * @param {number} start
   * @returns {string}
   */
  string(start) {
    let found = this.skip(STRING);
    while (!this.takes('"')) {
      if (this.at >= this.text.length) throw this.wrong("Unterminated string starting at", start);
      if (!this.takes("\\")) throw this.wrong("Invalid control character at");
      found += this.escaped(start) + this.skip(STRING);
    }
    return found;
  }

  /** @param {number} start of the string */
  escaped(start) {
    const char = this.text[this.at++];
    if (char === undefined) throw this.wrong("Unterminated string starting at", start);
    if (char !== "u") {
      const found = ESCAPES.get(char);
      if (found === undefined) throw this.wrong("Invalid \\escape", this.at - 2);
      return found;
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.wrong("Invalid \\uXXXX escape");
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  /** @param {number} depth */
  mapping(depth) {
    /** @type {{ [key: string]: Json }} */
    const found = Object.create(null); // any text may be a key
    const places = new Map();
    this.places.set(found, places);
    this.skip(SPACE);
    if (this.takes("}")) return found;
    do {
      this.skip(SPACE);
      const start = this.at;
      if (!this.takes('"')) throw this.wrong("Expecting property name enclosed in double quotes");
      const key = this.string(start);
      this.skip(SPACE);
      if (!this.takes(":")) throw this.wrong("Expecting ':' delimiter");
      this.skip(SPACE);
      const value = this.any(depth + 1);
      if (places.has(key)) this.#again(key, start, places.get(key));
      else {
        places.set(key, start);
        found[key] = value;
      }
      this.skip(SPACE);
    } while (this.takes(","));
    if (!this.takes("}")) throw this.wrong("Expecting ',' delimiter");
    return found;
  }

  /**
   * @param {string} key
   * @param {number} at
   * @param {number} first
   */
  #again(key, at, first) {
    this.twice.push(new Wrong(at, "each key once", `${quoted(key)} again`, "duplicate-key", first));
  }

  /** @param {number} depth */
  list(depth) {
    /** @type {Json[]} */
    const found = [];
    const places = new Map();
    this.places.set(found, places);
    this.skip(SPACE);
    if (this.takes("]")) return found;
    do {
      this.skip(SPACE);
      places.set(found.length, this.at);
      found.push(this.any(depth + 1));
      this.skip(SPACE);
    } while (this.takes(","));
    if (!this.takes("]")) throw this.wrong("Expecting ',' delimiter");
    return found;
  }
}

/**
 * A text in quotes on one line, as Python's `repr` has it.
 * @param {string} text
 */
export function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\n\r\t]|[\p{C}\p{Z}]/gu, (char) => ESCAPED[char] ?? (char === " " ? char : hex(char)));
  return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
}

/** @type {Record<string, string>} */
const ESCAPED = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** @param {string} char */
function hex(char) {
  const digits = /** @type {number} */ (char.codePointAt(0)).toString(16);
  const [letter, length] = digits.length < 3 ? ["x", 2] : digits.length < 5 ? ["u", 4] : ["U", 8];
  return `\\${letter}${digits.padStart(length, "0")}`;
}
