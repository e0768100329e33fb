// API operations that have no action of their own name: in the finder, and in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { search } from "../../../templates/theme/assets/finder/search.js";
import { needs, operationsOf } from "../../../templates/theme/assets/tools/operations.js";
import { smallIndex } from "./small-index.js";

const index = smallIndex();

for (const [query, href] of [
  ["HeadObject", "actions/s3/GetObject.html#operations"],
  ["s3:headobject", "actions/s3/GetObject.html#operations"],
  ["s3 head", "actions/s3/GetObject.html#operations"],
])
  test(`“${query}” finds an API operation and leads to the action that it needs`, () => {
    const [first] = search(index, query, "", 50).items;
    assert.deepEqual(first, {
      kind: "operation", text: "s3:HeadObject", detail: "needs s3:GetObject", href,
      exact: query !== "s3 head",
    });
  });

test("an operation that needs actions only in some cases says so", () => {
  const [{ detail }] = search(index, "RenameAny", "", 50).items;
  assert.equal(detail, "needs s3:PutObject and s3:DeleteObject in some cases");
});

test("operations of another service are not found, and the kind can be asked for", () => {
  assert.equal(search(index, "iam:HeadObject", "", 50).items.some(({ kind }) => kind === "operation"), false);
  const found = search(index, "object", "operation", 50).items;
  assert.deepEqual(found.map(({ text }) => text), ["s3:HeadObject"]);
});

test("what an operation needs is said as the program says it", () => {
  const found = operationsOf([
    [["s3:A"], [], { s3: ["One"] }],
    [["s3:A", "s3:B", "s3:C"], [["s3:D", "it reads"]], { s3: ["Two"] }],
    [[], [["s3:D", "it reads"], ["s3:E", "it writes"]], { s3: ["Three"], s3express: ["Three"] }],
  ]);
  assert.deepEqual([...found.keys()], ["s3:one", "s3:two", "s3:three", "s3express:three"]);
  assert.deepEqual([...found.values()].slice(0, 3).map(needs), [
    "s3:A",
    "s3:A, s3:B and s3:C, and s3:D if it reads",
    "s3:D if it reads, and s3:E if it writes",
  ]);
});
