// Formats of ARNs, and whether a resource pattern matches an ARN that an action can have; see
// generator/policybook/iam/arn_formats.py.
import { memoized } from "../memo.js";
import { Term } from "../model/documents.js";
import { PARTITIONS } from "../rules.js";
import { FIELDS, ONE, RUN, after, formTokens, machineOf, placeholder } from "./arn-machine.js";
import { ANY, STAR, VARIABLE, completed, covers, overlaps, tokens } from "./patterns.js";
import { matched } from "./terms.js";
import { TextPattern, TextSet, Undecided, textTruths } from "./text-sets.js";

/** A format of ARNs; the placeholders of its last field have none of the characters `never`. */
export class ArnFormat {
  /**
   * @param {string} text
   * @param {string} never
   */
  constructor(text, never = ":") {
    this.text = text;
    this.never = never;
    this.id = `${never}\0${text}`;
    Object.freeze(this);
  }
}

/**
 * The formats of an action's ARNs: none if it has no resource type, null if that is not known.
 * @typedef {readonly ArnFormat[] | null} Formats
 */

/**
 * A pattern that matches every ARN of the format in a partition, and some more texts.
 * @type {(form: ArnFormat, partition?: string) => string}
 */
export const asPattern = memoized(
  20_000,
  (form, partition = "*") => `${partition}\0${form.id}`,
  (form, partition = "*") => {
    const fields = split(form.text);
    const last = /** @type {string} */ (fields.pop());
    const first = fields.map((field, n) => {
      const found = inPattern("*", field);
      return n === 1 ? found.replaceAll("*", partition) : found;
    });
    return [...first, inPattern("?*", last)].join(":");
  },
);

/**
 * The fields of an ARN or a format.
 * @param {string} text
 */
function split(text) {
  const fields = text.split(":");
  return fields.length > FIELDS ? [...fields.slice(0, FIELDS - 1), fields.slice(FIELDS - 1).join(":")] : fields;
}

/**
 * @param {string} pattern
 * @param {string} field
 */
function inPattern(pattern, field) {
  return field.replace(placeholder(), (whole, _, found) => (found && found !== "*" ? pattern : whole));
}

/** @type {(pattern: string) => WeakMap<ArnFormat, boolean>} */
const metBy = memoized(20_000, (/** @type {string} */ pattern) => pattern, () => new WeakMap());

/**
 * Whether the pattern matches an ARN of the format.
 * @param {string} pattern
 * @param {ArnFormat} form
 */
export function meets(pattern, form) {
  const known = metBy(pattern);
  let found = known.get(form);
  if (found === undefined) {
    const machine = machineOf(pattern);
    found = machine.read(after(pattern, form), formTokens(form).last)[machine.end] === 1;
    known.set(form, found);
  }
  return found;
}

/**
 * Whether two patterns match ARNs of known formats, but none in common.
 * @param {string} one
 * @param {string} other
 * @param {readonly ArnFormat[]} formats all formats that ARNs matched by the patterns may have
 */
export function apart(one, other, formats) {
  const [here, there] = [fieldsOf(one), fieldsOf(other)];
  const whole = here.length === FIELDS && there.length === FIELDS;
  if (whole && here.every((field, n) => overlaps(field, there[n]))) return false;
  const met = formats.filter((form) => meets(one, form));
  if (!met.length || !formats.some((form) => meets(other, form))) return false;
  return !met.some((form) => meets(other, form) && meetBoth(one, other, form));
}

/**
 * The six fields of a pattern of ARNs, with `*` for variables.
 * @param {string} pattern
 */
function fieldsOf(pattern) {
  return split(completed(pattern).replace(VARIABLE, "*"));
}

/**
 * Whether both patterns match an ARN of the format, though their fields share nothing. True if it takes too
 * long to tell.
 * @param {string} one
 * @param {string} other
 * @param {ArnFormat} form
 */
