// Which of all policies contain one document, equal it, lie in it or come near, by
// generator/policybook/analysis/overlap.py and overlap_pairs.py.
import { UNCATALOGUED } from "../catalogue/catalogue.js";
import { Covering } from "./compare.js";
import { effectiveLevels } from "./effective-actions.js";
import { compareTexts } from "../order.js";
import { NEAR } from "../rules.js";

/** @import { Catalogue } from "../catalogue/catalogue.js" */
/** @import { Document, Statement } from "../model/documents.js" */

const [SOME, OF] = NEAR; // at least this fraction of the actions of either document are actions of both
const OWN = "\n"; // no policy has this name

/**
 * The effective actions of a document: the catalogued ones as bits, and the other names.
 *
 * `firm` are the catalogued ones that no Deny with a condition names.
 * @typedef {object} Granted
 * @property {"some" | "none" | "everything"} kind
 * @property {Uint32Array} known
 * @property {Uint32Array} firm
 * @property {Set<string>} unknown
 * @property {number} size
 * @property {boolean} limited whether any is not firm
 * @property {boolean} denies
 * @property {boolean} irregular
 */

/** Policies prepared for looking for those that overlap with a document. */
export class Policies {
  /**
   * @param {Iterable<[name: string, document: Document]>} named
   * @param {Catalogue} catalogue
   */
  constructor(named, catalogue) {
    this.catalogue = catalogue;
    this.documents = new Map(named);
    /** @type {Map<string, number>} */
    this.numbers = new Map(); // small documents first, so that theirs are short
    const patterns = (/** @type {Document} */ { statements }) =>
      statements.reduce((sum, { actions }) => sum + actions.patterns.length, 0);
    const ordered = [...this.documents].sort(([, one], [, other]) => patterns(one) - patterns(other));
    this.granted = new Map(ordered.map(([name, document]) => [name, this.grantedBy(document)]));
    this.covering = new Covering(this.documents, catalogue);
  }

  /**
   * How all policies overlap with a document, fewest different actions first.
   * @param {Document} document
   * @returns {OverlapResult}
   */
  overlap(document) {
    const one = this.grantedBy(document);
    /** @type {OverlapResult} */
    const found = { kind: one.kind, contained_in: [], contains: [], equal: [], near: [] };
    if (one.kind === "none") return found;
    this.documents.set(OWN, document);
    this.covering.sides.delete(OWN);
    for (const [name, other] of this.granted) {
      const line = other.kind === one.kind && this.line(one, name, other);
      if (!line) continue;
      const inside = line.less === 0 || line.covers !== "no";
      const around = line.more === 0 || line.covered !== "no";
      found[inside ? (around ? "equal" : "contained_in") : around ? "contains" : "near"].push(line);
    }
    for (const lines of [found.contained_in, found.contains, found.equal, found.near]) lines.sort(tightest);
    return found;
  }

  /**
   * The policy, if one contains the other or they are nearly equal.
   * @param {Granted} one
   * @param {string} name
   * @param {Granted} other
   * @returns {OverlapLine | null}
   */
  line(one, name, other) {
    const grants = needsGrants(one, other);
    const near = isNear(one, other);
    const inside = this.liesIn(one, name, other);
    const around = this.liesIn(other, OWN, one);
    if (!(inside || around || grants || near)) return null;
    const covers = grants || inside ? this.covers(name, OWN) : "no";
    const covered = grants || around ? this.covers(OWN, name) : "no";
    if (!(inside || around || near) && covers === "no" && covered === "no") return null;
    return { name, more: this.only(other, OWN, one), less: this.only(one, name, other), covers, covered };
  }

  /**
   * Whether all effective actions of a document are also in another one.
   * @param {Granted} one
   * @param {string} name
   * @param {Granted} other
   */
  liesIn(one, name, other) {
    return isWithin(one.known, other.known) && !this.lacking(one, name, other);
  }

  /**
   * The number of effective actions of a document that another one lacks.
   * @param {Granted} one
   * @param {string} name
   * @param {Granted} other
   */
  only(one, name, other) {
    return count(one.known) - shared(one.known, other.known) + this.lacking(one, name, other);
  }

  /**
   * How many of a document's actions that are not catalogued another one lacks.
   * @param {Granted} one
   * @param {string} name
   * @param {Granted} other
   */
  lacking({ unknown }, name, other) {
    let found = 0;
    for (const action of unknown)
      if (!other.unknown.has(action) && !this.covering.grants(name, action)) found++;
    return found;
  }

