// What comes nearest where no row fits: to "only these services, with this highest level", and to the last
// days of a reader whose clock is past the end of the data.
import { element } from "../dom.js";
import { count } from "../words.js";

const LEVELS = ["List", "Read", "Write", "Tagging", "Permissions management"];

/**
 * A sentence and a list of the nearest rows, each with what it has beside what was asked for.
 * @param {NearRow[]} near
 * @param {string} many what rows are, in the plural
 */
export function nearLine(near, many) {
  const found = element("div", "");
  const list = element("ul", "pb-list");
  for (const { row, level, others } of near) {
    const item = element("li", "");
    const link = row.element().querySelector("a")?.cloneNode(true);
    item.append(link ?? String(row.texts[0]));
    const highest = LEVELS[level] ?? "not in AWS's action list";
    const more = others ? `, and ${count(others, "other service", "other services")}` : "";
    item.append(`: highest level on the chosen services ${highest}${more}`);
    list.append(item);
  }
  found.append(element("p", "", `The nearest ${many}:`), list);
  return found;
}

/**
 * Says that the data ends before the last days that were asked for, with a button for as many days of it.
 * @param {string} dataTo the last day of the data
 * @param {() => void} show
 */
export function pastLine(dataTo, show) {
  const found = element("p", "", `The data ends on ${dataTo}, before these days. `);
  const button = element("button", "pb-tool", "Show as many days until then");
  button.type = "button";
  button.addEventListener("click", show);
  found.append(button);
  return found;
}
