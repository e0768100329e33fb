import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const ENTRY = new URL("../../../templates/theme/assets/policybook.js", import.meta.url);

/**
 * The modules that a module imports as it is loaded.
 * @param {URL} module
 */
function imports(module) {
  const found = readFileSync(module, "utf-8").matchAll(/^(?:import|\} from) .*?"(\.[^"]+)";$/gm);
  return [...found].map(([, path]) => new URL(path, module));
}

/**
 * The modules that come with one, by address.
 * @param {URL} module
 * @param {Set<string>} [found]
 */
function closure(module, found = new Set()) {
  for (const imported of imports(module))
    if (!found.has(imported.href)) closure(imported, found.add(imported.href));
  return found;
}

test("pages fetch their modules in one step: the entry imports all of them", () => {
  assert.deepEqual(new Set(imports(ENTRY).map(({ href }) => href)), closure(ENTRY));
});

test("modules that search the index are not fetched with the page", () => {
  const names = [...closure(ENTRY)].map((href) => href.split("/").at(-1));
  assert.ok(names.includes("fetching.js"));
  for (const name of ["index.js", "search.js", "patterns.js"]) assert.ok(!names.includes(name));
});
