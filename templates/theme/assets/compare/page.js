// The page of comparisons: two sides are chosen, and a worker compares them.
import { required } from "../dom.js";
import { load } from "../finder/fetching.js";
import { ActionLinks } from "../tools/action-links.js";
import { Asking } from "../tools/asking.js";
import { CopiedLink } from "../tools/copied-link.js";
import { drawn, sentence } from "./result.js";
import { Side } from "../tools/side.js";
import { LETTERS, fragmentOf, queryOf, sidesIn, swapped, unknownParameters } from "../tools/sides.js";
import { Unknown, textOf } from "../tools/sources.js";
import { OFFLINE, button, late, unread } from "../tools/trouble.js";
// What those import is named here, too, so that browsers fetch it at once and not step by step.
import "./columns.js";
import "../tools/evidence.js";
import "./more.js";
import "../tools/picker.js";

/** @import { Chosen, Sides } from "../tools/sides.js" */

const PICKERS = 90; // for the ids of lists, after those of the finder's boxes
const EMPTY = "Choose a policy for A and one for B.";

/** Sets up the page. */
export function setUpCompare() {
  new Compare(required(document, "[data-pb-compare]"));
}

class Compare {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.status = required(root, "[data-pb-say]");
    this.result = required(root, "[data-pb-result]");
    /** @type {Asking<Question, Answered>} */
    this.asking = new Asking(new URL("./worker.js", import.meta.url), "comparison");
    this.asked = 0;
    /** @type {ActionLinks | null} */
    this.links = null;
    this.sides = sidesIn(location.search, location.hash);
    const most = Number(root.dataset.pbMost);
    const [a, b] = LETTERS.map((letter, place) => {
      const section = required(root, `[data-pb-side=${letter}]`);
      return new Side(section, letter.toUpperCase(), PICKERS + place, most, (chosen) => this.choose({ ...this.sides, [letter]: chosen }));
    });
    this.drawers = { a, b };
    required(root, "[data-pb-swap]").addEventListener("click", () => this.choose(swapped(this.sides)));
    this.link = new CopiedLink(root, "what you pasted", () => this.enterAll());
    addEventListener("popstate", () => this.recall());
    root.hidden = false;
    this.show();
  }

  /**
   * The reader changed the sides. What was pasted does not enter the address.
   * @param {Sides} sides
   */
  choose(sides) {
    this.sides = sides;
    history.pushState(null, "", addressOf(queryOf(sides), ""));
    this.show();
  }

  /** The address was changed by the browser: pasted documents stay, unless it has others. */
  recall() {
    const sides = sidesIn(location.search, location.hash);
    for (const letter of LETTERS)
      if (!fragmentOf(sides)) sides[letter].push(...this.sides[letter].filter((one) => "text" in one));
    if (addressOf(queryOf(sides), fragmentOf(sides)) === addressOf(queryOf(this.sides), fragmentOf(this.sides))) return;
    this.sides = sides;
    this.show();
  }

  /** Puts the sides into the address, with what was pasted. */
  enterAll() {
    const fragment = fragmentOf(this.sides);
    history.replaceState(null, "", addressOf(queryOf(this.sides), fragment));
    return fragment;
  }

  show() {
    for (const letter of LETTERS) this.drawers[letter].draw(this.sides[letter]);
    const some = LETTERS.some((letter) => this.sides[letter].length);
    for (const name of ["swap", "link"])
      /** @type {HTMLButtonElement} */ (required(this.root, `[data-pb-${name}]`)).disabled = !some;
    const pasted = LETTERS.some((letter) => this.sides[letter].some((one) => "text" in one));
    this.compare(Number(pasted ? this.root.dataset.pbPasted : this.root.dataset.pbLonger));
  }

  /** @param {number} milliseconds how long it may take */
  async compare(milliseconds) {
    const asked = ++this.asked;
    this.link.forget();
    const { a, b } = this.sides;
    this.result.replaceChildren();
    if (!a.length || !b.length) return this.say([unknown(), EMPTY].filter(Boolean).join(" "));
    this.say("Comparing…");
    try {
      const [here, there, finder] = await Promise.all([texts(a), texts(b), load()]);
      if (asked !== this.asked) return;
      this.links ??= new ActionLinks(finder.index);
      const reply = await this.asking.ask({ a: here, b: there }, milliseconds);
      if (asked === this.asked) this.answer(reply, this.links, milliseconds);
    } catch (error) {
      if (asked === this.asked) this.say(error instanceof Unknown ? error.message : OFFLINE);
    }
  }

  /**
   * @param {import("../tools/asking.js").Reply<Answered>} reply
   * @param {ActionLinks} links
   * @param {number} milliseconds
   */
  answer(reply, links, milliseconds) {
    if ("result" in reply) {
      this.result.replaceChildren(drawn(reply.result, reply.together, links));
      this.say([unknown(), sentence(reply.result)].filter(Boolean).join(" "), !unknown());
    } else if ("late" in reply) {
      const longer = Number(this.root.dataset.pbLonger);
      this.say(late(milliseconds));
      if (milliseconds < longer)
        this.result.replaceChildren(
          button(`Compare for up to ${longer / 1000} seconds`, () => this.compare(longer)),
        );
    } else if ("unread" in reply) this.say(unread(reply.unread));
    else this.say(reply.failed);
  }

  /**
   * @param {string} text
   * @param {boolean} [drawn] whether the page shows the same in other words; it is announced only
   */
  say(text, drawn = false) {
    this.status.classList.toggle("pb-hidden", drawn);
    this.status.textContent = text;
  }
}

/** @param {Chosen[]} side */
function texts(side) {
  return Promise.all(side.map(textOf));
}

/**
 * @param {string} query
 * @param {string} fragment
 */
function addressOf(query, fragment) {
  return location.pathname + (query ? `?${query}` : "") + (fragment ? `#${fragment}` : "");
}

/** What the address asks that the page does not know, or "". */
function unknown() {
  return unknownParameters(location.search, LETTERS);
}