function meetBoth(one, other, form) {
  const colons = form.text.replace(VARIABLE, "").split(":").length;
  const whole = [completed(one), completed(other)];
  const stays = form.never.includes(":");
  // If all colons of the ARN are the patterns' own, each `*` stays in its field.
  if (stays && whole.every((p) => !p.includes("${") && p.split(":").length === colons)) return false;
  const { fields, last } = formTokens(form);
  const named = [...fields, ...last].map((token) =>
    (token.startsWith(RUN) ? STAR : token.startsWith(ONE) ? ANY : token));
  const arns = new TextPattern(named, stays ? 1000 : FIELDS - 1);
  const patterns = [...whole.map((p) => new TextPattern(tokens(p))), arns];
  try {
    return !textTruths(patterns.map((pattern) => new TextSet([pattern])), 0b111n).next().done;
  } catch (error) {
    if (error instanceof Undecided) return true;
    throw error;
  }
}

/**
 * Whether the resources of a statement include one that an action can have; see `part`.
 * @param {Term} resources
 * @param {Formats} formats
 */
export function supported(resources, formats) {
  return part(resources, formats) !== null;
}

/**
 * The part of a statement's resources that an action supports; null if there is none.
 * @param {Term} resources
 * @param {Formats} formats
 * @returns {Term | null}
 */
export function part(resources, formats) {
  if (resources.negated && matched(resources).some((pattern) => covers(pattern, "*"))) return null;
  if (!formats || resources.id === EVERY.id) return resources;
  return partOf(resources, formats);
}

const EVERY = new Term(["*"]);

/** @type {(resources: Term, formats: readonly ArnFormat[]) => Term | null} */
const partOf = byFormats((resources, formats) => {
  const texts = matched(resources);
  if (resources.negated && formats.length) return excludesAll(texts, formats) ? null : resources;
  const kept = resources.patterns.filter((_, n) => namesSome(texts[n], formats));
  if (!formats.length) return kept.length || resources.negated ? EVERY : null;
  if (kept.length === texts.length) return resources;
  return kept.length ? new Term(kept, false, resources.variables) : null;
});

/**
 * A function of resources and formats that keeps its answers, for each list of formats as an object.
 * @template R
 * @param {(resources: Term, formats: readonly ArnFormat[]) => R} answer
 * @returns {(resources: Term, formats: readonly ArnFormat[]) => R}
 */
function byFormats(answer) {
  /** @type {WeakMap<readonly ArnFormat[], (resources: Term) => R>} */
  const kept = new WeakMap();
  return (resources, formats) => {
    let own = kept.get(formats);
    if (!own) kept.set(formats, (own = memoized(5_000, ({ id }) => id, (term) => answer(term, formats))));
    return own(resources);
  };
}

/**
 * @param {string} pattern
 * @param {readonly ArnFormat[]} formats
 */
function namesSome(pattern, formats) {
  return covers(pattern, "*") || formats.some((form) => meets(pattern, form));
}

/**
 * Whether one pattern each excludes all ARNs of the formats, in one partition.
 * @param {readonly string[]} exceptions
 * @param {readonly ArnFormat[]} formats
 */
function excludesAll(exceptions, formats) {
  const whole = exceptions.map(completed);
  return PARTITIONS.some((partition) =>
    formats.every((form) => whole.some((w) => covers(w, asPattern(form, partition)))));
}

/**
 * Whether a statement's resources include all ARNs of one format of an action.
 * @type {(resources: Term, formats: readonly ArnFormat[]) => boolean}
 */
export const isOpen = byFormats((resources, formats) => {
  const texts = matched(resources);
  if (resources.negated)
    return !formats.length || formats.some((form) => !texts.some((pattern) => meets(pattern, form)));
  if (resources.patterns.some((pattern) => covers(pattern, "*"))) return true;
  const whole = texts.map(completed);
  return formats.some((form) =>
    PARTITIONS.some((partition) => whole.some((w) => covers(w, asPattern(form, partition)))));
});
