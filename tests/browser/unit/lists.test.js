import assert from "node:assert/strict";
import { test } from "node:test";
import { changedQuery } from "../../../templates/theme/assets/address.js";
import { csv, tableOf } from "../../../templates/theme/assets/lists/csv.js";
import { columnsOfMarks, markTexts } from "../../../templates/theme/assets/lists/marks.js";
import {
  counts, highestOf, lastDays, matching, nearest, sorted, wordsOf,
} from "../../../templates/theme/assets/lists/matching.js";
import { isPlain, parameters, readState } from "../../../templates/theme/assets/lists/state.js";
import { count, number } from "../../../templates/theme/assets/words.js";

const LIST = 1, READ = 2, WRITE = 4, UNLISTED = 32;
const SERVICES = ["dynamodb", "kms", "s3", "*"];
const NOW = Date.parse("2026-03-04T15:00:00Z");

/**
 * @param {Partial<FacetShape> & { key: string }} given
 * @returns {FacetShape}
 */
function facet(given) {
  const values = given.values ?? [];
  return { kind: "choice", title: given.key, usual: "", place: -1, values, labels: values, places: [], ...given };
}

/** @type {ListShape} */
const SHAPE = {
  prefix: "",
  heads: [],
  columns: [{ key: "name", kind: "link", title: "Name" }, { key: "count", kind: "number", title: "Count" }],
  facets: [
    facet({ key: "service", kind: "services", place: 0, values: SERVICES }),
    facet({ key: "level", kind: "level", values: ["List", "Read", "Write"], places: [0, 1, 2, -1, -1, -1] }),
    facet({ key: "highest", kind: "highest", values: ["Read", "Write"], places: [-1, 0, 1, -1, -1, -1] }),
    facet({ key: "only", kind: "only" }),
    facet({ key: "type", place: 1, values: ["a", "b"] }),
    facet({ key: "since", kind: "since", place: 2, values: ["7d", "30d"] }),
    facet({ key: "effect", place: 3, values: ["yes", "no"], usual: "yes" }),
  ],
  stored: 4,
  file: { columns: [] },
};

/**
 * @param {string} name
 * @param {Record<string, number>} services
 * @param {number} type
 * @param {string} day
 * @param {number} [effect]
 * @returns {ListRow}
 */
function row(name, services, type, day, effect = 0) {
  const packed = Object.entries(services).map(([s, bits]) => SERVICES.indexOf(s) * 64 + bits);
  return {
    texts: [name],
    keys: [name, packed.length],
    text: name,
    facets: [packed.length === 1 ? packed[0] : packed, type, day, effect],
    anchors: [],
    element: () => assert.fail("no element is needed to filter"),
  };
}

const ROWS = [
  row("admin", { "*": 31 }, 0, "2026-03-04"),
  row("dynamo read", { dynamodb: LIST | READ, kms: WRITE }, 0, "2026-02-02"),
  row("dynamo full", { dynamodb: LIST | READ | WRITE }, 1, "2026-02-01"),
  row("s3 list", { s3: LIST }, 1, "2025-01-01"),
  row("reissued", { s3: LIST }, 1, "2026-03-03", 1),
];

/** @param {string} query */
function left(query) {
  const { state } = readState(query, SHAPE);
  return matching(ROWS, state, SHAPE, NOW).map(({ text }) => text);
}

