// Elements as the modules of this folder make and look for them.

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

/** The last day of the site's data, or "": the foot of every page has it. */
export function dataTo() {
  return document.querySelector("[data-pb-data-to]")?.getAttribute("datetime") ?? "";
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
