// Reads the documents that a page sends to its worker.
import { readDocument } from "../engine/engine.js";
import { statements } from "../engine/iam/statements.js";
import { Document } from "../engine/model/documents.js";

/**
 * The documents, each with what it is; those that cannot be read are added to `unread`.
 * @param {NamedText[]} side
 * @param {Unread[]} unread
 */
export function readDocuments(side, unread) {
  return side.flatMap((named) => {
    const read = "text" in named ? readDocument(named.text) : { document: documentOf(named.document) };
    if ("document" in read) return [{ named, document: read.document }];
    unread.push({ name: named.name, problems: read.problems });
    return [];
  });
}

/**
 * A document of the site, which may be larger than what can be pasted.
 * @param {DocumentFile} file
 */
function documentOf(file) {
  const listed = Array.isArray(file.Statement) ? file.Statement : [file.Statement];
  return new Document(statements(listed, file.Version === "2012-10-17"), { ...file });
}
