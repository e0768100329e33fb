import assert from "node:assert/strict";
import { test } from "node:test";
import { changedQuery } from "../../../templates/theme/assets/address.js";
import {
  hasAny, hasChoices, hasEveryWord, shownOf, sortedPlaces, wordsOf,
} from "../../../templates/theme/assets/filters/matching.js";
import { count, number } from "../../../templates/theme/assets/words.js";

test("every word has to occur, in any order", () => {
  assert.deepEqual(wordsOf("  SageMaker  Read "), ["sagemaker", "read"]);
  assert.ok(hasEveryWord("amazonsagemakerreadonly", ["read", "sagemaker"]));
  assert.ok(!hasEveryWord("amazonsagemakerfullaccess", ["read", "sagemaker"]));
  assert.ok(hasEveryWord("anything", wordsOf("")));
});

test("each selected value has to equal that of the row", () => {
  const row = { type: "job-function", verdict: "widened" };
  assert.ok(hasChoices(row, {}));
  assert.ok(hasChoices(row, { type: "job-function", verdict: "widened" }));
  assert.ok(!hasChoices(row, { type: "job-function", verdict: "narrowed" }));
  assert.ok(!hasChoices(row, { other: "x" }));
});

test("lists need one value in common, and any list matches an empty selection", () => {
  assert.ok(hasAny("gained lost", "lost", " "));
  assert.ok(hasAny("Read,Permissions management", "Permissions management", ","));
  assert.ok(hasAny("a", "b a", " "));
  assert.ok(!hasAny("gained", "lost", " "));
  assert.ok(!hasAny(undefined, "lost", " "));
  assert.ok(hasAny(undefined, "", " "));
});

for (const [title, keys, descending, expected] of /** @type {[string, string[], boolean, number[]][]} */ ([
  ["texts as texts", ["b", "a", "c"], false, [1, 0, 2]],
  ["numbers as numbers", ["10", "9", ""], false, [2, 1, 0]],
  ["numbers among texts as texts", ["10", "9", "a"], false, [0, 1, 2]],
  ["downwards", ["1", "3", "2"], true, [1, 2, 0]],
  ["equal ones as they came", ["a", "b", "a", "b"], false, [0, 2, 1, 3]],
  ["equal ones as they came, downwards too", ["a", "b", "a", "b"], true, [1, 3, 0, 2]],
]))
  test(`sorts ${title}`, () => assert.deepEqual(sortedPlaces(keys, descending), expected));

test("a count has the total number", () => {
  assert.equal(shownOf(6, 6), "6 in total");
  assert.equal(shownOf(0, 6), "0 of 6");
});

test("a query keeps unchanged values, and empty ones are removed", () => {
  const query = changedQuery("?find=a+b&sort=name", { find: "", dir: "desc" });
  assert.equal(query.toString(), "sort=name&dir=desc");
});

test("numbers are grouped, and nouns are singular or plural", () => {
  assert.equal(number(999), "999");
  assert.equal(number(1234567), "1,234,567");
  assert.equal(count(1, "policy", "policies"), "1 policy");
  assert.equal(count(2000, "policy", "policies"), "2,000 policies");
});
