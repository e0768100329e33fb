// Which condition keys have several values, by generator/policybook/catalogue/condition_keys.py.

/**
 * Whether a condition key has several values; null if that is not known. A listed key such as
 * `ec2:resourcetag/${tagkey}` stands for all keys with the text before `${`.
 * @param {string} key in lower case
 * @param {Record<string, number>} types those of the key's service that have several values (1) or one (0)
 * @param {Record<string, number>} globals the same of global keys, without `aws:`
 * @returns {boolean | null}
 */
export function isArray(key, types, globals) {
  const [prefix, name] = parted(key);
  const answer = (/** @type {number | undefined} */ found) => (found === undefined ? null : found === 1);
  if (prefix === "aws") return answer(own(globals, name.split("/")[0]));
  const listed = Object.keys(types).find((one) => {
    const end = one.indexOf("${");
    return end > prefix.length + 1 && key.startsWith(one.slice(0, end));
  });
  return answer(own(types, key) ?? (listed === undefined ? undefined : types[listed]));
}

/**
 * @param {Record<string, number>} numbers
 * @param {string} key any text
 */
function own(numbers, key) {
  return Object.hasOwn(numbers, key) ? numbers[key] : undefined;
}

/**
 * The text before the first colon, and the text after it.
 * @param {string} text
 */
export function parted(text) {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}
