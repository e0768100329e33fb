// The plot of changes by month follows the list below it: its bars are those of the rows found.
import { number } from "./words.js";

const UP = ["widened", "mixed", "undetermined"];
const DOWN = ["narrowed", "mixed"];
const SVG = "http://www.w3.org/2000/svg";

/**
 * Draws the bars of the events that a list has found.
 * @param {HTMLElement} section the list
 * @param {ListRow[]} rows
 * @param {ListShape} shape
 */
export function showMonths(section, rows, shape) {
  const figure = document.querySelector("[data-pb-months]");
  const place = shape.columns.findIndex(({ key }) => key === "day");
  if (!(figure instanceof HTMLElement) || section.dataset.name !== "changes" || place < 0) return;
  const found = countsByMonth(rows.map(({ texts }) => String(texts[place])));
  const { scale = "0", half = "0" } = figure.dataset;
  for (const bar of figure.querySelectorAll("a[data-m]")) {
    const month = bar.getAttribute("data-m") ?? "";
    draw(bar, found.get(month) ?? new Map(), Number(scale), Number(half));
  }
}

/**
 * How many changes of each verdict each month has.
 * @param {string[]} days with verdicts, such as `widened 2024-05-12`
 * @returns {Map<string, Map<string, number>>}
 */
export function countsByMonth(days) {
  /** @type {Map<string, Map<string, number>>} */
  const found = new Map();
  for (const text of days) {
    const month = /\d{4}-\d{2}/.exec(text)?.[0];
    const verdict = [...UP, ...DOWN].find((name) => text.includes(name));
    if (!month || !verdict) continue;
    const counts = found.get(month) ?? new Map();
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    found.set(month, counts);
  }
  return found;
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
  const x = Number(hit.getAttribute("x"));
  const width = Number(hit.getAttribute("width"));
  for (const old of bar.querySelectorAll("[data-v]")) old.remove();
  for (const [direction, verdicts] of /** @type {[number, string[]][]} */ ([[-1, UP], [1, DOWN]])) {
    let edge = half;
    for (const verdict of verdicts) {
      const height = (counts.get(verdict) ?? 0) * scale;
      if (!height) continue;
      const part = document.createElementNS(SVG, "rect");
      part.setAttribute("class", `pb-fill--${verdict}`);
      part.setAttribute("data-v", verdict);
      part.setAttribute("x", String(x + width * 0.12));
      part.setAttribute("width", String(width * 0.76));
      part.setAttribute("y", String(direction < 0 ? edge - height : edge));
      part.setAttribute("height", String(height));
      bar.append(part);
      edge += direction * height;
    }
  }
  const month = title.textContent?.split(":")[0] ?? "";
  const words = [...counts].sort().map(([verdict, count]) => `${number(count)} ${verdict}`);
  title.textContent = `${month}: ${words.join(", ") || "no change of those found"}`;
}
