// A list that readers filter and sort. What it shows is in the address, so that it can be shared.
import { changedQuery, copyAddress, pointedAt, pushQuery, replaceQuery } from "../address.js";
import { dataTo, element, required } from "../dom.js";
import { showMonths } from "../plots/months.js";
import { showRemovals } from "../plots/removals.js";
import { Bar } from "./bar.js";
import { withRoles } from "./cells.js";
import { tableOf } from "./csv.js";
import { counts, lastDays, matching, nearest, sorted } from "./matching.js";
import { nearLine, pastLine } from "./near.js";
import { shapeOf } from "./shape.js";
import { rowsOfFile, rowsOfPage } from "./source.js";
import { chosenWith, isPlain, parameters, readState } from "./state.js";

const STEP = 100; // rows that are shown at first, as in `FIRST_ROWS` of limits.py
const NEAR = 8;
const DESCENDING_FIRST = new Set(["number", "level", "day", "verdict", "marks"]);

/** Sets up every list of the page, and says what of its address no list understands. */
export function setUpLists() {
  /** @type {NodeListOf<HTMLElement>} */
  const sections = document.querySelectorAll("[data-pb-list]");
  const lists = [...sections].map((section) => new List(section));
  const show = () => {
    const taken = new Set(["h", ...lists.flatMap((list) => [...list.read()])]);
    const names = [...new URLSearchParams(location.search).keys()];
    lists[0]?.complain(names.filter((name) => !taken.has(name)));
    for (const list of lists) list.show();
  };
  addEventListener("popstate", show);
  addEventListener("hashchange", show);
  if (lists.length) show();
}

