// Several documents as one: a principal has what all of its policies allow, but for what any of them denies.
import { Document, Statement } from "./documents.js";

/**
 * One document with the statements of all, numbered from 1.
 * @param {Document[]} documents at least one
 */
export function union(documents) {
  if (documents.length === 1) return documents[0];
  const found = documents.flatMap(({ statements }) => statements);
  const numbered = found.map(
    (s, place) =>
      new Statement(place + 1, s.sid, s.effect, s.actions, s.resources, s.condition, s.hasPrincipal, s.forEverybody),
  );
  return new Document(numbered, { Statement: documents.map(({ source }) => source) });
}
