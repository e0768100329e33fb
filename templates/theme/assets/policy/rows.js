// Filters the table of permissions, and opens all of its rows.
import { required } from "../dom.js";
import { wordsOf } from "../lists/matching.js";
import { number } from "../words.js";
import { FirstRows } from "./first-rows.js";
import { FilterForm } from "./form.js";
import { hideAllNames, showAllNames } from "./names.js";

/** Sets up the form above the table, and the links of statements to their rows. */
export function setUpRows() {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector("[data-pb-rows]");
  if (form) new FilteredRows(form);
}

class FilteredRows {
  /** @param {HTMLFormElement} form names the table in `data-pb-rows` */
  constructor(form) {
    /** @type {HTMLTableElement} */
    this.table = required(document, `#${form.dataset.pbRows}`);
    this.rows = [...this.table.tBodies[0].rows];
    this.texts = this.rows.map(textOf);
    this.first = new FirstRows(this.rows, this.table);
    this.filter = new FilterForm(form, () => this.show());
    this.filter.start();
    this.setUpExpanding(required(form, "[data-pb-expand]"));
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll("a[data-pb-statement]");
    links.forEach((link) =>
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.filter.change({ statement: link.dataset.pbStatement ?? "", find: "" }, true);
        required(document, "#permissions").scrollIntoView();
      }),
    );
  }

  /** Shows the rows that the address asks for. */
  show() {
    const { find, statement } = this.filter.read();
    const words = wordsOf(find);
    const found = this.rows.filter(
      (row, place) =>
        (!statement || row.dataset.statement === statement) &&
        words.every((word) => this.texts[place].includes(word)),
    );
    this.first.show(found);
    const all = number(this.rows.length);
    this.filter.output.textContent =
      found.length === this.rows.length ? `${all} in total` : `${number(found.length)} of ${all}`;
  }

  /** @param {HTMLButtonElement} button opens what is closed in rows, and closes it again */
  setUpExpanding(button) {
    /** @type {NodeListOf<HTMLDetailsElement>} */
    const folds = this.table.querySelectorAll("details");
    button.hidden = !folds.length && !this.table.querySelector("a[data-pb-names]");
    let open = false;
    button.addEventListener("click", () => {
      open = !open;
      for (const fold of folds) fold.open = open;
      if (!open) hideAllNames();
      else {
        this.first.showAll();
        showAllNames();
      }
      button.textContent = open ? "Close all" : "Expand all";
    });
  }
}

/**
 * What is looked for in a row: its text, and its actions with their prefix, which long tables omit.
 * @param {HTMLTableRowElement} row
 */
function textOf(row) {
  const text = (row.textContent ?? "").toLowerCase();
  const prefix = row.dataset.prefix;
  if (!prefix) return text;
  const names = (row.cells[1].textContent ?? "").toLowerCase();
  return `${text} ${prefix}:${names.split(/[\s,]+/).join(` ${prefix}:`)}`;
}
