// The bar of a list: its fields, the chips of what is on, and sentences about what is shown.
import { element, required } from "../dom.js";
import { count, number } from "../words.js";
import { chosenWith, isUsual, usual } from "./state.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** The filters above a list. */
export class Bar {
  /**
   * @param {HTMLElement} section
   * @param {(change: Partial<ListState>, push: boolean) => void} change
   */
  constructor(section, change) {
    this.section = section;
    this.change = change;
    /** @type {HTMLFormElement} */
    this.form = required(section, "form");
    /** @type {HTMLOutputElement} */
    this.output = required(section, "output");
    this.chips = required(section, ".pb-chips");
    /** @type {Field[]} */
    this.fields = [...section.querySelectorAll("input[name], select[name]")].filter(isField);
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /**
   * Shows the state in the fields and as chips.
   * @param {ListState} state
   * @param {ListShape} shape
   */
  show(state, shape) {
    for (const field of this.fields) {
      const [value = ""] = state.chosen[field.name] ?? [];
      if (field.name === "find") {
        if (field.value !== state.find) field.value = state.find;
      } else if (field instanceof HTMLSelectElement) select(field, value);
      else if (field.type === "checkbox") field.checked = Boolean(value);
      else field.value = "";
    }
    const on = shape.facets.filter((facet) => !isUsual(facet, state));
    const chips = on.flatMap((facet) =>
      (state.chosen[facet.key] ?? []).map((value) => this.chip(facet, value, state)),
    );
    if (state.find.trim())
      chips.push(this.button(`Find: ${state.find.trim()}`, () => this.change({ find: "" }, true)));
    if (chips.length > 1)
      chips.push(this.button("Clear all", () => this.change({ find: "", chosen: usual(shape) }, true)));
    this.chips.replaceChildren(...chips);
  }

  /**
   * @param {FacetShape} facet
   * @param {string} value
   * @param {ListState} state
   */
  chip(facet, value, state) {
    const label = facet.labels[facet.values.indexOf(value)] ?? value;
    const text = facet.kind === "only" ? facet.title : `${facet.title}: ${label}`;
    return this.button(text, () => {
      const left = (state.chosen[facet.key] ?? []).filter((other) => other !== value);
      this.change({ chosen: chosenWith(state.chosen, facet.key, left) }, true);
    });
  }

  /**
   * @param {string} text
   * @param {() => void} act
   */
  button(text, act) {
    const button = element("button", "pb-chip", text);
    button.type = "button";
    if (text !== "Clear all") button.setAttribute("aria-label", `Remove filter ${text}`);
    button.addEventListener("click", act);
    return button;
  }

  /**
   * Says how many rows fit, and how many of them are not on the page.
   * @param {number} found
   * @param {number} shown
   */
  say(found, shown) {
    const { one = "", many = "", all = "" } = this.section.dataset;
    this.output.textContent =
      found === Number(all) ? count(found, one, many) : `${number(found)} of ${count(Number(all), one, many)}`;
    for (const rest of this.section.querySelectorAll(".pb-rest")) {
      if (!(rest instanceof HTMLElement)) continue;
      const left = found - shown;
      rest.hidden = left <= 0;
      required(rest, "span").textContent =
        `${count(left, one, many)} not shown: the search of the browser does not find ` +
        `${left === 1 ? "it" : "them"} on this page.`;
    }
  }

  /**
   * Shows as a chip that the list has the rows of a link only.
   * @param {string} target the anchor, or ""
   * @param {() => void} remove
   */
  showTarget(target, remove) {
    if (target) this.chips.prepend(this.button("only what the link leads to", remove));
  }

  /**
   * Writes the number of rows that each choice would leave beside it.
   * @param {FacetShape} facet
   * @param {number[]} counts in the order of the facet's values
   */
  showCounts(facet, counts) {
    const field = this.fields.find(({ name }) => name === facet.key);
    const options = field instanceof HTMLSelectElement ? field.options : field?.list?.options;
    for (const option of options ?? []) {
      const place = facet.values.indexOf(option.value);
      if (place < 0) continue;
      const label = facet.labels[place];
      const named = facet.kind !== "services" ? label : label === option.value ? "" : label;
      option.textContent = `${named} (${number(counts[place])})`.trim();
    }
  }

  /**
   * Says what of the address is not understood, or nothing.
   * @param {string} text
   */
  complain(text) {
    const line = required(this.section, ".pb-unknown");
    line.hidden = !text;
    line.textContent = text;
  }
}

/**
 * Selects a value, which may be one that the page does not list, such as another number of days.
 * @param {HTMLSelectElement} field
 * @param {string} value
 */
function select(field, value) {
  field.value = value;
  if (field.selectedIndex >= 0) return;
  field.add(new Option(value, value));
  field.value = value;
}

/**
 * @param {Element} field
 * @returns {field is Field}
 */
function isField(field) {
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
}
