// The page that checks a policy document: it is pasted, or named, and a worker looks at it.
import { ActionLinks } from "../tools/action-links.js";
import { Asking } from "../tools/asking.js";
import { CopiedLink } from "../tools/copied-link.js";
import { Picker } from "../tools/picker.js";
import { nameOf, namedIn, unknownParameters } from "../tools/sides.js";
import { Unknown } from "../tools/sources.js";
import { OFFLINE, button, late } from "../tools/trouble.js";
import { required } from "../dom.js";
import { load } from "../finder/fetching.js";
import { fragmentOf, queryOf, stateIn } from "./address.js";
import { showLine } from "./findings-list.js";
import { comparison, managed } from "./managed.js";
import { documentOf } from "./named-document.js";
import { UNKNOWN_KIND, doesGrant } from "./policy-kind.js";
import { refuseTooLong, tooLong } from "./size.js";
import { drawn, leftOut, summary } from "./view.js";
// What those import is named here, too, so that browsers fetch it at once and not step by step.
import "../tools/evidence.js";
import "./about.js";
import "./parts.js";

/** @import { Named } from "../tools/sides.js" */
/** @import { Drawn } from "./view.js" */

const NO_NAMES = "The names of this site could not be loaded. Check the connection and try again.";
const PICKERS = 80; // for the ids of lists, after those of the finder's boxes

/** Sets up the page. */
export function setUpCheck() {
  new Check(required(document, "[data-pb-check]"));
}

