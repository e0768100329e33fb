// What a condition block compares and its operators do not take, by generator/policybook/checks/values.py.
import { isKnown, parsed, spelledOperators } from "../engine/iam/condition-operators.js";
import { boolean, moment, network, number } from "../engine/iam/condition-values.js";
import { whatWasMeant } from "../engine/reading/alike.js";
import { REFUSED, VALIDATION, finding, listed } from "./finding.js";

/** @import { Path, Reason } from "./found-documents.js" */

const MISMATCH = "which IAM's policy validation calls a type mismatch";
const DATE = "a date such as 2024-01-31, 2024-01-31T12:00:00Z or seconds since 1970";
const NETWORK = "an IP address or a block of them such as 10.0.0.0/8";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The findings about a condition block, in its order.
 * @param {any} block as its file has it
 * @param {Path} at
 * @returns {Generator<Reason>}
 */
export function* conditionFindings(block, at) {
  for (const operator of Object.keys(block)) {
    const place = [...at, operator];
    if (!isKnown(operator)) {
      const hint = whatWasMeant(operator, spelledOperators(operator));
      yield finding(place, "unknown-operator", "a condition operator of IAM", operator, REFUSED, "error", hint);
    } else if (parsed(operator).base === "null" && parsed(operator).ifExists)
      yield finding(place, "unknown-operator", "Null without IfExists", operator, VALIDATION);
    for (const key of Object.keys(block[operator]))
      for (const [path, value] of listed(block[operator][key], [...place, key])) {
        const text = String(value);
        const expected = expectedBy(operator, text);
        if (expected) yield finding(path, "bad-value", expected, text, MISMATCH);
      }
  }
}

/**
 * What the operator compares, if the text is no such value; else "".
 * @param {string} operator
 * @param {string} text
 */
function expectedBy(operator, text) {
  const { base } = parsed(operator);
  for (const [beginning, reads, expected] of VALUES)
    if (base.startsWith(beginning)) return reads(text) === null ? expected : "";
  return "";
}

/** @param {string} text a boolean, or a policy variable that stands for one */
function truth(text) {
  return text.includes("${") ? true : boolean(text);
}

/** @param {string} text a moment, also without a time zone */
function time(text) {
  return moment(text) ?? moment(`${text}Z`);
}

/** @param {string} text */
function binary(text) {
  return BASE64.test(text) ? text : null;
}

/** @type {[beginning: string, reads: (text: string) => unknown, expected: string][]} */
const VALUES = [
  ["null", truth, "true or false"],
  ["bool", truth, "true or false"],
  ["date", time, DATE],
  ["numeric", number, "a number"],
  ["ipaddress", network, NETWORK],
  ["notipaddress", network, NETWORK],
  ["binary", binary, "a value in Base64"],
];
