// The finder's index in the browser: what the files below search/ and the theme's index of prose contain.
// generator/policybook/output/search_index/ writes the files in the format that docs/reference/finder.md
// describes.
//
// An entry is a number; what is known of it is kept in columns, so that reading 25,000 is quick.
import { lettersOf } from "./fit.js";
import { operationsIn } from "./operations.js";

const FORMAT = 4;

/** @type {Kind[]} */
export const KINDS = ["page", "service", "policy", "action", "key", "pattern", "text", "operation"];
export const PAGE = 0;
export const SERVICE = 1;
export const POLICY = 2;
export const ACTION = 3;
export const KEY = 4;
export const PATTERN = 5;
export const TEXT = 6;
export const OPERATION = 7;

/**
 * @typedef {object} SitePage a page of the site itself, or one that was written by hand
 * @property {string} url
 * @property {string[]} phrases its title and other words for it, in lower case
 * @property {string} text its prose
 * @property {string} lower the prose in lower case
 */

export class Index {
  /** @type {number[]} places in KINDS */
  kinds = [];
  /** @type {string[]} of an action without the prefix */
  names = [];
  /** @type {string[]} the names in lower case */
  lower = [];
  /** @type {number[]} of an action its service, of others their place among those of their kind */
  owners = [];
  /** @type {number[]} the number of policies with an action or pattern; 0 for deprecated policies */
  weights = [];
  /** @type {string[]} letters of access levels */
  levels = [];
  /** @type {Map<number, string>} the last part of the address of each action with a page */
  actionPages = new Map();
  /** @type {SitePage[]} */
  site = [];
  /** @type {PatternsFile | null} */
  patterns = null;
  /** @type {VersionsFile | null} */
  versions = null;
  /** @type {Set<string>} the files below search/ that could not be fetched */
  missing = new Set();
  firstPattern = 0;
  /** @type {string[]} the pages of resource patterns, by their place among patterns */
  patternPages = [];
  /** @type {{ location: string, text: string, lower: string }[] | null} */
  prose = null;
  /** @type {Int32Array | null} */
  lettersColumn = null;

  /** @param {NamesFile} file */
  constructor(file) {
    if (file.format !== FORMAT)
      throw new Error(`expected format ${FORMAT} of the index, found ${file.format}`);
    this.file = file;
    this.services = file.prefixes.map((prefix, place) => {
      const title = file.titles[place];
      return { prefix, title, lowerTitle: title.toLowerCase(), page: file.pages[place] };
    });
    /** The services of ARNs that have a file, each with the file once it is there. */
    this.arns = new Map(
      file.arns.split(" ").map((service) => [service, /** @type {ArnsFile | null} */ (null)]),
    );
    for (const [title, url, words, about] of file.site) this.addPage(title, url, words.split(", "), about);
    file.prefixes.forEach((prefix, place) => this.addService(prefix, place));
    this.firstPolicy = this.names.length;
    file.policies.forEach((name, place) => this.add(POLICY, name, place, 1));
    this.currentVersions = file.rows.versions.split(",");
    this.lastChanges = file.rows.changes.split(",");
    for (const place of file.rows.deprecated) this.weights[this.firstPolicy + place] = 0;
    file.keys.forEach((key, place) => this.add(KEY, key, place, 0));
    this.operations = operationsIn(file);
    this.operations.forEach(({ name }, place) => this.add(OPERATION, name, place, 0));
  }

  /**
   * @param {number} kind
   * @param {string} name
   * @param {number} owner
   * @param {number} weight
   * @param {string} [level]
   */
  add(kind, name, owner, weight, level = "") {
    this.kinds.push(kind);
    this.names.push(name);
    this.lower.push(name.toLowerCase());
    this.owners.push(owner);
    this.weights.push(weight);
    this.levels.push(level);
  }

  /**
   * @param {string} title
   * @param {string} url
   * @param {string[]} words
   * @param {string} [text]
   */
  addPage(title, url, words, text = "") {
    this.add(PAGE, title, this.site.length, 0);
    const phrases = [title, ...words].map((phrase) => phrase.toLowerCase()).filter(Boolean);
    this.site.push({ url, phrases, text, lower: text.toLowerCase() });
  }

  /** The letters of every name; see `lettersOf`. */
  get letters() {
    this.lettersColumn ??= Int32Array.from(this.lower, lettersOf);
    return this.lettersColumn;
  }

