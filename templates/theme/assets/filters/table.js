// Filters and sorts the long tables; without scripts they are whole and readable.
import { number } from "../words.js";
import { element, required } from "../dom.js";
import { FilterForm } from "./form.js";
import { hasChoices, hasEveryWord, shownOf, sortedPlaces, wordsOf } from "./matching.js";

const STEP = 120; // rows that are shown at first, and more with each screen

/** Sets up every form that filters a table. */
export function setUpTables() {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("[data-pb-filter]");
  forms.forEach((form) => new FilteredTable(form));
}

class FilteredTable {
  /** @param {HTMLFormElement} form names the table in `data-pb-filter` */
  constructor(form) {
    this.table = required(document, `#${form.dataset.pbFilter}`);
    /** @type {HTMLTableSectionElement} */
    this.body = required(this.table, "tbody");
    this.rows = [...this.body.rows];
    this.texts = this.rows.map(({ dataset }) =>
      `${dataset.name} ${dataset.title ?? ""}`.toLowerCase(),
    );
    /** @type {HTMLElement[]} */
    this.heads = [...this.table.querySelectorAll("th")].filter((head) => head.dataset.sort);
    this.rows.forEach((row) => this.readCells(row));
    /** @type {Map<string, number[]>} the places of rows, by what they are sorted by */
    this.orders = new Map();
    this.found = this.rows;
    this.limit = STEP;
    this.more = this.makeMoreButton();
    this.filter = new FilterForm(form, () => this.show());
    this.heads.forEach((head) => this.makeSortButton(head));
    this.filter.start();
  }

  /**
   * Takes from the cells what the row does not say of itself: pages have very many rows.
   * @param {HTMLTableRowElement} row
   */
  readCells(row) {
    for (const head of this.heads) {
      const { sort = "" } = head.dataset;
      const text = row.cells[/** @type {HTMLTableCellElement} */ (head).cellIndex]?.textContent ?? "";
      row.dataset[sort] ??= text === "–" ? "" : text;
    }
  }

  makeMoreButton() {
    const more = element("button", "pb-more pb-copy");
    more.type = "button";
    more.addEventListener("click", () => this.draw(Infinity));
    this.table.parentElement?.after(more);
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry.isIntersecting && this.found.length > this.limit) this.draw(this.limit + STEP);
      },
      { rootMargin: "600px" },
    );
    observer.observe(more);
    addEventListener("beforeprint", () => this.draw(Infinity));
    return more;
  }

  /**
   * Makes a heading's text a button that sorts by the column.
   * @param {HTMLElement} head
   */
  makeSortButton(head) {
    const button = element("button", "pb-sort");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      this.filter.change({ sort: head.dataset.sort ?? "", dir: descending ? "desc" : "" }, true);
    });
  }

  /** Shows the rows that the address asks for. */
  show() {
    const { find, ...fields } = this.filter.read();
    const query = new URLSearchParams(location.search);
    const sort = query.get("sort") ?? "";
    const descending = query.get("dir") === "desc";
    const words = wordsOf(find);
    const choices = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
    this.found = this.order(sort, descending)
      .filter((place) => hasEveryWord(this.texts[place], words))
      .map((place) => this.rows[place])
      .filter((row) => hasChoices(row.dataset, choices));
    this.draw(STEP);
    for (const head of this.heads)
      if (head.dataset.sort !== sort) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    this.filter.output.textContent = shownOf(this.found.length, this.rows.length);
  }

  /**
   * Lays out the first of the rows: of thousands it takes a second, and nobody looks at all of them.
   * @param {number} limit
   */
  draw(limit) {
    this.limit = limit;
    this.body.replaceChildren(...this.found.slice(0, limit));
    this.more.hidden = this.found.length <= limit;
    this.more.textContent = `Show ${number(this.found.length - limit)} more`;
  }

  /**
   * The places of the rows in an order; "" is the one in which they came.
   * @param {string} sort
   * @param {boolean} descending
   */
  order(sort, descending) {
    const name = `${sort} ${descending}`;
    let places = this.orders.get(name);
    if (!places) {
      const keys = this.rows.map((row) => (sort && row.dataset[sort]) || "");
      places = sortedPlaces(keys, descending);
      this.orders.set(name, places);
    }
    return places;
  }
}