  /**
   * @param {string} wide
   * @param {string} narrow
   * @returns {Decided}
   */
  covers(wide, narrow) {
    return decided(this.covering.covers(wide, narrow));
  }

  /**
   * @param {Document} document
   * @returns {Granted}
   */
  grantedBy(document) {
    const levels = effectiveLevels(document, this.catalogue);
    const unknown = new Set([...levels.keys()].filter((name) => levels.get(name) === UNCATALOGUED));
    const known = [...levels.keys()].filter((name) => !unknown.has(name));
    const denies = document.statements.filter(({ effect }) => effect === "Deny");
    const allowing = document.statements.filter(({ effect }) => effect === "Allow");
    const whole = allowing.some(({ actions }) => !actions.negated && actions.patterns.some(isEverything));
    const every = whole && known.length === this.catalogue.namedBy("*").size;
    const limiting = denies.filter(({ condition }) => condition.length).map((deny) => this.catalogue.denied(deny.actions));
    const firm = known.filter((name) => !limiting.some((actions) => actions.names(name, "")));
    return {
      kind: every ? "everything" : levels.size ? "some" : "none",
      known: this.bits(known),
      firm: this.bits(firm),
      unknown,
      size: levels.size,
      limited: firm.length < known.length,
      denies: denies.length > 0,
      irregular: allowing.some((statement) => isIrregular(statement, this.catalogue)),
    };
  }

  /** @param {string[]} names */
  bits(names) {
    const places = names.map((name) => {
      const place = this.numbers.get(name) ?? this.numbers.size;
      this.numbers.set(name, place);
      return place;
    });
    const found = new Uint32Array(places.reduce((most, place) => Math.max(most, (place >> 5) + 1), 0));
    for (const place of places) found[place >> 5] |= 1 << (place & 31);
    return found;
  }
}

/**
 * @param {boolean | null} answer
 * @returns {Decided}
 */
export function decided(answer) {
  return answer === null ? "undetermined" : answer ? "yes" : "no";
}

/**
 * @param {OverlapLine} one
 * @param {OverlapLine} other
 */
function tightest(one, other) {
  return one.more + one.less - other.more - other.less || compareTexts(one.name, other.name);
}

/** @param {string} pattern */
function isEverything(pattern) {
  return pattern === "*" || pattern === "*:*";
}

/**
 * Whether a statement has no resource, or something that is judged other than as text.
 * @param {Statement} statement
 * @param {Catalogue} catalogue
 */
function isIrregular({ actions, resources }, catalogue) {
  if (resources.negated) {
    const named = catalogue.named(actions);
    if (catalogue.supporting(actions, resources).size < named.size) return true;
  } else if (!resources.patterns.length) return true;
  return actions.patterns.some(
    (pattern) =>
      !isEverything(pattern) &&
      (!pattern.includes(":") || pattern.includes("${") || /[*?]/.test(pattern.split(":")[0])),
  );
}

/**
 * Whether one document may cover the other's grants although it lacks some effective actions; the
 * proof that it cannot in all other cases is in overlap_pairs.py.
 * @param {Granted} one
 * @param {Granted} other
 */
function needsGrants(one, other) {
  return (
    (one.denies && other.denies) ||
    one.irregular ||
    other.irregular ||
    mayLieIn(one, other) ||
    mayLieIn(other, one)
  );
}

/**
 * Whether a document may be covered since its own Denies with a condition take away the rest.
 * @param {Granted} one
 * @param {Granted} other
 */
function mayLieIn(one, other) {
  return one.limited && isWithin(one.firm, other.known);
}

/**
 * @param {Granted} one
 * @param {Granted} other
 */
function isNear(one, other) {
  let both = shared(one.known, other.known);
  for (const name of one.unknown) if (other.unknown.has(name)) both++;
  return both * OF >= (one.size + other.size - both) * SOME;
}

/**
 * @param {Uint32Array} one
 * @param {Uint32Array} other
 */
function isWithin(one, other) {
  return one.every((bits, place) => !(bits & ~(other[place] ?? 0)));
}

/**
 * @param {Uint32Array} one
 * @param {Uint32Array} other
 */
function shared(one, other) {
  let found = 0;
  for (let place = Math.min(one.length, other.length) - 1; place >= 0; place--) found += ones(one[place] & other[place]);
  return found;
}

/** @param {Uint32Array} one */
function count(one) {
  return shared(one, one);
}

/**
 * How many bits of a number are set.
 * @param {number} bits
 */
function ones(bits) {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return (((left + (left >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
