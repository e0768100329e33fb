// Asks the worker, and ends it if it takes too long: a text that was pasted may be made to take forever.

/**
 * @template Reached
 * @typedef {{ late: true } | { failed: string } | Reached} Reply
 */

/**
 * Asks one worker.
 * @template Asked
 * @template Reached
 */
export class Asking {
  /**
   * @param {URL} script the worker's module, which first says that it is ready, or what failed
   * @param {string} what what it does, for messages
   */
  constructor(script, what) {
    this.script = script;
    this.what = what;
    this.turn = 0;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Promise<string> | null} resolves to "", or to what failed */
    this.ready = null;
    /** @type {((reply: Reply<Reached>) => void) | null} */
    this.waiting = null;
  }

  /**
   * The answer to a question; an earlier question that has none yet is given up.
   * @param {Asked} question
   * @param {number} milliseconds how long it may take once AWS's action list is there
   * @returns {Promise<Reply<Reached>>}
   */
  async ask(question, milliseconds) {
    if (this.waiting) this.end();
    const turn = ++this.turn;
    const failed = await this.started();
    if (turn !== this.turn) return { failed: "" }; // given up, or a later question was asked meanwhile
    if (failed) {
      this.end();
      return { failed };
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.finish({ late: true }), milliseconds);
      this.waiting = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      this.worker?.postMessage(question);
    });
  }

  /** Starts the worker, if there is none; resolves to "" once it is ready, or to what failed. */
  started() {
    if (this.ready) return this.ready;
    const worker = new Worker(this.script, { type: "module" });
    this.worker = worker;
    this.ready = new Promise((resolve) => {
      worker.addEventListener("message", ({ data }) => {
        if (data.ready || data.failed) resolve(data.failed ?? "");
        else this.finish(data);
      });
      worker.addEventListener("error", () => {
        resolve(`The ${this.what} could not be started.`);
        this.finish({ failed: `The ${this.what} failed.` });
      });
    });
    return this.ready;
  }

  /**
   * Hands over an answer; without a whole one, the worker is ended.
   * @param {Reply<Reached>} reply
   */
  finish(reply) {
    const waiting = this.waiting;
    this.waiting = null;
    const found = /** @type {object} */ (reply);
    if ("late" in found || "failed" in found) this.end();
    waiting?.(reply);
  }

  end() {
    this.turn += 1;
    const waiting = this.waiting;
    this.waiting = null;
    this.worker?.terminate();
    this.worker = this.ready = null;
    waiting?.({ failed: "" });
  }
}
