// The plot of removals counts the rows that its list has found.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countsByYear } from "../../../templates/theme/assets/plots/removals.js";

test("removals are counted by year and kind, and those without a day are not", () => {
  const found = countsByYear([
    ["2024-05-01", "removed"],
    ["2024-02-03", "removed"],
    ["2023-05-01", "removed"],
    ["2024-05-01", "stricter condition"],
    ["date unknown", "removed"],
    ["", "removed"],
  ]);
  assert.deepEqual([...found.keys()], ["2024", "2023"]);
  assert.deepEqual([...(found.get("2024") ?? [])], [["removed", 2], ["stricter condition", 1]]);
  assert.deepEqual([...(found.get("2023") ?? [])], [["removed", 1]]);
});
