// Answers questions to the engine, one line of JSON for each line of them, until the input ends. A question
// is the name of a function in `calls.js` or `answers.js` and what it is given.
import { createInterface } from "node:readline";
import { ANSWERS } from "./answers.js";
import { CALLS } from "./calls.js";

const FUNCTIONS = { ...CALLS, ...ANSWERS };

/**
 * @param {[name: string, ...given: any[]]} question
 * @returns {{ answer?: unknown, error?: string }}
 */
function answered([name, ...given]) {
  try {
    return { answer: FUNCTIONS[name](...given) ?? null };
  } catch (error) {
    return { error: error instanceof Error ? String(error.stack) : String(error) };
  }
}

/**
 * Large integers are texts.
 * @param {string} _key
 * @param {unknown} value
 */
function plain(_key, value) {
  return typeof value === "bigint" ? String(value) : value;
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(answered), plain)}\n`);
