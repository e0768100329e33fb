// The finder's index in the browser: what search/names.json, search/patterns.json and the theme's index
// of prose contain. generator/policybook/output/search_index/ writes the first two in the format that
// docs/reference/finder.md describes.
//
// An entry is a number; what is known of it is kept in columns, so that reading 25,000 is quick.
import { lettersOf } from "./fit.js";

const FORMAT = 1;

/** @type {Kind[]} */
export const KINDS = ["service", "policy", "action", "key", "pattern", "text"];
export const SERVICE = 0;
export const POLICY = 1;
export const ACTION = 2;
export const KEY = 3;
export const PATTERN = 4;
export const TEXT = 5;

export class Index {
  /** @param {NamesFile} file */
  constructor(file) {
    if (file.format !== FORMAT)
      throw new Error(`expected format ${FORMAT} of the index, found ${file.format}`);
    this.file = file;
    /** @type {number[]} places in KINDS */
    this.kinds = [];
    /** @type {string[]} of an action without the prefix */
    this.names = [];
    /** @type {string[]} the names in lower case */
    this.lower = [];
    /** @type {number[]} of an action its service, of others their place among those of their kind */
    this.owners = [];
    /** @type {number[]} the number of policies with an action or pattern; 0 for deprecated policies */
    this.weights = [];
    /** @type {string[]} letters of access levels */
    this.levels = [];
    /** @type {Map<number, string>} the last part of the address of each action with a page */
    this.actionPages = new Map();
    /** @type {Service[]} */
    this.services = file.prefixes.map((prefix, place) => {
      const title = file.titles[place];
      return { prefix, title, lowerTitle: title.toLowerCase(), page: file.pages[place] };
    });
    /** @type {PatternsFile | null} */
    this.patterns = null;
    this.firstPattern = 0;
    /** @type {string[]} the pages of resource patterns, by their place among patterns */
    this.patternPages = [];
    /** @type {{ location: string, text: string, lower: string }[] | null} */
    this.prose = null;
    /** @type {Int32Array | null} */
    this.lettersColumn = null;
    file.prefixes.forEach((prefix, place) => this.addService(prefix, place));
    this.firstPolicy = this.names.length;
    file.policies.forEach((name, place) => this.add(POLICY, name, place, 1));
    for (const place of file.deprecated) this.weights[this.firstPolicy + place] = 0;
    file.keys.forEach((key, place) => this.add(KEY, key, place, 0));
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
    const counts = file.counts[place].split(",");
    const levels = file.levels[place];
    const exceptions = file.flips[place] || [];
    const slugs = file.slugs[place] || {};
    const grantedHavePages = file.pages[place] === "2";
    this.add(SERVICE, prefix, place, 0);
    actionNames(file, place).forEach(({ name, usualLevel }, at) => {
      const policies = Number(counts[at]) || 0;
      if ((grantedHavePages && policies > 0) !== exceptions.includes(at))
        this.actionPages.set(this.names.length, slugs[at] || name);
      this.add(ACTION, name, place, policies, levels[at] === "." ? usualLevel : levels[at]);
    });
  }

  /**
   * Adds the resource patterns; false where the file is of other policies than the names.
   * @param {PatternsFile} file
   */
  addPatterns(file) {
    if (this.patterns) return true;
    if (file.format !== FORMAT || file.stamp !== this.file.stamp) return false;
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
   * Adds the theme's index of prose, whose HTML becomes text.
   * @param {ProseEntry[]} entries
   */
  addProse(entries) {
    if (this.prose) return;
    this.prose = [];
    for (const entry of entries) {
      const title = textOf(entry.title);
      if (!title) continue;
      const text = textOf(entry.text);
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
