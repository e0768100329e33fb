// Policies and documents that a reader chooses: what is chosen, the box to add a policy, and the field for a document.
import { element, naming, required } from "../dom.js";
import { ROOT } from "../finder/fetching.js";
import { segment } from "../finder/items.js";
import { count, number } from "../words.js";
import { Picker } from "./picker.js";
import { button } from "./trouble.js";

/** @import { Chosen } from "./sides.js" */

export class Side {
  /**
   * @param {HTMLElement} section
   * @param {string} of from what a choice can be removed, such as "A"
   * @param {number} number of the picker, among the page's boxes
   * @param {number} most the size of a pasted document, in characters
   * @param {(chosen: Chosen[]) => void} changed
   */
  constructor(section, of, number, most, changed) {
    this.of = of;
    this.list = required(section, "[data-pb-chosen]");
    this.changed = changed;
    /** @type {Chosen[]} */
    this.chosen = [];
    /** @type {HTMLFormElement} */
    const form = required(section, "form.pb-find");
    this.picker = new Picker(form, number, (named) => changed([...this.chosen, named]));
    this.setUpPaste(required(section, "[data-pb-paste]"), most);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {number} most
   */
  setUpPaste(form, most) {
    /** @type {HTMLTextAreaElement} */
    const field = required(form, "textarea");
    const said = required(form, "[role=status]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value;
      const size = text.length;
      said.textContent = size > most ? `${number(size)} characters, expected at most ${number(most)}.` : "";
      if (!text.trim() || size > most) return;
      field.value = "";
      this.changed([...this.chosen, { text }]);
    });
  }

  /** @param {Chosen[]} chosen */
  draw(chosen) {
    this.chosen = chosen;
    this.list.replaceChildren(...chosen.map((one, place) => this.entry(one, place)));
  }

  /**
   * @param {Chosen} one
   * @param {number} place
   */
  entry(one, place) {
    const made = element("li", "");
    const name = "name" in one ? one.name : "pasted document";
    const shown = element("span", "");
    if ("name" in one) {
      const link = naming("a", "", one.name);
      link.href = new URL(`policies/${segment(one.name)}/`, ROOT).href;
      shown.append(link, one.at ? ` @${one.at}` : "");
    } else shown.append(`Pasted document, ${count(one.text.length, "character", "characters")}`);
    const remove = button("Remove", () => {
      this.changed(this.chosen.filter((_, other) => other !== place));
      this.picker.input.focus();
    });
    remove.setAttribute("aria-label", `Remove ${name} from ${this.of}`);
    made.append(shown, " ", remove);
    return made;
  }
}
