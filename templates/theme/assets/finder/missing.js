// What the page for missing addresses does: it leads on to the page that is meant, or lists what the
// finder finds for the last part of the address.
import { decoded } from "../address.js";
import { ROOT, load } from "./fetching.js";
import { KEY } from "./index.js";
import { address } from "./items.js";
import { required } from "../dom.js";

/** @import { Finder } from "./fetching.js" */
/** @import { Index } from "./index.js" */

const LISTED = 10;

/** Leads on, or lists names like the one in the address; the links below wait until that is known. */
export async function leadOn() {
  try {
    await leadOnOrList();
  } finally {
    required(document, "[data-pb-missing]").removeAttribute("aria-busy");
  }
}

async function leadOnOrList() {
  if (!location.href.startsWith(ROOT.href)) return;
  const path = location.pathname.slice(ROOT.pathname.length);
  if (await hasFolder(path)) {
    go(`${path}/`);
    return;
  }
  const finder = await load();
  const meant = pages(finder.index).get(plain(path));
  if (meant === undefined || !go(meant)) list(finder, path);
}

/**
 * Whether only the slash at the end is missing. Most servers add it, buckets do not.
 * @param {string} path
 */
async function hasFolder(path) {
  if (!path || path.endsWith("/")) return false;
  return (await fetch(new URL(`${path}/`, ROOT), { method: "HEAD" })).ok;
}

/**
 * Goes to an address of the site, unless that is the missing one.
 * @param {string} place
 */
function go(place) {
  const to = new URL(place, ROOT);
  if (to.pathname === location.pathname) return false;
  to.search = location.search;
  to.hash ||= location.hash;
  location.replace(to);
  return true;
}

/**
 * The addresses of the site's pages, by what is compared of them.
 * @param {Index} index
 */
function pages(index) {
  const found = new Map();
  const add = (/** @type {string} */ place) => {
    const key = plain(place.replace(/#.*/, ""));
    if (!found.has(key)) found.set(key, place);
  };
  for (const { href } of document.links)
    if (href.startsWith(ROOT.href)) add(href.slice(ROOT.href.length));
  index.kinds.forEach((kind, id) => {
    if (kind <= KEY) add(address(index, id));
  });
  return found;
}

/**
 * An address without what does not tell pages apart: case, the slash at the end, and `.html`. Pages
 * of actions were folders once.
 * @param {string} place
 */
function plain(place) {
  return decoded(place).toLowerCase().replace(/(^|\/)index\.html$|\.html$/, "").replace(/\/+$/, "");
}

/**
 * @param {Finder} finder
 * @param {string} path
 */
function list({ index, search, results }, path) {
  const parts = decoded(path).replace(/\.html$/, "").split("/").filter(Boolean);
  const [kind, service] = parts.slice(-3);
  const last = parts.at(-1) ?? "";
  const asked = parts.length > 2 && kind === "actions" ? `${service}:${last}` : last;
  const found = search(index, asked, "", LISTED);
  const items = found.total ? found.items : found.near;
  const say = items.length ? "Similar names:" : `No match for “${asked}”.`;
  const status = required(document, "[data-pb-missing]");
  status.textContent = `${status.textContent} ${say}`;
  required(document, "[data-pb-found]").replaceChildren(...items.map(results.line));
}
