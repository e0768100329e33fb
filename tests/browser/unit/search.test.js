import assert from "node:assert/strict";
import { test } from "node:test";
import { distance } from "../../../templates/theme/assets/finder/distance.js";
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

test("a row of a policy has its type, version, last change with an effect, and successor", () => {
  const details = ask("amazons", "policy").items.map(({ text, detail }) => [text, detail]);
  assert.deepEqual(Object.fromEntries(details), {
    AmazonS3ReadOnlyAccess:
      "deprecated, use AmazonSageMakerReadOnly · aws-managed · v1 · only reissues",
    AmazonSageMakerFullAccess: "job-function · v12 · widened 2025-03-04",
    AmazonSageMakerReadOnly: "aws-managed · v3 · narrowed",
  });
});

test("a question without its small words says for what the results are", () => {
  assert.equal(ask("who can delete objects").say, "1 result for “delete object”.");
  assert.equal(ask("delete object").say, "");
  const nothing = ask("who can decrypt xyz");
  assert.equal(
    nothing.say,
    "No match for “who can decrypt xyz”. Try an action (kms:Decrypt), a policy name or an ARN.",
  );
});

for (const query of [
  "what was removed from AmazonS3ReadOnlyAccess?",
  "AmazonS3ReadOnlyAccess successor",
  "amazons3readonlyaccess as of 2023",
  "history of s3 readonly",
])
  test(`${query} leads to the policy`, () => assert.equal(texts(ask(query))[0], "AmazonS3ReadOnlyAccess"));

// --- filtered lists -----------------------------------------------------------------------------

for (const [query, href] of [
  ["iam write access", "policies/?service=iam&level=Write"],
  ["Write access to Amazon S3 Express", "policies/?service=s3express&level=Write"],
  ["who can read s3", "policies/?service=s3&level=Read"],
  ["read-only S3", "policies/?service=s3&highest=Read"],
  ["s3 readonly and nothing else", "policies/?service=s3&highest=Read"],
  ["changes s3", "changes/?service=s3"],
  ["s3 last 7 days", "changes/?service=s3&since=7d"],
  ["passrole s3", "passrole/?find=s3"],
  ["which roles does AmazonSageMakerFullAccess pass", "passrole/?find=AmazonSageMakerFullAccess"],
  ["roles passed to Amazon EC2", "passrole/?find=ec2"],
  [
    "AmazonSageMakerFullAccess vs AmazonSageMakerReadOnly",
    "compare/?a=AmazonSageMakerFullAccess&b=AmazonSageMakerReadOnly",
  ],
])
  test(`${query} leads to ${href}`, () => {
    const found = ask(query).items.find(({ href }) => href.includes("?"));
    assert.equal(found?.href, href);
    assert.equal(found?.kind, "page");
  });

for (const query of ["iam tagging", "s9 write access", "write", "s3", "s3 read write", "s3:write", "xyz changes", "pass roles", "passrole xyz"])
  test(`${query} leads to no filtered list`, () =>
    assert.ok(ask(query).items.every(({ href }) => !href.includes("?"))));

test("a name is before the list unless the question asks for policies", () => {
  assert.equal(texts(ask("s3 get object"))[0], "s3:GetObject");
  assert.equal(texts(ask("s3 read"))[0], "AmazonS3ReadOnlyAccess");
  assert.equal(texts(ask("s3 read access"))[0], "Policies with Read access to s3");
});

test("an action's whole name with a space is before pages that have its words", () => {
  assert.equal(texts(ask("iam pass role"))[0], "iam:PassRole");
});

test("a filtered list counts as a page", () => {
  assert.equal(ask("iam write access").counts.page, 1);
  assert.equal(ask("iam write access", "page").total, 1);
  assert.equal(ask("iam write access", "action").total, 0);
});

// --- versions -----------------------------------------------------------------------------------

for (const [query, text, href, detail] of [
  ["AmazonSageMakerFullAccess v3", "AmazonSageMakerFullAccess v3", "v3", ""],
  ["amazonsagemakerfullaccess@V12", "AmazonSageMakerFullAccess v12", "v12", "the newest known version"],
  ["AmazonSageMakerFullAccess @v3", "AmazonSageMakerFullAccess v3", "v3", ""],
  ["sagemaker full v3", "AmazonSageMakerFullAccess v3", "v3", ""],
  [
    "AmazonSageMakerFullAccess 2020-05-05", "AmazonSageMakerFullAccess v1", "v1",
    "the default version on 2020-05-05",
  ],
  [
    "AmazonSageMakerFullAccess@2021-06-01", "AmazonSageMakerFullAccess v2", "v2",
    "the default version on 2021-06-01, which is not certain",
  ],
])
  test(`${query} leads to a version`, () => {
    const [first] = ask(query).items;
    assert.deepEqual(
      [first.text, first.href, first.detail],
      [text, `policies/AmazonSageMakerFullAccess/#${href}`, detail],
    );
  });

