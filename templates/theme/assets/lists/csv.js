// The rows of a list as comma-separated values (RFC 4180).

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

/** @param {string | number} value */
function field(value) {
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
