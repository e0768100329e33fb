// Draws the choices: a table with what each grants beyond the actions, and what was not understood.
import { breakable, element, naming } from "../dom.js";
import { ROOT } from "../finder/fetching.js";
import { drawnPaths } from "../tools/risks.js";
import { needs } from "../tools/operations.js";
import { count, number } from "../words.js";

/** @type {Record<string, string>} */
const LEVELS = {
  l: "List", r: "Read", w: "Write", t: "Tagging", p: "Permissions management",
  u: "Not in AWS's action list",
};
const SHOWN = 20;
const NAMED = 8;
const RISKS = 3;
const UNKNOWN = 20;
const COLUMNS = ["Policies", "Excess", "Only in part", "Risks", "Score"];

/**
 * What was found, in a sentence.
 * @param {ChooseAnswer} answer
 */
export function summary({ actions, choices, unknown }) {
  const sizes = [1, 2, 3].map((size) => choices.filter(({ policies }) => policies.length === size).length);
  const found = choices.length
    ? `${count(sizes[0], "single policy", "single policies")}, ${count(sizes[1], "pair", "pairs")} and ` +
      `${count(sizes[2], "triple", "triples")} for ${count(actions.length, "action", "actions")}.`
    : actions.length ? "No policy, pair or triple grants everything." : "No actions to look for.";
  return unknown.length ? `${found} ${count(unknown.length, "entry was", "entries were")} not understood.` : found;
}

/** @param {ChooseAnswer} answer */
export function drawn(answer) {
  const made = element("div", "");
  made.append(...unknown(answer), ...operations(answer), ...insteadOf(answer), ...uncovered(answer));
  if (answer.choices.length) made.append(element("h2", "", "Choices"), table(answer.choices));
  if (!answer.complete)
    made.append(note("Not all triples were looked at: there are too many."));
  return made;
}

/**
 * @param {string} text
 * @param {string} [style]
 */
function note(text, style = "pb-note pb-note--warn") {
  return element("p", style, text);
}

/** @param {ChooseAnswer} answer */
function unknown({ unknown: parts }) {
  if (!parts.length) return [];
  const made = element("details", "pb-fold");
  made.open = true;
  const list = element("ul", "");
  list.append(...parts.slice(0, UNKNOWN).map(({ text, why }) => {
    const line = element("li", "");
    line.append(element("code", "", text), `: ${why}`);
    return line;
  }));
  if (parts.length > UNKNOWN) list.append(element("li", "", `and ${number(parts.length - UNKNOWN)} more`));
  made.append(element("summary", "", `Not understood (${number(parts.length)})`), list);
  return [made];
}

/** @param {ChooseAnswer} answer */
function operations({ operations: found }) {
  if (!found.length) return [];
  const made = element("details", "pb-fold");
  made.open = found.length <= NAMED;
  const list = element("ul", "");
  list.append(...found.slice(0, UNKNOWN).map((one) => {
    const line = element("li", "");
    line.append(element("code", "", one.operation), ` is an API operation. It needs ${needs(one)}.`);
    return line;
  }));
  if (found.length > UNKNOWN) list.append(element("li", "", `and ${number(found.length - UNKNOWN)} more`));
  made.append(element("summary", "", `API operations (${number(found.length)})`), list);
  return [made];
}

/** @param {ChooseAnswer} answer */
function uncovered({ uncovered: names }) {
  if (!names.length) return [];
  const made = note("No policy grants ");
  made.append(...codes(names), "; the choices are without ", names.length === 1 ? "it." : "them.");
  return [made];
}

/** @param {ChooseAnswer} answer */
function insteadOf({ insteadOf: found }) {
  if (!found) return [];
  const made = element("section", "");
  const total = found.unused.reduce((sum, { actions }) => sum + actions.length, 0);
  made.append(element("h2", "", `Not used: ${count(total, "action", "actions")}`));
  if (found.noPolicies.length) {
    const line = note("Not a policy of this site: ");
    line.append(...codes(found.noPolicies), ".");
    made.append(line);
  }
  if (found.notGranted.length) {
    const line = note("Not granted now, and left out: ");
    line.append(...codes(found.notGranted), ".");
    made.append(line);
  }
  made.append(...found.unused.map(level));
  return [made];
}

/**
 * Names as code, the first ones and how many there are more.
 * @param {string[]} names
 */
function codes(names) {
  const first = names.slice(0, SHOWN).flatMap((name, at) => [at ? ", " : "", element("code", "", name)]);
  return names.length > SHOWN ? [...first, ` and ${number(names.length - SHOWN)} more`] : first;
}

