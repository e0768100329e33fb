import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_CHARACTERS, MOST_NAMES, askedText } from "../../../templates/theme/assets/choose/asked-text.js";
import { cases } from "./cases.js";

for (const { title, text, names, not } of cases("asked-text.json").texts)
  test(title, () => {
    const found = askedText(text);
    assert.deepEqual(found.names.map((asked) => asked.text), names);
    assert.equal(found.notUnderstood.length, not);
    assert.ok(found.notUnderstood.every((part) => part.text && part.why));
  });

for (const { text, said } of cases("asked-text.json").said)
  test(`what is wrong with ${text}`, () => {
    assert.deepEqual(askedText(text).notUnderstood.map((part) => `${part.text}: ${part.why}`), said);
  });

test("a text is bounded in length, depth and number of names", () => {
  for (const text of ["x ".repeat(MOST_CHARACTERS), "[".repeat(100_000), `{"Records":${"[".repeat(40)}${"]".repeat(40)}}`]) {
    const found = askedText(text);
    assert.deepEqual([found.names.length, found.notUnderstood.length], [0, 1]);
  }
  const many = Array.from({ length: MOST_NAMES + 1 }, (_, at) => `s3:A${at}`).join(" ");
  assert.equal(askedText(many).names.length, 0);
});
