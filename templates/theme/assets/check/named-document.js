// Any version of a policy of the site, as a text that can be checked.
import { textOf } from "../compare/sources.js";

/** @import { Named } from "../compare/sides.js" */

/**
 * A version of a policy, with its document as JSON.
 * @param {Named} named
 */
export async function documentOf(named) {
  const found = await textOf(named);
  return { ...found, text: "text" in found ? found.text : JSON.stringify(found.document, null, 2) };
}
