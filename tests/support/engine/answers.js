// Answers of the engine in the browser, for tests/support/engine_process.py: a question on each line, and
// an answer on each.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import * as engine from "../../../templates/theme/assets/engine/engine.js";

/** @type {Record<string, any>} */
const held = {};
/** @type {Map<string, any>} */
const documents = new Map();

/** @param {string} text */
function documentIn(text) {
  if (documents.size > 5000) documents.clear();
  let found = documents.get(text);
  if (!found) documents.set(text, (found = engine.readDocument(text)));
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return found.document;
}

const json = (/** @type {string} */ path) => JSON.parse(readFileSync(path, "utf-8"));

/** @type {Record<string, (asked: any) => unknown>} */
const answers = {
  hold({ catalogue, rules }) {
    held.catalogue = engine.catalogueOf(json(catalogue));
    held.rules = json(rules);
    held.policies = engine.policiesOf([], held.catalogue);
  },
  read: ({ text }) => {
    const { problems } = engine.readDocument(text);
    return problems ?? [];
  },
  compare: ({ before, after, bare }) =>
    engine.compare(before.map(documentIn), after.map(documentIn), bare ? undefined : held.catalogue),
  contains: ({ wide, narrow }) =>
    engine.contains(wide.map(documentIn), narrow.map(documentIn), held.catalogue),
  effective: ({ documents: given }) => engine.effectiveActions(given.map(documentIn), held.catalogue),
  risks: ({ documents: given }) => engine.risks(given.map(documentIn), held.rules, held.catalogue),
  policies({ named }) {
    const found = json(named).map((/** @type {[string, object]} */ [name, source]) => [
      name,
      documentIn(JSON.stringify(source)),
    ]);
    const start = performance.now();
    held.policies = engine.policiesOf(found, held.catalogue);
    return performance.now() - start;
  },
  near: ({ documents: given }) => engine.near(given.map(documentIn), held.policies),
  timed({ ask, ...asked }) {
    answers[ask](asked);
    const start = performance.now();
    answers[ask](asked);
    return performance.now() - start;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...asked } = JSON.parse(line);
  let answer;
  try {
    answer = { answer: answers[ask](asked) ?? null };
  } catch (error) {
    answer = { error: String(/** @type {Error} */ (error).stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
