// Shows the first of many rows or cards, says how many there are, and shows all of them on demand.
// The first are those that fill about two screens.
import { pointedAt } from "../address.js";
import { element } from "../dom.js";
import { number } from "../words.js";

const FIRST = 24;
const HEIGHT = 2000; // pixels

export class FirstRows {
  /**
   * @param {HTMLElement[]} items
   * @param {HTMLElement} list what they are in, below which the button comes
   */
  constructor(items, list) {
    this.items = items;
    this.found = items;
    this.whole = false;
    this.more = element("button", "pb-button pb-more");
    this.more.type = "button";
    this.more.addEventListener("click", () => this.showAll());
    list.after(this.more);
    addEventListener("beforeprint", () => this.showAll());
    addEventListener("hashchange", () => this.reveal());
    this.show(items);
    this.reveal();
  }

  /**
   * Shows the first of some items and hides all others.
   * @param {HTMLElement[]} found
   */
  show(found) {
    this.found = found;
    const shown = new Set(this.whole ? found : found.slice(0, FIRST));
    for (const item of this.items) item.hidden = !shown.has(item);
    if (!this.whole)
      for (const item of below([...shown], HEIGHT)) {
        item.hidden = true;
        shown.delete(item);
      }
    this.more.hidden = shown.size === found.length;
    this.more.textContent = `Show all ${number(found.length)} (${number(found.length - shown.size)} not shown)`;
  }

  showAll() {
    this.whole = true;
    this.show(this.found);
  }

  /** Shows what the address points to, if it is hidden. */
  reveal() {
    const target = document.getElementById(pointedAt());
    if (!target || !this.items.some((item) => item.hidden && item.contains(target))) return;
    this.whole = true;
    this.show(this.items);
    target.scrollIntoView();
  }
}

/**
 * The items that end further down than a number of pixels; never the first one.
 * @param {HTMLElement[]} items
 * @param {number} height
 */
function below(items, height) {
  const top = items[0]?.getBoundingClientRect().top ?? 0;
  return items.slice(1).filter((item) => item.getBoundingClientRect().bottom - top > height);
}

/** Sets up the lists that say that they may be long. */
export function setUpFirstRows() {
  /** @type {NodeListOf<HTMLElement>} */
  const lists = document.querySelectorAll("[data-pb-first]");
  lists.forEach((list) => {
    const items = list instanceof HTMLTableElement ? list.tBodies[0].rows : list.children;
    new FirstRows(/** @type {HTMLElement[]} */ ([...items]), list);
  });
}
