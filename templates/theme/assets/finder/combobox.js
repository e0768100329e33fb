// The finder's box in the header and on the home page: a combobox by the pattern of WAI-ARIA, with a
// list of results below.
import { element } from "../dom.js";
import { Box, stepOf } from "./box.js";

/** @import { Finder } from "./fetching.js" */

const SHOWN = 20;
const HINT = "Type a name, part of a name, a pattern such as s3:Get*, an ARN or a question.";

export class Combobox extends Box {
  /**
   * @param {HTMLFormElement} form
   * @param {number} number the place among the page's boxes
   * @param {HTMLInputElement | null} toggle the checkbox that opens the header's box on a phone
   */
  constructor(form, number, toggle) {
    super(form, SHOWN);
    this.toggle = toggle;
    /** @type {HTMLAnchorElement[]} */
    this.options = [];
    this.active = -1;
    this.moved = false; // whether the reader chose, or chose none, since the last keystroke
    this.status = element("p", "pb-say");
    this.list = element("div", "pb-options");
    this.results = element("div", "pb-results");
    this.makeList(`pb-options-${number}`);
    this.toggle?.addEventListener("change", () => this.toggled());
    if (form.dataset.pbFinder === "home") form.addEventListener("focusout", () => this.leave());
  }

  /** @param {string} id */
  makeList(id) {
    this.status.setAttribute("role", "status");
    this.list.id = id;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Results");
    this.results.hidden = true;
    this.results.append(this.status, this.list);
    const place = this.form.parentElement?.querySelector("[data-pb-results]") ?? this.form;
    place.append(this.results);
    this.results.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", () => this.leave());
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", id);
  }

  /** What is said before anything is typed. */
  get hint() {
    return HINT;
  }

  opened() {
    this.switchToggle(true);
  }

  leave() {
    this.open = false;
    this.going = false;
    this.results.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
    this.switchToggle(false);
  }

  /** @param {boolean} on */
  switchToggle(on) {
    if (this.toggle && this.toggle.checked !== on) this.toggle.click();
  }

  toggled() {
    if (this.toggle?.checked) this.input.focus();
    else {
      this.leave();
      if (document.activeElement === this.input) this.input.blur();
    }
  }

  typed() {
    this.moved = false;
  }

  /**
   * @param {Finder} finder
   * @param {string} typed
   * @param {Answer} found
   */
  show({ results }, typed, found) {
    const items = found.total ? found.items : found.near;
    this.say(found.asked ? results.summary(found) : this.hint);
    const chosen = this.options[this.active]?.href;
    const id = (/** @type {number} */ place) => `${this.list.id}-${place}`;
    this.options = items.map((item, place) => results.option(item, id(place)));
    // What is granted on an ARN is an answer of many rows, so that Enter opens all of them.
    const whole = found.total > 1 && /^arn:/i.test(found.asked) && items[0]?.kind !== "policy";
    const all = results.optionForAll(found.total, pageFor(typed), id(items.length));
    if (whole) this.options.unshift(all);
    else if (found.total > items.length) this.options.push(all);
    this.list.replaceChildren(...this.options);
    this.list.scrollTop = 0;
    this.results.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    // After more answers to the same question have come, the reader's choice stays.
    if (this.moved) this.choose(this.options.findIndex((option) => option.href === chosen));
    else this.choose(found.total ? 0 : -1); // Enter opens the first result
  }

  /** @param {string} text */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.results.hidden = false;
  }

  /** @param {number} place of an option, or -1 for none */
  choose(place) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.input.removeAttribute("aria-activedescendant");
    const chosen = this.options[place];
    this.active = chosen ? place : -1;
    if (!chosen) return;
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", chosen.id);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = stepOf(event);
    if (step) {
      event.preventDefault();
      this.move(step);
    } else if (event.key === "Tab") this.leave();
  }

  /** @param {number} step */
  move(step) {
    if (!this.open) return this.enter();
    // One place more than there are options: the box itself, where none is chosen.
    const places = this.options.length + 1;
    this.moved = true;
    this.choose(((this.active + 1 + step + places) % places) - 1);
  }

  chosen() {
    return this.options[this.active] ?? null;
  }
}

/**
 * The address of the page with all results. The question stays in the browser: it is in the fragment.
 * @param {string} typed
 */
function pageFor(typed) {
  return `search/#${new URLSearchParams({ q: typed.trim() })}`;
}
