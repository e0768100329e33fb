// How well a page of the site itself fits a question: by its title, by other words for it, by its prose.
import { EXACT, LOOSE, PREFIX, WORDS, hasEveryWord } from "./fit.js";

/** @import { SitePage } from "./index.js" */

const SHORTEST = 3; // a shorter question has to be the start of the title

/**
 * @param {SitePage} page
 * @param {string} asked in lower case
 * @param {string[]} words those of the question
 */
export function rankPage({ url, phrases, lower }, asked, words) {
  if (phrases.includes(asked)) return EXACT;
  if (phrases[0].startsWith(asked)) return PREFIX;
  if (asked.length < SHORTEST) return -1;
  const own = phrases.flatMap((phrase) => phrase.split(" "));
  if (words.every((word) => own.some((one) => one.startsWith(word))))
    return url.includes("#") ? LOOSE : WORDS; // an entry of a page, such as a risk, is less than the page
  return lower && hasEveryWord(words, `${phrases[0]} ${lower}`) ? LOOSE : -1;
}
