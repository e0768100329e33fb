// Which condition keys there are, and which of them have several values, by
// generator/policybook/catalogue/condition_keys.py.

/**
 * Condition keys as AWS spells them, with 1 for those that have several values and 0 for the others.
 * @typedef {Record<string, number>} Keys
 */

const PROVIDERS = ["saml"]; // whose keys are in no service's list

/** What is known of condition keys. */
export class ConditionKeys {
  /**
   * @param {Keys} globals
   * @param {Record<string, { keys: Keys }>} services by their prefixes
   */
  constructor(globals, services) {
    this.globals = globals;
    this.services = services;
    /** @type {Map<string, boolean | null>} */
    this.arrays = new Map();
    this.lowerGlobals = lower(globals);
    /** @type {Map<string, Map<string, number>>} */
    this.lower = new Map();
    /** @type {Map<string, string[]> | null} */
    this.byPrefix = null;
  }

  /**
   * Whether a condition key has several values; null if that is not known. A listed key such as
   * `ec2:resourcetag/${tagkey}` stands for all keys with the text before `${`.
   * @param {string} key in lower case
   */
  isArray(key) {
    let found = this.arrays.get(key);
    if (found === undefined) this.arrays.set(key, (found = this.#isArray(key)));
    return found;
  }

  /** @param {string} key */
  #isArray(key) {
    const [prefix, name] = parted(key);
    const answer = (/** @type {number | undefined} */ found) => (found === undefined ? null : found === 1);
    if (prefix === "aws") return answer(this.lowerGlobals.get(`aws:${name.split("/")[0]}`));
    const types = this.#typesOf(prefix);
    const listed = [...types.keys()].find((one) => {
      const end = one.indexOf("${");
      return end > prefix.length + 1 && key.startsWith(one.slice(0, end));
    });
    return answer(types.get(key) ?? types.get(listed ?? ""));
  }

  /** @param {string} prefix */
  #typesOf(prefix) {
    let found = this.lower.get(prefix);
    if (!found) this.lower.set(prefix, (found = lower(own(this.services, prefix)?.keys ?? {})));
    return found;
  }

  /**
   * All keys that services list, by their prefixes; some services list keys of others.
   * @returns {Map<string, string[]>}
   */
  listed() {
    if (this.byPrefix) return this.byPrefix;
    /** @type {Map<string, Set<string>>} */
    const found = new Map();
    for (const { keys } of Object.values(this.services))
      for (const key of Object.keys(keys)) {
        const prefix = parted(key.toLowerCase())[0];
        found.set(prefix, (found.get(prefix) ?? new Set()).add(key));
      }
    return (this.byPrefix = new Map(Array.from(found, ([prefix, keys]) => [prefix, [...keys].sort()])));
  }

  /**
   * Whether AWS has a condition key; null if that is not known.
   * @param {string} key in any case
   */
  isListed(key) {
    const text = key.toLowerCase();
    const [prefix, name] = parted(text);
    if (prefix === "aws") return this.lowerGlobals.has(`aws:${name.split("/")[0]}`);
    if (prefix.includes(".") || PROVIDERS.includes(prefix) || key.includes("${")) return null;
    const listed = this.listed().get(prefix) ?? [];
    if (!listed.length && own(this.services, prefix)) return null; // a service without keys
    return text.includes(":") && listed.some((one) => {
      const [head, ...tail] = one.toLowerCase().split(/\$\{|</);
      return tail.length ? text.startsWith(head) : text === head;
    });
  }
}

/**
 * @param {Keys} keys
 * @returns {Map<string, number>}
 */
function lower(keys) {
  return new Map(Object.entries(keys).map(([key, array]) => [key.toLowerCase(), array]));
}

/**
 * @template V
 * @param {Record<string, V>} values
 * @param {string} key any text
 */
function own(values, key) {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/**
 * The text before the first colon, and the text after it.
 * @param {string} text
 */
export function parted(text) {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}
