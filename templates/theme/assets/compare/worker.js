// Compares two sides apart from the page, which ends this worker if it takes too long.
//
// The page sends questions. The first answer is "ready", once AWS's action list and the risk rules are
// there, so that the page can measure from then on.
import { catalogueOf, readDocument } from "../engine/engine.js";
import { statements } from "../engine/iam/statements.js";
import { Document } from "../engine/model/documents.js";
import { jointPaths } from "./joint.js";
import { sideBySide } from "./side-by-side.js";

const ROOT = new URL("../..", import.meta.url);

const data = Promise.all([json("engine/catalogue.json"), json("engine/rules.json")]).then(
  ([catalogue, rules]) => ({ catalogue: catalogueOf(catalogue), rules }),
);
data.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: "AWS's action list could not be loaded. Check the connection and try again." }),
);

addEventListener("message", async ({ data: question }) => {
  const { catalogue, rules } = await data;
  try {
    postMessage(answer(question, catalogue, rules));
  } catch {
    postMessage({ failed: "The comparison failed." });
  }
});

/**
 * @param {Question} question
 * @param {import("../engine/catalogue/catalogue.js").Catalogue} catalogue
 * @param {RiskRule[]} rules
 * @returns {Answered}
 */
function answer({ a, b }, catalogue, rules) {
  /** @type {Unread[]} */
  const unread = [];
  const [here, there] = [a, b].map((side) =>
    side.flatMap((named) => {
      const read = "text" in named ? readDocument(named.text) : { document: documentOf(named.document) };
      if ("document" in read) return [{ named, document: read.document }];
      unread.push({ name: named.name, problems: read.problems });
      return [];
    }),
  );
  if (unread.length) return { unread };
  return {
    result: sideBySide(here, there, catalogue, rules),
    together: { a: jointPaths(here, catalogue, rules), b: jointPaths(there, catalogue, rules) },
  };
}

/**
 * A document of the site, which may be larger than what can be pasted.
 * @param {DocumentFile} file
 */
function documentOf(file) {
  const listed = Array.isArray(file.Statement) ? file.Statement : [file.Statement];
  return new Document(statements(listed, file.Version === "2012-10-17"), { ...file });
}

/** @param {string} path below the site's root */
async function json(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
