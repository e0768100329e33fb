// Condition keys that AWS does not have, by generator/policybook/checks/condition_keys.py.
import { parted } from "../engine/catalogue/condition-keys.js";
import { closeNames, whatWasMeant } from "../engine/reading/alike.js";
import { finding } from "./finding.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Path, Reason } from "./found-documents.js" */

/**
 * The warnings about the keys of a condition block, in its order.
 * @param {any} block as its file has it
 * @param {Path} at
 * @param {Catalogue} catalogue
 * @returns {Generator<Reason>}
 */
export function* unlistedKeys(block, at, catalogue) {
  const expected = `a condition key in AWS's list of ${catalogue.date}`;
  for (const operator of Object.keys(block))
    for (const key of Object.keys(block[operator])) {
      if (catalogue.conditionKeys.isListed(key) !== false) continue;
      const hint = whatWasMeant(key, near(key, catalogue));
      yield finding([...at, operator, key], "unlisted-condition-key", expected, key, "", "warning", hint);
    }
}

/**
 * The keys that may be meant: those with its prefix or a near one, and the global ones.
 * @param {string} key
 * @param {Catalogue} catalogue
 * @returns {string[]}
 */
function near(key, { conditionKeys, file }) {
  const globals = Object.keys(file.globals);
  const listed = conditionKeys.listed();
  const lower = key.toLowerCase();
  const ends = (/** @type {string} */ end) => (/** @type {string} */ one) => one.toLowerCase().endsWith(end);
  if (!lower.includes(":")) return [...globals, ...[...listed.values()].flat().filter(ends(`:${lower}`))];
  const [prefix, name] = parted(lower);
  const own = listed.get(prefix);
  if (own) return [...globals, ...own];
  const others = closeNames(prefix, listed.keys());
  const same = (/** @type {string} */ other) => (/** @type {string} */ one) => one.toLowerCase() === `${other}:${name}`;
  return [...globals, ...others.flatMap((other) => (listed.get(other) ?? []).filter(same(other)))];
}
