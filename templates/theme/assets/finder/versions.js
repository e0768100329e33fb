// Questions about a version of a policy: `AmazonS3FullAccess v3`, or the one that was the default on a
// day, `AmazonS3FullAccess@2023-01-01`.
import { EXACT } from "./fit.js";
import { item, segment } from "./items.js";
import { rankedPolicies } from "./names.js";

/** @import { Found } from "./found.js" */
/** @import { Index } from "./index.js" */

const NEAR = 6;
const NEEDED = "versions.json";
const QUESTION = /^(.+?)(?: ?@ ?| )(v\d+(?:~\d+)?|[\da-f]{12}|\d{4}-\d{2}-\d{2})$/i;

/**
 * The answer to a question about a version; null where it is none, or no policy has such a name.
 * @param {Index} index
 * @param {string} asked
 * @param {Found} found
 * @returns {Answer | null}
 */
export function findVersions(index, asked, found) {
  const question = QUESTION.exec(asked);
  if (!question || rankedPolicies(index, asked)[0]?.rank === EXACT) return null;
  const policies = rankedPolicies(index, question[1]);
  if (!policies.length) return null;
  if (!index.versions) return found.waitFor(asked, NEEDED);
  const which = question[2].toLowerCase();
  const ofDay = which.includes("-");
  if (ofDay && !isDay(which)) return found.answerWith(asked, [], `${which} is not a day.`);
  const exact = policies[0].rank === EXACT;
  const look = ofDay ? versionOn : versionWith;
  /** @type {Item[]} */
  const items = [];
  let say = "";
  for (const { id } of exact ? policies.slice(0, 1) : policies) {
    const shown = item(index, id, exact);
    const answer = look(index.versions, index.owners[id], which);
    if (answer.key) {
      const href = `policies/${segment(shown.text)}/#${encodeURIComponent(answer.key)}`;
      items.push({ ...shown, text: `${shown.text} ${answer.key}`, detail: answer.say, href });
    } else if (exact) say = `${shown.text}: ${answer.say}`;
  }
  if (!items.length) say ||= `No policy named like “${question[1]}” has a known version ${which}.`;
  const near = items.length ? [] : policies.slice(0, exact ? 1 : NEAR).map(({ id }) => item(index, id, false));
  return found.answerWith(asked, items, say, near);
}

/**
 * Whether such a day exists.
 * @param {string} text
 */
function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/**
 * A version by its key. Without a life, `v3` means that of the newest, and `v3~1` the first one's.
 * @param {VersionsFile} file
 * @param {number} policy
 * @param {string} which
 */
function versionWith(file, policy, which) {
  const keys = file.keys[policy].split(" ").filter(Boolean);
  const key = which.includes("~")
    ? keys.find((one) => one === which.replace(/~1$/, ""))
    : keys.find((one) => one.split("~")[0] === which);
  if (key) return { key, say: key === keys[0] ? "the newest known version" : "" };
  const range = keys.length > 1 ? `${keys.at(-1)} to ${keys[0]}` : keys[0];
  const known = keys.length ? `Known: ${range}.` : "No version of it is known.";
  return { key: "", say: `version ${which} is not known. ${known}` };
}

/**
 * The version that was the default on a day.
 * @param {VersionsFile} file
 * @param {number} policy
 * @param {string} day
 */
function versionOn(file, policy, day) {
  const spans = file.defaults[policy].split(" ").map((text) => {
    const [since, key] = text.split(":");
    return { since, key: key.replace("?", ""), unsure: key.endsWith("?") };
  });
  const span = spans.filter(({ since }) => since <= day).at(-1);
  const doubt = span?.unsure || (file.data_to && day > file.data_to) ? ", which is not certain" : "";
  if (span?.key) return { key: span.key, say: `the default version on ${day}${doubt}` };
  const first = spans.find(({ key }) => key);
  const from = first ? ` The first known day is ${first.since}.` : "";
  return { key: "", say: `no version is known for ${day}${doubt}.${from}` };
}
