// What documents grant that are attached together, for what of it is not used.
import { effectiveLevels } from "../engine/analysis/effective-actions.js";
import { union } from "../engine/model/union.js";
import { compareTexts } from "../engine/order.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Document } from "../engine/model/documents.js" */

/** @type {Record<string, string>} the letters by which choose/membership.js names access levels */
const LETTERS = { List: "l", Read: "r", Write: "w", Tagging: "t", "Permissions management": "p", Uncatalogued: "u" };

/**
 * The effective actions in order: each with its name in lower case, the letter of its access level, and as
 * AWS spells it.
 * @param {Document[]} documents at least one
 * @param {Catalogue} catalogue
 * @returns {GrantedAction[]}
 */
export function grantedTogether(documents, catalogue) {
  const levels = [...effectiveLevels(union(documents), catalogue)];
  levels.sort(([one], [other]) => compareTexts(one, other));
  return levels.map(([name, level]) => [name, LETTERS[level], catalogue.action(name)?.name ?? name]);
}
