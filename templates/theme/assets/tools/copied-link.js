// "Copy link" of a tool: what it says stands beside the button, where no answer replaces it.
import { copyAddress } from "../address.js";
import { required } from "../dom.js";

export class CopiedLink {
  /**
   * @param {HTMLElement} root of the tool
   * @param {string} held what of the reader's a link may hold, as in "your actions"
   * @param {() => string} enter puts what is asked into the address, and returns its fragment
   */
  constructor(root, held, enter) {
    this.said = required(root, "[data-pb-copied]");
    this.held = held;
    required(root, "[data-pb-link]").addEventListener("click", () => this.copy(enter()));
  }

  /** @param {string} fragment */
  async copy(fragment) {
    const where = (await copyAddress()) ? "Link copied." : "The address of this page is the link.";
    this.said.textContent = fragment ? `${where} It holds ${this.held}, behind #, which is not sent to a server.` : where;
  }

  /** Something else is asked: what was said no longer holds. */
  forget() {
    this.said.textContent = "";
  }
}
