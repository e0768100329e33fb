// A form whose fields filter what the page shows. Their values are in the address, so that a view can
// be shared and the back button works.
import { changedQuery, pushQuery, replaceQuery } from "../address.js";
import { required } from "../dom.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

export class FilterForm {
  /**
   * @param {HTMLFormElement} form
   * @param {() => void} show shows what the fields say
   */
  constructor(form, show) {
    this.form = form;
    this.show = show;
    /** @type {HTMLOutputElement} */
    this.output = required(form, "output");
    /** @type {Field[]} */
    this.fields = [...form.querySelectorAll("input, select")].filter(isField);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      const field = /** @type {Field} */ (event.target);
      this.change({ [field.name]: field.value }, field.tagName === "SELECT");
    });
    addEventListener("popstate", show);
  }

  /** Shows the form and what it leaves; a page without scripts has no form. */
  start() {
    this.form.hidden = false;
    this.show();
  }

  /**
   * Gives the fields the values of the address, and returns them by name.
   * @returns {Record<string, string>}
   */
  read() {
    const query = new URLSearchParams(location.search);
    for (const field of this.fields) {
      field.value = query.get(field.name) ?? "";
      // An old address may name a choice that the page does not have.
      if (field instanceof HTMLSelectElement && field.selectedIndex < 0) field.value = "";
    }
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
  }

  /**
   * Changes parameters of the address, and shows what it says then.
   * @param {Record<string, string>} changes
   * @param {boolean} push whether the back button leads to the view before
   */
  change(changes, push) {
    const query = changedQuery(location.search, changes);
    if (push) pushQuery(query);
    else replaceQuery(query);
    this.show();
  }
}

/**
 * @param {Element} field
 * @returns {field is Field}
 */
function isField(field) {
  return /** @type {Field} */ (field).name !== "";
}
