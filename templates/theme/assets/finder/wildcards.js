// Questions with wildcards: names that a pattern of `*` and `?` matches.
import { EXACT, PREFIX } from "./fit.js";
import { ACTION, KEY, PATTERN, TEXT } from "./index.js";
import { nothingFound } from "./nearest.js";
import { count } from "../words.js";

/** @import { Found } from "./found.js" */
/** @import { Index } from "./index.js" */

/** A pattern of `*` and `?`, to be compared with many texts. */
export class Wildcard {
  /** @param {string} pattern */
  constructor(pattern) {
    // Each run of wildcards as its `?`s and then at most one `*`.
    this.pattern = pattern.replace(
      /[*?]+/g,
      (run) => run.replace(/\*/g, "") + (run.includes("*") ? "*" : ""),
    );
    this.needed = pattern
      .split(/[*?]+/)
      .reduce((longest, part) => (part.length > longest.length ? part : longest));
  }

  /**
   * Whether the pattern matches the text. Where a `*` was given too little, it is only the last one
   * that needs to be tried again with more.
   * @param {string} text
   */
  matches(text) {
    const pattern = this.pattern;
    if (!text.includes(this.needed)) return false;
    let at = 0;
    let from = 0;
    let star = -1;
    let tried = 0;
    while (from < text.length) {
      if (pattern[at] === "*") {
        star = at++;
        tried = from;
      } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[from])) {
        at++;
        from++;
      } else if (star >= 0) {
        at = star + 1;
        from = ++tried;
      } else return false;
    }
    while (pattern[at] === "*") at++;
    return at === pattern.length;
  }
}

/**
 * Finds entries by a pattern.
 * @param {Index} index
 * @param {string} asked
 * @param {Found} found
 */
export function findMatches(index, asked, found) {
  const lower = asked.toLowerCase().replace(/ /g, "");
  const matches = matcher(index, lower);
  let actions = 0;
  for (let id = 0; id < index.kinds.length; id++) {
    if (!matches(id)) continue;
    if (index.kinds[id] === ACTION) actions++;
    found.add(id, index.kinds[id] === PATTERN ? EXACT : PREFIX);
  }
  const parted = lower.includes(":");
  const say = parted && actions ? `This pattern matches ${count(actions, "action", "actions")}.` : "";
  const literal = lower.replace(/[*?]+/g, "");
  const colon = literal.indexOf(":");
  const left = literal.slice(0, Math.max(colon, 0));
  const right = literal.slice(colon + 1);
  return found.answer(asked, say, () => nothingFound(index, { asked, left, right, start: true }));
}

/**
 * The function that says whether the pattern matches an entry.
 * @param {Index} index
 * @param {string} lower
 * @returns {(id: number) => boolean}
 */
function matcher(index, lower) {
  const parts = lower.split(":");
  const parted = parts.length > 1;
  const whole = new Wildcard(lower);
  const left = new Wildcard(parts[0]);
  const right = new Wildcard(parts[1] || "");
  const services = index.file.prefixes.map((prefix) => left.matches(prefix));
  return (id) => {
    const name = index.lower[id];
    const owner = index.owners[id];
    switch (index.kinds[id]) {
      case ACTION:
        // A name and a prefix have no colon of their own.
        if (parted) return parts.length === 2 && services[owner] && right.matches(name);
        return whole.matches(name) || whole.matches(`${index.file.prefixes[owner]}:${name}`);
      case KEY:
        return whole.matches(name) || (!parted && whole.matches(name.slice(name.indexOf(":") + 1)));
      case PATTERN:
        return name === lower;
      case TEXT:
        return false;
      default:
        return whole.matches(name);
    }
  };
}
