import assert from "node:assert/strict";
import { test } from "node:test";
import {
  covers, namesSomeOf, overlaps, tokens,
} from "../../../templates/theme/assets/finder/patterns.js";
import { cases } from "./cases.js";

const tables = cases("patterns.json");

for (const { pattern, tokens: expected } of tables.tokens)
  test(`tokens of ${pattern}`, () => assert.deepEqual(tokens(pattern), expected));

for (const table of ["covers", "covers with variables", "covers with escapes"])
  for (const { wide, narrow, covered } of tables[table])
    test(`${wide} ${covered ? "covers" : "does not cover"} ${narrow}`, () =>
      assert.equal(covers(wide, narrow), covered));

for (const { one, other, overlapping } of tables.overlaps)
  test(`${one} and ${other} ${overlapping ? "overlap" : "have nothing in common"}`, () => {
    assert.equal(overlaps(one, other), overlapping);
    assert.equal(overlaps(other, one), overlapping);
  });

for (const { pattern, text, named } of tables["names some of"])
  test(`${JSON.stringify(pattern)} ${named ? "names" : "names nothing of"} ${text}`, () =>
    assert.equal(namesSomeOf(pattern, text), named));

test("covering is fast for many wildcards", () => {
  assert.ok(covers(`*a${"?".repeat(40)}*`, `${"*a".repeat(40)}${"?".repeat(40)}*`));
  assert.ok(!covers(`*${"a*".repeat(101)}`, `*${"ab*".repeat(100)}`));
});
