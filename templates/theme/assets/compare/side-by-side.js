// Two sets of policies side by side, by generator/policybook/analysis/side_by_side.py; the result is that
// of `policybook diff A B --format json`.
import { Covering } from "../engine/analysis/compare.js";
import { effectiveLevels } from "../engine/analysis/effective-actions.js";
import { UNCATALOGUED } from "../engine/catalogue/catalogue.js";
import { compare, risks } from "../engine/engine.js";
import { namesAction } from "../engine/iam/grants.js";
import { Document, Statement, Term } from "../engine/model/documents.js";
import { union } from "../engine/model/union.js";
import { compareTexts } from "../engine/order.js";
import { containment } from "./containment.js";

/** @import { Catalogue } from "../engine/catalogue/catalogue.js" */
/** @typedef {ReadonlyMap<string, string>} Levels access levels by full name in lower case */
/** @typedef {{ named: NamedText, document: Document }} Part a document of a side */
/** @typedef {{ only_a: Levels, both: Levels, only_b: Levels }} Columns */

const COLUMNS = /** @type {const} */ (["only_a", "both", "only_b"]);

/**
 * @param {Part[]} a
 * @param {Part[]} b
 * @param {Catalogue} catalogue
 * @param {RiskRule[]} rules
 * @returns {SideBySide}
 */
export function sideBySide(a, b, catalogue, rules) {
  const [here, there] = [union(a.map(({ document }) => document)), union(b.map(({ document }) => document))];
  const change = compare([here], [there], catalogue);
  const [inA, inB] = [effectiveLevels(here, catalogue), effectiveLevels(there, catalogue)];
  const covering = new Covering(new Map([["a", here], ["b", there]]), catalogue);
  const [onlyA, alsoB] = split(inA, inB, "b", covering);
  const [onlyB, alsoA] = split(inB, inA, "a", covering);
  const both = new Map([...alsoB, ...alsoA]);
  const otherwise = hasEffect(change.verdict) ? differing(here, there, both, catalogue) : new Map();
  const bContainsA = contains(change.lost, change.undecided);
  const aContainsB = contains(change.gained, change.undecided);
  return {
    ...change,
    reverse: reverseOf(change.verdict),
    summary: containment(change.verdict, bContainsA, aContainsB, onlyA.size, onlyB.size),
    b_contains_a: bContainsA,
    a_contains_b: aContainsB,
    a: side(a, here, catalogue, rules),
    b: side(b, there, catalogue, rules),
    services: services({ only_a: onlyA, both, only_b: onlyB }, otherwise, catalogue),
  };
}

/**
 * @param {Part[]} parts
 * @param {Document} whole
 * @param {Catalogue} catalogue
 * @param {RiskRule[]} rules
 * @returns {SideResult}
 */
function side(parts, whole, catalogue, rules) {
  return {
    documents: parts.map(({ named: { name, version, day, unsure }, document }) => (
      { name, version, day, unsure, statements: document.statements.length }
    )),
    risks: rules.length
      ? risks([whole], rules, catalogue).map(({ rule, title, mitigation }) => ({ rule, title, mitigation }))
      : null,
  };
}

/** @param {Verdict} verdict */
function hasEffect(verdict) {
  return verdict !== "identical" && verdict !== "equivalent";
}

/**
 * @param {Verdict} verdict
 * @returns {Verdict}
 */
function reverseOf(verdict) {
  if (verdict === "widened") return "narrowed";
  return verdict === "narrowed" ? "widened" : verdict;
}

/**
 * @param {readonly unknown[]} lacking
 * @param {readonly string[]} undecided
 * @returns {Decided}
 */
function contains(lacking, undecided) {
  if (lacking.length) return "no";
  return undecided.length ? "undetermined" : "yes";
}

/**
 * The actions of one side that the other one lacks, and those that it has.
 * @param {Levels} own
 * @param {Levels} other
 * @param {string} name the name of the other side
 * @param {Covering} covering
 * @returns {[lacking: Levels, shared: Levels]}
 */
function split(own, other, name, covering) {
  /** @type {Map<string, string>} */
  const lacking = new Map();
  /** @type {Map<string, string>} */
  const shared = new Map();
  for (const [action, level] of own) {
    const has = other.has(action) || (level === UNCATALOGUED && covering.grants(name, action));
    (has ? shared : lacking).set(action, level);
  }
  return [lacking, shared];
}

/**
 * The actions for which the sides differ, with the verdict on each. Actions that the same statements name
 * differ in the same way, so one of them stands for all.
 * @param {Document} here
 * @param {Document} there
 * @param {Levels} actions
 * @param {Catalogue} catalogue
 */
