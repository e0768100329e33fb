// What the pages ask the engine. It has no access to the page: it runs in a worker. The rules are those
// of generator/policybook/iam/ and analysis/; tests compare the answers of both.
//
// Documents are those of `readDocument`. Several are one set of policies: the union of their statements,
// Denies included.

/** @typedef {{ statements: readonly object[], source: unknown }} Document */
/** @typedef {object} Catalogue AWS's actions, made by `catalogueOf` */
/** @typedef {object} Policies documents prepared by `policiesOf` */

/**
 * A policy document in a text: bare, or as `aws iam get-policy-version` prints it. It never throws.
 * @param {string} _text
 * @returns {{ document: Document } | { problems: Problem[] }}
 */
export function readDocument(_text) {
  throw new Error("not yet");
}

/**
 * The catalogue in `engine/catalogue.json`.
 * @param {CatalogueFile} _file
 * @returns {Catalogue}
 */
export function catalogueOf(_file) {
  throw new Error("not yet");
}

/**
 * How the documents `after` differ from the documents `before`.
 * @param {Document[]} _before
 * @param {Document[]} _after
 * @param {Catalogue} [_catalogue] tells array keys and ARNs apart; without it the text alone counts
 * @returns {ComparisonResult}
 */
export function compare(_before, _after, _catalogue) {
  throw new Error("not yet");
}

/**
 * What the documents together allow, by service and level, services and actions in order.
 * @param {Document[]} _documents
 * @param {Catalogue} _catalogue
 * @returns {EffectiveService[]}
 */
export function effectiveActions(_documents, _catalogue) {
  throw new Error("not yet");
}

/**
 * The risk rules that the documents together match, in the order of the rules.
 * @param {Document[]} _documents
 * @param {RiskRule[]} _rules those of `engine/rules.json`
 * @param {Catalogue} _catalogue
 * @returns {FlagResult[]}
 */
export function risks(_documents, _rules, _catalogue) {
  throw new Error("not yet");
}

/**
 * Whether the documents `wide` cover all grants of the documents `narrow`.
 * @param {Document[]} _wide
 * @param {Document[]} _narrow
 * @param {Catalogue} [_catalogue]
 * @returns {Decided}
 */
export function contains(_wide, _narrow, _catalogue) {
  throw new Error("not yet");
}

/**
 * Policies prepared for `near`, once for many questions.
 * @param {Iterable<[name: string, document: Document]>} _named
 * @param {Catalogue} _catalogue
 * @returns {Policies}
 */
export function policiesOf(_named, _catalogue) {
  throw new Error("not yet");
}

/**
 * Which policies contain, equal, lie in or come near the documents together.
 * @param {Document[]} _documents
 * @param {Policies} _policies
 * @returns {OverlapResult}
 */
export function near(_documents, _policies) {
  throw new Error("not yet");
}
