// What IAM and its policy validation do not accept in a document, and actions that AWS does not have, by
// generator/policybook/checks/documents.py; both say it in the same words.
import { completed, hasWildcard } from "../engine/iam/patterns.js";
import { question } from "../engine/reading/alike.js";
import { quoted } from "../engine/reading/json.js";
import { needs } from "../tools/operations.js";
import { number } from "../words.js";
import { actionHint } from "./action-hints.js";
import { conditionFindings } from "./condition-findings.js";
import { REFUSED, VALIDATION, finding, listed } from "./finding.js";
import { OF_IAM, elementFindings } from "./kinds.js";
import { MOST_ASKED } from "./unknown-actions.js";
import { unlistedKeys } from "./unlisted-keys.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Operations } from "../tools/operations.js" */
/** @import { Path, Reason } from "./found-documents.js" */

const OF_ACTION = ["uncatalogued-action", "malformed-action"];
const ACTION = /^(?:\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+)$/;
const RESOURCE = /^(?:arn|\*|\?|\$\{)/;
const VARIABLE = /\$\{[^}]*\}/g;
const SPACE = /[^\S\ufeff]+/g; // what Python takes for white space
const AROUND = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

/**
 * The findings about a document, in its order.
 * @param {any} source the document as its file has it, with its statements well-formed
 * @param {Catalogue} catalogue
 * @param {Operations} operations
 * @param {import("./kinds.js").KindRules} rules
 * @returns {Generator<Reason>}
 */
export function* documentFindings(source, catalogue, operations, rules = OF_IAM) {
  /** @type {Set<string>} */
  const sids = new Set();
  let asked = 0; // for remedies, which take long
  for (const [at, statement] of statements(source)) {
    yield* sidFindings(statement.Sid ?? "", [...at, "Sid"], sids);
    for (const [key, problems] of PROBLEMS)
      for (const [path, text] of listed(statement[key] ?? [], [...at, key]))
        for (const problem of problems(text, catalogue)) {
          const operation = operations.get(lower(text));
          const asks = !operation && OF_ACTION.includes(problem.kind) && asked++ < MOST_ASKED;
          const hint = asks ? actionHint(text, catalogue) : "";
          yield { ...problem, path, found: foundIn(problem, operation), hint };
        }
    yield* conditionFindings(statement.Condition ?? {}, [...at, "Condition"]);
    yield* unlistedKeys(statement.Condition ?? {}, [...at, "Condition"], catalogue);
    yield* elementFindings(rules, statement, at);
  }
  yield* sizeFindings(source, rules);
}

/** @param {string} text */
function lower(text) {
  return text.replace(AROUND, "").toLowerCase();
}

/**
 * What was found; of an unknown action the operation that was meant.
 * @param {Reason} problem
 * @param {ApiOperation | undefined} meant
 */
function foundIn({ found, kind }, meant) {
  if (!meant || kind !== "uncatalogued-action") return found;
  return `${found}, an API operation that needs ${needs(meant)}`;
}

/**
 * @param {any} source
 * @returns {[Path, any][]}
 */
function statements({ Statement: found }) {
  if (!Array.isArray(found)) return [[["Statement"], found]];
  return found.map((statement, place) => [["Statement", place], statement]);
}

/**
 * @param {string} sid
 * @param {Path} path
 * @param {Set<string>} seen
 */
function* sidFindings(sid, path, seen) {
  if (!/^[0-9A-Za-z]*$/.test(sid))
    yield finding(path, "bad-sid", "only letters and digits", sid, REFUSED, "error", question(joined(sid)));
  if (seen.has(sid)) yield finding(path, "sid-twice", "each Sid once", sid, REFUSED);
  if (sid) seen.add(sid);
}

/**
 * The Sid with its words joined, each in upper case; none if it has other letters.
 * @param {string} sid
 */
function joined(sid) {
  const words = sid.match(/[0-9A-Za-z]+/g) ?? [];
  return words.length ? [words.map((word) => word[0].toUpperCase() + word.slice(1)).join("")] : [];
}

/**
 * @param {any} source
 * @param {import("./kinds.js").KindRules} rules
 * @returns {Generator<Reason>}
 */
function* sizeFindings(source, { mostCharacters, refused, sizeLevel }) {
  const size = Array.from(JSON.stringify(source).replace(SPACE, "")).length;
  if (size <= mostCharacters) return;
  const expected = `at most ${number(mostCharacters)} characters without white space`;
  yield { path: [], kind: "too-large", expected, found: `${number(size)}, ${refused}`, level: sizeLevel };
}

/**
 * The problems of an action.
 * @param {string} action
 * @param {Catalogue} catalogue
 * @returns {Generator<Reason>}
 */
function* ofAction(action, catalogue) {
  const whole = action.replace(AROUND, "");
  const closed = action.replace(SPACE, "");
  if (!ACTION.test(closed)) {
    const aws = /^[A-Za-z0-9.-]+:[^:]*$/.test(closed) ? VALIDATION : REFUSED;
    yield finding([], "malformed-action", "an action such as s3:GetObject or s3:Get*", action, aws);
    return;
  }
  if (closed !== whole) {
    const expected = "an action without white space, since IAM has no action with any";
    yield finding([], "stray-space", expected, action, VALIDATION);
    return;
  }
  if (closed !== action) yield finding([], "stray-space", "an action without white space", action, VALIDATION);
  if (isKnown(closed, catalogue)) return;
  const expected = `an action in AWS's action list of ${catalogue.date}`;
  yield finding([], "uncatalogued-action", expected, action, "", "warning");
}

/**
 * @param {string} action
 * @param {Catalogue} catalogue
 */
function isKnown(action, catalogue) {
  if (!hasWildcard(action)) return catalogue.action(action) !== undefined;
  return !action.includes(":") || action === "*:*" || catalogue.namedBy(action).size > 0;
}

/**
 * The problems of a resource.
 * @param {string} resource
 * @returns {Generator<Reason>}
 */
function* ofResource(resource) {
  if (/<[^>]*>/.test(resource)) {
    yield finding([], "placeholder", "an ARN without placeholders", resource, "", "warning");
    return;
  }
  if (!RESOURCE.test(resource)) {
    yield finding([], "malformed-resource", "an ARN or *", resource, REFUSED);
    return;
  }
  const standsFor = completion(resource);
  if (standsFor) yield finding([], "incomplete-arn", "an ARN with six fields", resource, standsFor, "warning");
}

/**
 * What IAM reads an ARN with fewer than six fields as; "" for any other text.
 * @param {string} resource
 */
function completion(resource) {
  const whole = completed(resource);
  if (whole === resource) return "";
  const fields = resource.replace(VARIABLE, "").split(":");
  const name = ["", "partition", "service", "Region", "account"][fields.length - 1];
  const last = fields[fields.length - 1];
  const named = last && !hasWildcard(last) && name ? `, in the ${name} ${quoted(last)}` : "";
  return `which IAM reads as ${quoted(whole)}${named}`;
}

/** @type {[string, (text: string, catalogue: Catalogue) => Iterable<Reason>][]} */
const PROBLEMS = [
  ["Action", ofAction],
  ["NotAction", ofAction],
  ["Resource", ofResource],
  ["NotResource", ofResource],
];
