// The default version on a day, and the place of a statement in the text of a document.
import assert from "node:assert/strict";
import { test } from "node:test";
import { asOf, isDay, levelsByService } from "../../../templates/theme/assets/policy/days.js";
import { statementLines } from "../../../templates/theme/assets/policy/document-text.js";
import { documentOf } from "../../../templates/theme/assets/policy/packed-documents.js";

const DAYS = {
  levels: ["List", "Read", "Write"],
  defaults: [
    { since: null, version: null, unsure: "" },
    { since: "2020-01-05", version: "v1", unsure: "" },
    { since: "2020-02-01", version: "v1", unsure: "v2 was first observed on 2020-02-09" },
    { since: "2020-02-09", version: "v2", unsure: "" },
  ],
  versions: {
    v1: { services: { s3: [0, 1200, 3], sqs: [1, 0, 0] }, document_file: null },
    v2: { services: null, document_file: null },
  },
};

/** @type {[string, string | null, boolean][]} */
const ANSWERS = [
  ["2019-12-31", null, false],
  ["2020-01-04", null, false],
  ["2020-01-05", "v1", false],
  ["2020-02-01", "v1", true],
  ["2020-02-08", "v1", true],
  ["2020-02-09", "v2", false],
  ["2999-01-01", "v2", false],
];
for (const [day, version, unsure] of ANSWERS)
  test(`on ${day}: ${version ?? "none"}`, () => {
    const found = asOf(DAYS, day, "");
    assert.equal(found.version, version);
    assert.equal(Boolean(found.unsure), unsure);
  });

test("a version has its days and its neighbours", () => {
  const { since, until, before, after } = asOf(DAYS, "2020-02-03", "");
  assert.deepEqual([since, until, before, after], ["2020-01-05", "2020-02-09", null, "v2"]);
  const last = asOf(DAYS, "2020-03-01", "");
  assert.deepEqual([last.since, last.until, last.before, last.after], ["2020-02-09", null, "v1", null]);
});

test("a policy of which nothing is known has no version", () => {
  assert.equal(asOf({ ...DAYS, defaults: [] }, "2020-01-01", "").version, null);
});

test("what a version granted is in words, or unknown", () => {
  assert.deepEqual(levelsByService(DAYS, "v1"), [
    { service: "s3", levels: "1,200 Read, 3 Write" },
    { service: "sqs", levels: "1 List" },
  ]);
  assert.equal(levelsByService(DAYS, "v2"), null);
});

/** @param {unknown} document as the site writes it */
const written = (document) => JSON.stringify(document, null, 2);

test("a statement is found by its number", () => {
  const statements = [{ Sid: "One", Action: ["a:B"] }, { Sid: '    {"', Condition: { Bool: { x: "y" } } }];
  const text = written({ Version: "2012-10-17", Statement: statements, Id: "x" });
  statements.forEach((statement, place) => {
    const lines = statementLines(text, place + 1);
    assert.ok(lines);
    assert.deepEqual(JSON.parse(text.slice(lines.start, lines.end)), statement);
  });
  assert.equal(statementLines(text, 3), null);
});

test("a single statement is the first", () => {
  const text = written({ Statement: { Sid: "Only", Action: "a:B" }, Version: "2012-10-17" });
  const lines = statementLines(text, 1);
  assert.ok(lines);
  assert.deepEqual(JSON.parse(`{${text.slice(lines.start, lines.end)}}`).Statement.Sid, "Only");
  assert.equal(statementLines(text, 2), null);
});

test("a text without statements has none", () => assert.equal(statementLines("{}", 1), null));

test("a day exists, or it is no day", () => {
  const texts = ["2024-02-29", "2023-02-29", "2023-02-30", "9999-99-99", "2023-2-1"];
  assert.deepEqual(texts.filter(isDay), ["2024-02-29"]);
});

test("a day after the last one of the data has a doubt", () => {
  assert.equal(asOf(DAYS, "2020-03-01", "2020-03-01").unsure, asOf(DAYS, "2020-03-01", "").unsure);
  assert.match(asOf(DAYS, "2020-03-02", "2020-03-01").unsure, /the data ends on 2020-03-01, and what changed after that/);
});

test("a packed document is as it was written", () => {
  const packed = {
    patterns: ["s3:Get*", "s3:List*", "sqs:*"],
    statements: [
      { Sid: "A", Effect: "Allow", Action: [[0, 2]], Resource: "*" },
      { Effect: "Deny", NotAction: [[2, 3], [0, 1]], Resource: ["a", "b"] },
      { Effect: "Allow", Action: "kms:*", Resource: "*" },
    ],
    documents: { v1: { Version: "2012-10-17", Statement: [1, 0] }, v2: { Statement: 2 } },
  };
  assert.deepEqual(documentOf(packed, "v1"), {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Deny", NotAction: ["sqs:*", "s3:Get*"], Resource: ["a", "b"] },
      { Sid: "A", Effect: "Allow", Action: ["s3:Get*", "s3:List*"], Resource: "*" },
    ],
  });
  assert.deepEqual(documentOf(packed, "v2"), { Statement: { Effect: "Allow", Action: "kms:*", Resource: "*" } });
  assert.equal(documentOf(packed, "v3"), null);
  assert.equal(documentOf({ versions: [{ key: "v1", document: null }] }, "v1"), null);
});
