// Reads the actions that somebody needs or uses from what they have of them, by the rules of
// generator/policybook/data/asked_text.py; both are held to tests/support/cases/asked-text.json.
import { JsonText, Wrong } from "../engine/reading/json.js";

export const MOST_CHARACTERS = 2_000_000;
export const MOST_NAMES = 20_000;
const HALF = /\p{Cs}/u; // of a surrogate pair
const SHOWN = 80;

const SPACE = " \\t\\n\\r\\f\\v\\u00a0\\ufeff";
const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const DENIED = new RegExp(
  `not[${SPACE}]+authorized[${SPACE}]+to[${SPACE}]+perform:?[${SPACE}]+([A-Za-z0-9-]+:[A-Za-z0-9]+)`, "g",
);
const ACTION = /^(?:[A-Za-z0-9-]+:[A-Za-z0-9*?]+|\*)$/;
const BETWEEN = new RegExp(`[${SPACE},;"'\`\\[\\]]+`);
const SOURCE = /^([a-z0-9-]+)\.amazonaws\.com$/;
const OPERATION = /^[A-Za-z0-9_-]+$/;

/**
 * @typedef {object} Asked a name as it was written: an action or pattern, or an operation of an API
 * @property {string} text
 * @property {"action" | "operation"} kind
 */

/**
 * @typedef {object} NotUnderstood a part of a text that is no action, and why it is not
 * @property {string} text
 * @property {string} why
 */

/** @typedef {Asked | NotUnderstood} Part */

/**
 * Reads a text of one of the forms: what it asks about, each once and in order.
 * @param {string} text
 * @returns {{ names: Asked[], notUnderstood: NotUnderstood[] }}
 */
export function askedText(text) {
  if (text.length > MOST_CHARACTERS)
    return nothing(text.slice(0, 39), `expected at most ${MOST_CHARACTERS} characters`);
  const trimmed = text.replace(AROUND, "");
  /** @type {Map<string, Asked>} */
  const names = new Map();
  /** @type {Map<string, NotUnderstood>} */
  const rest = new Map();
  for (const part of /^[{[]/.test(trimmed) ? inJson(trimmed) : inLines(text)) {
    if ("why" in part) rest.set(`${part.text}\n${part.why}`, part);
    else names.set(`${part.kind} ${part.text}`, part);
    if (names.size > MOST_NAMES)
      return nothing(part.text, `expected at most ${MOST_NAMES} different names`);
  }
  return { names: [...names.values()], notUnderstood: [...rest.values()] };
}

/**
 * @param {string} text
 * @param {string} why
 */
function nothing(text, why) {
  return { names: [], notUnderstood: [{ text, why }] };
}

// --- plain text ---

/**
 * Actions between white space, commas and quotes; `#` begins a comment. In a text with a message that
 * access is denied, other lines count only if all of their words are actions.
 * @param {string} text
 * @returns {Generator<Part>}
 */
function* inLines(text) {
  const denied = [...text.matchAll(DENIED)].map(([, name]) => name);
  for (const name of denied) yield { text: name, kind: "action" };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const words = line.split("#", 1)[0].split(BETWEEN).filter(Boolean);
    if (!denied.length || words.every((word) => ACTION.test(word))) yield* words.map(action);
  }
}

/**
 * @param {string} word
 * @returns {Part}
 */
function action(word) {
  if (ACTION.test(word)) return { text: word, kind: "action" };
  return { text: shown(word), why: "expected an action such as s3:GetObject" };
}

/**
 * A value as one short line.
 * @param {unknown} value
 */
function shown(value) {
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "object") return "a mapping";
  const text = String(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}

// --- JSON ---

/**
 * @param {string} text
 * @returns {Generator<Part>}
 */
function* inJson(text) {
  const json = new JsonText(text);
  /** @type {any} */
  let value = null;
  /** @type {Wrong[]} */
  let wrong = json.twice;
  try {
    value = json.value();
    if (hasHalf(value)) wrong = [new Wrong(-1, "characters", "half of a surrogate pair")];
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    wrong = [error];
  }
  for (const { at, message } of wrong) yield { text: at < 0 ? "JSON" : `line ${json.line(at)}`, why: message };
  if (wrong.length) return;
  if (Array.isArray(value)) for (const item of value) yield typeof item === "string" ? action(item) : event(item);
  else yield* inObject(value);
}

/** @param {unknown} value */
function hasHalf(value) {
  let found = false;
  JSON.stringify(value, (key, part) => {
    found ||= HALF.test(key) || (typeof part === "string" && HALF.test(part));
    return part;
  });
  return found;
}

/**
 * @param {any} value
 * @returns {Generator<Part>}
 */
function* inObject(value) {
  if (Array.isArray(value.Records)) yield* value.Records.map(event);
  else if (Array.isArray(value.Events)) yield* value.Events.map(event);
  else if (Array.isArray(value.ServicesLastAccessed)) yield* lastAccessed(value);
  else if ("Statement" in value)
    yield { text: "a policy document", why: "expected the actions that are needed" };
  else yield event(value);
}

/**
 * An event as CloudTrail writes it, or as `aws cloudtrail lookup-events` prints it.
 * @param {any} value
 * @returns {Part}
 */
function event(value) {
  for (const [source, name] of [["eventSource", "eventName"], ["EventSource", "EventName"]]) {
    const [prefix, operation] = [value?.[source], value?.[name]];
    if (typeof prefix !== "string" || typeof operation !== "string") continue;
    const service = SOURCE.exec(prefix);
    if (service && OPERATION.test(operation))
      return { text: `${service[1]}:${operation}`, kind: "operation" };
    const why = "expected a service of AWS and the name of an operation";
    return { text: shown(`${prefix} ${operation}`), why };
  }
  const why = "expected an event of CloudTrail, with eventSource and eventName";
  return { text: shown(value), why };
}

/**
 * The output of `aws iam get-service-last-accessed-details` with actions.
 * @param {any} value
 * @returns {Generator<Part>}
 */
function* lastAccessed(value) {
  const { IsTruncated: truncated, JobStatus: status = "COMPLETED" } = value;
  if (status !== "COMPLETED") yield { text: `JobStatus ${shown(status)}`, why: "expected COMPLETED" };
  if (truncated === true)
    yield { text: "IsTruncated", why: "expected the whole list; other services may follow" };
  for (const service of value.ServicesLastAccessed) {
    const prefix = service?.ServiceNamespace;
    if (typeof prefix !== "string")
      yield { text: shown(service), why: "expected a service with ServiceNamespace" };
    else if (Array.isArray(service.TrackedActionsLastAccessed))
      yield* tracked(prefix, service.TrackedActionsLastAccessed);
    else if (service.LastAuthenticated !== null && service.LastAuthenticated !== undefined)
      yield {
        text: shown(prefix),
        why:
          "the service was used, but its actions are not listed; " +
          "expected the report with --granularity ACTION_LEVEL",
      };
  }
}

/**
 * The actions of a service with the time of their last use; those without it were not used.
 * @param {string} prefix
 * @param {any[]} actions
 * @returns {Generator<Part>}
 */
function* tracked(prefix, actions) {
  for (const one of actions) {
    const name = one?.ActionName;
    if (typeof name !== "string")
      yield { text: shown(one), why: "expected an action with ActionName" };
    else if (one.LastAccessedTime !== null && one.LastAccessedTime !== undefined)
      yield action(`${prefix}:${name}`);
  }
}
