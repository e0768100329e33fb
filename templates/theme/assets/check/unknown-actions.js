// Actions of a document that AWS's action list does not have, and the names most like them, by
// generator/policybook/analysis/unknown_actions.py.
import { hasWildcard } from "../engine/iam/patterns.js";
import { compareTexts } from "../engine/order.js";
import { distance } from "../finder/distance.js";
import { placesOf } from "./wildcards.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Document } from "../engine/model/documents.js" */

/** Actions of a document for which similar names are looked for. */
export const MOST_ASKED = 200;
export const MOST = 3;
const LONGEST = 128;

/**
 * @param {Document} document
 * @param {Catalogue} catalogue
 * @returns {UnknownActionResult[]}
 */
export function unknownActions(document, catalogue) {
  const places = placesOf(document, (action) =>
    hasWildcard(action) ? catalogue.namedBy(action).size === 0 : !catalogue.action(action),
  );
  return Array.from(places, ([action, statements], place) => ({
    action,
    statements,
    nearest: place < MOST_ASKED ? nearestActions(action, catalogue) : [],
  }));
}

/**
 * The actions whose names differ by least: similar names of the same service, and the same name in others.
 * @param {string} action
 * @param {Catalogue} catalogue
 */
export function nearestActions(action, catalogue) {
  const lower = action.toLowerCase();
  const colon = lower.indexOf(":");
  const [prefix, name] = [lower.slice(0, colon), lower.slice(colon + 1)];
  if (hasWildcard(action) || colon < 0 || name.length > LONGEST) return [];
  /** @type {[changes: number, name: string][]} */
  const found = [];
  const most = changesFor(name);
  for (const [key, { name: spelled }] of catalogue.actionsOf(prefix)) {
    const changes = distance(name, key, most);
    if (changes <= most) found.push([changes, spelled]);
  }
  for (const other of catalogue.services.keys()) {
    const same = other === prefix ? undefined : catalogue.actionsOf(other).get(name);
    if (same) found.push([LONGEST + distance(prefix, other, LONGEST), same.name]);
  }
  found.sort(([one, here], [other, there]) => one - other || compareTexts(here, there));
  return found.slice(0, MOST).map(([, spelled]) => spelled);
}

/**
 * The most changes after which a name is still similar, as in the finder.
 * @param {string} name
 */
export function changesFor(name) {
  if (name.length < 2) return 0;
  if (name.length < 4) return 1;
  return name.length < 9 ? 2 : 3;
}
