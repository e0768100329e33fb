// A finder's box in which a policy is chosen, and not opened.
import { ROOT } from "../finder/fetching.js";
import { Combobox } from "../finder/combobox.js";

/** @import { Finder } from "../finder/fetching.js" */
/** @import { Named } from "./sides.js" */

const DAY = /\d{4}-\d{2}-\d{2}$/;

export class Picker extends Combobox {
  /**
   * @param {HTMLFormElement} form
   * @param {number} number the place among the page's boxes
   * @param {(named: Named) => void} pick
   */
  constructor(form, number, pick) {
    super(form, number, null);
    this.list.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const named = this.named(link);
      this.input.value = "";
      pick(named);
    });
    form.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Element && this.holds(event.relatedTarget))) this.leave();
    });
  }

  get kind() {
    return "policy";
  }

  /** Escape closes the list. The focus stays in the field, which is one of a form. */
  giveBack() {
    this.leave();
  }

  get hint() {
    return "Type a name or a part of it. @v3 or @2023-01-01 behind it means a version.";
  }

  /**
   * Shows policies only, and no way to further results: a longer name finds them.
   * @param {Finder} finder
   * @param {string} typed
   * @param {Answer} found
   */
  show(finder, typed, found) {
    const [items, near] = [found.items, found.near].map((all) => all.filter(({ kind }) => kind === "policy"));
    const say = found.say || finder.results.summary(found);
    super.show(finder, typed, { ...found, items, near, total: items.length, say: found.asked ? say : "" });
  }

  /**
   * The policy that a result leads to. A day that was typed stays, and is not replaced by its version.
   * @param {HTMLAnchorElement} link
   * @returns {Named}
   */
  named(link) {
    const url = new URL(link.href);
    const [, name] = url.pathname.slice(ROOT.pathname.length).split("/");
    const key = decodeURIComponent(url.hash.slice(1));
    const day = DAY.exec(this.input.value.trim());
    return { name: decodeURIComponent(name), at: key && day ? day[0] : key };
  }
}
