// What an action or pattern that is unknown was most likely meant to be, by `action_hint` of
// generator/policybook/analysis/unknown_actions.py.
import { parted } from "../engine/catalogue/condition-keys.js";
import { hasWildcard } from "../engine/iam/patterns.js";
import { closeNames, question } from "../engine/reading/alike.js";
import { compareTexts } from "../engine/order.js";
import { distance } from "../finder/distance.js";
import { MOST, changesFor, nearestActions } from "./unknown-actions.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */

/**
 * What was meant, as a question; or "".
 * @param {string} action the text, which may lack a service or have another separator
 * @param {Catalogue} catalogue
 */
export function actionHint(action, catalogue) {
  const parts = action.replace(/[;,]/g, " ").split(/\s+/).filter(Boolean);
  if (parts.length > 1) {
    const every = parts.every((part) => part.slice(0, -1).includes(":"));
    return every ? "write each action as an entry of a list" : question([parts.join("")]);
  }
  const text = action.trim();
  const [prefix, name] = parted(text);
  if (!text.includes(":")) {
    const dot = text.indexOf(".");
    const [before, after] = dot < 0 ? ["", text] : [text.slice(0, dot), text.slice(dot + 1)];
    return question(after ? ofAnyService(after, before, catalogue) : ofAnyService(before, before, catalogue));
  }
  if (hasWildcard(action)) return question(nearPatterns(prefix.toLowerCase(), name, catalogue));
  const names = nearestActions(action, catalogue);
  return question(names.length ? names : prefixes(prefix, catalogue).map((near) => `${near}:${name}`));
}

/**
 * The actions of this name, at most three; of the one service if its prefix is given.
 * @param {string} name
 * @param {string} prefix
 * @param {Catalogue} catalogue
 */
function ofAnyService(name, prefix, catalogue) {
  const services = prefix ? [prefix] : [...catalogue.services.keys()];
  return services.flatMap((each) => catalogue.action(`${each}:${name}`)?.name ?? []).slice(0, MOST);
}

/**
 * Patterns that match actions: of a near service, or with a near begin of an action's name.
 * @param {string} prefix
 * @param {string} name
 * @param {Catalogue} catalogue
 */
function nearPatterns(prefix, name, catalogue) {
  if (!catalogue.services.has(prefix)) return prefixes(prefix, catalogue).map((near) => `${near}:${name}`);
  const start = name.slice(0, name.search(/[*?]/)).toLowerCase();
  const most = changesFor(start);
  /** @type {Map<string, number>} */
  const near = new Map();
  for (const { name: spelled } of catalogue.actionsOf(prefix).values()) {
    let beginning = "";
    for (const word of parted(spelled)[1].match(/[A-Z0-9]*[^A-Z0-9]+|[A-Z0-9]+/g) ?? []) {
      beginning += word;
      if (!near.has(beginning)) near.set(beginning, distance(start, beginning.toLowerCase(), most));
    }
  }
  const found = [...near].filter(([, changes]) => changes <= most);
  found.sort(([one, less], [other, more]) => less - more || compareTexts(one, other));
  return found.slice(0, 1).map(([beginning]) => `${prefix}:${beginning}*`);
}

/**
 * @param {string} prefix
 * @param {Catalogue} catalogue
 */
function prefixes(prefix, catalogue) {
  return catalogue.services.has(prefix.toLowerCase()) ? [] : closeNames(prefix, catalogue.services.keys());
}
