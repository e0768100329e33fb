// Chooses policies apart from the page, which ends this worker if it takes too long.
//
// The first message is "ready", once the files are there.
import { Index } from "../finder/index.js";
import { operationsOf } from "../tools/operations.js";
import { answer } from "./answer.js";
import { Membership } from "./membership.js";
import { withPaths } from "./together.js";

const ROOT = new URL("../..", import.meta.url);

const FILES = ["search/names.json", "search/membership.json", "engine/operations.json", "engine/risk-steps.json"];

const data = Promise.all(FILES.map(json)).then(([names, file, operations, steps]) => ({
  membership: new Membership(new Index(names), file),
  operations: operationsOf(operations),
  steps,
}));
data.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: "The list of policies could not be loaded. Check the connection and try again." }),
);

addEventListener("message", async ({ data: question }) => {
  const { membership, operations, steps } = await data;
  try {
    postMessage({ answer: withPaths(answer(membership, operations, question), steps) });
  } catch {
    postMessage({ failed: "The search failed." });
  }
});

/** @param {string} path below the site's root */
async function json(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
