// API operations in the index, and how they fit a question.
import { PART, hasEveryWord } from "./fit.js";

/** @import { Query } from "./fit.js" */
/** @import { Index } from "./index.js" */

/**
 * @typedef {object} IndexedOperation an operation without an action of its name
 * @property {string} prefix of its service
 * @property {string} name
 * @property {string[]} actions those that it always needs, or else those that it needs in some cases
 * @property {boolean} always
 */

/**
 * The operations of the file, in its order.
 * @param {NamesFile} file
 * @returns {IndexedOperation[]}
 */
export function operationsIn(file) {
  return file.operations.flatMap(([always, actions, ...services]) =>
    services.flatMap((text) => {
      const [prefix, ...names] = text.split(" ");
      return names.map((name) => ({ prefix, name, actions: actions.split(" "), always: always === 1 }));
    }),
  );
}

/**
 * How an operation fits, or -1.
 * @param {Index} index
 * @param {number} id
 * @param {{ parted: boolean, left: string, right: string, words: string[], queryRight: Query }} question
 */
export function rankOperation(index, id, { parted, left, right, words, queryRight }) {
  const { prefix } = index.operations[index.owners[id]];
  if (parted && (!left || !right || !prefix.startsWith(left))) return -1;
  const rank = queryRight.rank(index.names[id], index.lower[id], index.letters[id]);
  if (rank >= 0 || parted || words.length < 2) return rank;
  return hasEveryWord(words, `${prefix} ${index.lower[id]}`) ? PART : -1;
}