for (const [query, expected] of /** @type {[string, string[]][]} */ ([
  ["", ["admin", "dynamo read", "dynamo full", "s3 list"]],
  ["effect=any", ["admin", "dynamo read", "dynamo full", "s3 list", "reissued"]],
  ["effect=no", ["reissued"]],
  ["find=READ+dyn", ["dynamo read"]],
  ["service=dynamodb", ["admin", "dynamo read", "dynamo full"]],
  ["service=dynamodb,kms", ["admin", "dynamo read"]],
  ["service=*", ["admin"]],
  ["service=dynamodb&level=Write", ["admin", "dynamo full"]],
  ["level=Write", ["admin", "dynamo read", "dynamo full"]],
  ["service=dynamodb&highest=Read", ["dynamo read"]],
  ["service=dynamodb&only=1", ["dynamo full"]],
  ["service=dynamodb,kms&only=1", ["dynamo read"]],
  ["service=dynamodb&only=1&highest=Read", []],
  ["type=a", ["admin", "dynamo read"]],
  ["type=a,b&service=s3", ["admin", "s3 list"]],
  ["since=30d", ["admin", "dynamo read"]],
  ["since=31d", ["admin", "dynamo read", "dynamo full"]],
  ["since=2026-03-04", ["admin"]],
]))
  test(`the address ?${query} leaves its rows`, () => assert.deepEqual(left(query), expected));

for (const [query, dataTo, first] of /** @type {[string, string, string | undefined][]} */ ([
  ["since=30d", "2026-02-01", "2026-01-02"],
  ["since=30d", "2026-02-02", undefined],
  ["since=2026-03-01", "2026-02-01", undefined],
  ["since=30d", "", undefined],
  ["type=a", "2020-01-01", undefined],
]))
  test(`?${query} with data to ${dataTo || "no day"} offers ${first ?? "no other days"}`, () => {
    const { state } = readState(query, SHAPE);
    assert.equal(lastDays(state, SHAPE, NOW, dataTo)?.first, first);
  });

test("what is not understood is told: names, values and columns", () => {
  const { state, unknown, taken } = readState(
    "foo=1&type=a,c&since=x&sort=gone&dir=up&service=ec2&only=2&find=x&sort=count",
    SHAPE,
  );
  assert.ok(!taken.has("foo"));
  assert.deepEqual(unknown, ["type=a,c", "since=x", "sort=gone", "dir=up", "service=ec2", "only=2"]);
  assert.deepEqual(state.chosen, { effect: ["yes"], type: ["a"] });
  assert.deepEqual([state.find, state.sort], ["x", "count"]);
});

test("a state is written as it is read", () => {
  for (const query of ["service=dynamodb,kms&only=1", "effect=any&find=a", "sort=count&dir=desc"]) {
    const { state } = readState(query, SHAPE);
    const written = changedQuery("", parameters(state, SHAPE)).toString().replaceAll("%2C", ",");
    assert.deepEqual([...new URLSearchParams(written)].sort(), [...new URLSearchParams(query)].sort());
    assert.ok(!isPlain(state, SHAPE));
  }
  assert.ok(isPlain(readState("", SHAPE).state, SHAPE));
  assert.ok(isPlain(readState("effect=yes", SHAPE).state, SHAPE));
});

test("a second list of a page reads parameters with its own prefix", () => {
  const shape = { ...SHAPE, prefix: "actions." };
  const { state, taken } = readState("type=a&actions.type=b", shape);
  assert.deepEqual([state.chosen.type, [...taken]], [["b"], ["actions.type"]]);
  assert.equal(parameters(state, shape)["actions.type"], "b");
});

test("each choice has the number of rows that it would leave", () => {
  const { state } = readState("service=dynamodb", SHAPE);
  /** @param {string} key */
  const of = (key) => {
    const found = SHAPE.facets.find((one) => one.key === key);
    return found ? counts(ROWS, found, state, SHAPE, NOW) : [];
  };
  assert.deepEqual(of("type"), [2, 1]);
  assert.deepEqual(of("level"), [3, 3, 2]);
  assert.deepEqual(of("since"), [1, 2]);
  assert.deepEqual(of("effect"), [3, 0]);
});

test("what is not in AWS's list is the highest level only without another one", () => {
  assert.equal(highestOf(UNLISTED | READ), READ);
  assert.equal(highestOf(UNLISTED), UNLISTED);
  assert.equal(highestOf(0), 0);
});

