// The plot of changes counts the rows that a list has found.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countsByMonth, countsOf, scaleFor } from "../../../templates/theme/assets/plots/months.js";

test("changes are counted by month and verdict, and other events are not", () => {
  const found = countsByMonth([
    "widened 2024-05-12",
    "widened 2024-05-02",
    "mixed 2024-05-01",
    "narrowed 2024-04-30",
    "identical 2024-04-29",
    "2024-03-01",
  ]);
  assert.deepEqual([...found.keys()], ["2024-05", "2024-04"]);
  assert.deepEqual([...(found.get("2024-05") ?? [])], [["widened", 2], ["mixed", 1]]);
  assert.deepEqual([...(found.get("2024-04") ?? [])], [["narrowed", 1]]);
});

test("reissued versions are counted if a list has found them", () => {
  const found = countsByMonth(["reissued identical 2024-05-12", "widened 2024-05-02"]);
  assert.deepEqual([...(found.get("2024-05") ?? [])], [["reissued", 1], ["widened", 1]]);
});

test("a bar has its own numbers", () => {
  assert.deepEqual([...countsOf("reissued=40 widened=14")], [["reissued", 40], ["widened", 14]]);
});

test("the scale shrinks until the highest bar fits, and never grows", () => {
  const few = new Map([["2024-05", new Map([["narrowed", 3]])]]);
  const many = new Map([...few, ["2024-06", new Map([["reissued", 80], ["widened", 20]])]]);
  assert.equal(scaleFor(few, 2, 50), 2);
  assert.equal(scaleFor(many, 2, 50), 0.5);
});
