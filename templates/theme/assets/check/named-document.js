// Any version of a policy of the site, as a text that can be checked.
import { textOf } from "../tools/sources.js";
import { load } from "../finder/fetching.js";

/** @import { Named } from "../tools/sides.js" */

/**
 * A version of a policy, with its document as JSON, and whether it is AWS's own: those are under other
 * rules than a customer's.
 * @param {Named} named
 */
export async function documentOf(named) {
  const found = await textOf(named);
  const { policies, rows } = (await load()).index.file;
  const type = rows.types[Number(rows.type_of[policies.indexOf(found.name)])];
  return { ...found, ofAws: type !== "customer-managed", text: "text" in found ? found.text : JSON.stringify(found.document, null, 2) };
}
