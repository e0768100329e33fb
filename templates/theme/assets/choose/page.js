// The page that chooses policies: a form, and a worker that answers it.
import { Asking } from "../tools/asking.js";
import { CopiedLink } from "../tools/copied-link.js";
import { button } from "../tools/trouble.js";
import { required } from "../dom.js";
import { count } from "../words.js";
import { SWITCHES, fragmentFor, queryFor, questionIn } from "./question.js";
import { drawn, summary } from "./result.js";

/** @import { Reply } from "../tools/asking.js" */

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
    /** @type {HTMLInputElement} */
    this.instead = required(root, "[name=instead-of]");
    this.status = required(root, "[data-pb-say]");
    this.result = required(root, "[data-pb-result]");
    /** @type {Asking<ChooseQuestion, { answer: ChooseAnswer }>} */
    this.asking = new Asking(new URL("./worker.js", import.meta.url), "search");
    this.asked = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose();
    });
    for (const box of this.boxes()) box.addEventListener("change", () => this.choose());
    this.link = new CopiedLink(root, "your actions", () => this.enterAll());
    addEventListener("popstate", () => this.recall());
    root.hidden = false;
    this.recall();
  }

  boxes() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const found = this.form.querySelectorAll("[type=checkbox]");
    return [...found];
  }

  /** Shows what the address asks; what was typed stays if the address has nothing else. */
  recall() {
    const question = questionIn(location.search, location.hash);
    if (question.text) this.actions.value = question.text;
    this.instead.value = question.insteadOf.join(", ");
    for (const box of this.boxes()) box.checked = Boolean(question.switches[SWITCHES[box.name][0]]);
    if (this.actions.value.trim()) this.ask(this.usual());
  }

  usual() {
    return Number(this.root.dataset.pbUsual);
  }

  /** @returns {ChooseQuestion} */
  question() {
    const { switches } = questionIn("", "");
    for (const box of this.boxes()) Object.assign(switches, { [SWITCHES[box.name][0]]: box.checked });
    const insteadOf = this.instead.value.split(/[\s,]+/).filter(Boolean);
    return { text: this.actions.value, insteadOf: [...new Set(insteadOf)], switches };
  }

  /** Answers what the form says. Switches enter the address; what was typed does not. */
  choose() {
    this.remember({ ...this.question(), insteadOf: [] }, "");
    this.ask(this.usual());
  }

  /**
   * @param {ChooseQuestion} question
   * @param {string} fragment
   */
  remember(question, fragment) {
    const query = queryFor(question);
    const address = location.pathname + (query ? `?${query}` : "") + (fragment ? `#${fragment}` : "");
    history.replaceState(null, "", address);
  }

  /** Puts the question into the address, with what was typed. */
  enterAll() {
    const question = this.question();
    const fragment = fragmentFor(question);
    this.remember({ ...question, insteadOf: questionIn(location.search, "").insteadOf }, fragment);
    return fragment;
  }

  /** @param {number} milliseconds how long it may take */
  async ask(milliseconds) {
    const asked = ++this.asked;
    this.link.forget();
    const question = this.question();
    this.result.replaceChildren();
    if (!question.text.trim()) return this.say("Enter the actions that you need.");
    this.say("Searching…");
    const reply = await this.asking.ask(question, milliseconds);
    if (asked === this.asked) this.answer(question, reply, milliseconds);
  }

  /**
   * Shows an answer. Of the policies, only names of this site's enter the address.
   * @param {ChooseQuestion} question
   * @param {Reply<{ answer: ChooseAnswer }>} reply
   * @param {number} milliseconds
   */
  answer(question, reply, milliseconds) {
    if ("answer" in reply) {
      const unknown = reply.answer.insteadOf?.noPolicies ?? [];
      const insteadOf = question.insteadOf.filter((name) => !unknown.includes(name));
      this.remember({ ...question, insteadOf }, location.hash.slice(1));
      this.say(summary(reply.answer));
      this.result.replaceChildren(drawn(reply.answer));
    } else if ("late" in reply) {
      const longer = Number(this.root.dataset.pbLonger);
      this.say(`Stopped: the search took longer than ${count(milliseconds / 1000, "second", "seconds")}.`);
      if (milliseconds < longer)
        this.result.replaceChildren(
          button(`Search for up to ${longer / 1000} seconds`, () => this.ask(longer)),
        );
    } else this.say(reply.failed);
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }
}
