// What the finder's boxes have in common: a question is typed, and an answer is shown.
import { required } from "../dom.js";
import { arrivals, load, loadFile, loadRest, loaded } from "./fetching.js";

/** @import { Finder } from "./fetching.js" */

/** Subclasses say where answers go: `show`, `say`, `chosen`, and what keys do: `key`. */
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
    this.going = false; // whether Enter was pressed before there was an answer
    /** @type {Element | null} */
    this.from = null; // where the focus was before
    this.listen(most);
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

  /** @param {number} most */
  listen(most) {
    this.input.addEventListener("focus", (event) => {
      if (event.relatedTarget instanceof Element && !this.holds(event.relatedTarget))
        this.from = event.relatedTarget;
      this.enter();
    });
    this.input.addEventListener("input", () => {
      this.most = most;
      this.going = false;
      this.typed();
      this.ask();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") {
        event.preventDefault();
        this.giveBack();
      } else this.key(event);
    });
  }

  /** The reader came to the box. */
  enter() {
    load().catch(() => {}); // `ask` says so
    if (!this.open) this.ask();
  }

  /** Closes what is open, and gives the focus back to where it was before the box had it. */
  giveBack() {
    this.leave();
    if (this.from instanceof HTMLElement && this.from.isConnected) this.from.focus();
    if (document.activeElement === this.input) this.input.blur();
    this.from = null;
  }

  /**
   * Enter opens the result that is selected, or else the first one, as soon as there is one. Names that
   * are only like what was typed are not opened unless one is selected.
   */
  submit() {
    const link = this.chosen();
    this.going = !link && Boolean(this.input.value.trim());
    if (link) link.click();
    else if (this.going) this.ask();
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

  /** The only kind of entries to find, or "" for all. */
  get kind() {
    return this.select?.value ?? "";
  }

  /**
   * @param {Finder} finder
   * @param {string} typed
   */
  answer(finder, typed) {
    const found = finder.search(finder.index, typed, this.kind, this.most);
    if (found.asked) loadRest(finder);
    if (found.needs) loadFile(finder, found.needs);
    this.show(finder, typed, found);
    const link = found.total ? this.chosen() : null;
    if (!this.going || found.needs) return;
    this.going = false;
    link?.click();
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

  /** Puts away what is shown. */
  leave() {}

  /**
   * The link that Enter opens, if there is one.
   * @returns {HTMLAnchorElement | null}
   */
  chosen() {
    return null;
  }

  /**
   * Whether an element is part of the box or of its results.
   * @param {Element} element
   */
  holds(element) {
    return this.form.contains(element);
  }
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