  /**
   * Adds a service and its actions, in the order of the columns.
   * @param {string} prefix
   * @param {number} place
   */
  addService(prefix, place) {
    const file = this.file;
    const counts = file.counts[place].split(",").map(Number);
    const fewest = file.fewest[place];
    const levels = file.levels[place];
    const exceptions = file.flips[place] || [];
    const slugs = file.slugs[place] || {};
    const grantedHavePages = file.pages[place] === "2";
    this.add(SERVICE, prefix, place, 0);
    actionNames(file, place).forEach(({ name, usualLevel }, at) => {
      const more = counts[at];
      if ((grantedHavePages && more > 0) !== exceptions.includes(at))
        this.actionPages.set(this.names.length, slugs[at] || name);
      this.add(ACTION, name, place, fewest + more, levels[at] === "." ? usualLevel : levels[at]);
    });
  }

  /**
   * Whether a file is of the same policies as the names.
   * @param {{ format: number, stamp: string }} file
   */
  fits(file) {
    return file.format === FORMAT && file.stamp === this.file.stamp;
  }

  /**
   * Adds a file below search/ that an answer needs; false where it is of other policies.
   * @param {string} name
   * @param {any} file
   */
  addFile(name, file) {
    if (name === "patterns.json") return this.addPatterns(file);
    if (!this.fits(file)) return false;
    if (name === "versions.json") this.versions = file;
    else this.arns.set(name.replace(/^arns\/|\.json$/g, ""), file);
    return true;
  }

  /**
   * Adds the resource patterns; false where the file is of other policies.
   * @param {PatternsFile} file
   */
  addPatterns(file) {
    if (this.patterns) return true;
    if (!this.fits(file)) return false;
    this.patterns = file;
    this.firstPattern = this.names.length;
    this.patternPages = file.services.flatMap(([page, patterns]) => Array(patterns).fill(page));
    file.patterns.forEach((pattern, place) => {
      const text = typeof pattern === "string" ? pattern : pattern.join(" ");
      this.add(PATTERN, text, place, file.policies[place].split(",").length);
    });
    this.lettersColumn = null;
    return true;
  }

  /**
   * Adds the theme's index of prose, whose HTML becomes text: pages that are not known yet, and the
   * parts of pages.
   * @param {ProseEntry[]} entries
   */
  addProse(entries) {
    if (this.prose) return;
    this.prose = [];
    for (const entry of entries) {
      const title = textOf(entry.title);
      if (!title) continue;
      const text = textOf(entry.text);
      const page = this.site.find(({ url }) => url === entry.location);
      if (page) Object.assign(page, { text, lower: text.toLowerCase() });
      if (page || !entry.location) continue;
      if (!entry.location.includes("#")) {
        this.addPage(title, entry.location, ["docs"], text);
        continue;
      }
      this.add(TEXT, title, this.prose.length, 0);
      this.prose.push({ location: entry.location, text, lower: text.toLowerCase() });
    }
    this.lettersColumn = null;
  }
}

/**
 * The names of a service's actions, each with the letter of the level that is usual for its verb.
 * @param {NamesFile} file
 * @param {number} place
 */
function actionNames(file, place) {
  const found = [];
  let noun = "";
  for (const part of file.nouns[place] ? file.nouns[place].split(" ") : []) {
    const colon = part.indexOf(":");
    noun = noun.slice(0, numberOf(part[0])) + part.slice(1, colon);
    const [letters, ...rareVerbs] = part.slice(colon + 1).split("-");
    for (const letter of letters) {
      const verb = numberOf(letter);
      found.push({ name: file.verbs[verb] + noun, usualLevel: file.usual[verb] });
    }
    for (const verb of rareVerbs) found.push({ name: verb + noun, usualLevel: "" });
  }
  for (const name of file.odd[place] || []) found.push({ name, usualLevel: "" });
  return found;
}

/**
 * The number that a letter stands for: `a` for 0, `A` for 26.
 * @param {string} letter
 */
function numberOf(letter) {
  const code = letter.charCodeAt(0);
  return code >= 97 ? code - 97 : code - 65 + 26;
}

/** @type {Record<string, string>} */
const ENTITIES = { lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'", "#x27": "'", "#34": '"' };

/**
 * HTML as text, without tags and superfluous white space.
 * @param {string} html
 */
export function textOf(html) {
  return html
    .replace(/<[^>]*>/g, " ")
    .replace(/&(lt|gt|quot|amp|#39|#x27|#34);/g, (_, name) => ENTITIES[name])
    .replace(/\s+/g, " ")
    .trim();
}
