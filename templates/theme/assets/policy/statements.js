// Links to statements of versions, such as #v3-2. That of an older version opens its document at the
// statement. A link to a statement of the current version, whichever it is, becomes a lasting one.
import { pointedAt } from "../address.js";
import { showDocument } from "./documents.js";
import { statementLines } from "./document-text.js";

/** Follows the address now, and when it changes. */
export function setUpStatements() {
  if (!document.querySelector(".pb-timeline")) return;
  addEventListener("hashchange", follow);
  follow();
}

async function follow() {
  const id = pointedAt();
  const current = document.getElementById(id)?.closest(".pb-statement");
  if (current) {
    if (id !== current.id) history.replaceState(history.state, "", `#${current.id}`);
    return;
  }
  const [, key, number] = /^(v\d+(?:~\d+)?|[\da-f]{12})-(\d+)$/.exec(id) ?? [];
  const version = key ? document.getElementById(key) : null;
  if (version) await openAt(version, Number(number));
}

/**
 * Opens the document of a version at a statement, or leads to the page that has it.
 * @param {HTMLElement} version
 * @param {number} number
 */
async function openAt(version, number) {
  version.scrollIntoView();
  /** @type {HTMLDetailsElement | null} */
  const fold = version.querySelector("details.pb-document");
  if (!fold) {
    /** @type {HTMLAnchorElement | null} */
    const elsewhere = version.querySelector("a[data-pb-elsewhere]");
    if (elsewhere) location.replace(`${elsewhere.href}-${number}`);
    return;
  }
  const code = await showDocument(fold);
  fold.open = true;
  if (code) markStatement(code, number);
}

/**
 * Marks the lines of a statement in the text of a document, and shows them.
 * @param {HTMLElement} code
 * @param {number} number
 */
function markStatement(code, number) {
  const text = code.textContent ?? "";
  const lines = statementLines(text, number);
  if (!lines) return;
  const mark = document.createElement("mark");
  mark.textContent = text.slice(lines.start, lines.end);
  code.replaceChildren(text.slice(0, lines.start), mark, text.slice(lines.end));
  mark.scrollIntoView({ block: "center" });
}
