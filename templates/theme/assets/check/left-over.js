// What a permissions boundary or a service control policy leaves of what a document allows, by
// generator/policybook/analysis/left_over.py.
import { UNCATALOGUED } from "../engine/catalogue/catalogue.js";
import { effectiveLevels } from "../engine/analysis/effective-actions.js";
import { part } from "../engine/iam/arn-formats.js";
import { certaintyWith, surest, weakest } from "../engine/iam/denies.js";
import { singleTerms } from "../engine/iam/grants.js";
import { termCovers, termOverlaps } from "../engine/iam/terms.js";
import { compareTexts } from "../engine/order.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @import { Formats } from "../engine/iam/arn-formats.js" */
/** @import { Document, Statement, Term } from "../engine/model/documents.js" */
/** @typedef {import("../engine/iam/denies.js").Certainty} Certainty */

/**
 * @param {Document} document
 * @param {Document} boundary
 * @param {Catalogue} catalogue
 * @returns {LeftResult}
 */
export function leftOver(document, boundary, catalogue) {
  const levels = effectiveLevels(document, catalogue);
  const parts = [document, boundary].map(({ statements }) =>
    statements.map((one) => /** @type {const} */ ([one, catalogue.denied(one.actions)])),
  );
  /** @type {Map<Formats, Map<string, Certainty | null>>} */
  const known = new Map();
  /** @type {Map<string, Record<string, Certainty>>} */
  const services = new Map();
  /** @type {string[]} */
  const removed = [];
  let exact = true;
  for (const name of [...levels.keys()].sort(compareTexts)) {
    const level = levels.get(name) ?? UNCATALOGUED;
    const formats = catalogue.formats(name);
    const [own, limits] = parts.map((part) => part.filter(([, named]) => named.names(name, level)).map(([one]) => one));
    const certainty = remembered(known, formats, own, limits);
    const spelled = catalogue.action(name)?.name ?? name;
    if (certainty !== "yes" && certainty !== "conditional") {
      removed.push(spelled);
      continue;
    }
    exact &&= certainty === "yes";
    const prefix = name.split(":")[0];
    if (!services.has(prefix)) services.set(prefix, {});
    Object.assign(services.get(prefix) ?? {}, { [spelled]: certainty });
  }
  return {
    exact,
    services: Array.from(services, ([prefix, actions]) => ({
      prefix,
      name: catalogue.services.get(prefix)?.name ?? "",
      actions,
    })),
    removed,
  };
}

/**
 * @param {Map<Formats, Map<string, Certainty | null>>} known
 * @param {Formats} formats
 * @param {Statement[]} own
 * @param {Statement[]} limits
 */
function remembered(known, formats, own, limits) {
  const key = [own, limits].map((list) => list.map(({ number }) => number).join()).join(";");
  const answers = known.get(formats) ?? new Map();
  known.set(formats, answers);
  if (!answers.has(key)) answers.set(key, surest([...certainties(own, limits, formats)]) ?? null);
  return answers.get(key);
}

/**
 * How certain one action is, for each of its grants in both documents that share resources.
 * @param {Statement[]} own
 * @param {Statement[]} limits
 * @param {Formats} formats
 * @returns {Generator<Certainty>}
 */
function* certainties(own, limits, formats) {
  const denies = [...own, ...limits].filter(({ effect }) => effect === "Deny");
  const [mine, theirs] = [own, limits].map((found) => found.filter(({ effect }) => effect === "Allow"));
  for (const one of mine)
    for (const other of theirs) {
      const alone = one.condition.length || other.condition.length ? "conditional" : "yes";
      for (const here of singleTerms(one.resources))
        for (const there of singleTerms(other.resources)) yield* shared(here, there, alone, denies, formats);
    }
}

/**
 * @param {Term} here
 * @param {Term} there
 * @param {Certainty} alone
 * @param {Statement[]} denies
 * @param {Formats} formats
 * @returns {Generator<Certainty>}
 */
function* shared(here, there, alone, denies, formats) {
  const [one, other] = [part(here, formats), part(there, formats)];
  if (!one || !other) return;
  let terms = [one, other];
  let own = alone;
  if (termCovers(other, one)) terms = [one];
  else if (termCovers(one, other)) terms = [other];
  else if (termOverlaps(one, other)) own = "conditional";
  else return;
  yield weakest(terms.map((term) => certaintyWith(denies, term, own, formats)[0]));
}
