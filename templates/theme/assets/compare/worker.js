// Compares two sides apart from the page, which ends this worker if it takes too long.
//
// The page sends questions. The first answer is "ready", once AWS's action list and the risk rules are
// there, so that the page can measure from then on.
import { catalogueOf } from "../engine/engine.js";
import { readDocuments } from "../tools/read-documents.js";
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
  const [here, there] = [a, b].map((side) => readDocuments(side, unread));
  if (unread.length) return { unread };
  return {
    result: sideBySide(here, there, catalogue, rules),
    together: { a: jointPaths(here, catalogue, rules), b: jointPaths(there, catalogue, rules) },
  };
}

/** @param {string} path below the site's root */
async function json(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
