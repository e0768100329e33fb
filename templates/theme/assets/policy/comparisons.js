// Links to comparisons: of each version with the current one, and with each policy that overlaps. The page
// of comparisons needs scripts, so that its links may need them, too.
import { element } from "../dom.js";
import { ROOT } from "../finder/fetching.js";
import { queryOf } from "../tools/sides.js";

/** @import { Named } from "../tools/sides.js" */

const KEY = /^(v\d+(~\d+)?|[\da-f]{12})$/;

/** Sets up the links of a policy's page, or of one of its older versions. */
export function setUpComparisons() {
  const [, name] = location.pathname.slice(ROOT.pathname.length).split("/").map(decodeURIComponent);
  linkVersions(name);
  for (const row of document.querySelectorAll(".pb-overlap li")) {
    const other = row.querySelector("a")?.textContent;
    if (other) row.append(" ", link("Compare", `Compare ${name} with ${other}`, { name, at: "" }, { name: other, at: "" }));
  }
}

/**
 * Each version leads to its comparison with the current one, which leads to that with its predecessor.
 * @param {string} name
 */
function linkVersions(name) {
  /** @type {HTMLElement[]} */
  const versions = [...document.querySelectorAll(".pb-version")].filter((one) => one instanceof HTMLElement);
  const known = versions.filter((one) => KEY.test(one.id) && hasDocument(one));
  const current = known.find((one) => one.classList.contains("pb-version--current"));
  for (const [place, version] of known.entries()) {
    const older = version === current ? known[place + 1] : version;
    if (!older) continue;
    const title = version === current ? `Compare with ${older.id}` : "Compare with the current version";
    const made = link(title, `${title}: ${version.id}`, { name, at: older.id }, { name, at: "" });
    version.querySelector(".pb-version__dates")?.append(" · ", made);
  }
}

/** @param {HTMLElement} version with its document here or on a page of older versions */
function hasDocument(version) {
  const elsewhere = version.querySelector("a[data-pb-elsewhere]");
  return version.querySelector(".pb-document") || elsewhere?.textContent?.endsWith("document");
}

/**
 * @param {string} text
 * @param {string} label
 * @param {Named} a
 * @param {Named} b
 */
function link(text, label, a, b) {
  const made = element("a", "", text);
  made.setAttribute("aria-label", label);
  made.href = new URL(`compare/?${queryOf({ a: [a], b: [b] })}`, ROOT).href;
  return made;
}
