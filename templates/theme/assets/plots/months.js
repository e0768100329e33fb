// The plot of changes by month. It follows the list below it, if the page has that one: its bars are
// those of the rows found. Versions reissued without change are in it if the address says so.
import { changedQuery, pushQuery } from "../address.js";
import { count, number } from "../words.js";
import { rect } from "./rect.js";

const UP = ["widened", "mixed", "undetermined", "reissued"];
const DOWN = ["narrowed", "mixed"];
const LIST = "[data-pb-list][data-name=changes]";

/** @typedef {Map<string, Map<string, number>>} MonthCounts by month, then by verdict */

/** Sets up the button that shows reissued versions, which is of no use without a script. */
export function setUpMonths() {
  const figure = plot();
  const more = figure?.querySelector(".pb-plot__more");
  const button = more?.querySelector("button");
  if (!figure || !(more instanceof HTMLElement) || !button) return;
  more.hidden = false;
  button.addEventListener("click", () => {
    const wanted = button.getAttribute("aria-pressed") !== "true";
    const field = document.querySelector(`${LIST} select[name=effect]`);
    if (field instanceof HTMLSelectElement) {
      field.value = wanted ? "" : "yes"; // the list changes the address, and draws the plot
      field.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      pushQuery(changedQuery(location.search, { effect: wanted ? "any" : "" }));
      showOwn(figure);
    }
  });
  if (document.querySelector(LIST)) return;
  addEventListener("popstate", () => showOwn(figure));
  if (isWanted()) showOwn(figure);
}

/** Whether the address asks for versions reissued without change, as that of the list does. */
function isWanted() {
  return ["any", "no"].includes(new URLSearchParams(location.search).get("effect") ?? "");
}

/** @returns {HTMLElement | null} the plot of the page */
function plot() {
  return document.querySelector("[data-pb-months]");
}

/**
 * Draws the bars of the events that a list has found.
 * @param {HTMLElement} section the list
 * @param {ListRow[]} rows
 * @param {ListShape} shape
 */
export function showMonths(section, rows, shape) {
  const figure = plot();
  const place = shape.columns.findIndex(({ key }) => key === "day");
  if (!figure || !section.matches(LIST) || place < 0) return;
  const effect = shape.facets.find(({ key }) => key === "effect");
  const none = effect?.values.indexOf("no");
  const days = rows.map(({ texts, facets }) => {
    const reissued = effect && facets[effect.place] === none;
    return reissued ? `reissued ${texts[place]}` : String(texts[place]);
  });
  show(figure, countsByMonth(days));
}

/**
 * Draws the bars of all events of the page, of which each bar has the numbers.
 * @param {HTMLElement} figure
 */
function showOwn(figure) {
  /** @type {MonthCounts} */
  const found = new Map();
  for (const bar of figure.querySelectorAll("a[data-m]")) {
    const counts = countsOf(bar.getAttribute("data-counts") ?? "");
    if (!isWanted()) counts.delete("reissued");
    found.set(bar.getAttribute("data-m") ?? "", counts);
  }
  show(figure, found);
}

/**
 * @param {string} text such as `reissued=40 widened=14`
 * @returns {Map<string, number>}
 */
export function countsOf(text) {
  const pairs = text.split(" ").map((pair) => pair.split("="));
  return new Map(pairs.map(([name, value]) => [name, Number(value)]));
}

/**
 * How many changes of each verdict, and how many reissued versions, each month has.
 * @param {string[]} days with verdicts, such as `widened 2024-05-12`, or with `reissued`
 * @returns {MonthCounts}
 */
export function countsByMonth(days) {
  /** @type {MonthCounts} */
  const found = new Map();
  for (const text of days) {
    const month = /\d{4}-\d{2}/.exec(text)?.[0];
    const verdict = ["reissued", ...UP, ...DOWN].find((name) => text.includes(name));
    if (!month || !verdict) continue;
    const counts = found.get(month) ?? new Map();
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    found.set(month, counts);
  }
  return found;
}

/**
 * The pixels of one change: the usual ones, or less, so that the highest bar fits.
 * @param {MonthCounts} counts
 * @param {number} usual those of the plot without reissued versions
 * @param {number} half pixels from the axis to the top
 */
export function scaleFor(counts, usual, half) {
  const highest = [...counts.values()].map((own) => Math.max(total(own, UP), total(own, DOWN)));
  return Math.min(usual, half / Math.max(1, ...highest));
}

/**
 * @param {Map<string, number>} counts
 * @param {string[]} verdicts
 */
function total(counts, verdicts) {
  return verdicts.reduce((sum, verdict) => sum + (counts.get(verdict) ?? 0), 0);
}

/**
 * @param {HTMLElement} figure
 * @param {MonthCounts} found
 */
function show(figure, found) {
  const half = Number(figure.dataset.half);
  const scale = scaleFor(found, Number(figure.dataset.scale), half);
  for (const bar of figure.querySelectorAll("a[data-m]"))
    draw(bar, found.get(bar.getAttribute("data-m") ?? "") ?? new Map(), scale, half);
  const reissued = [...found.values()].reduce((sum, own) => sum + (own.get("reissued") ?? 0), 0);
  say(figure, reissued);
}

/**
 * Says whether reissued versions are in the plot, and how many.
 * @param {HTMLElement} figure
 * @param {number} reissued
 */
function say(figure, reissued) {
  const button = figure.querySelector(".pb-plot__more button");
  const output = figure.querySelector(".pb-plot__more output");
  if (!button || !output) return;
  const before = button.getAttribute("aria-pressed") === "true";
  const wanted = isWanted();
  button.setAttribute("aria-pressed", String(wanted));
  figure.querySelector("[data-pb-reissued]")?.toggleAttribute("hidden", !wanted);
  if (wanted)
    output.textContent = `The plot has ${count(reissued, "reissued version", "reissued versions")}.`;
  else if (before) output.textContent = "The plot has no reissued versions.";
}

/**
 * @param {Element} bar
 * @param {Map<string, number>} counts
 * @param {number} scale pixels of one change
 * @param {number} half pixels from the top to the axis
 */
function draw(bar, counts, scale, half) {
  const hit = bar.querySelector(".pb-hit");
  const title = bar.querySelector("title");
  if (!hit || !title) return;
  const only = /^reissued=\d+$/.test(bar.getAttribute("data-counts") ?? "");
  bar.classList.toggle("pb-bare", only && !counts.size);
  const x = Number(hit.getAttribute("x"));
  const width = Number(hit.getAttribute("width"));
  for (const old of bar.querySelectorAll("[data-v]")) old.remove();
  for (const [direction, verdicts] of /** @type {[number, string[]][]} */ ([[-1, UP], [1, DOWN]])) {
    let edge = half;
    for (const verdict of verdicts) {
      const height = (counts.get(verdict) ?? 0) * scale;
      if (!height) continue;
      const y = direction < 0 ? edge - height : edge;
      bar.append(rect(verdict, { x: x + width * 0.12, y, width: width * 0.76, height }));
      edge += direction * height;
    }
  }
  const month = title.textContent?.split(":")[0] ?? "";
  const words = [...counts].sort().map(([verdict, n]) => `${number(n)} ${verdict}`);
  title.textContent = `${month}: ${words.join(", ") || "no change of those found"}`;
}