test("the nearest rows have no more than the level, then few other services", () => {
  const { state } = readState("service=dynamodb&only=1&highest=Read", SHAPE);
  const found = nearest(ROWS, state, SHAPE, 2);
  assert.deepEqual(found.map((one) => [one.row.text, one.others]), [["dynamo read", 1], ["dynamo full", 0]]);
  assert.deepEqual(nearest(ROWS, readState("type=a", SHAPE).state, SHAPE, 2), []);
});

test("rows that are named after the services are nearer than those with fewer other services", () => {
  const rows = [
    row("streams", { dynamodb: READ, kms: READ }, 0, ""),
    row("AmazonDynamoDBReadOnlyAccess", { dynamodb: READ, kms: READ, s3: READ }, 0, ""),
  ];
  const { state } = readState("service=dynamodb&only=1&highest=Read", SHAPE);
  const [first] = nearest(rows, state, SHAPE, 2);
  assert.equal(first.row.text, "AmazonDynamoDBReadOnlyAccess");
});

test("rows are sorted in both directions; those without a value are last", () => {
  const rows = ["b", "", "a", "c"].map((name) => row(name, {}, 0, ""));
  const order = (/** @type {boolean} */ down) => sorted(rows, 0, down).map(({ text }) => text);
  assert.deepEqual(order(false), ["a", "b", "c", ""]);
  assert.deepEqual(order(true), ["c", "b", "a", ""]);
});

test("a table for a spreadsheet is quoted, and no text of it is a formula", () => {
  const rows = [["a,b", 'c"d', -1], ["=1+1", "+x", 0], [" \u200b@y", "plain", 1]];
  assert.equal(
    csv(["A", "B", "C"], rows),
    'A,B,C\r\n"a,b","c""d",-1\r\n\'=1+1,\'+x,0\r\n\' \u200b@y,plain,1\r\n',
  );
});

test("words are in lower case, numbers are grouped, and nouns are singular or plural", () => {
  assert.deepEqual(wordsOf("  SageMaker  Read "), ["sagemaker", "read"]);
  assert.equal(number(1234567), "1,234,567");
  assert.equal(count(1, "policy", "policies"), "1 policy");
  assert.equal(count(2000, "policy", "policies"), "2,000 policies");
});

test("a query keeps unchanged values, and empty ones are removed", () => {
  const query = changedQuery("?find=a+b&sort=name", { find: "", dir: "desc" });
  assert.equal(query.toString(), "sort=name&dir=desc");
});

test("a table has the levels on each service that is chosen, since its counts are of all", () => {
  const columns = [
    { key: "name", kind: "link", title: "Policy" },
    { key: "read", kind: "level", title: "Read" },
  ];
  const shape = { ...SHAPE, columns };
  const rows = [
    { ...row("P", { s3: READ | UNLISTED, kms: WRITE }, 0, ""), texts: ["P", 3] },
    { ...row("Q", { "*": LIST }, 0, ""), texts: ["Q", 1] },
  ];
  const state = { find: "", chosen: { service: ["s3", "kms"] }, sort: "", descending: false };
  assert.deepEqual(tableOf(rows, shape, state).trim().split("\r\n"), [
    "Policy,Read actions of all services,Levels in s3,Levels in kms",
    "P,3,Read; not in AWS's action list,Write",
    "Q,1,List,List",
  ]);
  const one = { ...shape, facets: [{ ...shape.facets[0], values: [] }] };
  const plain = tableOf(rows.slice(0, 1), one, { ...state, chosen: {} });
  assert.equal(plain, "Policy,Read\r\nP,3\r\n");
});

test("a column of marks becomes a number and a column for each name", () => {
  /** @type {Marks} */
  const marks = { names: [["a", "A"], ["b", "B"], ["c", "C"]], says: ["no limits", "conditional"] };
  const columns = columnsOfMarks({ key: "k", kind: "marks", title: "K" }, marks);
  assert.deepEqual(columns.map(({ key, kind, title }) => `${key} ${kind} ${title}`), [
    "k marks K", "a mark A", "b mark B", "c mark C",
  ]);
  assert.deepEqual(markTexts(marks, [2, 0, 1]), [2, "conditional", "", "no limits"]);
});
