// The plot of removals by year and kind follows the list below it: its bars are those of the rows found.
import { number } from "../words.js";
import { rect } from "./rect.js";

/**
 * Draws the removals that the list has found, on the scale of all of them.
 * @param {HTMLElement} section the list
 * @param {ListRow[]} rows
 * @param {ListShape} shape
 */
export function showRemovals(section, rows, shape) {
  /** @type {HTMLElement | null} */
  const figure = document.querySelector("[data-pb-removals]");
  if (!figure || !section.matches("[data-name=removals]")) return;
  const [day, kind] = ["day", "kind"].map((name) => shape.columns.findIndex(({ key }) => key === name));
  const found = countsByYear(rows.map(({ texts }) => [String(texts[day]), String(texts[kind])]));
  const words = [...figure.querySelectorAll("g[data-year]")].map((bar) =>
    draw(bar, found.get(bar.getAttribute("data-year") ?? "") ?? new Map(), figure),
  );
  const text = figure.querySelector("desc");
  if (text) text.textContent = words.join("; ");
}

/**
 * @param {[string, string][]} removals the day and the kind of each
 * @returns {Map<string, Map<string, number>>} how many removals of each kind each year has
 */
export function countsByYear(removals) {
  const found = new Map();
  for (const [day, kind] of removals) {
    const year = /^\d{4}/.exec(day)?.[0];
    if (!year) continue;
    const counts = found.get(year) ?? new Map();
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    found.set(year, counts);
  }
  return found;
}

/**
 * @param {Element} bar
 * @param {Map<string, number>} counts by kind
 * @param {HTMLElement} figure
 * @returns {string} what the bar shows
 */
function draw(bar, counts, figure) {
  const [x, width] = ["x", "width"].map((name) => Number(bar.getAttribute(`data-${name}`)));
  const scale = Number(figure.dataset.scale);
  for (const old of bar.querySelectorAll("[data-v]")) old.remove();
  let top = Number(figure.dataset.height);
  const words = [];
  for (const [style, kind] of JSON.parse(figure.dataset.kinds ?? "[]")) {
    const count = counts.get(kind) ?? 0;
    if (!count) continue;
    top -= count * scale;
    bar.append(rect(style, { x, y: top, width, height: count * scale }));
    words.push(`${number(count)} ${kind}`);
  }
  const value = bar.querySelector(".pb-value");
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  value?.setAttribute("y", String(top - 3));
  if (value) value.textContent = total ? number(total) : "";
  const said = `${bar.getAttribute("data-year")}: ${words.join(", ") || "none of those found"}`;
  const title = bar.querySelector("title");
  if (title) title.textContent = said;
  return said;
}
