// The rows of a list as comma-separated values (RFC 4180).
import { levelNames, servicesFacet } from "./matching.js";

// What a spreadsheet could read as a formula: a sign, after white space and unseen characters.
const FORMULA = /^[\s\p{C}]*[-=+@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−]|^[\t\r\n]/u;

/**
 * A head and rows as text.
 * @param {string[]} head
 * @param {Iterable<(string | number)[]>} rows
 */
export function csv(head, rows) {
  return [head, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/**
 * The table that a reader downloads. The counts of levels in a row are those of all services, and
 * say so where a list has several; for each service that is chosen, a column has the levels on it.
 * @param {ListRow[]} rows
 * @param {ListShape} shape
 * @param {ListState} state
 */
export function tableOf(rows, shape, state) {
  const facet = servicesFacet(shape);
  const several = (facet?.values.length ?? 0) > 1;
  const services = (facet && state.chosen[facet.key]) ?? [];
  const head = shape.columns.map(({ title, kind }) =>
    several && kind === "level" ? `${title} actions of all services` : title,
  );
  return csv(
    [...head, ...services.map((service) => `Levels in ${service}`)],
    rows.map((row) => [
      ...row.texts,
      ...services.map((service) => (facet ? levelNames(row, facet, service).join("; ") : "")),
    ]),
  );
}

/** @param {string | number} value */
function field(value) {
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
