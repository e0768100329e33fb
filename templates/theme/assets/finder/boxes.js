// The finder's boxes of a page: in the header, on the home page, and on the page /search/.
import { Combobox } from "./combobox.js";
import { ResultsPage } from "./results-page.js";

/** @import { Box } from "./box.js" */

/** Sets up every box of the page. */
export function setUpFinder() {
  const toggle = /** @type {HTMLInputElement | null} */ (document.getElementById("__search"));
  // In a frame that is not ours the theme's own search opens over an address with a question.
  const themesSearch = document.querySelector("[data-md-component=search]");
  /** @type {Box | null} */
  let header = null;
  /** @type {Box | null} */
  let page = null;
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("[data-pb-finder]");
  for (const [number, form] of forms.entries()) {
    const kind = form.dataset.pbFinder;
    if (kind === "page") {
      const box = new ResultsPage(form);
      if (themesSearch && toggle?.checked) toggle.click();
      box.recall();
      page ??= box;
    } else {
      const box = new Combobox(form, number, kind === "header" ? toggle : null);
      if (kind === "header") header ??= box;
    }
  }
  const main = page ?? header;
  if (main && !themesSearch) focusOnSlash(main.input);
}

/**
 * `/` leads to a box, from anywhere but a field, where it is a character.
 * @param {HTMLInputElement} input
 */
function focusOnSlash(input) {
  addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key !== "/" || modified || event.defaultPrevented || isTyping()) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

function isTyping() {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement)) return false;
  return /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) || at.isContentEditable;
}
