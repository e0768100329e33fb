// What the wildcards of a document name, and the shortest pattern that names the same, by
// generator/policybook/analysis/wildcards.py.
import { hasWildcard } from "../engine/iam/patterns.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Document } from "../engine/model/documents.js" */

const MOST_SHORTENED = 200;

/**
 * The action patterns of a document that have wildcards, in its order, each once.
 * @param {Document} document
 * @param {Catalogue} catalogue
 * @returns {WildcardResult[]}
 */
export function wildcards(document, catalogue) {
  const places = placesOf(document, hasWildcard);
  return Array.from(places, ([pattern, statements], place) =>
    wildcard(pattern, statements, catalogue, place < MOST_SHORTENED),
  );
}

/**
 * The actions of a document that fit, each with the numbers of its statements.
 * @param {Document} document
 * @param {(action: string) => boolean} fits
 */
export function placesOf(document, fits) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  for (const { number, actions } of document.statements)
    for (const pattern of actions.patterns)
      if (places.has(pattern)) places.get(pattern)?.push(number);
      else if (fits(pattern)) places.set(pattern, [number]);
  return places;
}

/**
 * @param {string} pattern
 * @param {number[]} statements
 * @param {Catalogue} catalogue
 * @param {boolean} shorten
 * @returns {WildcardResult}
 */
function wildcard(pattern, statements, catalogue, shorten) {
  const every = pattern === "*" || pattern === "*:*";
  const [prefix] = pattern.split(":");
  const known = catalogue.actionsOf(prefix.toLowerCase());
  const named = every ? new Map() : catalogue.namedBy(pattern);
  /** @type {string[]} */
  const own = [];
  /** @type {string[]} */
  const others = [];
  for (const [key, { name }] of known)
    (named.has(`${prefix.toLowerCase()}:${key}`) ? own : others).push(name.slice(prefix.length + 1));
  const below = pattern.length - prefix.length - 1;
  const shortest = shorten && own.length ? shortestPattern(own, others, below) : "";
  return {
    pattern,
    statements,
    actions: own.map((name) => `${prefix.toLowerCase()}:${name}`),
    every,
    shortest: shortest && `${prefix}:${shortest}`,
  };
}

/**
 * The shortest pattern that matches all of some names and none of the others, in the case of the first
 * name; "" if there is none of fewer than `below` characters.
 * @param {string[]} names
 * @param {string[]} others
 * @param {number} below
 */
export function shortestPattern(names, others, below) {
  const [first] = names;
  const [lower, rest] = [names, others].map((list) => list.map((name) => name.toLowerCase()));
  const [head, tail] = [shared(lower), shared(lower.map(reversed))];
  const shortest = Math.min(...lower.map((name) => name.length));
  const reach = rest.map((n) => [sharedLength(head, n), sharedLength(tail, reversed(n)), n.length]);
  for (let length = 0; length < below - 1; length++) {
    for (let before = Math.min(length, head.length); before >= 0; before--) {
      const after = length - before;
      if (after > tail.length || length > shortest) continue;
      if (!reach.some(([b, a, n]) => b >= before && a >= after && n >= length))
        return `${first.slice(0, before)}*${first.slice(first.length - after)}`;
    }
    if (length > 1)
      for (const inner of parts(lower, length - 1))
        if (!rest.some((name) => name.includes(inner))) {
          const place = lower[0].indexOf(inner);
          return `*${first.slice(place, place + length - 1)}*`;
        }
  }
  return "";
}

/**
 * The texts of a length that all names contain, in the order of the first name.
 * @param {string[]} names
 * @param {number} length
 */
function* parts([first, ...others], length) {
  for (let place = 0; place + length <= first.length; place++) {
    const part = first.slice(place, place + length);
    if (others.every((name) => name.includes(part))) yield part;
  }
}

/** @param {string} text */
function reversed(text) {
  return Array.from(text).reverse().join("");
}

/** @param {string[]} names what all begin with */
function shared(names) {
  return names.reduce((head, name) => head.slice(0, sharedLength(head, name)));
}

/**
 * @param {string} one
 * @param {string} other
 */
function sharedLength(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
