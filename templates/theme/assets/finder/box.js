// What the finder's boxes have in common: a question is typed, and an answer is shown.
import { required } from "../dom.js";
import { arrivals, load, loadRest, loaded } from "./fetching.js";

/** @import { Finder } from "./fetching.js" */

/** Subclasses say where answers go: `show`, `say`, and what keys do: `key`, `submit`. */
export class Box {
  /**
   * @param {HTMLFormElement} form
   * @param {number} most the number of results that are shown at first
   */
  constructor(form, most) {
    this.form = form;
    /** @type {HTMLInputElement} */
    this.input = required(form, "input");
    /** @type {HTMLSelectElement | null} */
    this.select = form.querySelector("select");
    this.most = most;
    this.open = false;
    this.input.addEventListener("focus", () => this.enter());
    this.input.addEventListener("input", () => {
      this.most = most;
      this.typed();
      this.ask();
    });
    this.input.addEventListener("keydown", (event) => {
      if (!event.isComposing && !event.ctrlKey && !event.metaKey) this.key(event);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    form.addEventListener("reset", () =>
      setTimeout(() => {
        this.ask();
        this.input.focus();
      }),
    );
    this.select?.addEventListener("change", () => this.ask());
    arrivals.addEventListener("more", () => {
      if (this.open) this.ask();
    });
    form.hidden = false;
  }

  /** The reader came to the box. */
  enter() {
    load().catch(() => {}); // `ask` says so
    if (!this.open) this.ask();
  }

  /** Asks the finder: at once where it was fetched, and otherwise as soon as it is. */
  ask() {
    const typed = this.input.value;
    this.open = true;
    this.opened();
    const finder = loaded();
    if (finder) return this.answer(finder, typed);
    this.say(typed.trim() ? "Loading…" : "");
    load().then(
      (fetched) => {
        if (this.open && this.input.value === typed) this.answer(fetched, typed);
      },
      () => this.say("The index could not be loaded. Check the connection and type again."),
    );
  }

  /**
   * @param {Finder} finder
   * @param {string} typed
   */
  answer(finder, typed) {
    const found = finder.search(finder.index, typed, this.select?.value ?? "", this.most);
    if (found.asked) loadRest(finder);
    this.show(finder, typed, found);
  }

  /** Something was typed, and is asked next. */
  typed() {}

  /** The box is in use. */
  opened() {}

  /**
   * @param {Finder} _finder
   * @param {string} _typed
   * @param {Answer} _found
   */
  show(_finder, _typed, _found) {}

  /** @param {string} _text */
  say(_text) {}

  /** @param {KeyboardEvent} _event */
  key(_event) {}

  submit() {}
}

/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * How far a key leads in a list: 1, -1, or 0 where it leads nowhere.
 * @param {KeyboardEvent} event
 */
export function stepOf(event) {
  return STEPS[event.key] ?? 0;
}
