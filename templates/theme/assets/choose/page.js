// The page that chooses policies: a form, and a worker that answers it.
import { Asking } from "../tools/asking.js";
import { CopiedLink } from "../tools/copied-link.js";
import { OFFLINE, button, late, unread } from "../tools/trouble.js";
import { required } from "../dom.js";
import { Side } from "../tools/side.js";
import { unknownParameters } from "../tools/sides.js";
import { Unknown, textOf } from "../tools/sources.js";
import { SWITCHES, fragmentFor, queryFor, questionIn } from "./question.js";
import { drawn, summary } from "./result.js";

// What those import is named here, too, so that browsers fetch it at once and not step by step.
import "../policy/days.js";
import "../tools/picker.js";

/** @import { Reply } from "../tools/asking.js" */
/** @import { Asked } from "./question.js" */
/** @import { Chosen } from "../tools/sides.js" */

const KNOWN = ["instead-of", ...Object.keys(SWITCHES)];
const PICKER = 70; // for the id of its list, after those of the finder's boxes

/** Sets up the page. */
export function setUpChoose() {
  new Choose(required(document, "[data-pb-choose]"));
}

class Choose {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {HTMLFormElement} */
    this.form = required(root, "form");
    /** @type {HTMLTextAreaElement} */
    this.actions = required(root, "[name=actions]");
    /** @type {Chosen[]} */
    this.insteadOf = [];
    const instead = required(root, "[data-pb-instead]");
    const most = Number(root.dataset.pbMost);
    this.side = new Side(instead, "what is replaced", PICKER, most, (chosen) => this.replace(chosen));
    this.status = required(root, "[data-pb-say]");
    this.result = required(root, "[data-pb-result]");
    /** @type {Asking<ChooseQuestion, { answer: ChooseAnswer }>} */
    this.asking = new Asking(new URL("./worker.js", import.meta.url), "search");
    /** @type {Asking<{ documents: NamedText[] }, { granted: GrantedAction[] } | { unread: Unread[] }>} */
    this.granting = new Asking(new URL("../granted/worker.js", import.meta.url), "search");
    this.asked = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose();
    });
    for (const box of this.boxes()) box.addEventListener("change", () => this.choose());
    this.link = new CopiedLink(root, "what you typed and pasted", () => this.enterAll());
    addEventListener("popstate", () => this.recall());
    root.hidden = false;
    this.recall();
  }

  boxes() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const found = this.form.querySelectorAll("[type=checkbox]");
    return [...found];
  }

  /** Shows what the address asks; what was typed or pasted stays if the address has nothing else. */
  recall() {
    const question = questionIn(location.search, location.hash);
    if (question.text) this.actions.value = question.text;
    const pasted = question.insteadOf.some((one) => "text" in one);
    const kept = pasted ? [] : this.insteadOf.filter((one) => "text" in one);
    this.insteadOf = [...question.insteadOf, ...kept];
    this.side.draw(this.insteadOf);
    for (const box of this.boxes()) box.checked = Boolean(question.switches[SWITCHES[box.name][0]]);
    if (this.actions.value.trim()) this.ask(this.usual());
    else this.say(unknown());
  }

  /** @param {Chosen[]} chosen */
  replace(chosen) {
    this.insteadOf = chosen;
    this.side.draw(chosen);
    this.choose();
  }

  usual() {
    return Number(this.root.dataset.pbUsual);
  }

  /** @returns {Asked} */
  question() {
    const { switches } = questionIn("", "");
    for (const box of this.boxes()) Object.assign(switches, { [SWITCHES[box.name][0]]: box.checked });
    return { text: this.actions.value, insteadOf: this.insteadOf, switches };
  }

  /** Answers what the form says. Switches and names enter the address; what was typed does not. */
  choose() {
    this.remember(this.question(), "");
    this.ask(this.usual());
  }

  /**
   * @param {Asked} question
   * @param {string} fragment
   */
  remember(question, fragment) {
    const query = queryFor(question);
    const address = location.pathname + (query ? `?${query}` : "") + (fragment ? `#${fragment}` : "");
    history.replaceState(null, "", address);
  }

  /** Puts the question into the address, with what was typed and pasted. */
  enterAll() {
    const question = this.question();
    const fragment = fragmentFor(question);
    this.remember(question, fragment);
    return fragment;
  }

  /** @param {number} milliseconds how long it may take */
  async ask(milliseconds) {
    const asked = ++this.asked;
    this.link.forget();
    const { text, switches, insteadOf } = this.question();
    this.result.replaceChildren();
    if (!text.trim()) return this.say([unknown(), "Enter the actions that you need."].filter(Boolean).join(" "));
    this.say("Searching…");
    try {
      const replaced = await this.replaced(insteadOf, milliseconds);
      if (asked !== this.asked) return;
      if (!("doubts" in replaced)) return this.refuse(replaced, milliseconds);
      const { doubts, ...rest } = replaced;
      const reply = await this.asking.ask({ text, switches, ...rest }, milliseconds);
      if (asked === this.asked) this.answer(reply, milliseconds, doubts);
    } catch (error) {
      if (asked === this.asked) this.say(error instanceof Unknown ? error.message : OFFLINE);
    }
  }

  /**
   * What is replaced: the names of current policies, or what documents grant; and what is not certain of it.
   * @param {Chosen[]} chosen
   * @param {number} milliseconds
   */
  async replaced(chosen, milliseconds) {
    const names = chosen.flatMap((one) => ("name" in one && !one.at ? [one.name] : []));
    if (names.length === chosen.length) return { insteadOf: [...new Set(names)], granted: null, doubts: "" };
    const documents = await Promise.all(chosen.map(textOf));
    const reply = await this.granting.ask({ documents }, milliseconds);
    if (!("granted" in reply)) return reply;
    const unsure = documents.filter((one) => one.unsure).map((one) => `Not certain: ${one.name}: ${one.unsure}.`);
    return { insteadOf: [], granted: reply.granted, doubts: unsure.join(" ") };
  }

  /**
   * Shows an answer.
   * @param {Reply<{ answer: ChooseAnswer }>} reply
   * @param {number} milliseconds
   * @param {string} doubts
   */
  answer(reply, milliseconds, doubts) {
    if (!("answer" in reply)) return this.refuse(reply, milliseconds);
    this.say([unknown(), doubts, summary(reply.answer)].filter(Boolean).join(" "));
    this.result.replaceChildren(drawn(reply.answer));
  }

  /**
   * @param {{ late: true } | { failed: string } | { unread: Unread[] }} reply
   * @param {number} milliseconds
   */
  refuse(reply, milliseconds) {
    if ("unread" in reply) this.say(unread(reply.unread));
    else if ("failed" in reply) this.say(reply.failed);
    else {
      const longer = Number(this.root.dataset.pbLonger);
      this.say(late(milliseconds, "search"));
      if (milliseconds < longer)
        this.result.replaceChildren(
          button(`Search for up to ${longer / 1000} seconds`, () => this.ask(longer)),
        );
    }
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }
}

/** What the address asks that the page does not know, or "". */
function unknown() {
  return unknownParameters(location.search, KNOWN);
}