class List {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.shape = shapeOf(section);
    /** @type {HTMLTableSectionElement} */
    this.body = required(section, "tbody");
    this.anchors = required(section, ".pb-anchors");
    this.given = [...this.body.rows].map(withRoles);
    /** @type {ListRow[] | undefined} */
    this.rows = section.dataset.rows ? undefined : rowsOfPage(this.given, this.shape);
    /** @type {ListState} */
    this.state = { find: "", chosen: {}, sort: "", descending: false };
    /** @type {ListRow[]} */
    this.found = this.rows ?? [];
    /** @type {Promise<ListRow[]> | undefined} */
    this.loading = undefined;
    this.drawn = false;
    this.target = "";
    /** @type {string[]} */
    this.unknown = [];
    this.bar = new Bar(section, (change, push) => this.change(change, push));
    this.heads = this.makeSortButtons();
    this.listen();
  }

  listen() {
    const { form } = this.bar;
    form.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLInputElement && target.name === "find")
        this.change({ find: target.value }, false);
    });
    form.addEventListener("change", ({ target }) => this.choose(target));
    form.addEventListener("focusin", () => this.load(), { once: true });
    this.section.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-do]") : null;
      if (button instanceof HTMLElement) this.act(button.dataset.do ?? "", button);
    });
    addEventListener("beforeprint", () => this.rows && this.draw(Infinity));
  }

  /** @param {EventTarget | null} field that a reader has changed */
  choose(field) {
    if (field instanceof HTMLSelectElement) this.set(field.name, field.value ? [field.value] : []);
    else if (!(field instanceof HTMLInputElement) || field.name === "find") return;
    else if (field.type === "checkbox") this.set(field.name, field.checked ? ["1"] : []);
    else this.add(field);
  }

  /**
   * Adds a typed value to those of a facet, or says that the list has none like it.
   * @param {HTMLInputElement} field
   */
  add(field) {
    const facet = this.shape.facets.find(({ key }) => key === field.name);
    const typed = field.value.trim().toLowerCase();
    if (!facet || !typed) return;
    const value = facet.values.find((known) => known.toLowerCase() === typed);
    const before = this.state.chosen[field.name] ?? [];
    if (value) this.set(field.name, [...new Set([...before, value])]);
    this.bar.complain(value ? "" : `No row of this list has the ${facet.title.toLowerCase()} “${field.value}”.`);
  }

  /**
   * @param {string} name
   * @param {string[]} values
   */
  set(name, values) {
    this.change({ chosen: chosenWith(this.state.chosen, name, values) }, true);
  }

  /**
   * @param {string} what
   * @param {HTMLElement} button
   */
  async act(what, button) {
    if (what === "whole") return this.toggleWhole(button);
    await this.load();
    if (what === "all") this.draw(Infinity);
    if (what === "csv") this.download();
    if (what !== "copy") return;
    button.textContent = (await copyAddress()) ? "Copied" : "Copy it from the address bar";
    setTimeout(() => (button.textContent = "Copy link"), 2000);
  }

  /**
   * Shows all of each cell, or one line of it.
   * @param {HTMLElement} button
   */
  toggleWhole(button) {
    const whole = this.body.closest("table")?.classList.toggle("pb-rows--whole");
    button.setAttribute("aria-pressed", String(Boolean(whole)));
  }

  /**
   * Fetches the rows that are not on the page, once.
   * @returns {Promise<ListRow[]>}
   */
  async load() {
    if (this.rows) return this.rows;
    this.loading ??= fetch(this.section.dataset.rows ?? "")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
      .then((file) => rowsOfFile(file, this.shape, this.section.dataset.root ?? ""));
    try {
      this.rows = await this.loading;
    } catch {
      this.loading = undefined;
      this.bar.complain("The other rows could not be fetched. Try again, or use the plain links.");
      return [];
    }
    if (!this.drawn) this.find(this.rows);
    return this.rows;
  }

  /** Reads the address; returns the names of the parameters that are this list's. */
  read() {
    const { state, unknown, taken } = readState(location.search, this.shape);
    this.state = state;
    this.unknown = unknown;
    return taken;
  }

  /** @param {string[]} names of parameters that no list of the page has */
  complain(names) {
    const found = [...names, ...this.unknown];
    this.bar.complain(
      found.length ? `The address has what this page does not know: ${found.join(", ")}. It is left out.` : "",
    );
  }

  /**
   * Changes what is shown, and the address with it.
   * @param {Partial<ListState>} change
   * @param {boolean} push whether the back button leads to the view before
   */
  change(change, push) {
    const query = changedQuery(location.search, parameters({ ...this.state, ...change }, this.shape));
    if (push) pushQuery(query);
    else replaceQuery(query);
    this.read();
    this.show();
  }

  /** Shows what the state says. */
  async show() {
    const id = pointedAt();
    this.bar.show(this.state, this.shape);
    this.markSort();
    const linked = id !== "" && this.anchors.querySelector(`#${CSS.escape(id)}`) !== null;
    if (isPlain(this.state, this.shape) && !linked && !this.drawn && !this.rows) return;
    this.section.setAttribute("aria-busy", "true");
    const rows = await this.load();
    this.section.removeAttribute("aria-busy");
    this.target = linked ? id : "";
    this.find(rows);
    this.draw(STEP);
    showMonths(this.section, this.found, this.shape);
    showRemovals(this.section, this.found, this.shape);
    for (const facet of this.shape.facets)
      if (facet.values.length)
        this.bar.showCounts(facet, counts(rows, facet, this.state, this.shape, Date.now()));
    this.sayNone(rows);
  }

  /** @param {ListRow[]} rows */
  find(rows) {
    const { state, shape, target } = this;
    const linked = target ? rows.filter(({ anchors }) => anchors.includes(target)) : rows;
    const found = matching(linked, state, shape, Date.now());
    const column = shape.columns.findIndex(({ key }) => key === state.sort);
    this.found = column < 0 ? found : sorted(found, column, state.descending);
  }

  /**
   * Puts the first of the rows on the page: of thousands it takes a second, and few are read.
   * @param {number} limit
   */
  draw(limit) {
    this.drawn = true;
    this.body.replaceChildren(...this.found.slice(0, limit).map((row) => row.element()));
    this.bar.say(this.found.length, Math.min(limit, this.found.length));
    this.bar.showTarget(this.target, () => {
      location.hash = "";
    });
  }

  /**
   * Says that nothing fits, and what comes nearest.
   * @param {ListRow[]} rows
   */
  sayNone(rows) {
    const place = required(this.section, ".pb-empty-list");
    place.hidden = this.found.length > 0;
    if (place.hidden) return place.replaceChildren();
    const near = nearest(rows, this.state, this.shape, NEAR);
    const { one = "", many = "" } = this.section.dataset;
    place.replaceChildren(element("p", "", `No ${one} fits these filters.`));
    if (near.length) place.append(nearLine(near, many));
    const days = lastDays(this.state, this.shape, Date.now(), dataTo());
    if (days) place.append(pastLine(dataTo(), () => this.set(days.key, [days.first])));
  }

  download() {
    const text = tableOf(this.found, this.shape, this.state);
    const link = element("a", "");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = `${(this.section.dataset.name ?? "list").replaceAll("/", "-")}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  makeSortButtons() {
    /** @type {NodeListOf<HTMLElement>} */
    const heads = this.section.querySelectorAll("thead th");
    heads.forEach((head, place) => {
      const { key, kind } = this.shape.heads[place];
      const button = element("button", "pb-sort");
      button.type = "button";
      button.append(...(kind === "marks" ? [required(head, ".pb-marks__title")] : head.childNodes));
      head.prepend(button);
      button.addEventListener("click", () => {
        const again = this.state.sort === key;
        const descending = again ? !this.state.descending : DESCENDING_FIRST.has(kind);
        this.change({ sort: key, descending }, true);
      });
    });
    return heads;
  }

  markSort() {
    this.heads.forEach((head, place) => {
      if (this.shape.heads[place].key !== this.state.sort) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", this.state.descending ? "descending" : "ascending");
    });
  }
}
