// Parts of statements that name nothing, since no action has such a resource, by
// generator/policybook/analysis/unsupported.py.
import { Term } from "../engine/model/documents.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Document, Statement } from "../engine/model/documents.js" */

/**
 * The patterns of a document without effect, in its order, actions before resources.
 * @param {Document} document
 * @param {Catalogue} catalogue
 * @returns {UnsupportedResult[]}
 */
export function unsupported(document, catalogue) {
  return document.statements.flatMap((one) =>
    [...parts(one, catalogue)].map(([element, pattern]) => ({
      statement: one.number,
      effect: one.effect,
      element,
      pattern,
    })),
  );
}

/**
 * @param {Statement} statement
 * @param {Catalogue} catalogue
 * @returns {Generator<["Action" | "Resource", string]>}
 */
function* parts({ actions, resources }, catalogue) {
  for (const pattern of actions.negated ? [] : actions.patterns) {
    const one = new Term([pattern]);
    if (catalogue.named(one).size && !catalogue.supporting(one, resources).size) yield ["Action", pattern];
  }
  if (resources.negated || !catalogue.named(actions).size) return;
  for (const pattern of resources.patterns) {
    const one = new Term([pattern], false, resources.variables);
    if (!catalogue.supporting(actions, one).size) yield ["Resource", pattern];
  }
}
