// Filters lists of events. Those without effect stay folded unless all are asked for.
import { required } from "../dom.js";
import { FilterForm } from "./form.js";
import { hasAny, hasEveryWord, wordsOf } from "./matching.js";

/**
 * @typedef {object} Entry
 * @property {HTMLElement} item
 * @property {string} text in lower case
 * @property {boolean} folded
 */

/** Sets up every form that filters a list of events. */
export function setUpEvents() {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("[data-pb-events]");
  forms.forEach((form) => new FilteredEvents(form));
}

class FilteredEvents {
  /** @param {HTMLFormElement} form names the list in `data-pb-events` */
  constructor(form) {
    this.list = required(document, `#${form.dataset.pbEvents}`);
    /** @type {NodeListOf<HTMLElement>} */
    const items = this.list.querySelectorAll("li[data-v], li[data-w]");
    /** @type {Entry[]} */
    this.entries = [...items].map((item) => ({
      item,
      text: (item.textContent ?? "").toLowerCase(),
      folded: Boolean(item.closest(".pb-fold")),
    }));
    this.filter = new FilterForm(form, () => this.show());
    this.filter.start();
  }

  /** Shows the entries that the address asks for, and hides months and years without any. */
  show() {
    const asked = this.filter.read();
    const words = wordsOf(asked.find);
    let count = 0;
    for (const { item, text, folded } of this.entries) {
      item.hidden = !(hasEveryWord(text, words) && fits(item, asked));
      if (!item.hidden && (!folded || asked.show)) count += 1;
    }
    /** @type {NodeListOf<HTMLDetailsElement>} */
    const folds = this.list.querySelectorAll(".pb-fold");
    folds.forEach((fold) => {
      fold.open = Boolean(asked.show);
    });
    /** @type {NodeListOf<HTMLElement>} */
    const groups = this.list.querySelectorAll(".pb-fold, .pb-month, .pb-year");
    groups.forEach((group) => {
      group.hidden = !group.querySelector("li[data-v]:not([hidden]), li[data-w]:not([hidden])");
    });
    this.filter.output.textContent = `${count} of ${this.entries.length}`;
  }
}

/**
 * Whether an entry has what is asked for: outcome, service, access level, and some part.
 * @param {HTMLElement} item
 * @param {Record<string, string>} asked
 */
function fits(item, asked) {
  const { v: verdicts, s: services, l: levels } = item.dataset;
  return (
    hasAny(verdicts, asked.verdict, " ") &&
    hasAny(services, asked.service, " ") &&
    hasAny(levels, asked.level, ",") &&
    hasFittingPart(item, asked)
  );
}

/**
 * Hides the parts of an entry that are not asked for; false where it has parts and none is left.
 * @param {HTMLElement} item
 * @param {Record<string, string>} asked
 */
function hasFittingPart(item, asked) {
  /** @type {HTMLElement[]} */
  const parts = [...item.querySelectorAll("[data-w]")].filter((part) => part instanceof HTMLElement);
  for (const part of parts)
    part.hidden = !(
      hasAny(part.dataset.w, asked.way, " ") && hasAny(part.dataset.s, asked.service, " ")
    );
  return !parts.length || parts.some((part) => !part.hidden);
}
