// The finder on the page /search/: its question is in the fragment of the address, which browsers do not
// send, and its results are a list of links.
import { element, required } from "../dom.js";
import { replaceFragment } from "../address.js";
import { Box, stepOf } from "./box.js";
import { number } from "../words.js";

/** @import { Finder } from "./fetching.js" */

const LISTED = 50;
const MORE = 200;

export class ResultsPage extends Box {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    super(form, LISTED);
    this.status = required(document, "[data-pb-say]");
    this.list = required(document, "[data-pb-found]");
    this.list.addEventListener("keydown", (event) => this.keyInList(event));
    addEventListener("hashchange", () => this.recall());
  }

  opened() {
    const query = new URLSearchParams();
    if (this.input.value) query.set("q", this.input.value);
    if (this.select?.value) query.set("kind", this.select.value);
    replaceFragment(query);
  }

  /** Asks what the address says: in its fragment, or in the query, as in older links. */
  recall() {
    const fragment = new URLSearchParams(location.hash.slice(1));
    const query = fragment.has("q") ? fragment : new URLSearchParams(location.search);
    this.input.value = query.get("q") ?? "";
    if (this.select) {
      this.select.value = query.get("kind") ?? "";
      if (this.select.selectedIndex < 0) this.select.value = "";
    }
    if (this.input.value) this.ask();
  }

  /**
   * @param {Finder} finder
   * @param {string} _typed
   * @param {Answer} found
   */
  show({ results }, _typed, found) {
    const items = found.total ? found.items : found.near;
    this.say(found.asked ? results.summary(found) : "");
    // More answers come while somebody is already on the way through the first ones.
    const at = document.activeElement;
    const focused = at instanceof HTMLAnchorElement && this.list.contains(at) ? at.href : null;
    this.list.replaceChildren(...items.map(results.line));
    this.list.toggleAttribute("data-pb-near", !found.total);
    if (focused) this.links("a").find((link) => link.href === focused)?.focus();
    if (found.total > items.length) this.list.append(this.moreButton(items.length));
  }

  /** @param {number} shown */
  moreButton(shown) {
    const button = element("button", "pb-copy pb-more", "Show more");
    button.type = "button";
    button.addEventListener("click", () => {
      this.most += MORE;
      this.ask();
      this.links()[shown]?.focus();
    });
    const line = element("li", "pb-found__more");
    line.append(`First ${number(shown)} results. `, button);
    return line;
  }

  /** @param {string} text */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (stepOf(event) === 1 && this.focusFirst()) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  keyInList(event) {
    const step = stepOf(event);
    if (event.key === "Escape") this.input.focus();
    if (!step) return;
    event.preventDefault();
    const links = this.links();
    const next = links[links.findIndex((link) => link === document.activeElement) + step];
    if (next) next.focus();
    else if (step < 0) this.input.focus();
  }

  chosen() {
    return this.list.hasAttribute("data-pb-near") ? null : (this.links()[0] ?? null);
  }

  /** @param {Element} element */
  holds(element) {
    return super.holds(element) || this.list.contains(element);
  }

  focusFirst() {
    const first = this.links()[0];
    first?.focus();
    return Boolean(first);
  }

  /** @param {string} [selector] */
  links(selector = ".pb-found__name") {
    return /** @type {HTMLAnchorElement[]} */ ([...this.list.querySelectorAll(selector)]);
  }
}
