// Names of actions as code, marked with their access level and linked to their pages.
import { element, naming } from "../dom.js";
import { ROOT } from "../finder/fetching.js";
import { ACTION } from "../finder/index.js";
import { LEVELS, address } from "../finder/items.js";

/** @import { Index } from "../finder/index.js" */

/** @type {Record<string, string>} the end of the class of each level */
export const STYLES = {
  List: "list",
  Read: "read",
  Write: "write",
  Tagging: "tagging",
  "Permissions management": "permissions",
  Uncatalogued: "uncatalogued",
};

export class ActionLinks {
  /** @param {Index} index */
  constructor(index) {
    this.index = index;
    /** @type {Map<string, number>} places in the index by full name in lower case */
    this.places = new Map();
    for (const [id, kind] of index.kinds.entries())
      if (kind === ACTION) {
        const { prefix } = index.services[index.owners[id]];
        this.places.set(`${prefix}:${index.lower[id]}`, id);
      }
  }

  /**
   * An action or a pattern as code; an action with a page is a link to it.
   * @param {string} name
   * @param {string} [text] what is shown; the name if it is left out
   */
  code(name, text = name) {
    const id = this.places.get(name.toLowerCase());
    const level = id === undefined ? "" : LEVELS[this.index.levels[id]];
    const code = naming("code", id === undefined ? "" : `pb-action--${STYLES[level] ?? "uncatalogued"}`, text);
    if (id === undefined || !this.index.actionPages.has(id)) return code;
    const link = element("a", "");
    link.href = new URL(address(this.index, id), ROOT).href;
    link.append(code);
    return link;
  }
}
