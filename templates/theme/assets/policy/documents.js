// Fetches the document of a version when it is opened; without scripts it is a link.
import { element } from "../dom.js";
import { documentOf } from "./packed-documents.js";

/** Sets up every document that is in another file. */
export function setUpDocuments() {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const found = document.querySelectorAll("details[data-pb-fetched]");
  found.forEach((fold) => fold.addEventListener("toggle", () => fold.open && showDocument(fold)));
}

/**
 * Puts the text of the document in place of the link to it; the link stays where that fails.
 * @param {HTMLDetailsElement} fold
 * @returns {Promise<HTMLElement | null>} the element with the text
 */
export async function showDocument(fold) {
  const shown = fold.querySelector("code");
  if (shown) return shown;
  const link = fold.querySelector("a");
  if (!link) return null;
  const response = await fetch(link.href).catch(() => null);
  if (!response?.ok) return null;
  const { result } = await response.json();
  const document = documentOf(result, fold.dataset["pbFetched"] ?? "");
  if (!document) return null;
  const before = fold.querySelector("code");
  if (before) return before; // opened twice while it was fetched
  const code = element("code", "language-json", JSON.stringify(document, null, 2));
  const pre = element("pre", "");
  pre.append(code);
  fold.append(pre);
  return code;
}
