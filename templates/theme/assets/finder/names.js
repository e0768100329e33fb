// Questions that are names or parts of names.
import {
  EXACT, LOOSE, OF_SERVICE, PART, PREFIX, Query, WORDS, better, hasEveryWord, rankTitle,
} from "./fit.js";
import { ACTION, KEY, OPERATION, PAGE, PATTERN, SERVICE, TEXT } from "./index.js";
import { nothingFound } from "./nearest.js";
import { rankOperation } from "./operations.js";
import { rankPage } from "./site-pages.js";

/** @import { Found } from "./found.js" */
/** @import { Index } from "./index.js" */

/**
 * @typedef {object} AskedService what a service has to do with the question
 * @property {boolean} meant whether its prefix, or a start of it, precedes the question's colon
 * @property {boolean} exact whether that is the whole prefix
 * @property {boolean} whole whether the question is its prefix and nothing else
 * @property {Query | null} rest what follows its prefix in a question without a colon
 * @property {string[]} others the words of such a question that are not starts of its prefix
 */

/**
 * Finds entries by name.
 * @param {Index} index
 * @param {string} asked
 * @param {Found} found
 */
export function findNames(index, asked, found) {
  const question = new NameQuestion(index, asked);
  for (let id = 0; id < index.kinds.length; id++) {
    const rank = question.rank(id);
    if (rank >= 0) found.add(id, rank, question.isOfSimilarService(id) ? 1 : 0);
  }
  const { left, right } = question;
  return found.answer(asked, "", () => nothingFound(index, { asked, left, right, start: false }));
}

/**
 * The policies with such a name, the best first.
 * @param {Index} index
 * @param {string} asked
 */
export function rankedPolicies(index, asked) {
  const question = new NameQuestion(index, asked);
  return index.file.policies
    .map((name, place) => ({ id: index.firstPolicy + place, length: name.length }))
    .map(({ id, length }) => ({ id, length, rank: question.rankPolicy(id) }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => one.rank - other.rank || one.length - other.length);
}

class NameQuestion {
  /**
   * @param {Index} index
   * @param {string} asked
   */
  constructor(index, asked) {
    this.index = index;
    this.lower = asked.toLowerCase();
    this.words = [...new Set(this.lower.split(" "))];
    this.joined = this.lower.replace(/ /g, "");
    const colon = this.joined.indexOf(":");
    this.parted = colon >= 0;
    this.left = this.parted ? this.joined.slice(0, colon) : "";
    this.right = this.joined.slice(colon + 1);
    this.genericKey = this.lower.replace(/(tag\/).+$/, "$1<key>");
    this.queryRight = new Query(this.right);
    this.queryWhole = new Query(this.joined);
    const exact = this.parted && index.file.prefixes.includes(this.left);
    this.services = index.services.map(({ prefix }) => this.askedService(prefix, exact));
  }

  /**
   * @param {string} prefix
   * @param {boolean} exact whether some service has the prefix that is asked for
   * @returns {AskedService}
   */
  askedService(prefix, exact) {
    const { joined, left, parted } = this;
    const follows = !parted && joined !== prefix && joined.startsWith(prefix);
    return {
      meant: parted && (exact ? prefix === left : left !== "" && prefix.startsWith(left)),
      exact: prefix === left,
      whole: joined === prefix,
      rest: follows ? new Query(joined.slice(prefix.length)) : null,
      others: parted ? [] : this.words.filter((word) => !prefix.startsWith(word)),
    };
  }

  /**
   * How the entry fits, or -1.
   * @param {number} id
   */
  rank(id) {
    switch (this.index.kinds[id]) {
      case PAGE:
        return rankPage(this.index.site[this.index.owners[id]], this.lower, this.words);
      case ACTION:
        return this.parted ? this.rankActionOfService(id) : this.rankAction(id);
      case SERVICE:
        return this.rankService(id);
      case KEY:
        return this.rankKey(id);
      case PATTERN:
        if (this.index.lower[id] === this.lower) return EXACT;
        return hasEveryWord(this.words, this.index.lower[id]) ? PART : -1;
      case OPERATION:
        return rankOperation(this.index, id, this);
      case TEXT:
        return this.rankText(id);
      default:
        return this.rankPolicy(id);
    }
  }

  /**
   * Whether it is an action of a service whose prefix only starts as asked.
   * @param {number} id
   */
  isOfSimilarService(id) {
    const { kinds, owners } = this.index;
    return this.parted && kinds[id] === ACTION && !this.services[owners[id]].exact;
  }

  /**
   * @param {Query} query
   * @param {number} id
   */
  rankName(query, id) {
    return query.rank(this.index.names[id], this.index.lower[id], this.index.letters[id]);
  }

  /** @param {number} id */
  rankActionOfService(id) {
    if (!this.services[this.index.owners[id]].meant) return -1;
    return this.right ? this.rankName(this.queryRight, id) : OF_SERVICE;
  }

  /** @param {number} id */
  rankAction(id) {
    const service = this.services[this.index.owners[id]];
    const several = this.words.length > 1;
    const rank = this.rankName(this.queryRight, id);
    if (rank >= 0) return rank;
    const rest = service.rest ? this.rankName(service.rest, id) : -1;
    if (several && rest === EXACT) return EXACT; // the whole name, with a space for its colon
    if (rest >= 0) return several ? Math.max(rest, WORDS) : LOOSE;
    if (several && hasEveryWord(service.others, this.index.lower[id])) return PART;
    return service.whole ? OF_SERVICE : -1;
  }

  /** @param {number} id */
  rankService(id) {
    const place = this.index.owners[id];
    if (this.parted) {
      const service = this.services[place];
      if (this.right || !service.meant) return -1;
      return service.exact ? EXACT : PREFIX;
    }
    const title = rankTitle(this.lower, this.index.services[place].lowerTitle);
    return better(this.rankName(this.queryWhole, id), title);
  }

  /** @param {number} id */
  rankKey(id) {
    const key = this.index.lower[id];
    if (key === this.lower || key === this.genericKey) return EXACT;
    if (this.parted) {
      if (key.startsWith(this.lower)) return this.right ? PREFIX : OF_SERVICE;
      return key.includes(this.lower) ? PART : -1;
    }
    const name = key.indexOf(":") + 1;
    return this.queryWhole.rank(
      this.index.names[id].slice(name), key.slice(name), this.index.letters[id],
    );
  }

  /** @param {number} id */
  rankText(id) {
    const title = this.index.lower[id];
    const prose = this.index.prose?.[this.index.owners[id]];
    if (this.lower.length < 3 || !prose) return -1;
    if (title === this.lower) return EXACT;
    if (hasEveryWord(this.words, title)) return WORDS;
    return hasEveryWord(this.words, `${title} ${prose.lower}`) ? LOOSE : -1;
  }

  /** @param {number} id */
  rankPolicy(id) {
    const name = this.index.lower[id];
    const rank = this.rankName(this.queryWhole, id);
    // Half of all names start with the maker's.
    if (rank > PREFIX && name.replace(/^(amazon|aws)-?/, "").startsWith(this.joined)) return PREFIX;
    if (rank < 0 && this.words.length > 1 && hasEveryWord(this.words, name)) return PART;
    return rank;
  }
}
