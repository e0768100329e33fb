// Elements as the modules of this folder make and look for them.

const LONG = 20; // characters of a name that fits any column
const WORD_ENDS = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[_+=,.@:/-])(?=[A-Za-z0-9])/;

/**
 * A new element with a class and a text, each of which may be "".
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} style
 * @param {string} [text]
 */
export function element(tag, style, text = "") {
  const made = document.createElement(tag);
  if (style) made.className = style;
  if (text) made.textContent = text;
  return made;
}

/**
 * A text whose long names may break between their words, as `long_names` of plain_markup.py makes it.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
export function breakable(text) {
  if (text.length <= LONG) return [text];
  const parts = text.split(" ").map((name) => (name.length > LONG ? name.split(WORD_ENDS) : [name]));
  return parts.flatMap((words, place) => [
    ...(place ? [" "] : []),
    ...words.flatMap((word, n) => (n ? [element("wbr", ""), word] : [word])),
  ]);
}

/**
 * A new element with a class and a text whose long names may break between their words.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} style
 * @param {string} text
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function naming(tag, style, text) {
  const made = element(tag, style);
  made.append(...breakable(text));
  return made;
}

/** The last day of the site's data, or "": the foot of every page has it. */
export function dataTo() {
  return document.querySelector("[data-pb-data-to]")?.textContent?.slice(0, 10) ?? "";
}

/**
 * The first element that fits a selector and has to be there.
 * @template {Element} [Found=HTMLElement]
 * @param {ParentNode} inside
 * @param {string} selector
 */
export function required(inside, selector) {
  const found = inside.querySelector(selector);
  if (!found) throw new Error(`expected an element ${selector}, found none`);
  return /** @type {Found} */ (found);
}
