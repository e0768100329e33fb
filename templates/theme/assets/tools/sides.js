// What is on the two sides of a comparison, and how the address has it.

/** @typedef {{ name: string, at: string }} Named a policy of the site, and a version, a day or "" */
/** @typedef {{ text: string }} Pasted a document that the reader pasted */
/** @typedef {Named | Pasted} Chosen */
/** @typedef {{ a: Chosen[], b: Chosen[] }} Sides */

export const LETTERS = /** @type {const} */ (["a", "b"]);
const AT = /^(.+?) ?@ ?(v\d+(?:~\d+)?|[\da-f]{12}|\d{4}-\d{2}-\d{2})$/i;

/**
 * A policy from NAME, NAME@VERSION or NAME@DAY. A name may contain an @ itself.
 * @param {string} text
 * @returns {Named}
 */
export function namedIn(text) {
  const [, name, at] = AT.exec(text.trim()) ?? ["", text.trim(), ""];
  // In a query, + means a space, and no name has one.
  return { name: name.replaceAll(" ", "+"), at: at.toLowerCase() };
}

/**
 * A policy as NAME, NAME@VERSION or NAME@DAY.
 * @param {Named} named
 */
export function nameOf({ name, at }) {
  return at ? `${name}@${at}` : name;
}

/**
 * The sides in an address: policies in its query, pasted documents in its fragment.
 * @param {string} query
 * @param {string} fragment
 * @returns {Sides}
 */
export function sidesIn(query, fragment) {
  const [named, pasted] = [new URLSearchParams(query), new URLSearchParams(fragment.replace(/^#/, ""))];
  const [a, b] = LETTERS.map((letter) => [
    ...named.getAll(letter).filter((text) => text.trim()).map(namedIn),
    ...pasted.getAll(letter).filter((text) => text.trim()).map((text) => ({ text })),
  ]);
  return { a, b };
}

/**
 * The query with the policies; documents are left out.
 * @param {Sides} sides
 */
export function queryOf(sides) {
  const query = new URLSearchParams();
  for (const letter of LETTERS)
    for (const chosen of sides[letter]) if ("name" in chosen) query.append(letter, nameOf(chosen));
  return query.toString().replaceAll("%40", "@");
}

/**
 * The fragment with the pasted documents, or "".
 * @param {Sides} sides
 */
export function fragmentOf(sides) {
  const fragment = new URLSearchParams();
  for (const letter of LETTERS)
    for (const chosen of sides[letter]) if ("text" in chosen) fragment.append(letter, chosen.text);
  return fragment.toString();
}

/**
 * A sentence about parameters of a query that a page does not know, or "".
 * @param {string} query
 * @param {readonly string[]} known
 */
export function unknownParameters(query, known) {
  const names = [...new Set(new URLSearchParams(query).keys())].filter((name) => !known.includes(name));
  return names.length ? `Not known in the address: ${names.join(", ")}.` : "";
}

/**
 * @param {Sides} sides
 * @returns {Sides}
 */
export function swapped({ a, b }) {
  return { a: b, b: a };
}

/**
 * The key of a version among keys, newest first: `v3` means that of the newest life of a policy that was
 * deleted and re-created, `v3~1` that of the first life; "" if there is none.
 * @param {string[]} keys
 * @param {string} which
 */
export function keyAmong(keys, which) {
  const found = which.includes("~")
    ? keys.find((key) => key === which.replace(/~1$/, ""))
    : keys.find((key) => key.split("~")[0] === which);
  return found ?? "";
}
