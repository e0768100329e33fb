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
  const text = key === undefined || others.length ? null : value[key];
  if (typeof text !== "string") return "";
  const isAction = /^[a-z0-9-]+$/.test(key) && /^[A-Za-z0-9*?]+$/.test(text);
  return isAction ? `did you mean ${key}:${text}?` : "put a text that has a colon and a space in quotes";
}

/**
 * For a value in the place of a mapping.
 * @param {Json} value
 * @param {string[]} keys
 * @param {string} required the one key that is required
 */
export function asMapping(value, keys, required) {
  if (Array.isArray(value)) return `put the list below the key ${required}:`;
  return `its keys are ${keys.slice(0, -1).join(", ")} and ${keys[keys.length - 1]}`;
}