/** @param {ChooseChoice[]} choices */
function table(choices) {
  const box = element("div", "pb-tablewrap");
  const made = element("table", "pb-table pb-chosen");
  made.setAttribute("role", "table");
  made.setAttribute("aria-label", "Policies that grant the actions");
  const head = element("thead", "");
  head.setAttribute("role", "rowgroup");
  head.append(row(COLUMNS.map((title) => headCell(title))));
  const body = element("tbody", "");
  body.setAttribute("role", "rowgroup");
  body.append(...choices.map(choiceRow));
  made.append(head, body);
  box.append(made);
  return box;
}

/** @param {HTMLElement[]} cells */
function row(cells) {
  const made = element("tr", "");
  made.setAttribute("role", "row");
  made.append(...cells);
  return made;
}

/** @param {string} title */
function headCell(title) {
  const made = element("th", "", title);
  made.scope = "col";
  made.setAttribute("role", "columnheader");
  return made;
}

/** @param {ChooseChoice} choice */
function choiceRow({ policies, excess, conditional, risks, rank, together }) {
  const cells = [
    [lines(policies.map((name) => link(name, `policies/${name}/`)))],
    excess.length ? excess.map(level) : [element("span", "pb-none", "nothing else")],
    conditional.length ? [part(conditional)] : [none()],
    [risksOf(risks), ...paths(policies, together)],
    [element("span", "", number(rank.score))],
  ];
  return row(cells.map((parts, at) => {
    const made = element("td", at < 4 ? "pb-full" : "pb-num");
    made.setAttribute("role", "cell");
    made.dataset.label = COLUMNS[at];
    made.append(...parts);
    return made;
  }));
}

/**
 * @param {string[]} policies
 * @param {JointPaths | null | undefined} together
 */
function paths({ length }, together) {
  return together ? drawnPaths(together, length === 2 ? "This pair" : "This triple", length > 2) : [];
}

/**
 * The needed actions that are granted only in part; more than a few are folded.
 * @param {string[]} names
 */
function part(names) {
  if (names.length > NAMED) return folded(count(names.length, "action", "actions"), names);
  return naming("span", "", names.join(", "));
}

function none() {
  return element("span", "pb-none", "none");
}

/** @param {Node[]} items */
function lines(items) {
  const made = element("ul", "pb-list");
  made.append(...items.map((item) => {
    const line = element("li", "");
    line.append(item);
    return line;
  }));
  return made;
}

/**
 * @param {string} text
 * @param {string} place below the site's root
 */
function link(text, place) {
  const made = naming("a", "", text);
  made.href = new URL(place.split("/").map(encoded).join("/"), ROOT).href;
  return made;
}

/**
 * A part of an address; the anchor keeps its mark.
 * @param {string} part
 */
function encoded(part) {
  return part.split("#").map(encodeURIComponent).join("#");
}

/**
 * The rules that match; more than a few are folded.
 * @param {ChooseChoice["risks"]} risks
 */
function risksOf(risks) {
  if (!risks.length) return none();
  const list = lines(risks.map(risk));
  if (risks.length <= RISKS) return list;
  const open = risks.filter((found) => found.open).length;
  const made = element("details", "pb-expand");
  const title = `${count(risks.length, "risk", "risks")}, ${number(open)} without limits`;
  const summaryLine = element("summary", "");
  summaryLine.append(element("span", "pb-count", title));
  made.append(summaryLine, list);
  return made;
}

/** @param {ChooseChoice["risks"][number]} found */
function risk({ title, open, place }) {
  const made = element("span", "");
  made.append(link(title, place), open ? " (no limits)" : " (limited)");
  return made;
}

/**
 * The actions of an access level; more than a few are folded.
 * @param {LevelActions} found
 */
function level({ level: letter, actions }) {
  const title = `${LEVELS[letter]} ${number(actions.length)}`;
  if (actions.length > NAMED) return folded(title, actions);
  const made = element("div", "");
  made.append(element("span", "pb-count", `${title}: `), ...breakable(actions.join(", ")));
  return made;
}

/**
 * Names that are written when they are wanted, since there may be very many.
 * @param {string} title
 * @param {string[]} names
 */
function folded(title, names) {
  const made = element("details", "pb-expand");
  const summaryLine = element("summary", "");
  summaryLine.append(element("span", "pb-count", title));
  made.append(summaryLine);
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(naming("p", "", names.join(", ")));
  });
  return made;
}
