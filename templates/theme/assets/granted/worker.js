// Says what documents grant together, apart from the page; see compare/worker.js.
import { grantedTogether } from "../choose/granted.js";
import { catalogueOf } from "../engine/engine.js";
import { readDocuments } from "../tools/read-documents.js";

const CATALOGUE = new URL("../../engine/catalogue.json", import.meta.url);

const data = fetch(CATALOGUE).then(async (response) => {
  if (!response.ok) throw new Error(`${CATALOGUE.pathname}: ${response.status}`);
  return catalogueOf(await response.json());
});
data.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: "AWS's action list could not be loaded. Check the connection and try again." }),
);

addEventListener("message", async ({ data: { documents } }) => {
  const catalogue = await data;
  try {
    /** @type {Unread[]} */
    const unread = [];
    const found = readDocuments(documents, unread).map(({ document }) => document);
    postMessage(unread.length ? { unread } : { granted: grantedTogether(found, catalogue) });
  } catch {
    postMessage({ failed: "The documents could not be read." });
  }
});
