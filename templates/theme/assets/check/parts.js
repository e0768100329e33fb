// Small parts of what the page shows about a document.
import { STYLES } from "../tools/action-links.js";
import { element } from "../dom.js";
import { count, number } from "../words.js";

const FEW = 12;

/**
 * A section with a heading and its content; a fold with `open` given.
 * @param {string} title
 * @param {string} counted said beside the title
 * @param {(Node | string)[]} content
 */
export function section(title, counted, content) {
  const made = element("section", "pb-checked__part");
  const heading = element("h3", "", counted ? `${title} ` : title);
  if (counted) heading.append(element("span", "pb-count", counted));
  made.append(heading, ...content);
  return made;
}

/**
 * @param {Iterable<(Node | string)[]>} items the content of each
 * @param {string} style
 */
export function list(items, style = "pb-list") {
  const made = element("ul", style);
  for (const content of items) {
    const item = element("li", "");
    item.append(...content);
    made.append(item);
  }
  return made;
}

/**
 * A list whose first entries are shown at once, and the others when asked for.
 * @template T
 * @param {T[]} all
 * @param {(one: T) => (Node | string)[]} content
 * @param {number} first
 */
export function longList(all, content, first) {
  const shown = list(all.slice(0, first).map(content));
  const rest = all.slice(first);
  if (!rest.length) return [shown];
  const more = element("button", "pb-button", `Show ${number(rest.length)} more`);
  more.type = "button";
  more.addEventListener("click", () => {
    const next = shown.childElementCount;
    shown.append(...list(rest.map(content)).children);
    const focus = /** @type {HTMLElement} */ (shown.children[next]);
    focus.tabIndex = -1;
    focus.focus();
    more.remove();
  });
  return [shown, more];
}

/**
 * @param {string} text
 */
export function code(text) {
  return element("code", "", text);
}

/** @param {string} level */
export function levelTitle(level) {
  return level === "Uncatalogued" ? "Not in AWS's action list" : level;
}

/** @param {{ level: Level, actions: unknown[] }[]} levels */
export function levelMarks(levels) {
  const made = element("span", "pb-levels");
  for (const { level, actions } of levels) {
    const mark = element("span", `pb-level pb-level--${STYLES[level]}`, `${levelTitle(level)} `);
    mark.append(element("b", "", number(actions.length)));
    made.append(mark, " ");
  }
  return made;
}

/** @param {readonly number[]} numbers */
export function inStatements(numbers) {
  const shown = numbers.slice(0, FEW).join(", ");
  const more = numbers.length - FEW;
  const words = numbers.length === 1 ? "statement" : "statements";
  return element("span", "pb-count", `${words} ${shown}${more > 0 ? ` and ${count(more, "more", "more")}` : ""}`);
}

/**
 * Something long whose content is made when it is opened.
 * @param {(Node | string)[]} summary
 * @param {() => Node[]} content
 * @param {boolean} open
 */
export function fold(summary, content, open = false) {
  const made = element("details", "pb-fold");
  const head = element("summary", "");
  head.append(...summary);
  made.append(head);
  const fill = () => {
    if (made.childElementCount === 1) made.append(...content());
  };
  if (open) fill();
  made.open = open;
  made.addEventListener("toggle", fill);
  return made;
}
