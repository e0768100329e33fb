// Answers questions from the index: an ARN, with an action or without, a pattern, a version, or a name.
import { findArns } from "./arns.js";
import { filteredList } from "./filtered.js";
import { LOOSE, PREFIX } from "./fit.js";
import { Found } from "./found.js";
import { KINDS } from "./index.js";
import { comparison, namedPolicies } from "./named.js";
import { findNames } from "./names.js";
import { findVersions } from "./versions.js";
import { findMatches } from "./wildcards.js";
import { count, number } from "../words.js";

/** @import { Index } from "./index.js" */

const LONGEST = 2048;

// Words of questions that say nothing of what is looked for.
const STOP_WORDS = new Set(
  (
    "a action actions all allow allowed allows an and any are by can did do does find for from give " +
    "gives grant granting grants has have how i in into is it me my of on or permission permissions " +
    "policies policy show that the this through to use uses using was what when where which who with"
  ).split(" "),
);

// Words that say which part of an answer is looked for: a policy's page and a service's have all of them.
const PART_WORDS = new Set(
  (
    "added changed changes document feed gained history json lost removal removals removed replaced " +
    "replacement risk risks since successor successors version versions"
  ).split(" "),
);

/**
 * The entries that answer a question, best first.
 * @param {Index} index
 * @param {string} typed
 * @param {string} kind the only kind of entries to list, or "" for all
 * @param {number} most the number of items
 * @returns {Answer}
 */
export function search(index, typed, kind, most) {
  const asked = withoutMark(cleaned(typed));
  const found = () => new Found(index, KINDS.findIndex((one) => one === kind), most);
  if (!asked) return found().answer("", "");
  if (asked.length > LONGEST) {
    const size = `${number(asked.length)} characters, maximum ${number(LONGEST)}`;
    return found().answer(asked, `The text is too long: ${size}.`);
  }
  const { arn, action } = partsOf(asked);
  if (arn) return findArns(index, asked, arn, action, found());
  if (/[*?]/.test(asked)) return findMatches(index, asked, found());
  return findVersions(index, asked, found()) ?? findWords(index, asked, found);
}

/**
 * The ARN of a question, and the action before or after it; "" for what there is not.
 * @param {string} asked
 */
function partsOf(asked) {
  const words = asked.split(" ");
  const isArn = (/** @type {string} */ word) => /^arn:/i.test(word);
  if (words.length === 2 && words.some(isArn)) {
    const [arn, action] = isArn(words[0]) ? words : [words[1], words[0]];
    if (/^[^\s:]+:./.test(action) && !isArn(action)) return { arn, action };
  }
  return { arn: isArn(asked) ? asked : "", action: "" };
}

/**
 * Finds names; where nothing has all words in its name, without the words that say nothing, and at last
 * the policies that it names.
 * @param {Index} index
 * @param {string} asked
 * @param {() => Found} found
 */
function findWords(index, asked, found) {
  const both = comparison(index, asked);
  const list = both ? { item: both, rank: PREFIX } : filteredList(index, asked);
  const whole = found();
  if (list) whole.addPage(list.item, list.rank);
  const answer = findNames(index, asked, whole);
  if (whole.best >= 0 && whole.best < LOOSE) return answer;
  for (const fewer of [...fewerWords(asked), ...namedPolicies(index, asked)]) {
    const partial = found();
    if (list) partial.addPage(list.item, list.rank);
    const better = findNames(index, fewer, partial);
    if (partial.best < 0 || (whole.best >= 0 && whole.best <= partial.best)) continue;
    return { ...better, asked, say: `${count(better.total, "result", "results")} for “${fewer}”.` };
  }
  return answer;
}

/**
 * The words of a question that say something, the same in the singular, and those that are no part of an
 * answer; not the question itself.
 * @param {string} asked
 */
function fewerWords(asked) {
  const words = asked.split(" ").map((word) => word.replace(/[?!.]+$/, ""));
  const rest = words.filter((word) => word && !STOP_WORDS.has(word.toLowerCase()));
  const single = rest.map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
  const whole = rest.filter((word) => !PART_WORDS.has(word.toLowerCase()));
  const found = new Set([rest.join(" "), single.join(" "), whole.join(" ")]);
  return [...found].filter((text) => text && text !== asked);
}

/**
 * A question of several words without its question mark, which would make it a pattern.
 * @param {string} asked
 */
function withoutMark(asked) {
  return /^[^:*?]+ [^:*?]+\?$/.test(asked) ? asked.slice(0, -1).trim() : asked;
}

/**
 * What was typed or pasted, without what came along: quotes, commas, white space.
 * @param {string} typed
 */
export function cleaned(typed) {
  return typed
    .trim()
    .split(/[\r\n]/)[0]
    .replace(/^[\s"'`,;[\](){}]*(?=[^\s"'`,;[\](){}])/, "")
    .replace(/["'`,;\s]+$/, "")
    .replace(/\s+/g, " ");
}
