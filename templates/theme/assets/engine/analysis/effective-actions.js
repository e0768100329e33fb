// What a document allows, by generator/policybook/analysis/effective_actions.py.
import { granted } from "../iam/denies.js";
import { Term } from "../model/documents.js";
import { UNCATALOGUED } from "../catalogue/catalogue.js";
import { sortedTexts } from "../order.js";
import { CALLERS } from "../rules.js";

/** @import { Catalogue } from "../catalogue/catalogue.js" */
/** @import { Clause, Document, Statement } from "../model/documents.js" */

/**
 * The effective actions, full names in lower case, each with everything that grants it.
 * @param {Document} document
 * @param {Catalogue} catalogue
 */
export function expansion(document, catalogue) {
  /** @type {Map<string, EffectiveAction["by"]>} */
  const found = new Map();
  for (const [statement, denies] of allowing(document)) {
    const { number, actions } = statement;
    for (const pattern of actions.negated ? [""] : actions.patterns) {
      const part = actions.negated ? actions : new Term([pattern]);
      for (const name of granted(statement, denies, catalogue, part).keys()) {
        const by = found.get(name) ?? [];
        by.push({ statement: number, pattern });
        found.set(name, by);
      }
    }
  }
  return found;
}

/**
 * The effective actions, full names in lower case, with their access levels.
 * @param {Document} document
 * @param {Catalogue} catalogue
 */
export function effectiveLevels(document, catalogue) {
  const parts = allowing(document).map(([statement, denies]) => granted(statement, denies, catalogue));
  if (parts.length === 1) return parts[0];
  return new Map(parts.flatMap((part) => [...part]));
}

/**
 * The Allow statements, each with all Denies of the document.
 * @param {Document} document
 * @returns {[Statement, Statement[]][]}
 */
function allowing({ statements }) {
  const denies = statements.filter(({ effect }) => effect === "Deny");
  return statements.flatMap((one) => (one.effect === "Allow" ? [[one, denies]] : []));
}

/**
 * The effective actions as AWS spells them, by service and level, all in order.
 * @param {Document} document
 * @param {Catalogue} catalogue
 * @returns {EffectiveService[]}
 */
export function effectiveServices(document, catalogue) {
  const found = expansion(document, catalogue);
  /** @type {Map<string, Map<Level, EffectiveAction[]>>} */
  const services = new Map();
  for (const name of sortedTexts(found.keys())) {
    const by = /** @type {EffectiveAction["by"]} */ (found.get(name));
    const known = catalogue.action(name);
    const level = known?.level ?? UNCATALOGUED;
    const prefix = name.split(":")[0];
    const levels = services.get(prefix) ?? new Map();
    services.set(prefix, levels);
    levels.set(level, [...(levels.get(level) ?? []), { name: known?.name ?? by[0].pattern, by }]);
  }
  const order = /** @type {Level[]} */ ([...catalogue.file.levels, UNCATALOGUED]);
  return Array.from(services, ([prefix, levels]) => ({
    prefix,
    name: catalogue.services.get(prefix)?.name ?? "",
    levels: order.flatMap((level) => (levels.has(level) ? [{ level, actions: levels.get(level) ?? [] }] : [])),
  }));
}

/**
 * The kinds of condition that must hold, by their keys, in the order of the clauses.
 * @param {readonly Clause[]} condition
 */
export function strengths(condition) {
  return condition.length ? [...new Set(condition.map(strength))] : ["none"];
}

/** @param {Clause} clause */
function strength({ key }) {
  const [head] = key.toLowerCase().split("/");
  const name = head.slice(head.includes(":") ? head.indexOf(":") + 1 : head.length);
  if (/tag(keys)?$/.test(head)) return "tag";
  if (name.includes("org") || head.endsWith("account")) return "organisation or account";
  return CALLERS.includes(head) || head.endsWith(":viaservice") ? "calling service" : "other";
}
