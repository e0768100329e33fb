// Which kinds of policies grant nothing, by generator/policybook/model/kinds.py.

/**
 * @typedef {object} PolicyKind of the policy whose document is checked
 * @property {boolean} ofAws whether it is AWS's own, so that what IAM refuses from others is a warning
 * @property {string} type
 */

/** @type {PolicyKind} that of a document without a policy */
export const UNKNOWN_KIND = { ofAws: false, type: "" };

const NOT_GRANTING = ["permissions-boundary", "service-control-policy", "resource-control-policy"];

/**
 * Whether a principal gets what a policy of the type allows.
 * @param {string} type
 */
export function doesGrant(type) {
  return !NOT_GRANTING.includes(type);
}
