// The sentence about two sets of policies, A and B, as generator/policybook/book/prose/containment.py has
// it.
import { count } from "../words.js";

/**
 * Which side contains the other, such as "B contains A; A lacks 111 actions".
 * @param {Verdict} verdict on the change from A to B
 * @param {Decided} bContainsA
 * @param {Decided} aContainsB
 * @param {number} onlyA the number of effective actions that B lacks
 * @param {number} onlyB the number of effective actions that A lacks
 */
export function containment(verdict, bContainsA, aContainsB, onlyA, onlyB) {
  if (verdict === "identical") return "A and B are identical";
  if (verdict === "equivalent") return "A and B contain each other";
  const lacks = [];
  if (onlyB) lacks.push(`A lacks ${count(onlyB, "action", "actions")}`);
  if (onlyA) lacks.push(`B lacks ${count(onlyA, "action", "actions")}`);
  const differ = bContainsA === "no" || aContainsB === "no";
  if (!lacks.length) lacks.push(`both have the same actions${differ ? ", with other limits" : ""}`);
  return [relation(bContainsA, aContainsB), ...lacks].join("; ");
}

/**
 * @param {Decided} bContainsA
 * @param {Decided} aContainsB
 */
function relation(bContainsA, aContainsB) {
  if (bContainsA === "yes") return "B contains A";
  if (aContainsB === "yes") return "A contains B";
  if (bContainsA === "no" && aContainsB === "no") return "Neither contains the other";
  if (bContainsA === "no") return "B does not contain A; whether A contains B is undetermined";
  if (aContainsB === "no") return "A does not contain B; whether B contains A is undetermined";
  return "Whether A and B contain each other is undetermined";
}
