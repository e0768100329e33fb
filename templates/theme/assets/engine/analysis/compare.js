// Compares two documents, by the rules of generator/policybook/analysis/compare.py.
import { NO_REFERENCE } from "../iam/aws-reference.js";
import { removing } from "../iam/denies.js";
import { grants, prefixes } from "../iam/grants.js";
import { Grant, Term } from "../model/documents.js";
import { ComparedDocument, SingleStatements } from "./compared-documents.js";
import { lastOfEach, meaning, withKeptParts } from "./kept-parts.js";
import { sortedTexts } from "../order.js";

/** @import { AwsReference } from "../iam/coverage.js" */
/** @import { Document, Statement } from "../model/documents.js" */

/**
 * The change from one document to another; swapping the two swaps gained and lost.
 * @param {Document} older
 * @param {Document} newer
 * @param {AwsReference} reference
 * @returns {Change}
 */
export function compare(older, newer, reference = NO_REFERENCE) {
  const watched = new Watched(reference);
  const parts = new Map();
  const before = new ComparedDocument(older, parts, watched);
  const after = older === newer ? before : new ComparedDocument(newer, parts, watched);
  const found = compareSides(before, after);
  const { change } = found;
  if (watched.apartUsed) {
    watched.formats = false;
    const byText = compareSides(before, after).change;
    watched.formats = true;
    if (JSON.stringify(change) !== JSON.stringify(byText)) change.formatsDate = watched.date;
  }
  const [lost, gained] = withKeptParts(change.lost, change.gained, found.doubts, before, after);
  return { ...change, lost, gained };
}

/** A reference that says whether its ARN formats told two patterns apart, and can ignore them. */
class Watched {
  /** @param {AwsReference} reference */
  constructor(reference) {
    this.reference = reference;
    this.date = reference.date;
    this.apartUsed = false;
    this.formats = true;
  }

  /** @param {string} key */
  isArray(key) {
    return this.reference.isArray(key);
  }

  /**
   * @param {string} one
   * @param {string} other
   */
  apart(one, other) {
    const found = this.formats && this.reference.apart(one, other);
    this.apartUsed ||= found;
    return found;
  }
}

/** Tells for many pairs of documents, by their names, whether one covers the other. */
export class Covering {
  /**
   * @param {Map<string, Document>} documents
   * @param {AwsReference} reference
   */
  constructor(documents, reference = NO_REFERENCE) {
    this.documents = documents;
    this.reference = reference;
    /** @type {Map<string, ComparedDocument>} */
    this.sides = new Map();
    this.parts = new Map();
  }

  /**
   * Whether `compare` of the narrow and the wide document loses nothing; null if undecided.
   * @param {string} wide
   * @param {string} narrow
   */
  covers(wide, narrow) {
    const here = this.side(narrow);
    const there = this.side(wide);
    if (isSame(here.document, there.document)) return true;
    let doubtful = false;
    for (const { evidence } of lacks(here, there)) {
      if (evidence) return false;
      doubtful = true;
    }
    return doubtful || foreign(here.document, there.document).length ? null : true;
  }

  /**
   * Whether one statement of a document allows all actions that a pattern names, and no Deny removes
   * them on all of its resources.
   * @param {string} name
   * @param {string} action in lower case
   */
  grants(name, action) {
    const side = this.side(name);
    const wanted = new Term([action]);
    const denies = [...side.allowing("Deny", wanted)];
    for (const statement of side.allowing("Allow", wanted))
      if (!removing(denies, statement.resources).length) return true;
    return false;
  }

  /** @param {string} name */
  side(name) {
    let found = this.sides.get(name);
    if (!found) {
      const document = /** @type {Document} */ (this.documents.get(name));
      found = new ComparedDocument(document, this.parts, this.reference);
      this.sides.set(name, found);
    }
    return found;
  }
}

/**
 * Whether two documents are the same text, but for white space and the order of keys.
 * @param {Document} one
 * @param {Document} other
 */
function isSame(one, other) {
  return one === other || (one.statements.length === other.statements.length && one.sourceKey === other.sourceKey);
}

/**
 * The change without what is kept of its evidence, and the grants that are undecided.
 * @param {ComparedDocument} before
 * @param {ComparedDocument} after
 * @returns {{ change: Change, doubts: Grant[] }}
 */
