import assert from "node:assert/strict";
import { test } from "node:test";
import { containment } from "../../../templates/theme/assets/compare/containment.js";
import {
  fragmentOf,
  keyAmong,
  nameOf,
  namedIn,
  queryOf,
  sidesIn,
  swapped,
} from "../../../templates/theme/assets/tools/sides.js";
import { late, unread } from "../../../templates/theme/assets/tools/trouble.js";
import { cases } from "./cases.js";

for (const { verdict, b_contains_a, a_contains_b, only_a, only_b, says } of cases("containment.json").sentences)
  test(`the sentence about two sides: ${says}`, () =>
    assert.equal(containment(verdict, b_contains_a, a_contains_b, only_a, only_b), says));

for (const [text, name, at] of [
  ["P", "P", ""],
  ["P@v3", "P", "v3"],
  [" P @ V3 ", "P", "v3"],
  ["P@v3~2", "P", "v3~2"],
  ["P@2023-01-01", "P", "2023-01-01"],
  ["team@acme", "team@acme", ""],
  ["team@v1@v2", "team@v1", "v2"],
])
  test(`what “${text}” names`, () => assert.deepEqual(namedIn(text), { name, at }));

test("names with all that IAM allows in one go through the address unchanged", () => {
  const sides = {
    a: [{ name: "a+b,c=d.e@f-g_h", at: "v3" }, { name: "second", at: "" }],
    b: [{ name: "a+b", at: "2023-01-01" }],
  };
  assert.deepEqual(sidesIn(`?${queryOf(sides)}`, ""), sides);
  assert.equal(queryOf({ a: [{ name: "x+y,z", at: "v1" }], b: [] }), "a=x%2By%2Cz@v1");
});

test("a plus sign that nobody encoded is no space", () => {
  assert.deepEqual(sidesIn("?a=x+y", "").a, [{ name: "x+y", at: "" }]);
});

test("what was pasted is in the fragment alone", () => {
  const text = '{"Statement": [{"Action": "a:b#&=+ ü"}]}';
  const sides = { a: [{ name: "P", at: "" }], b: [{ text }] };
  assert.equal(queryOf(sides), "a=P");
  assert.deepEqual(sidesIn(queryOf(sides), `#${fragmentOf(sides)}`), sides);
  assert.equal(fragmentOf({ a: [{ name: "P", at: "" }], b: [] }), "");
});

test("an anchor of the page is no document", () => {
  assert.deepEqual(sidesIn("", "#command"), { a: [], b: [] });
});

test("the sides change places", () => {
  const [a, b] = [[{ name: "P", at: "" }], [{ text: "{}" }]];
  assert.deepEqual(swapped({ a, b }), { a: b, b: a });
  assert.equal(nameOf({ name: "P", at: "v1" }), "P@v1");
});

for (const [which, key] of [["v1", "v1~2"], ["v2", "v2"], ["v3", "v3~2"], ["v1~1", "v1"], ["v1~2", "v1~2"], ["v9", ""]])
  test(`${which} of a policy that was re-created is ${key || "unknown"}`, () =>
    assert.equal(keyAmong(["v3~2", "v1~2", "v2", "v1"], which), key));

test("what is said of documents that cannot be read", () => {
  const problems = [1, 2, 3, 4].map((line) => ({ line, path: [], message: "expected x, found y" }));
  const first = { name: "pasted document", problems: problems.slice(0, 1) };
  assert.equal(unread([first]), "The pasted document cannot be read: line 1: expected x, found y.");
  assert.match(unread([{ name: "pasted document", problems }]), /; and 1 more\.$/);
  const whole = { name: "pasted document", problems: [{ line: 0, path: [], message: "expected JSON" }] };
  assert.equal(unread([whole]), "The pasted document cannot be read: expected JSON.");
});

test("what is said of a comparison that takes too long", () => {
  assert.equal(late(1000), "Stopped: the comparison took longer than 1 second.");
  assert.equal(late(30_000), "Stopped: the comparison took longer than 30 seconds.");
});
