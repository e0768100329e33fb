// "As of" a day: leads to the version that was the default then, and says what it granted.
import { changedQuery, replaceQuery } from "../address.js";
import { dataTo, element, required } from "../dom.js";
import { asOf, levelsByService } from "./days.js";

/** @typedef {import("./days.js").Days} Days */

/** Sets up the form, if the page has it; a day in the address is looked up at once. */
export function setUpAsOf() {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector("[data-pb-asof]");
  if (form) new AsOf(form);
}

class AsOf {
  /** @param {HTMLFormElement} form names the file with the days in `data-pb-asof` */
  constructor(form) {
    this.source = new URL(form.dataset.pbAsof ?? "", location.href);
    /** @type {HTMLInputElement} */
    this.field = required(form, "input[name=at]");
    this.answer = required(form, ".pb-asof__answer");
    /** @type {Promise<Days> | null} */
    this.days = null;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.field.value);
    });
    const asked = new URLSearchParams(location.search).get("at");
    if (asked) {
      this.field.value = asked;
      this.ask(asked);
    }
  }

  /** @param {string} day such as 2023-01-31 */
  async ask(day) {
    replaceQuery(changedQuery(location.search, { at: day }));
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) {
      this.answer.replaceChildren(day ? `${day} is not a day such as 2023-01-31.` : "Choose a day.");
      return;
    }
    try {
      this.days ??= fetchDays(this.source);
      this.show(day, await this.days);
    } catch {
      this.days = null;
      this.answer.replaceChildren("The days could not be fetched.");
    }
  }

  /**
   * @param {string} day
   * @param {Days} days
   */
  show(day, days) {
    const found = asOf(days, day, dataTo());
    /** @type {HTMLElement[]} */
    const parts = [sentence(day, found.version, found.since, found.until)];
    if (found.unsure) parts.push(element("p", "pb-note pb-note--warn", `Not certain: ${found.unsure}.`));
    if (found.version) parts.push(links(found), ...services(days, found.version));
    this.answer.replaceChildren(...parts);
  }
}

/** @param {URL} source */
async function fetchDays(source) {
  const response = await fetch(source);
  if (!response.ok) throw new Error(`expected the days, found status ${response.status}`);
  return /** @type {Days} */ ((await response.json()).result);
}

/**
 * @param {string} day
 * @param {string | null} version
 * @param {string | null} since
 * @param {string | null} until the day of the next version
 */
function sentence(day, version, since, until) {
  const said = element("p", "");
  if (!version) {
    said.textContent = `On ${day} the policy had no version.`;
    return said;
  }
  const link = element("a", "", version);
  link.href = `#${version}`;
  const when = [since ? `since ${since}` : "", until ? `until ${until}` : ""].filter(Boolean);
  said.append(`On ${day} the default version was `, link, when.length ? `, ${when.join(", ")}.` : ".");
  return said;
}

/** @param {{version: string | null, before: string | null, after: string | null}} found */
function links({ version, before, after }) {
  const line = element("p", "pb-fine");
  const named = [["Before it: ", before], ["After it: ", after], ["Its document and changes: ", version]];
  for (const [words, key] of named)
    if (key) {
      const link = element("a", "", key);
      link.href = `#${key}`;
      line.append(words ?? "", link, " ");
    }
  return line;
}

/**
 * @param {Days} days
 * @param {string} version
 */
function services(days, version) {
  const lines = levelsByService(days, version);
  if (!lines) return [element("p", "", "What it granted is unknown: there is no document.")];
  const list = element("ul", "pb-asof__services");
  for (const { service, levels } of lines) {
    const item = element("li", "");
    item.append(element("code", "", service), ` ${levels}`);
    list.append(item);
  }
  return [element("p", "", "Effective actions of it by service and access level:"), list];
}