function compareSides(before, after) {
  const [older, newer] = [before.document, after.document];
  if (isSame(older, newer)) return { change: changeOf("identical", [], [], [], []), doubts: [] };
  const lost = missing(before, after);
  const gained = missing(after, before);
  const doubts = [...lost.doubts, ...gained.doubts];
  const others = foreign(older, newer);
  const undecided = [...new Set([...others, ...doubts.map(({ doubt }) => doubt)])];
  const unsure = doubts.map(({ grant }) => grant);
  if (others.length) unsure.push(...grants(older), ...grants(newer));
  const services = sortedTexts(new Set(unsure.flatMap((grant) => prefixes(grant))));
  const verdict = verdictOf(!!gained.found.length, !!lost.found.length, !!undecided.length);
  const change = changeOf(verdict, gained.found, lost.found, undecided, services);
  return { change, doubts: doubts.map(({ grant }) => grant) };
}

/**
 * @param {Verdict} verdict
 * @param {Evidence[]} gained
 * @param {Evidence[]} lost
 * @param {string[]} undecided
 * @param {string[]} unsure
 * @returns {Change}
 */
function changeOf(verdict, gained, lost, undecided, unsure) {
  return { verdict, gained, lost, undecided, unsure, formatsDate: "" };
}

/**
 * @param {boolean} gained
 * @param {boolean} lost
 * @param {boolean} undecided
 * @returns {Verdict}
 */
function verdictOf(gained, lost, undecided) {
  if (gained && lost) return "mixed";
  if (undecided) return "undetermined";
  return gained ? "widened" : lost ? "narrowed" : "equivalent";
}

/**
 * The elements of the documents that prevent comparing their grants. Statements of resource control policies are
 * all for everybody, which tells nothing apart.
 * @param {Document} older
 * @param {Document} newer
 */
function foreign(older, newer) {
  const every = [...older.statements, ...newer.statements];
  const has = every.some((s) => s.hasPrincipal) && !every.every((s) => s.forEverybody);
  return has ? ["Principal, which a managed policy does not have"] : [];
}

/**
 * What `there` lacks of `here`: Allows that are not covered, and Denies that are new.
 * @param {ComparedDocument} here
 * @param {ComparedDocument} there
 */
function missing(here, there) {
  /** @type {Evidence[]} */
  const found = [];
  /** @type {{ doubt: string, grant: Grant }[]} */
  const doubts = [];
  for (const { evidence, doubt, grant } of lacks(here, there))
    if (evidence) found.push(evidence);
    else doubts.push({ doubt, grant });
  return { found: lastOfEach(found, ({ grant }) => meaning(grant)), doubts };
}

/**
 * Each lack with its grant; no evidence but the reason if a grant cannot be decided.
 * @param {ComparedDocument} here
 * @param {ComparedDocument} there
 * @returns {Generator<{ evidence: Evidence | null, doubt: string, grant: Grant }>}
 */
function* lacks(here, there) {
  const denying = here.document.statements.filter(({ effect }) => effect === "Deny");
  yield* lacksOf("Allow", here, there, denying);
  yield* lacksOf("Deny", there, here, []);
}

/**
 * @param {Effect} effect
 * @param {ComparedDocument} own
 * @param {ComparedDocument} other
 * @param {Statement[]} denies
 * @returns {Generator<{ evidence: Evidence | null, doubt: string, grant: Grant }>}
 */
function* lacksOf(effect, own, other, denies) {
  for (const statement of own.document.statements) {
    if (statement.effect !== effect || other.has(statement)) continue;
    for (const { kind, doubt, grant } of beside(statement, own, other, denies))
      if (kind) {
        const shown = effect === "Deny" ? "deny" : kind;
        yield { evidence: { kind: shown, grant, rest: grant, kept: [], beside: [] }, doubt: "", grant };
      } else if (doubt) yield { evidence: null, doubt, grant };
  }
}

/**
 * The grants of a statement, without most of those that `other` has literally, and why its grants do
 * not cover what the `denies` leave of each: the kind if they do not, or why that is undecided.
 * @param {Statement} statement
 * @param {ComparedDocument} own
 * @param {ComparedDocument} other
 * @param {Statement[]} denies
 * @returns {Generator<{ kind: EvidenceKind | null, doubt: string, grant: Grant }>}
 */
function* beside(statement, own, other, denies) {
  const single = new SingleStatements(statement, own.reference);
  const { effect, condition, number } = statement;
  for (const [written, plain] of other.without(own.part(statement), statement)) {
    const allowing = [...other.allowing(effect, plain)];
    for (const [place, resource] of single.resources.entries()) {
      let [kind, doubt] = single.lack(allowing, place);
      if (kind || doubt) {
        const [whole, why] = other.covers(effect, { actions: plain, resources: resource, condition }, denies);
        doubt = why;
        kind = whole === false ? kind || "condition" : null;
      }
      yield { kind, doubt, grant: new Grant(effect, written, resource, condition, number) };
    }
  }
}
