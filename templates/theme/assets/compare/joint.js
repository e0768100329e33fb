// What the policies of one side make possible together that none of them does alone.
import { pathsOfDocuments } from "../engine/analysis/joint-paths.js";
import { risks } from "../engine/engine.js";
import { union } from "../engine/model/union.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Part } from "./side-by-side.js" */

/**
 * @param {Part[]} parts
 * @param {Catalogue} catalogue
 * @param {RiskRule[]} rules
 * @returns {JointPaths} nothing for a single policy
 */
export function jointPaths(parts, catalogue, rules) {
  if (parts.length < 2 || !rules.length) return { paths: [], prevented: [] };
  const names = namesOf(parts);
  const documents = parts.map(({ document }, place) => ({
    name: names[place],
    statements: document.statements.length,
    risks: risks([document], rules, catalogue),
  }));
  const joint = risks([union(parts.map(({ document }) => document))], rules, catalogue);
  return pathsOfDocuments(joint, documents);
}

/**
 * A name for each document, with its version if another one has the same name; then with its number.
 * @param {Part[]} parts
 */
function namesOf(parts) {
  const plain = parts.map(({ named }) => named.name);
  const versioned = parts.map(({ named: { name, version } }) =>
    version && plain.filter((other) => other === name).length > 1 ? `${name}@${version}` : name,
  );
  return versioned.map((name, place) => {
    const before = versioned.slice(0, place).filter((other) => other === name).length;
    return before ? `${name} (${before + 1})` : name;
  });
}