test("a version without its life is that of the newest life", () => {
  const href = (/** @type {string} */ version) => ask(`AmazonSageMakerReadOnly ${version}`).items[0].href;
  assert.equal(href("v2"), "policies/AmazonSageMakerReadOnly/#v2~2");
  assert.equal(href("v2~2"), "policies/AmazonSageMakerReadOnly/#v2~2");
  assert.equal(href("v2~1"), "policies/AmazonSageMakerReadOnly/#v2");
});

for (const [query, message] of [
  ["AmazonSageMakerFullAccess v99", "AmazonSageMakerFullAccess: version v99 is not known. Known: v1 to v12."],
  [
    "AmazonSageMakerFullAccess 2019-12-31",
    "AmazonSageMakerFullAccess: no version is known for 2019-12-31. The first known day is 2020-01-01.",
  ],
  [
    "AmazonS3ReadOnlyAccess 2019-12-31",
    "AmazonS3ReadOnlyAccess: no version is known for 2019-12-31, which is not certain.",
  ],
  ["AmazonSageMakerFullAccess 2021-02-30", "2021-02-30 is not a day."],
])
  test(`${query} is not found`, () => {
    const found = ask(query);
    assert.equal(found.total, 0);
    assert.equal(found.say, message);
  });

test("the versions are only asked for with a version, and a failure is said", () => {
  const index = smallIndex();
  index.versions = null;
  assert.equal(search(index, "AmazonSageMakerFullAccess", "", 5).needs, "");
  assert.equal(search(index, "AmazonSageMakerFullAccess v3", "", 5).needs, "versions.json");
  index.missing.add("versions.json");
  const failed = search(index, "AmazonSageMakerFullAccess v3", "", 5);
  assert.equal(failed.needs, "");
  assert.match(failed.say, /could not be loaded/);
});

// --- ARNs ---------------------------------------------------------------------------------------

test("an ARN finds named patterns first, the closest first, then *, NotResource and what has no action", () => {
  const found = ask("arn:aws:s3:::sagemaker-x");
  assert.deepEqual(
    found.items.map(({ text, detail }) => `${text} ${detail}`),
    [
      "arn:aws:s3:::*sagemaker* Allow · 1 policy · List · s3:ListBucket",
      "* Allow · 2 policies · List · s3:ListBucket",
      "arn:aws:s3:::private Allow · 1 policy · List · s3:ListBucket",
      "arn:aws:s3:::sagemaker-* Allow · 1 policy · no action that this ARN can have",
    ],
  );
  assert.equal(found.items[2].negated, true);
  assert.equal(
    found.say,
    "On this ARN, 1 policy allows actions by a named pattern, 2 through “*” or NotResource.",
  );
});

test("* counts only where the statement has actions that the ARN can have", () => {
  const found = ask("arn:aws:s3:::other/key");
  const star = found.items.find(({ text }) => text === "*");
  assert.deepEqual(star?.policies, [
    {
      name: "AmazonS3ReadOnlyAccess", href: "policies/AmazonS3ReadOnlyAccess/", denies: false,
      conditional: false, actions: "Read: s3:GetObject",
    },
    {
      name: POLICY, href: `policies/${POLICY}/`, denies: false, conditional: true,
      actions: "Write: s3:PutObject, s3:DeleteObject",
    },
  ]);
  const denied = found.items.filter(({ detail }) => detail.startsWith("Deny"));
  assert.deepEqual(denied.map(({ detail }) => detail), ["Deny · 1 policy · Write · s3:DeleteObject"]);
});
const POLICY = "AmazonSageMakerFullAccess";

for (const query of ["s3:GetObject arn:aws:s3:::other/key", "arn:aws:s3:::other/key s3:getobject"])
  test(`${query}: only what allows or denies the action`, () => {
    const found = ask(query);
    assert.deepEqual(texts(found), ["*", "arn:aws:s3:::private"]);
    assert.ok(found.items.every(({ detail }) => detail.endsWith("s3:GetObject")));
    assert.match(found.say, /^On this ARN, 0 policies allow s3:GetObject by a named pattern/);
  });

for (const [query, message] of [
  ["s3:GetObject arn:aws:s3:::bucket", "s3:GetObject has no resource with such an ARN."],
  ["s3:Nothing arn:aws:s3:::bucket", "No action s3:Nothing has a resource with an ARN of s3."],
  ["arn:aws:s9:::bucket", "1 resource pattern matches this ARN, and so does “*”. No known service"],
])
  test(`${query} gets a message`, () => assert.ok(ask(query).say.startsWith(message), ask(query).say));

test("the file of a service is only asked for with an ARN of it", () => {
  assert.equal(ask("arn:aws:iam::123456789012:role/x").needs, "arns/iam.json");
  assert.equal(ask("iam role").needs, "");
  assert.equal(ask("arn:aws:../x:::y").needs, "");
});

test("the ARN of a policy leads to it", () => {
  const index = smallIndex();
  index.arns.delete("iam");
  const ask = (/** @type {string} */ query) => search(index, query, "", 50);
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