function differing(here, there, actions, catalogue) {
  const [inA, inB] = [naming(here, actions, catalogue), naming(there, actions, catalogue)];
  /** @type {Map<string, string[]>} */
  const alike = new Map();
  for (const action of actions.keys()) {
    const key = `${inA.get(action) ?? ""} ${inB.get(action) ?? ""}`;
    const same = alike.get(key);
    if (same) same.push(action);
    else alike.set(key, [action]);
  }
  /** @type {Map<string, Verdict>} */
  const found = new Map();
  for (const [action, ...others] of alike.values()) {
    const sides = [about(here, inA.get(action), action), about(there, inB.get(action), action)];
    const { verdict } = compare([sides[0]], [sides[1]], catalogue);
    if (hasEffect(verdict)) for (const name of [action, ...others]) found.set(name, verdict);
  }
  return found;
}

/**
 * The numbers of the statements that name each of some actions.
 * @param {Document} document
 * @param {Levels} actions
 * @param {Catalogue} catalogue
 */
function naming({ statements }, actions, catalogue) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  const unknown = [...actions.keys()].filter((action) => actions.get(action) === UNCATALOGUED);
  for (const { number, actions: term } of statements) {
    const named = new Set([...catalogue.named(term).keys()].filter((action) => actions.has(action)));
    for (const action of unknown) if (namesAction(term, new Term([action]))) named.add(action);
    for (const action of named) {
      const numbers = found.get(action);
      if (numbers) numbers.push(number);
      else found.set(action, [number]);
    }
  }
  return found;
}

/**
 * The statements with these numbers, about one action only.
 * @param {Document} document
 * @param {number[] | undefined} numbers
 * @param {string} action
 */
function about({ statements }, numbers, action) {
  const term = new Term([action]);
  const own = (numbers ?? []).map((number, place) => {
    const { sid, effect, resources, condition, hasPrincipal, forEverybody } = statements[number - 1];
    return new Statement(place + 1, sid, effect, term, resources, condition, hasPrincipal, forEverybody);
  });
  const source = own.map(({ effect, resources, condition, hasPrincipal, forEverybody }) => ({
    effect,
    resources: resources.id,
    condition: condition.map(({ id }) => id),
    hasPrincipal,
    forEverybody,
  }));
  return new Document(own, { Statement: source });
}

/**
 * The actions by service, and by level from the least risky one on.
 * @param {Columns} columns
 * @param {Map<string, Verdict>} otherwise
 * @param {Catalogue} catalogue
 */
function services(columns, otherwise, catalogue) {
  const parts = (/** @type {string} */ lower) => {
    const name = catalogue.action(lower)?.name ?? lower;
    const colon = name.indexOf(":");
    return colon < 0 ? [name, ""] : [name.slice(0, colon), name.slice(colon + 1)];
  };
  /** @type {Map<string, [column: string, level: string, lower: string, action: string][]>} */
  const found = new Map();
  for (const column of COLUMNS)
    for (const [lower, level] of columns[column]) {
      const [prefix, action] = parts(lower);
      const listed = found.get(prefix);
      if (listed) listed.push([column, level, lower, action]);
      else found.set(prefix, [[column, level, lower, action]]);
    }
  const levels = [...catalogue.file.levels, UNCATALOGUED];
  const inOrder = [...found].sort(([one], [other]) => compareTexts(one, other));
  return Object.fromEntries(inOrder.map(([prefix, listed]) => [prefix, service(listed, otherwise, levels)]));
}

/**
 * @param {[column: string, level: string, lower: string, action: string][]} listed
 * @param {Map<string, Verdict>} otherwise
 * @param {string[]} levels
 * @returns {ServiceActions}
 */
function service(listed, otherwise, levels) {
  listed.sort(([, , one], [, , other]) => compareTexts(one, other));
  const [onlyA, both, onlyB] = COLUMNS.map((column) => {
    const own = listed.filter((one) => one[0] === column);
    const byLevel = levels.map((level) => [
      level,
      own.filter((one) => one[1] === level).map((one) => one[3]),
    ]);
    return Object.fromEntries(byLevel.filter(([, names]) => names.length));
  });
  const verdicts = listed.flatMap(([, , lower, action]) => {
    const verdict = otherwise.get(lower);
    return verdict ? [[action, verdict]] : [];
  });
  return { only_a: onlyA, both, only_b: onlyB, otherwise: Object.fromEntries(verdicts) };
}
