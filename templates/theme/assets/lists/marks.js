// A column of marks: one column for many names, each of which a row may have to some degree. The
// first of what marks can say is the gravest, and drawn as such.
import { element } from "../dom.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * What a column of marks is about, from its head; undefined for another column.
 * @param {HTMLElement} head
 * @returns {Marks | undefined}
 */
export function marksOfHead(head) {
  const { marks } = head.dataset;
  return marks ? JSON.parse(marks) : undefined;
}

/**
 * The columns of a table without marks: how many names a row has, then one for each name.
 * @param {ListColumn} column
 * @param {Marks} marks
 * @returns {ListColumn[]}
 */
export function columnsOfMarks(column, marks) {
  return [column, ...marks.names.map(([key, title]) => ({ key, kind: "mark", title }))];
}

/**
 * What a row says in these columns.
 * @param {Marks} marks
 * @param {number[]} found
 * @returns {(string | number)[]}
 */
export function markTexts(marks, found) {
  const said = marks.names.map((_, place) => (found[place] ? marks.says[found[place] - 1] : ""));
  return [found.filter(Boolean).length, ...said];
}

/**
 * The marks of a cell of the page.
 * @param {HTMLElement} cell
 */
export function marksOn(cell) {
  return [...(cell.dataset.marks ?? "")].map(Number);
}

/**
 * The cell of a row: how many marks it has, and each as a drawing and in words.
 * @param {{title: string}} column
 * @param {Marks} marks
 * @param {number[]} found
 */
export function marksCell(column, marks, found) {
  const said = inWords(marks, found);
  const cell = element("td", said ? "pb-marks" : "pb-marks pb-empty");
  cell.dataset.label = column.title;
  cell.dataset.marks = found.join("");
  const count = String(found.filter(Boolean).length);
  const words = element("span", "pb-marks__words", said);
  if (said) cell.append(element("b", "", count), " ", drawing(found), " ", words);
  return cell;
}

/**
 * For each of what marks can say the names that it is about.
 * @param {Marks} marks
 * @param {number[]} found
 */
function inWords(marks, found) {
  const said = marks.says.map((says, place) => {
    const names = marks.names.filter((_, name) => found[name] === place + 1);
    return names.length ? `${says}: ${names.map(([, title]) => title).join("; ")}` : "";
  });
  return said.filter(Boolean).join(". ");
}

/** @param {number[]} found */
function drawing(found) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "pb-marks__drawn");
  made.setAttribute("viewBox", `0 0 ${found.length * 10} 10`);
  made.setAttribute("aria-hidden", "true");
  made.append(
    squares("pb-marks__open", found, (mark) => mark === 1),
    squares("pb-marks__limited", found, (mark) => mark > 1),
  );
  return made;
}

/**
 * @param {string} style
 * @param {number[]} found
 * @param {(mark: number) => boolean} wanted
 */
function squares(style, found, wanted) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", style);
  const parts = found.map((mark, place) => (wanted(mark) ? `M${place * 10 + 1} 1h8v8h-8z` : ""));
  path.setAttribute("d", parts.join(""));
  return path;
}