class Check {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.status = required(root, "[data-pb-say]");
    this.result = required(root, "[data-pb-result]");
    /** @type {HTMLTextAreaElement} */
    this.field = required(root, "#document");
    /** @type {HTMLTextAreaElement} */
    this.boundary = required(root, "#boundary");
    this.chosen = required(root, "[data-pb-chosen]");
    this.asking = new Asking(new URL("./worker.js", import.meta.url), "check");
    this.link = new CopiedLink(root, "what you pasted", () => this.enterAll());
    this.asked = 0;
    /** @type {Named | null} the policy of the site whose document is in the field */
    this.policy = null;
    this.kind = UNKNOWN_KIND; // of that policy
    this.own = ""; // the reader's own text, while the field has a policy's
    /** @type {Named | null} the policy to compare with */
    this.other = null;
    this.listen();
    root.hidden = false;
    this.recall();
  }

  listen() {
    const form = required(this.root, "form[data-pb-document]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    required(this.root, "[data-pb-clear]").addEventListener("click", () => this.clear());
    for (const field of [this.field, this.boundary]) {
      refuseTooLong(field, this.most, (text) => this.say(text));
      field.addEventListener("input", () => field === this.field && (this.policy = null));
    }
    new Picker(required(this.root, "[data-pb-shown]"), PICKERS, (named) => this.show(named));
    new Picker(required(this.root, "[data-pb-other]"), PICKERS + 1, (named) => this.compareWith(named));
    addEventListener("popstate", () => this.recall());
  }

  get most() {
    return Number(this.root.dataset.pbBytes);
  }

  /** What the address has is shown; nothing else of the page is changed. */
  recall() {
    const { policy, other, text, boundary } = stateIn(location.search, location.hash);
    this.other = other ? namedIn(other) : this.other;
    if (boundary) this.setBoundary(boundary);
    if (text) {
      this.field.value = text;
      this.start();
    } else if (policy) this.show(namedIn(policy), false);
    else if (this.policy) {
      [this.policy, this.field.value] = [null, this.own]; // which no address has
      this.start();
    }
    this.drawOther();
    if (!text && !policy && unknown()) this.say(unknown());
  }

  /** @param {string} text */
  setBoundary(text) {
    this.boundary.value = text;
    const fold = this.boundary.closest("details");
    if (fold) fold.open = true;
  }

  /**
   * Puts the document of a policy into the field, and checks it.
   * @param {Named} named
   * @param {boolean} [enter] whether it enters the address
   */
  async show(named, enter = true) {
    const asked = this.begun();
    this.say("Loading…");
    try {
      const { name, version, unsure, text, kind } = await documentOf(named);
      if (asked !== this.asked) return;
      this.kind = kind;
      if (!this.policy) this.own = this.field.value;
      this.field.value = text;
      this.policy = named;
      if (enter) this.enter();
      const doubt = unsure ? ` Not certain: ${unsure}.` : "";
      const limits = doesGrant(kind.type) ? "" : " It grants nothing: risk rules and overlaps are not about it.";
      await this.check(Number(this.root.dataset.pbLonger), `${name} ${version}.${limits}${doubt}`);
    } catch (error) {
      if (asked === this.asked) this.say(error instanceof Unknown ? error.message : OFFLINE);
    }
  }

  enter() {
    history.pushState(null, "", location.pathname + queryOf(this.policy, this.other));
  }

  /** @param {Named} named */
  compareWith(named) {
    this.other = named;
    this.enter();
    this.drawOther();
    if (this.field.value.trim()) this.start();
  }

  drawOther() {
    this.chosen.replaceChildren();
    if (!this.other) return;
    const remove = button("Remove", () => {
      this.other = null;
      this.enter();
      this.drawOther();
      if (this.field.value.trim()) this.start();
      required(this.root, "#pick-other").focus();
    });
    remove.setAttribute("aria-label", `Do not compare with ${nameOf(this.other)}`);
    this.chosen.append(`Compared with ${nameOf(this.other)} `, remove);
  }

  clear() {
    this.begun();
    this.asking.end();
    this.field.value = this.boundary.value = "";
    this.policy = this.other = null;
    this.result.replaceChildren();
    this.enter();
    this.drawOther();
    this.say("");
    this.field.focus();
  }

  /** Puts what is asked into the address, with what was pasted. */
  enterAll() {
    const fragment = fragmentOf(this.policy ? "" : this.field.value, this.boundary.value);
    history.replaceState(null, "", location.pathname + queryOf(this.policy, this.other) + fragment);
    return fragment;
  }

  /** Something new is asked: the number of the question. */
  begun() {
    this.link.forget();
    return ++this.asked;
  }

  /** Checks what is in the field. */
  start() {
    const own = !this.policy;
    const { text } = stateIn("", location.hash);
    const stale = text && text !== this.field.value; // a link was copied, and then the text changed
    if (own && (stale || location.search !== queryOf(null, this.other))) this.enter();
    this.check(Number(own ? this.root.dataset.pbPasted : this.root.dataset.pbLonger));
  }

  /**
   * @param {number} milliseconds how long each answer may take
   * @param {string} [before] what is said first
   */
  async check(milliseconds, before = "") {
    const asked = this.begun();
    const [text, boundary, kind] = [this.field.value, this.boundary.value, this.policy ? this.kind : UNKNOWN_KIND];
    this.result.replaceChildren();
    const size = Math.max(text.length, boundary.length);
    if (size > this.most) return this.say(tooLong(size, this.most));
    if (!text.trim()) return this.say("Paste a policy document, or choose a policy of this site.");
    this.say("Checking…");
    const again = () => this.check(Number(this.root.dataset.pbLonger), before);
    const reply = await this.ask({ ask: "check", text, boundary, kind }, milliseconds);
    if (asked !== this.asked) return;
    if (!("checked" in reply)) return this.failed(reply, milliseconds, again);
    const links = await load().then(({ index }) => new ActionLinks(index), () => null);
    if (asked !== this.asked) return;
    if (!links) return this.say(NO_NAMES);
    const shown = drawn(reply.checked, reply.date, links, (line) => showLine(this.field, line));
    this.result.replaceChildren(...shown.map(({ made }) => made), leftOut(reply.checked.length));
    this.say([unknown(), before, summary(reply.checked)].filter(Boolean).join(" "));
    if (reply.checked.some(({ answers }) => answers)) await this.further(asked, text, shown, links, milliseconds);
  }

  /**
   * @param {object} question see check/worker.js
   * @param {number} milliseconds
   * @returns {Promise<CheckReply | { late: true } | { failed: string }>}
   */
  ask(question, milliseconds) {
    return /** @type {Promise<any>} */ (this.asking.ask(/** @type {any} */ (question), milliseconds));
  }

  /**
   * What takes longer: how the documents differ from the chosen policy, and policies that overlap.
   * @param {number} asked
   * @param {string} text
   * @param {Drawn[]} shown
   * @param {ActionLinks} links
   * @param {number} milliseconds
   */
  async further(asked, text, shown, links, milliseconds) {
    const longer = Number(this.root.dataset.pbLonger);
    if (this.other) await this.compared(this.other, asked, text, shown, links, milliseconds);
    if (asked !== this.asked) return;
    if (this.policy && !doesGrant(this.kind.type)) return;
    for (const { overlap } of shown) overlap.textContent = "Looking for policies that overlap…";
    let reply = await this.ask({ ask: "policies" }, longer);
    if (asked === this.asked && "policies" in reply) reply = await this.ask({ ask: "overlap", text }, longer);
    if (asked !== this.asked) return;
    for (const [place, { overlap }] of shown.entries()) {
      if (!("overlaps" in reply)) overlap.textContent = this.reason(reply, longer);
      else overlap.replaceChildren(...(reply.overlaps[place] ? [managed(reply.overlaps[place])] : []));
    }
  }

  /**
   * @param {Named} named
   * @param {number} asked
   * @param {string} text
   * @param {Drawn[]} shown
   * @param {ActionLinks} links
   * @param {number} milliseconds
   */
  async compared(named, asked, text, shown, links, milliseconds) {
    try {
      const other = await documentOf(named);
      if (asked !== this.asked) return;
      const reply = await this.ask({ ask: "compare", text, other: other.text }, milliseconds);
      if (asked !== this.asked) return;
      for (const [place, { other: box }] of shown.entries()) {
        if (!("comparisons" in reply)) box.textContent = this.reason(reply, milliseconds);
        else if (reply.comparisons[place])
          box.replaceChildren(comparison(reply.comparisons[place], `${other.name} ${other.version}`, other.unsure, links));
      }
    } catch (error) {
      if (asked === this.asked) this.say(error instanceof Unknown ? error.message : OFFLINE);
    }
  }

  /**
   * @param {any} reply
   * @param {number} milliseconds
   */
  reason(reply, milliseconds) {
    if ("late" in reply) return late(milliseconds, "check");
    return reply.trouble ?? reply.failed ?? "";
  }

  /**
   * @param {any} reply
   * @param {number} milliseconds
   * @param {() => void} again
   */
  failed(reply, milliseconds, again) {
    this.say(this.reason(reply, milliseconds));
    const longer = Number(this.root.dataset.pbLonger);
    if ("late" in reply && milliseconds < longer)
      this.result.replaceChildren(button(`Check for up to ${longer / 1000} seconds`, again));
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }
}

/** What the address asks that the page does not know, or "". */
function unknown() {
  return unknownParameters(location.search, ["policy", "with"]);
}
