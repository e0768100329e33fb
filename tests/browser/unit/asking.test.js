import assert from "node:assert/strict";
import { test } from "node:test";
import { Asking } from "../../../templates/theme/assets/tools/asking.js";

/** A worker that the test moves on: when it is ready, and when it answers which question. */
class FakeWorker {
  static all = /** @type {FakeWorker[]} */ ([]);
  questions = /** @type {string[]} */ ([]);
  ended = false;

  constructor() {
    FakeWorker.all.push(this);
  }

  /**
   * @param {string} kind
   * @param {(event: { data: object }) => void} listener
   */
  addEventListener(kind, listener) {
    if (kind === "message") this.say = (/** @type {object} */ data) => listener({ data });
  }

  /** @param {string} question */
  postMessage(question) {
    this.questions.push(question);
  }

  /** Answers the first question that has no answer yet. */
  answer() {
    this.say?.({ found: this.questions.shift() });
  }

  terminate() {
    this.ended = true;
  }
}

function asking() {
  FakeWorker.all = [];
  Object.assign(globalThis, { Worker: FakeWorker });
  return new Asking(new URL("file:///worker.js"), "comparison");
}

/** Lets what waits for something that is there go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a question that is asked before the worker is ready gets its own answer, and earlier ones none", async () => {
  const one = asking();
  const replies = Promise.all(["first", "second"].map((question) => one.ask(question, 1000)));
  const [worker] = FakeWorker.all;
  worker.say?.({ ready: true });
  await settled();
  assert.deepEqual(worker.questions, ["second"]);
  worker.answer();
  assert.deepEqual(await replies, [{ failed: "" }, { found: "second" }]);
});

test("a question in work is given up for a later one, in a new worker", async () => {
  const one = asking();
  const first = one.ask("first", 1000);
  FakeWorker.all[0].say?.({ ready: true });
  await settled();
  const second = one.ask("second", 1000);
  assert.deepEqual(await first, { failed: "" });
  const [old, worker] = FakeWorker.all;
  assert.equal(old.ended, true);
  worker.say?.({ ready: true });
  await settled();
  worker.answer();
  assert.deepEqual(await second, { found: "second" });
});

test("a worker that takes too long is ended", async () => {
  const one = asking();
  const reply = one.ask("first", 5);
  const [worker] = FakeWorker.all;
  worker.say?.({ ready: true });
  assert.deepEqual(await reply, { late: true });
  assert.equal(worker.ended, true);
});

test("what keeps a worker from starting is said", async () => {
  const one = asking();
  const reply = one.ask("first", 1000);
  FakeWorker.all[0].say?.({ failed: "No connection." });
  assert.deepEqual(await reply, { failed: "No connection." });
});
