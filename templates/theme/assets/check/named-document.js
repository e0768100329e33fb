// Any version of a policy of the site, as a text that can be checked.
import { textOf } from "../tools/sources.js";

/** @import { PolicyKind } from "./policy-kind.js" */
/** @import { Named } from "../tools/sides.js" */

/**
 * A version of a policy, with its document as JSON, and the kind of the policy: AWS's own are under other rules
 * than a customer's.
 * @param {Named} named
 */
export async function documentOf(named) {
  const found = await textOf(named);
  /** @type {PolicyKind} */
  const kind = { ofAws: !found.ofCustomer, type: found.type ?? "" };
  return { ...found, kind, text: "text" in found ? found.text : JSON.stringify(found.document, null, 2) };
}
