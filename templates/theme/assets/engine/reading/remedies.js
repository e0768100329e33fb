// What a value that has not the form of its place was most likely meant to be, by
// generator/policybook/data/remedies.py.

/** @import { Json } from "./json.js" */

/** For a value in the place of a list. */
export const AS_LIST = "write each entry in a line of its own, after '- '";
/** For a value in the place of the keys below an operator of a condition. */
export const BELOW_OPERATOR = "put the key below an operator such as StringEquals";

/**
 * For a value in the place of a text.
 * @param {Json} value
 */
export function asText(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const [key, ...others] = Object.keys(value);
  if (key === undefined || others.length) return "";
  if (key === "Ref" || key.startsWith("Fn::")) return "it is a function of CloudFormation; write what it returns";
  const text = value[key];
  if (typeof text !== "string") return "";
  const isAction = /^[a-z0-9-]+$/.test(key) && /^[A-Za-z0-9*?]+$/.test(text);
  return isAction ? `did you mean ${key}:${text}?` : "put a text that has a colon and a space in quotes";
}

/**
 * For a value in the place of a mapping.
 * @param {Json} value
 * @param {string[]} [keys] none if it may have any
 * @param {string} [required] the one key that is required
 */
export function asMapping(value, keys = [], required = "") {
  if (Array.isArray(value) && required) return `put the list below the key ${required}:`;
  if (typeof value === "string" && value.startsWith("%7B"))
    return "it is encoded as IAM's API sends it; decode it, or use policybook import account";
  if (!keys.length) return "";
  return `its keys are ${keys.slice(0, -1).join(", ")} and ${keys[keys.length - 1]}`;
}
