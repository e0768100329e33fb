// Asks a worker, so that the page stays alive whatever is asked. A worker that takes too long is ended, and
// a new one is made for the next question.

/** The worker took too long, and was ended. */
export class TookTooLong extends Error {}

/** A worker that answers one question after another; it sends `{ id, answer }` or `{ id, error }`. */
export class Asking {
  /** @param {URL} script a module */
  constructor(script) {
    this.script = script;
    this.count = 0;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Map<number, { done: (answer: any) => void, failed: (error: Error) => void }>} */
    this.open = new Map();
  }

  /**
   * The answer to a question; it rejects where the worker fails, or takes longer than it may.
   * @param {object} question what can be sent to a worker
   * @param {number} milliseconds after which the worker is ended; 0 for none
   * @returns {Promise<any>}
   */
  ask(question, milliseconds = 0) {
    const worker = (this.worker ??= this.start());
    const id = (this.count += 1);
    return new Promise((done, failed) => {
      const end = () => this.end(new TookTooLong(`more than ${milliseconds} milliseconds`));
      const timer = milliseconds ? setTimeout(end, milliseconds) : undefined;
      this.open.set(id, {
        done: (answer) => (clearTimeout(timer), done(answer)),
        failed: (error) => (clearTimeout(timer), failed(error)),
      });
      worker.postMessage({ ...question, id });
    });
  }

  start() {
    const worker = new Worker(this.script, { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      const asked = this.open.get(data.id);
      this.open.delete(data.id);
      if ("error" in data) asked?.failed(new Error(data.error));
      else asked?.done(data.answer);
    });
    worker.addEventListener("error", () => this.end(new Error("the worker failed")));
    return worker;
  }

  /**
   * Ends the worker; what was asked is not answered.
   * @param {Error} error
   */
  end(error) {
    this.worker?.terminate();
    this.worker = null;
    const open = [...this.open.values()];
    this.open.clear();
    for (const { failed } of open) failed(error);
  }
}
