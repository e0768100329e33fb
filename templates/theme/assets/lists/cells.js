// The rows of a list as elements: the same as the template `partials/lists.html` makes.
import { breakable, element, naming } from "../dom.js";
import { number } from "../words.js";
import { marksCell } from "./marks.js";

/**
 * A row of the file of a list as an element. Texts of the file never become markup.
 * @param {PackedCell[]} cells
 * @param {FileColumn[]} columns
 * @param {string} root leads to the root of the site
 */
export function rowElement(cells, columns, root) {
  const row = element("tr", "");
  columns.forEach((column, place) => {
    const cell = cells[place];
    if (column.kind === "levels") row.append(...levelCells(column, cell));
    else if (column.marks) row.append(marksCell(column, column.marks, numbersOf(cell)));
    else row.append(oneCell(column, cell, place === 0, root));
  });
  return withRoles(row);
}

/**
 * Names the roles of a row and its cells, which some browsers forget where a narrow screen shows them
 * as blocks.
 * @param {HTMLTableRowElement} row
 */
export function withRoles(row) {
  row.setAttribute("role", "row");
  for (const cell of row.cells) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
  return row;
}

/**
 * @param {FileColumn} column
 * @param {PackedCell} cell
 */
function levelCells(column, cell) {
  const counts = numbersOf(cell);
  return column.levels.map((level, place) => {
    const count = counts[place];
    if (!count) return element("td", "");
    const style = `pb-l--${level.split(" ")[0].toLowerCase()}`;
    return labelled(element("td", `pb-l ${style}`, number(count)), level);
  });
}

/**
 * @param {FileColumn} column
 * @param {PackedCell} cell
 * @param {boolean} naming whether the cell names the row
 * @param {string} root
 */
function oneCell(column, cell, naming, root) {
  if (naming) {
    const head = element("th", "");
    head.scope = "row";
    fill(head, column, cell, root);
    return head;
  }
  if (cell === "" || (Array.isArray(cell) && !cell.length)) return element("td", "");
  const made = element("td", { number: "pb-num", day: "pb-day" }[column.kind] ?? "");
  fill(made, column, cell, root);
  return labelled(made, column.title);
}

/**
 * @param {HTMLElement} cell
 * @param {string} title
 */
function labelled(cell, title) {
  cell.dataset.label = title;
  return cell;
}

/**
 * @param {HTMLElement} into
 * @param {FileColumn} column
 * @param {PackedCell} cell
 * @param {string} root
 */
function fill(into, column, cell, root) {
  const flag = Array.isArray(cell) && column.kind !== "codes" ? String(cell[2] ?? "") : "";
  if (column.kind === "codes")
    for (const item of /** @type {PackedCell[]} */ (cell)) {
      const code = element("code", "");
      code.append(...linked(item, column, root));
      if (into.hasChildNodes()) into.append(" ");
      into.append(code);
    }
  else if (column.kind === "number") into.append(number(Number(cell)));
  else if (column.kind === "verdict") {
    if (flag) into.append(element("span", `pb-verdict pb-verdict--${flag}`, flag), " ");
    into.append(...linked(cell, column, root));
  } else {
    into.append(...linked(cell, column, root));
    if (flag) into.append(" ", element("span", "pb-flag", flag));
  }
}

/**
 * A text, as a link if it leads anywhere: to the usual place of its column, or to a place of its own.
 * @param {PackedCell} cell
 * @param {FileColumn} column
 * @param {string} root
 * @returns {(string | Node)[]}
 */
function linked(cell, column, root) {
  const text = textOf(cell);
  const place = Array.isArray(cell) ? cell[1] : column.place ? 1 : 0;
  if (!place) return column.kind === "link" ? breakable(text) : [text];
  const link = naming("a", "", text);
  const usual = encodeURI(column.place.replace("{}", () => text));
  link.href = root + (place === 1 ? usual : String(place));
  return [link];
}

/**
 * The numbers of a cell that has several.
 * @param {PackedCell} cell
 */
export function numbersOf(cell) {
  return Array.isArray(cell) ? cell.map(Number) : [];
}

/**
 * The text of a cell without its link.
 * @param {PackedCell} cell
 */
export function textOf(cell) {
  return String(Array.isArray(cell) ? cell[0] : cell);
}

/**
 * What a cell says, as it is on the page: a number, or all of its text.
 * @param {PackedCell} cell
 * @param {string} kind
 * @returns {string | number}
 */
export function shownIn(cell, kind) {
  if (kind === "codes") return Array.isArray(cell) ? cell.map(textOf).join(" ") : "";
  if (kind === "number") return cell === "" ? "" : Number(cell);
  const flag = Array.isArray(cell) ? String(cell[2] ?? "") : "";
  return (kind === "verdict" ? [flag, textOf(cell)] : [textOf(cell), flag]).filter(Boolean).join(" ");
}
