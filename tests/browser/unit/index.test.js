// Decoding the index: the files are those that the generator writes for a small book, and the entries
// are those that the Python test decodes from them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Index, KINDS, textOf } from "../../../templates/theme/assets/finder/index.js";
import { address, item } from "../../../templates/theme/assets/finder/items.js";
import { cases } from "./cases.js";

const { names, patterns, actions, policies, keys, resources } = cases("finder-index.json");

function read() {
  const index = new Index(names);
  assert.ok(index.addFile("patterns.json", patterns));
  return index;
}

/**
 * The numbers of the entries of a kind.
 * @param {Index} index
 * @param {Kind} kind
 */
function entries(index, kind) {
  return [...index.kinds.keys()].filter((id) => KINDS[index.kinds[id]] === kind);
}

test("every action is listed with its level, its policies and its address", () => {
  const index = read();
  const found = entries(index, "action").map((id) => {
    const { text, detail, href } = item(index, id, false);
    return { name: text, level: detail.split(", ")[0], policies: index.weights[id], href };
  });
  assert.deepEqual(found, actions);
});

for (const [kind, expected] of /** @type {[Kind, object[]][]} */ ([
  ["policy", policies],
  ["key", keys],
]))
  test(`every ${kind} is listed with its address`, () => {
    const index = read();
    const found = entries(index, kind).map((id) => ({
      name: index.names[id],
      href: address(index, id),
    }));
    assert.deepEqual(found, expected);
  });

test("every resource pattern is listed with its address and its policies", () => {
  const index = read();
  const found = entries(index, "pattern").map((id) => {
    const { href, policies = [] } = item(index, id, false);
    return { href, policies: policies.map(({ name, denies }) => ({ name, denies })) };
  });
  assert.deepEqual(found, resources);
});

test("a pattern of NotResource is marked", () => {
  const index = read();
  const negated = entries(index, "pattern").filter((id) => item(index, id, false).negated);
  assert.deepEqual(
    negated.map((id) => patterns.patterns[index.owners[id]]),
    patterns.patterns.filter((/** @type {ResourcePattern} */ one) => typeof one !== "string"),
  );
});

test("an index of another format is rejected", () => {
  assert.throws(() => new Index({ ...names, format: 1 }), /expected format 4 .* found 1/);
});

test("patterns of other policies are rejected", () => {
  const index = new Index(names);
  const size = index.names.length;
  assert.equal(index.addFile("patterns.json", { ...patterns, stamp: "other" }), false);
  assert.equal(index.names.length, size);
});

test("prose is read as text, and an entry without a title is skipped", () => {
  const index = read();
  const size = index.names.length;
  index.addProse([
    { location: "guides/x/#a", title: "A &lt;b&gt; &amp; c", text: "<p>One</p>  <p>two</p>" },
    { location: "guides/y/#b", title: "", text: "three" },
  ]);
  assert.equal(index.names.length, size + 1);
  const found = item(index, size, false);
  assert.equal(found.text, "A <b> & c");
  assert.equal(found.detail, "One two");
  assert.equal(found.href, "guides/x/#a");
});

test("HTML is converted to text once: escaped markup stays text", () => {
  assert.equal(textOf("&amp;lt;b&amp;gt; <i>x</i>&#x27;"), "&lt;b&gt; x '");
});
