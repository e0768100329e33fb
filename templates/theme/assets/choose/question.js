// What the page asks, and what of it is in the address: switches and names of policies in the query, and
// what was typed or pasted only in the fragment, which browsers do not send, after "Copy link".
import { nameOf, namedIn } from "../tools/sides.js";

/** @import { Chosen } from "../tools/sides.js" */

/** @type {Record<string, [name: keyof ChooseSwitches & string, value: string, usual: boolean]>} */
export const SWITCHES = {
  nothing: ["nothingElse", "else", false],
  full: ["inFull", "only", false],
  attachable: ["attachable", "any", true],
  deprecated: ["noDeprecated", "too", true],
  customer: ["customerManaged", "too", false],
};
export const MOST = 10;

/** @returns {ChooseSwitches} */
export function usualSwitches() {
  return {
    inFull: false, nothingElse: false, attachable: true, noDeprecated: true, customerManaged: false,
    most: MOST,
  };
}

/** @typedef {{ text: string, insteadOf: Chosen[], switches: ChooseSwitches }} Asked what the form says */

/**
 * The question that an address asks.
 * @param {string} query
 * @param {string} fragment
 * @returns {Asked}
 */
export function questionIn(query, fragment) {
  const [parameters, typed] = [new URLSearchParams(query), new URLSearchParams(fragment.replace(/^#/, ""))];
  const switches = usualSwitches();
  for (const [name, [key, value, usual]] of Object.entries(SWITCHES))
    Object.assign(switches, { [key]: (parameters.get(name) === value) !== usual });
  return {
    text: typed.get("actions") ?? "",
    insteadOf: [
      ...parameters.getAll("instead-of").filter((text) => text.trim()).map(namedIn),
      ...typed.getAll("instead-of").filter((text) => text.trim()).map((text) => ({ text })),
    ],
    switches,
  };
}

/**
 * The query for a question; pasted documents are left out.
 * @param {Asked} question
 */
export function queryFor({ insteadOf, switches }) {
  const parameters = new URLSearchParams();
  for (const one of insteadOf) if ("name" in one) parameters.append("instead-of", nameOf(one));
  for (const [name, [key, value, usual]] of Object.entries(SWITCHES))
    if (switches[key] !== usual) parameters.set(name, value);
  return parameters.toString().replaceAll("%40", "@");
}

/**
 * The fragment for what was typed and pasted.
 * @param {Asked} question
 */
export function fragmentFor({ text, insteadOf }) {
  const fragment = new URLSearchParams(text ? { actions: text } : {});
  for (const one of insteadOf) if ("text" in one) fragment.append("instead-of", one.text);
  return fragment.toString();
}
