// The actions that somebody asks about, looked up among those of AWS's list, by the rules of
// generator/policybook/analysis/asked_actions.py.
import { Wildcard } from "../finder/wildcards.js";

/** @import { Asked, NotUnderstood } from "./asked-text.js" */
/** @import { Membership } from "./membership.js" */
/** @import { Operations } from "../tools/operations.js" */

/** CloudTrail names operations of Lambda with the version of its API. */
const DATED = /^(lambda:\w+?)\d{8}(?:v\d+)?$/;

/**
 * The numbers of the actions that are asked about, in order, the API operations that need them, and what
 * is no action.
 * @param {Membership} membership
 * @param {Operations} operations
 * @param {{ names: Asked[], notUnderstood: NotUnderstood[] }} text
 */
export function askedActions(membership, operations, text) {
  /** @type {Set<number>} */
  const numbers = new Set();
  const unknown = [...text.notUnderstood];
  /** @type {Set<ApiOperation>} */
  const meant = new Set();
  for (const asked of text.names) {
    const name = lookedUp(membership, asked);
    const found = named(membership, name);
    const operation = found.length ? undefined : operations.get(name);
    if (operation) {
      meant.add(operation);
      for (const action of operation.actions) {
        const needed = named(membership, action.toLowerCase());
        found.push(...needed);
        const why = `needs ${action}, which is not in AWS's action list`;
        if (!needed.length) unknown.push({ text: asked.text, why });
      }
    } else if (!found.length) unknown.push({ text: asked.text, why: whyNot(asked) });
    for (const number of found) numbers.add(number);
  }
  return { numbers: [...numbers], operations: [...meant], unknown };
}

/**
 * The name in lower case; an operation of Lambda without the version of its API.
 * @param {Membership} membership
 * @param {Asked} asked
 */
function lookedUp(membership, { kind, text }) {
  const lower = text.toLowerCase();
  const dated = kind === "operation" ? DATED.exec(lower) : null;
  return dated && !membership.isListed(lower) ? dated[1] : lower;
}

/**
 * @param {Membership} membership
 * @param {string} lower
 */
function named(membership, lower) {
  if (!/[*?]/.test(lower)) return membership.isListed(lower) ? [membership.number(lower)] : [];
  return matching(membership, lower);
}

/**
 * The actions of one service that a pattern matches, in order of name; `*` matches those of all.
 * @param {Membership} membership
 * @param {string} pattern
 */
function matching(membership, pattern) {
  const colon = pattern.indexOf(":");
  const [prefix, name] = [pattern.slice(0, Math.max(colon, 0)), pattern.slice(colon + 1)];
  const wildcard = new Wildcard(name);
  const prefixes = colon < 0 ? membership.index.services.map((one) => one.prefix) : [prefix];
  return prefixes.flatMap((own) =>
    membership
      .listed(own)
      .filter((full) => wildcard.matches(full.slice(own.length + 1)))
      .map((full) => membership.number(full)),
  );
}

/** @param {Asked} asked */
function whyNot({ kind, text }) {
  if (kind === "operation")
    return "no action has the name of this operation, and which one authorizes it is not known";
  return /[*?]/.test(text) ? "matches no action in AWS's list" : "not in AWS's action list";
}
