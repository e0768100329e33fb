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
    actions: { DeleteObject: 2, GetObject: 40, GetObjectAcl: 12, GetObjectTagging: 0, PutObject: 9 },
  },
  s3express: { title: "Amazon S3 Express", actions: { CreateSession: 1 } },
};
const POLICIES = ["AmazonS3ReadOnlyAccess", "AmazonSageMakerFullAccess", "AmazonSageMakerReadOnly"];
const KEYS = ["aws:ResourceTag/<key>", "iam:PassedToService", "s3:prefix"];
const PATTERNS = ["*", "arn:aws:s3:::*", "arn:aws:s3:::*sagemaker*", "arn:aws:s3:::sagemaker-*"];

/** @returns {NamesFile} */
function names() {
  const services = Object.values(SERVICES);
  return {
    format: 1, stamp: "00000000", elsewhere: "services/", resources: PATTERNS.length + 1,
    verbs: [], usual: "", nouns: services.map(() => ""),
    prefixes: Object.keys(SERVICES),
    titles: services.map(({ title }) => title),
    pages: "2222",
    odd: Object.fromEntries(services.map(({ actions }, place) => [place, Object.keys(actions)])),
    counts: services.map(({ actions }) => Object.values(actions).join(",")),
    levels: services.map(({ actions }) => "r".repeat(Object.keys(actions).length)),
    flips: {}, slugs: {}, policies: POLICIES, deprecated: [0], keys: KEYS, key_slugs: {},
  };
}

/** The index with everything loaded. */
export function smallIndex() {
  const index = new Index(names());
  const patterns = [...PATTERNS, ["arn:aws:s3:::private"]];
  index.addPatterns({
    format: 1, stamp: "00000000", patterns,
    services: [["s3", patterns.length]],
    anchors: "0123456789".repeat(patterns.length),
    policies: patterns.map((_, place) => String(place % POLICIES.length)),
    denying: { 1: [1] },
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
