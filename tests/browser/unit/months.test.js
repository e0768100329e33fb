// The plot of changes counts the rows that a list has found.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countsByMonth } from "../../../templates/theme/assets/months.js";

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
