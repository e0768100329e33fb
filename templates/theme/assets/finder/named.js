// Policies that a question names in full, whatever else it says of them: "what was removed from
// AmazonS3ReadOnlyAccess", and two of them, such as "AmazonS3FullAccess vs AmazonS3ReadOnlyAccess".

/** @import { Index } from "./index.js" */

/**
 * The names of the policies that words of a question are, each once.
 * @param {Index} index
 * @param {string} asked
 */
export function namedPolicies(index, asked) {
  const { firstPolicy, lower, names } = index;
  const last = firstPolicy + index.file.policies.length;
  const found = asked
    .toLowerCase()
    .split(" ")
    .map((word) => lower.indexOf(word.replace(/[?!.,]+$/, ""), firstPolicy))
    .filter((id) => id >= 0 && id < last);
  return [...new Set(found)].map((id) => names[id]);
}

/**
 * The comparison of the two policies that a question names; nothing if it names fewer or more.
 * @param {Index} index
 * @param {string} asked
 * @returns {Item | null}
 */
export function comparison(index, asked) {
  const [a, b, ...more] = namedPolicies(index, asked);
  if (!b || more.length) return null;
  const href = `compare/?${new URLSearchParams({ a, b })}`;
  const detail = "What only one of them allows, and what both do";
  return { kind: "page", text: `Compare ${a} with ${b}`, detail, href, exact: false };
}
