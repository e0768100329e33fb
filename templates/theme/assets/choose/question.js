// What the page asks, and what of it is in the address: switches and names of policies in the query, and
// what was typed only in the fragment, which browsers do not send, after "Copy link".

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

/**
 * The question that an address asks.
 * @param {string} query
 * @param {string} fragment
 * @returns {ChooseQuestion}
 */
export function questionIn(query, fragment) {
  const parameters = new URLSearchParams(query);
  const switches = usualSwitches();
  for (const [name, [key, value, usual]] of Object.entries(SWITCHES))
    Object.assign(switches, { [key]: (parameters.get(name) === value) !== usual });
  return {
    text: new URLSearchParams(fragment.replace(/^#/, "")).get("actions") ?? "",
    insteadOf: parameters.getAll("instead-of").filter(Boolean),
    switches,
  };
}

/**
 * The query for a question.
 * @param {ChooseQuestion} question
 */
export function queryFor({ insteadOf, switches }) {
  const parameters = new URLSearchParams();
  for (const name of insteadOf) parameters.append("instead-of", name);
  for (const [name, [key, value, usual]] of Object.entries(SWITCHES))
    if (switches[key] !== usual) parameters.set(name, value);
  return parameters.toString();
}

/**
 * The fragment for what was typed.
 * @param {ChooseQuestion} question
 */
export function fragmentFor({ text }) {
  return text ? new URLSearchParams({ actions: text }).toString() : "";
}
