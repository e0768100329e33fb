// Where statements are in the text of a policy document, as this site writes it: indented by two
// spaces, with a list of statements or a single one.

/**
 * The places at which a statement begins and ends; null if the text has none of that number.
 * @param {string} text
 * @param {number} number from 1
 */
export function statementLines(text, number) {
  const head = /^ {2}"Statement": ([[{])/m.exec(text);
  if (!head) return null;
  if (head[1] === "{") {
    const end = text.indexOf("\n  }", head.index);
    return number === 1 && end >= 0 ? { start: head.index, end: end + 4 } : null;
  }
  const begins = /^ {4}\{/gm;
  begins.lastIndex = head.index;
  for (let place = 1; ; place += 1) {
    const begin = begins.exec(text);
    if (!begin) return null;
    if (place < number) continue;
    const end = text.indexOf("\n    }", begin.index);
    return end < 0 ? null : { start: begin.index, end: end + 6 };
  }
}
