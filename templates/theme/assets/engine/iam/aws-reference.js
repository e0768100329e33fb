// What AWS's lists say about condition keys and ARNs, as an argument for the rules that need it; see
// generator/policybook/iam/aws_reference.py.

/**
 * @typedef {object} AwsReference
 * @property {string} date the day of the lists, YYYY-MM-DD
 * @property {(key: string) => boolean | null} isArray whether a condition key, in lower case, has several
 *   values; null if that is not known
 * @property {(one: string, other: string) => boolean} apart whether two resource patterns match ARNs of
 *   known formats, but none in common
 */

/**
 * Nothing is known beyond the text of a policy.
 * @type {AwsReference}
 */
export const NO_REFERENCE = Object.freeze({ date: "", isArray: () => null, apart: () => false });
