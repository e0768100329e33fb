// The actions that somebody asks about, looked up among those of AWS's list, by the rules of
// generator/policybook/analysis/asked_actions.py.
import { Wildcard } from "../finder/wildcards.js";

/** @import { Asked, NotUnderstood } from "./asked-text.js" */
/** @import { Membership } from "./membership.js" */

/** CloudTrail names operations of Lambda with the version of its API. */
const DATED = /^(lambda:\w+?)\d{8}(?:v\d+)?$/;

/**
 * The numbers of the actions that are asked about, in order, and what is no action.
 * @param {Membership} membership
 * @param {{ names: Asked[], notUnderstood: NotUnderstood[] }} text
 */
export function askedActions(membership, text) {
  /** @type {Set<number>} */
  const numbers = new Set();
  const unknown = [...text.notUnderstood];
  for (const asked of text.names) {
    const found = named(membership, asked);
    if (!found.length) unknown.push({ text: asked.text, why: whyNot(asked) });
    for (const number of found) numbers.add(number);
  }
  return { numbers: [...numbers], unknown };
}

/**
 * @param {Membership} membership
 * @param {Asked} asked
 */
function named(membership, { kind, text }) {
  let lower = text.toLowerCase();
  const dated = kind === "operation" ? DATED.exec(lower) : null;
  if (dated && !membership.isListed(lower)) lower = dated[1];
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
