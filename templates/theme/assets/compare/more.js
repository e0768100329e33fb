// Long lists: the first items at once, the others when the reader asks for them.
import { button } from "../tools/trouble.js";
import { count } from "../words.js";

/**
 * Puts items into a list, and a button behind it if there are more.
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {number} most the number of items at first
 * @param {(item: T) => HTMLElement} made
 * @param {[one: string, many: string]} words what an item is
 * @returns {HTMLElement[]} the list, and the button
 */
export function inParts(list, items, most, made, [one, many]) {
  list.append(...items.slice(0, most).map(made));
  const rest = items.slice(most);
  if (!rest.length) return [list];
  const more = button(`Show ${count(rest.length, `more ${one}`, `more ${many}`)}`, () => {
    const added = rest.map(made);
    list.append(...added);
    added[0].tabIndex = -1;
    added[0].focus();
    more.remove();
  });
  return [list, more];
}
