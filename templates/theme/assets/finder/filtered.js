// Questions that a filtered list answers: a service and an access level, such as "iam write access", a
// service and changes or days, such as "what changed in sagemaker" and "sagemaker last 30 days", or a
// service or policy and passing roles, such as "passrole sagemaker".
import { LOOSE, WORDS } from "./fit.js";
import { ACTION } from "./index.js";
import { LEVELS } from "./items.js";
import { namedPolicies } from "./named.js";
import { count } from "../words.js";

/** @import { Index } from "./index.js" */

/** @type {Record<string, string>} words of a question, each with the letter of an access level */
const LEVEL_WORDS = {
  list: "l", lists: "l", listing: "l", read: "r", reads: "r", reading: "r", write: "w", writes: "w",
  writing: "w", modify: "w", tag: "t", tags: "t", tagging: "t", management: "p",
};
const CHANGE_WORDS = words("change changes changed changing changelog history news new updates updated");
const DAYS = /\b(?:(?:last|past) )?(\d{1,4}) ?d(?:ays?)?\b/;
const PASSING = /\b(?:iam:)?pass(?:es|ed|ing)?[ -]?roles?\b|\broles?\b.*\bpass(?:es|ed)?\b/;
const PASSING_WORDS = /\b(?:(?:iam:)?pass(?:es|ed|ing)?|(?:iam:)?passroles?|roles?)\b/g;
const ONLY_WORDS = words("only readonly nothing else");
// Words that say that it is policies that are looked for, and not a name.
const HINT_WORDS = words("access level can permission permissions policies policy that to which who with");
const SMALL_WORDS = words(
  "a allow allows an and any are by do does find for from give gives grant grants has have i in is it last " +
    "latest me of on recent recently show the what when",
);

/** @param {string} text */
function words(text) {
  return new Set(text.split(" "));
}

/**
 * The filtered list that answers a question, and how well it fits; nothing where there is none.
 * @param {Index} index
 * @param {string} asked
 * @returns {{ item: Item, rank: number } | null}
 */
export function filteredList(index, asked) {
  if (PASSING.test(asked.toLowerCase())) return passedRoles(index, asked);
  const { levels, others, hinted, only, changes, since } = sorted(asked);
  if (levels.size + Number(changes) !== 1) return null;
  const place = serviceNamed(index, others);
  if (place < 0) return null;
  const prefix = index.services[place].prefix;
  if (changes) return { item: changesOf(prefix, since), rank: WORDS };
  const [letter] = levels;
  if (!hasLevel(index, place, letter)) return null;
  return { item: policiesWith(prefix, letter, only), rank: hinted ? WORDS : LOOSE };
}

/**
 * The words of a question by what they are.
 * @param {string} asked
 */
function sorted(asked) {
  const lower = asked.toLowerCase();
  const days = DAYS.exec(lower)?.[1];
  const since = days ? `${days}d` : "";
  const found = { levels: new Set(), others: "", hinted: false, only: false, changes: Boolean(days), since };
  const others = [];
  const text = lower.replace(DAYS, " ").replace(/read-only/g, "read only").replace(/[?!.,]/g, "");
  for (const word of text.split(" ").filter(Boolean)) {
    if (word === "readonly") found.levels.add("r");
    else if (word in LEVEL_WORDS) found.levels.add(LEVEL_WORDS[word]);
    if (ONLY_WORDS.has(word)) found.only = true;
    else if (CHANGE_WORDS.has(word)) found.changes = true;
    else if (HINT_WORDS.has(word)) found.hinted = true;
    else if (!(word in LEVEL_WORDS) && !SMALL_WORDS.has(word)) others.push(word);
  }
  found.others = others.join(" ");
  return found;
}

/**
 * The place of the service with a prefix or a title, without its maker's name; -1 if there is none.
 * @param {Index} index
 * @param {string} name in lower case
 */
function serviceNamed(index, name) {
  if (!name) return -1;
  const prefix = index.services.findIndex((one) => one.prefix === name);
  if (prefix >= 0) return prefix;
  return index.services.findIndex(
    ({ lowerTitle }) => lowerTitle.replace(/^(amazon|aws) /, "") === name || lowerTitle === name,
  );
}

/**
 * Whether a policy grants an action of a service that has a level.
 * @param {Index} index
 * @param {number} service
 * @param {string} letter
 */
function hasLevel(index, service, letter) {
  return index.kinds.some(
    (kind, id) =>
      kind === ACTION && index.owners[id] === service && index.levels[id] === letter && index.weights[id] > 0,
  );
}

/**
 * The list of passed roles with the rows of a policy or of a service, if the question names one.
 * @param {Index} index
 * @param {string} asked
 */
function passedRoles(index, asked) {
  const { others } = sorted(asked.toLowerCase().replace(PASSING_WORDS, " "));
  const service = index.services[serviceNamed(index, others)]?.prefix;
  const [name = service] = namedPolicies(index, others);
  if (!name) return null;
  const href = `passrole/?${new URLSearchParams({ find: name })}`;
  const about = "Which policies pass which roles to which services";
  return { item: page(`Passed roles: ${name}`, href, about), rank: WORDS };
}

/**
 * @param {string} prefix
 * @param {string} letter
 * @param {boolean} only whether it is to be the highest level
 * @returns {Item}
 */
function policiesWith(prefix, letter, only) {
  const level = LEVELS[letter];
  const query = new URLSearchParams({ service: prefix, [only ? "highest" : "level"]: level });
  const text = `Policies with ${only ? "no more than " : ""}${level} access to ${prefix}`;
  return page(text, `policies/?${query}`, "The list of policies, filtered by service and access level");
}

/**
 * @param {string} prefix
 * @param {string} since a number of days, such as 30d, or ""
 * @returns {Item}
 */
function changesOf(prefix, since) {
  const query = new URLSearchParams({ service: prefix, ...(since ? { since } : {}) });
  const when = since ? ` in the last ${count(Number.parseInt(since, 10), "day", "days")}` : "";
  return page(`Changes of ${prefix}${when}`, `changes/?${query}`, "The list of changes, filtered by service");
}

/**
 * @param {string} text
 * @param {string} href
 * @param {string} detail
 * @returns {Item}
 */
function page(text, href, detail) {
  return { kind: "page", text, detail, href, exact: false };
}
