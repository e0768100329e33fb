// Fetches what the finder needs: with the first use of a box the index of names and the modules that
// search it, with the first question the resource patterns and the theme's index of prose, and what only
// some questions need when one is asked.

/** @import { Index } from "./index.js" */

/** The site's root, from which the index has its addresses. */
export const ROOT = new URL("../..", import.meta.url);

/**
 * @typedef {object} Finder
 * @property {Index} index
 * @property {typeof import("./search.js").search} search
 * @property {typeof import("./results.js")} results draws what was found
 */

/** Fires "more" when the index has more entries than before, or will not get them. */
export const arrivals = new EventTarget();

/** @type {Promise<Finder> | null} */
let loading = null;
/** @type {Finder | null} */
let finder = null;
let restIsLoading = false;
/** @type {Set<string>} the files below search/ that are being fetched, or were */
const asked = new Set();

/** The finder, once it was fetched. */
export function loaded() {
  return finder;
}

/** Fetches the finder; after a failure it is tried again with the next call. */
export function load() {
  if (!loading) {
    loading = fetched();
    loading.catch(() => {
      loading = null;
    });
  }
  return loading;
}

async function fetched() {
  const [names, { Index }, { search }, results] = await Promise.all([
    json(new URL("search/names.json", ROOT)),
    import("./index.js"),
    import("./search.js"),
    import("./results.js"),
  ]);
  finder = { index: new Index(names), search, results };
  return finder;
}

/**
 * Fetches a file below search/, once.
 * @param {Finder} finder
 * @param {string} name
 */
export function loadFile({ index }, name) {
  if (asked.has(name)) return;
  asked.add(name);
  json(new URL(`search/${name}`, ROOT))
    .then((file) => index.addFile(name, file))
    .catch(() => false)
    .then((added) => {
      if (!added) index.missing.add(name);
      again();
    });
}

function again() {
  arrivals.dispatchEvent(new Event("more"));
}

/**
 * Fetches what the first keystroke does not need, once.
 * @param {Finder} finder
 */
export function loadRest(finder) {
  if (restIsLoading) return;
  restIsLoading = true;
  loadFile(finder, "patterns.json");
  /** @type {HTMLElement | null} */
  const form = document.querySelector("[data-pb-reading]");
  if (!form?.dataset.pbReading) return;
  json(new URL(form.dataset.pbReading, location.href))
    .then((file) => finder.index.addProse(file.docs))
    .then(again, again);
}

/** @param {URL} url */
async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}
