import assert from "node:assert/strict";
import { test } from "node:test";
import { distance } from "../../../templates/theme/assets/finder/nearest.js";
import { cleaned, search } from "../../../templates/theme/assets/finder/search.js";
import { cases } from "./cases.js";
import { smallIndex } from "./small-index.js";

const tables = cases("finder-answers.json");
const index = smallIndex();

/**
 * @param {string} query
 * @param {string} [kind]
 * @param {number} [most]
 */
function ask(query, kind = "", most = 50) {
  return search(index, query, kind, most);
}

/** @param {Answer} answer */
function texts(answer) {
  return answer.items.map(({ text }) => text);
}

for (const { query, first } of tables.first)
  test(`${query} finds ${first} first`, () => assert.equal(texts(ask(query))[0], first));

for (const { query, message, near } of tables.near)
  test(`${query} is unknown, and ${near} is suggested`, () => {
    const found = ask(query);
    assert.equal(found.total, 0);
    assert.ok(found.say.startsWith(message), found.say);
    assert.ok(found.say.endsWith("Did you mean one of these?"));
    assert.ok(found.near.some(({ text }) => text === near));
  });

for (const { query, message } of tables.sentences)
  test(`${query.slice(0, 30)} gets a message`, () => assert.ok(ask(query).say.startsWith(message)));

test("equal matches are ordered by number of policies, then by length", () => {
  assert.deepEqual(texts(ask("ec2:describe", "action")), [
    "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeImages",
  ]);
  assert.deepEqual(texts(ask("s3:getobject", "action")), [
    "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging",
  ]);
});

test("an exact name is marked, and comes before names that start with it", () => {
  const { items } = ask("GetObject");
  assert.deepEqual(items.map(({ exact }) => exact), [true, false, false]);
});

test("a whole prefix selects its service, and a part all prefixes that start with it", () => {
  assert.deepEqual(new Set(texts(ask("s3:", "action")).map((name) => name.split(":")[0])), new Set(["s3"]));
  const services = texts(ask("s:", "action")).map((name) => name.split(":")[0]);
  assert.deepEqual(new Set(services), new Set(["s3", "s3express"]));
});

test("the kinds are counted even if only one is listed", () => {
  const all = ask("s3");
  const actions = ask("s3", "action");
  assert.deepEqual(actions.counts, all.counts);
  assert.ok(actions.items.every(({ kind }) => kind === "action"));
  assert.equal(actions.total, all.counts.action);
});

test("no more items are listed than requested", () => {
  const found = ask("e", "", 3);
  assert.equal(found.items.length, 3);
  assert.ok(found.total > 3);
});

test("a pattern has the number of actions that it matches", () => {
  assert.equal(ask("s3:GetObject*").say, "This pattern matches 3 actions.");
  assert.equal(ask("s3:Get*Acl").say, "This pattern matches 1 action.");
});

test("an ARN finds the patterns that match it, the closest first and NotResource last", () => {
  const found = ask("arn:aws:s3:::sagemaker-x");
  assert.deepEqual(texts(found), [
    "arn:aws:s3:::sagemaker-*", "arn:aws:s3:::*sagemaker*", "arn:aws:s3:::*", "*",
    "arn:aws:s3:::private",
  ]);
  assert.equal(found.items[4].negated, true);
  assert.equal(found.say, "5 of 5 resource patterns match this ARN.");
});

test("the policies of a pattern are marked if they deny it", () => {
  const [found] = ask("arn:aws:s3:::*").items;
  assert.deepEqual(found.policies, [
    { name: POLICY, href: `policies/${POLICY}/`, denies: true },
  ]);
});
const POLICY = "AmazonSageMakerFullAccess";

test("the ARN of a policy leads to it", () => {
  const [first] = ask("arn:aws:iam::aws:policy/service-role/AmazonSageMakerReadOnly").items;
  assert.equal(first.href, "policies/AmazonSageMakerReadOnly/");
});

for (const [typed, query] of [
  ['"s3:GetObject",', "s3:GetObject"],
  ["  s3   get ", "s3 get"],
  ["s3:Get\ns3:Put", "s3:Get"],
  ['["iam:PassRole"]', 'iam:PassRole"]'],
  ["", ""],
])
  test(`${JSON.stringify(typed)} becomes the query ${JSON.stringify(query)}`, () =>
    assert.equal(cleaned(typed), query));

for (const [one, other, expected] of /** @type {[string, string, number][]} */ ([
  ["abc", "abc", 0],
  ["abc", "abd", 1],
  ["abc", "acb", 1],
  ["abc", "abcd", 1],
  ["", "ab", 2],
  ["abcdef", "badcfe", 3],
  ["abcdef", "xyz", 4],
]))
  test(`${one} and ${other} differ by ${expected}`, () =>
    assert.equal(distance(one, other, 3), expected));
