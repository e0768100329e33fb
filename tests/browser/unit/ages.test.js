// How old the days in the footer are, by the reader's clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { age } from "../../../templates/theme/assets/ages.js";

const NOW = Date.parse("2026-03-04T12:00:00Z");

for (const [day, words] of [
  ["2026-03-04", "today"],
  ["2026-03-03", "1 day ago"],
  ["2026-01-04", "59 days ago"],
  ["2015-02-06", "4,044 days ago"],
  ["2026-03-05", ""],
  ["", ""],
  ["soon", ""],
])
  test(`${day || "no day"}: ${words || "nothing"}`, () => assert.equal(age(day, NOW), words));
