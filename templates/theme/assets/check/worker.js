// Checks documents apart from the page, which ends this worker if it takes too long; see compare/worker.js.
import { catalogueOf, compare, policiesOf } from "../engine/engine.js";
import { operationsOf } from "../tools/operations.js";
import { documentsIn as policiesIn } from "./policies.js";
import { overlapOf } from "./answers.js";
import { checked, onlyDocument } from "./checked.js";
import { documentsIn } from "./found-documents.js";

/** @import { Policies } from "../engine/analysis/overlap.js" */

const ROOT = new URL("../..", import.meta.url);
const OFFLINE = "AWS's action list could not be loaded. Check the connection and try again.";

const FILES = ["engine/catalogue.json", "engine/rules.json", "engine/operations.json"];
const data = Promise.all(FILES.map(json)).then(([catalogue, rules, operations]) => ({
  catalogue: catalogueOf(catalogue),
  operations: operationsOf(operations),
  rules,
}));
/** @type {Policies | undefined} */
let policies;

/** @type {Record<string, (asked: any) => Promise<CheckReply>>} */
const answers = {
  async check({ text, boundary, kind }) {
    const known = await data;
    let limit = null;
    try {
      if (boundary.trim()) limit = onlyDocument(boundary);
    } catch (error) {
      return { trouble: `The boundary cannot be used: ${/** @type {Error} */ (error).message}.` };
    }
    return { checked: checked(text, known, limit, kind), date: known.catalogue.date };
  },
  async policies() {
    const { catalogue } = await data;
    policies ??= policiesOf(policiesIn(await json("engine/policies.json")), catalogue);
    return { policies: policies.documents.size };
  },
  async overlap({ text }) {
    const known = /** @type {Policies} */ (policies);
    return { overlaps: documentsIn(text).map(({ document }) => document && overlapOf(document, known)) };
  },
  async compare({ text, other }) {
    const { catalogue } = await data;
    const theirs = [onlyDocument(other)];
    const found = documentsIn(text).map(({ document }) => document && compare(theirs, [document], catalogue));
    return { comparisons: found };
  },
};

data.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: OFFLINE }),
);

addEventListener("message", async ({ data: { ask, ...asked } }) => {
  try {
    postMessage(await answers[ask](asked));
  } catch {
    postMessage({ failed: ask === "policies" ? "The policies could not be loaded." : "The check failed." });
  }
});

/** @param {string} path below the site's root */
async function json(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
