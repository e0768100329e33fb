// Chooses policies apart from the page, which ends this worker if it takes too long.
//
// The first message is "ready", once the files of the finder are there.
import { Index } from "../finder/index.js";
import { answer } from "./answer.js";
import { Membership } from "./membership.js";

const ROOT = new URL("../..", import.meta.url);

const data = Promise.all([json("search/names.json"), json("search/membership.json")]).then(
  ([names, file]) => new Membership(new Index(names), file),
);
data.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: "The list of policies could not be loaded. Check the connection and try again." }),
);

addEventListener("message", async ({ data: question }) => {
  postMessage({ answer: answer(await data, question) });
});

/** @param {string} path below the site's root */
async function json(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
