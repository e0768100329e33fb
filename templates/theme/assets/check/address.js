// What the address of /check/ has: names of policies in its query, and in its fragment, after "Copy link",
// what was pasted.
import { nameOf } from "../tools/sides.js";

/** @import { Named } from "../tools/sides.js" */

/**
 * @param {string} query
 * @param {string} fragment
 */
export function stateIn(query, fragment) {
  const [named, pasted] = [new URLSearchParams(query), new URLSearchParams(fragment.replace(/^#/, ""))];
  return {
    policy: named.get("policy") ?? "",
    other: named.get("with") ?? "",
    text: pasted.get("document") ?? "",
    boundary: pasted.get("boundary") ?? "",
  };
}

/**
 * @param {Named | null} policy
 * @param {Named | null} other
 */
export function queryOf(policy, other) {
  const query = new URLSearchParams();
  if (policy) query.set("policy", nameOf(policy));
  if (other) query.set("with", nameOf(other));
  const text = query.toString().replaceAll("%40", "@");
  return text && `?${text}`;
}

/**
 * @param {string} text
 * @param {string} boundary
 */
export function fragmentOf(text, boundary) {
  const fragment = new URLSearchParams();
  if (text.trim()) fragment.set("document", text);
  if (boundary.trim()) fragment.set("boundary", boundary);
  const found = fragment.toString();
  return found && `#${found}`;
}
