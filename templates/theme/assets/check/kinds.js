// What a document may have that depends on the kind of its policy, by generator/policybook/checks/kinds.py.
import { REFUSED, finding } from "./finding.js";

/** @import { Path, Reason } from "./found-documents.js" */

/**
 * @typedef {object} KindRules the rules of one kind for the documents of a customer
 * @property {string} what the kind with its article
 * @property {string} refused what AWS does with other documents
 * @property {number} mostCharacters how many a document may have, without white space
 * @property {"error" | "warning"} sizeLevel
 * @property {string[]} without the elements that the kind does not have
 * @property {boolean} forEverybody whether each statement has the Principal `*`
 * @property {boolean} deniesOnly whether it can only deny
 */

/** @type {KindRules} */
export const OF_IAM = {
  what: "a managed policy",
  refused: REFUSED,
  mostCharacters: 6_144,
  sizeLevel: "error",
  without: ["Principal", "NotPrincipal"],
  forEverybody: false,
  deniesOnly: false,
};

/** @type {Record<string, KindRules>} */
const RULES = {
  "service-control-policy": {
    ...OF_IAM,
    what: "a service control policy",
    refused: "which AWS Organizations refuses in a service control policy",
    mostCharacters: 5_120,
    sizeLevel: "warning",
  },
  "resource-control-policy": {
    what: "a resource control policy",
    refused: "which AWS Organizations refuses in a resource control policy",
    mostCharacters: 5_120,
    sizeLevel: "warning",
    without: ["NotAction", "NotPrincipal"],
    forEverybody: true,
    deniesOnly: true,
  },
};

/**
 * The rules for the documents of policies of a type.
 * @param {string} type
 */
export function rulesOf(type) {
  return RULES[type] ?? OF_IAM;
}

/**
 * The findings about the elements of a statement.
 * @param {KindRules} rules
 * @param {any} statement the statement as its file has it
 * @param {Path} at
 * @returns {Generator<Reason>}
 */
export function* elementFindings(rules, statement, at) {
  for (const key of rules.without) {
    if (!(key in statement)) continue;
    const principal = key.endsWith("Principal");
    const expected = `no ${principal ? "principal" : key} in ${rules.what}`;
    yield finding([...at, key], principal ? "principal" : "unsupported-element", expected, key, rules.refused);
  }
  if (rules.forEverybody && statement.Principal !== "*") {
    const there = "Principal" in statement;
    const path = there ? [...at, "Principal"] : at;
    yield finding(path, "principal", "the Principal '*'", there ? "another Principal" : "none", rules.refused);
  }
  if (rules.deniesOnly && statement.Effect === "Allow")
    yield finding([...at, "Effect"], "allows", `the Effect Deny in ${rules.what}`, "Allow", rules.refused);
}
