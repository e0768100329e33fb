// The rows of a list: from the page if all of them are there, else from the file of the list.
import { numbersOf, rowElement, shownIn, textOf } from "./cells.js";
import { markTexts, marksOn } from "./marks.js";

const SEARCHED = new Set(["link", "text", "codes", "day"]);
const DAY = /\d{4}-\d{2}-\d{2}/;

/**
 * The rows of a page that has all rows of the list.
 * @param {HTMLTableRowElement[]} rows
 * @param {ListShape} shape
 * @returns {ListRow[]}
 */
export function rowsOfPage(rows, shape) {
  return rows.map((element) => {
    const texts = [...element.cells].flatMap((cell, place) => {
      const { kind, marks } = shape.heads[place];
      return marks ? markTexts(marks, marksOn(cell)) : [numberIn((cell.textContent ?? "").trim(), kind)];
    });
    const make = () => {
      element.hidden = false; // a list may have choices of its own, which hide rows at first
      return element;
    };
    return listRow(texts, JSON.parse(element.dataset.f ?? "[]"), shape, make);
  });
}

/**
 * The rows of the file of a list; each becomes an element when it is first shown.
 * @param {ListFile} file
 * @param {ListShape} shape
 * @param {string} root leads to the root of the site
 * @returns {ListRow[]}
 */
export function rowsOfFile(file, shape, root) {
  const { columns } = shape.file;
  return file.rows.map((packed) => {
    const cells = packed.slice(0, columns.length);
    const texts = columns.flatMap(({ kind, marks }, place) => {
      if (marks) return markTexts(marks, numbersOf(cells[place]));
      return kind === "levels" ? numbersOf(cells[place]) : [shownIn(cells[place], kind)];
    });
    /** @type {HTMLTableRowElement | undefined} */
    let element;
    const make = () => (element ??= rowElement(cells, columns, root));
    return listRow(texts, packed.slice(columns.length), shape, make);
  });
}

/**
 * @param {(string | number)[]} texts what the row says in each column
 * @param {PackedCell[]} packed its values of facets, then its anchors
 * @param {ListShape} shape
 * @param {() => HTMLTableRowElement} element
 * @returns {ListRow}
 */
function listRow(texts, packed, shape, element) {
  const searched = texts.flatMap((text, place) => {
    const { kind, title } = shape.columns[place];
    if (kind === "mark") return text ? [title] : [];
    return SEARCHED.has(kind) ? [text] : [];
  });
  return {
    texts,
    keys: texts.map((text, place) => keyOf(text, shape.columns[place].kind)),
    text: searched.join(" ").toLowerCase(),
    facets: /** @type {ListRow["facets"]} */ (packed.slice(0, shape.stored)),
    anchors: packed.slice(shape.stored).map(textOf),
    element,
  };
}

/**
 * What a row is sorted by in a column: a number, a day, or a text without case.
 * @param {string | number} text
 * @param {string} kind
 */
function keyOf(text, kind) {
  if (typeof text === "number") return text;
  return kind === "verdict" ? (DAY.exec(text)?.[0] ?? "") : text.toLowerCase();
}

/**
 * @param {string} text
 * @param {string} kind
 */
function numberIn(text, kind) {
  if (kind === "level") return Number(text.replaceAll(",", ""));
  return kind === "number" && text ? Number(text.replaceAll(",", "")) : text;
}
