// What a question found, in order: by how well it fits, then by kind, then the more used first.
import { EXACT, PREFIX } from "./fit.js";
import { KINDS, PAGE, PATTERN } from "./index.js";
import { item } from "./items.js";

/** @import { Index } from "./index.js" */

const RANKS = 12; // each twice: in the service that is asked for, and in one that only starts so
const ENTRIES = 131072; // more than there are
const IN_TURN = 5;

// Closeness of a resource pattern to the ARN that is asked for.
export const SAME = 2000;
export const LEAST = 1;

export class Found {
  /**
   * @param {Index} index
   * @param {number} kind the only kind to list, or -1 for all
   * @param {number} most the number of items
   */
  constructor(index, kind, most) {
    this.index = index;
    this.kind = kind;
    this.most = most;
    this.total = 0;
    /** @type {number[]} by kind */
    this.counts = KINDS.map(() => 0);
    /** @type {number[][][]} by rank and kind; see `add` */
    this.ranks = Array.from({ length: RANKS }, () => KINDS.map(() => []));
    /** @type {{ item: Item, rank: number } | null} what is no entry of the index */
    this.page = null;
  }

  /**
   * Adds an entry, as one number by which those of equal rank and kind are in order: those first that
   * more policies grant, then short names.
   * @param {number} id
   * @param {number} rank
   * @param {number} less 1 for an action of a service whose prefix only starts as asked, else 0
   */
  add(id, rank, less = 0) {
    const weight = 4095 - Math.min(this.index.weights[id], 4095);
    const order = weight * 256 + Math.min(this.index.names[id].length, 255);
    this.keep(this.index.kinds[id], rank * 2 + less, order * ENTRIES + id);
  }

  /**
   * Adds a page that is no entry of the index, as the first of its rank.
   * @param {Item} item
   * @param {number} rank
   */
  addPage(item, rank) {
    this.counts[PAGE]++;
    if (this.kind >= 0 && this.kind !== PAGE) return;
    this.total++;
    this.page = { item, rank: rank * 2 };
  }

  /**
   * Adds a resource pattern that matches an ARN, the closest first.
   * @param {number} id
   * @param {number} closeness from LEAST to SAME
   */
  addPattern(id, closeness) {
    const order = (4095 - closeness) * 4096 + Math.min(this.index.names[id].length, 4095);
    this.keep(PATTERN, (closeness === SAME ? EXACT : PREFIX) * 2, order * ENTRIES + id);
  }

  /**
   * @param {number} kind
   * @param {number} rank
   * @param {number} order
   */
  keep(kind, rank, order) {
    this.counts[kind]++;
    if (this.kind >= 0 && kind !== this.kind) return;
    this.total++;
    this.ranks[rank][kind].push(order);
  }

  /**
   * Adds the best of a rank to the items: some of each kind in turn, so that none hides the others.
   * @param {number} rank
   * @param {Item[]} items
   */
  take(rank, items) {
    if (this.page?.rank === rank) items.push(this.page.item);
    const kinds = this.ranks[rank].map((orders) => Float64Array.from(orders).sort());
    const longest = Math.max(...kinds.map((orders) => orders.length));
    for (let from = 0; from < longest; from += IN_TURN)
      for (const orders of kinds)
        for (const order of orders.subarray(from, from + IN_TURN)) {
          if (items.length >= this.most) return;
          items.push(item(this.index, order % ENTRIES, rank >> 1 === EXACT));
        }
  }

  /** The best rank of all that was found, of every kind. */
  get best() {
    const filled = this.ranks.findIndex(
      (kinds, rank) => this.page?.rank === rank || kinds.some((orders) => orders.length),
    );
    return filled >> 1;
  }

  /**
   * An answer of items that are more than entries of the index, in their order.
   * @param {string} asked
   * @param {Item[]} items
   * @param {string} say
   * @param {Item[]} [near]
   * @returns {Answer}
   */
  answerWith(asked, items, say, near = []) {
    const ofKind = items.filter(({ kind }) => this.kind < 0 || kind === KINDS[this.kind]);
    const counts = Object.fromEntries(
      KINDS.map((kind) => [kind, items.filter((one) => one.kind === kind).length]),
    );
    const shown = ofKind.slice(0, this.most);
    return { asked, total: ofKind.length, counts, items: shown, say, near, needs: "" };
  }

  /**
   * The answer while a file below search/ is being fetched.
   * @param {string} asked
   * @param {string} needs
   */
  waitFor(asked, needs) {
    const missing = this.index.missing.has(needs);
    const say = missing ? "The answer could not be loaded. Reload the page and try again." : "Loading…";
    return this.answer(asked, say, undefined, missing ? "" : needs);
  }

  /**
   * The answer; `nothing` says what to show where nothing was found.
   * @param {string} asked
   * @param {string} say
   * @param {() => { say: string, near: Item[] }} [nothing]
   * @param {string} [needs] the file below search/ without which this is no whole answer
   * @returns {Answer}
   */
  answer(asked, say, nothing, needs = "") {
    /** @type {Item[]} */
    const items = [];
    for (let rank = 0; rank < RANKS && items.length < this.most; rank++) this.take(rank, items);
    const counts = Object.fromEntries(KINDS.map((kind, place) => [kind, this.counts[place]]));
    const found = { asked, total: this.total, counts, items, say, near: [], needs };
    return !this.total && nothing ? { ...found, ...nothing() } : found;
  }
}
