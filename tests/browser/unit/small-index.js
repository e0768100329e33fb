// A small index for the cases in finder-answers.json.
import { Index } from "../../../templates/theme/assets/finder/index.js";

/** @type {Record<string, { title: string, actions: Record<string, number> }>} */
const SERVICES = {
  ec2: {
    title: "Amazon EC2",
    actions: { DescribeImages: 4, DescribeInstances: 9, DescribeInstanceStatus: 5, RunInstances: 3 },
  },
  iam: { title: "AWS Identity and Access Management", actions: { GetRole: 8, PassRole: 30 } },
  s3: {
    title: "Amazon S3",
    actions: { DeleteObject: 2, GetObject: 40, GetObjectAcl: 12, GetObjectTagging: 1, PutObject: 9 },
  },
  s3express: { title: "Amazon S3 Express", actions: { CreateSession: 1 } },
};
const POLICIES = ["AmazonS3ReadOnlyAccess", "AmazonSageMakerFullAccess", "AmazonSageMakerReadOnly"];
/** @type {NamesFile["site"]} */
const SITE = [
  ["Risks", "risks/", "privilege escalation, escalate", ""],
  ["PassRole", "passrole/", "pass role, passed roles", ""],
  ["Deprecated policies", "deprecated/", "successor, deprecated", ""],
  ["Changes", "changes/", "what changed, what is new, history", ""],
  ["Compare", "compare/", "diff, difference", ""],
  ["Changes in 2022", "changes/2022/", "2022, changes 2022, what changed in 2022", ""],
  ["Services", "services/", "all services, who can", ""],
  ["Actions", "actions/", "all actions, who can", ""],
  ["Access management for pipelines", "guides/pipelines/", "guide", ""],
  ["Choose", "choose/", "least privilege", ""],
  ["Feeds, CSV and JSON", "about/#reuse", "rss feed, subscribe, download, csv, json api", ""],
  ["Keyboard, links and print", "about/#using", "keyboard, print", ""],
  ["Limits", "about/#limits", "permission boundary", ""],
  ["Mistakes", "about/#mistakes", "github, report a mistake", ""],
  ["Verdict: mixed", "about/#verdict-mixed", "mixed", "Permissions were gained and lost."],
];
/** @type {PolicyRows} */
const ROWS = {
  types: ["aws-managed", "job-function"], type_of: "010",
  outcomes: ["narrowed", "widened", "only reissues"],
  versions: "v1,v12,v3", changes: "2,12025-03-04,0", deprecated: [0],
  successors: { 0: ["AmazonSageMakerReadOnly"] },
};
const KEYS = ["aws:ResourceTag/<key>", "iam:PassedToService", "s3:prefix"];
const STAMP = "00000000";
const PATTERNS = ["*", "arn:aws:s3:::*", "arn:aws:s3:::*sagemaker*", "arn:aws:s3:::sagemaker-*"];

/** @returns {NamesFile} */
function names() {
  const services = Object.values(SERVICES);
  return {
    format: 4, stamp: STAMP, site: SITE, arns: "iam s3", elsewhere: "services/", resources: PATTERNS.length + 1,
    verbs: [], usual: "", nouns: services.map(() => ""),
    prefixes: Object.keys(SERVICES),
    titles: services.map(({ title }) => title),
    pages: "2222",
    odd: Object.fromEntries(services.map(({ actions }, place) => [place, Object.keys(actions)])),
    fewest: services.map(() => 1),
    counts: services.map(({ actions }) => Object.values(actions).map((many) => many - 1 || "").join(",")),
    levels: services.map(({ actions }) =>
      Object.keys(actions).map((name) => (/^(Get|Describe)/.test(name) ? "r" : "w")).join(""),
    ),
    flips: {}, slugs: {}, policies: POLICIES, rows: ROWS, keys: KEYS, key_slugs: {},
    operations: [[1, "s3:GetObject", "s3 HeadObject"], [0, "s3:PutObject s3:DeleteObject", "s3 RenameAny"]],
  };
}

/** The index with everything loaded. */
export function smallIndex() {
  const index = new Index(names());
  const patterns = [...PATTERNS, ["arn:aws:s3:::private"]];
  index.addPatterns({
    format: 4, stamp: STAMP, patterns,
    services: [["s3", patterns.length]],
    anchors: "0123456789".repeat(patterns.length),
    policies: patterns.map((_, place) => String(place % POLICIES.length)),
    denying: { 1: [1] },
  });
  index.addFile("versions.json", {
    format: 4, stamp: STAMP,
    keys: ["v1", "v12 v11 v3 v2 v1", "v3 v2~2 v2 v1"],
    defaults: [":?", ": 2020-01-01:v1 2021-06-01:v2? 2022-01-01:v3", ":v1 2024-02-01:v3"],
  });
  index.addFile("arns/s3.json", {
    format: 4, stamp: STAMP,
    formats: [
      ["arn:${Partition}:s3:::${BucketName}", ":/"],
      ["arn:${Partition}:s3:::${BucketName}/${ObjectName}", ""],
    ],
    actions: ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
    levels: "lrww", formats_of: ["0", "1", "1", "1"],
    patterns: ["*", "s3:get*", "s3:listbucket", "s3:*object", "s3:deleteobject"],
    terms: ["0", "1 2", "3", "!1", "4"],
    // Of a row: a resource pattern, then of each statement its policy, its flag and its actions.
    rows: [[0, 0, 0, 1, 1, 1, 3], [2, 2, 0, 2, 0, 0, 1], [3, 2, 0, 2], [1, 1, 2, 4], [4, 0, 0, 0]],
  });
  index.addProse([
    {
      location: "guides/pipelines/",
      title: "Access management for pipelines",
      text: "<p>What a role of pipelines needs.</p>",
    },
  ]);
  return index;
}
