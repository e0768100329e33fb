// Opens the names of actions that wildcards match. Where a policy has too many of them, they are on a
// page of their own, of which only the text is taken.
import { element } from "../dom.js";

/** Makes the links to such pages open below them. */
export function setUpNames() {
  for (const link of linksToNames())
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      toggleNames(link);
    });
}

/** @returns {NodeListOf<HTMLAnchorElement>} */
export function linksToNames() {
  return document.querySelectorAll("a[data-pb-names]");
}

/**
 * Shows the names below the link, or hides them.
 * @param {HTMLAnchorElement} link
 */
async function toggleNames(link) {
  const shown = link.nextElementSibling;
  if (shown?.classList.contains("pb-fetched")) {
    shown.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  await showNames(link);
}

/**
 * Shows the names below the link; where they cannot be fetched, the link is followed.
 * @param {HTMLAnchorElement} link
 */
async function showNames(link) {
  const box = element("div", "pb-fetched");
  box.setAttribute("aria-live", "polite");
  link.setAttribute("aria-expanded", "true");
  link.after(box);
  try {
    box.replaceChildren(...(await fetchNames(link.href, link.dataset.pbNames ?? "")));
  } catch {
    location.assign(link.href);
  }
}

/** @type {Map<string, Promise<Document>>} */
const pages = new Map();

/**
 * The paragraphs of a statement on a page of names, as text.
 * @param {string} address
 * @param {string} statement
 */
async function fetchNames(address, statement) {
  let page = pages.get(address);
  if (!page) pages.set(address, (page = fetchPage(address)));
  const section = (await page).querySelector(`[data-statement="${CSS.escape(statement)}"]`);
  if (!section) throw new Error("expected the statement on the page, found none");
  return [...section.querySelectorAll("[data-names] p")].map((found) =>
    element("p", "", (found.textContent ?? "").replace(/\s+/g, " ")),
  );
}

/** @param {string} address */
async function fetchPage(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`expected a page, found status ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Opens all that are closed, a few at a time. */
export async function showAllNames() {
  const left = [...linksToNames()].filter(
    (link) => link.getAttribute("aria-expanded") !== "true" && !link.closest("[hidden]"),
  );
  const work = async () => {
    for (let link = left.shift(); link; link = left.shift()) await showNames(link);
  };
  await Promise.all([work(), work(), work(), work()]);
}

/** Closes all that are open. */
export function hideAllNames() {
  for (const link of linksToNames()) {
    const shown = link.nextElementSibling;
    if (shown?.classList.contains("pb-fetched")) shown.remove();
    link.setAttribute("aria-expanded", "false");
  }
}
