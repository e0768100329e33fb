// Chooses policies apart from the page, which ends this worker if it takes too long.
//
// The first message is "ready", once the files of the finder and the API operations are there.
import { Index } from "../finder/index.js";
import { operationsOf } from "../tools/operations.js";
import { answer } from "./answer.js";
import { Membership } from "./membership.js";

const ROOT = new URL("../..", import.meta.url);

const FILES = ["search/names.json", "search/membership.json", "engine/operations.json"];

const data = Promise.all(FILES.map(json)).then(([names, file, operations]) => ({
  membership: new Membership(new Index(names), file),
  operations: operationsOf(operations),
}));
data.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: "The list of policies could not be loaded. Check the connection and try again." }),
);

addEventListener("message", async ({ data: question }) => {
  const { membership, operations } = await data;
  postMessage({ answer: answer(membership, operations, question) });
});

/** @param {string} path below the site's root */
async function json(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
