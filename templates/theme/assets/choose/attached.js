// Policies that are attached together: what they grant, and how much that weighs; by the rules of
// generator/policybook/analysis/attached.py.
import { addBits, bitsOf, noBits, removeBits } from "./bits.js";

/** @import { Bits } from "./bits.js" */
/** @import { Member, Membership } from "./membership.js" */

/**
 * Whether it has Denies that are about actions of others.
 * @param {Member} one
 */
export function hasDenies(one) {
  return one.removed !== null || one.voided.size > 0;
}

/**
 * Whether another policy may grant fewer actions when it is attached with this one.
 * @param {Member} one
 */
export function takesAway(one) {
  return one.voided.size > 0 || (one.removed !== null && one.removed.some((word) => word !== 0));
}

/**
 * The actions that policies grant together: those in full, and all.
 * @param {Member[]} members
 */
export function together(members) {
  const [full, granted] = [noBits(members[0].full.length * 32), noBits(members[0].full.length * 32)];
  for (const one of members) {
    const denying = members.filter((other) => other !== one && hasDenies(other));
    const own = denying.length ? one.granted.slice() : one.granted;
    const ownFull = denying.length ? one.full.slice() : one.full;
    for (const other of denying) {
      const voided = other.voided.get(one.place);
      for (const fewer of [other.removed, voided]) if (fewer) removeBits(own, fewer);
      for (const fewer of [other.removed, other.limited, voided])
        if (fewer) removeBits(ownFull, fewer);
    }
    addBits(full, ownFull);
    addBits(granted, own);
  }
  return { full, granted };
}

/**
 * The risk rules whose steps the policies allow together.
 * @param {Membership} membership
 * @param {Member[]} members
 */
export function risksOf(membership, members) {
  const [steps, open] = [noBits(membership.stepCount), noBits(membership.stepCount)];
  for (const one of members) {
    addBits(steps, one.steps);
    addBits(open, one.openSteps);
  }
  return membership.rules.flatMap(({ id, title, place, first, steps: count }) => {
    if (!hasAll(steps, first, count)) return [];
    return [{ rule: id, title, place, open: hasAll(open, first, count) }];
  });
}

/**
 * Whether a set has all of some numbers that follow each other.
 * @param {Bits} bits
 * @param {number} first
 * @param {number} count
 */
function hasAll(bits, first, count) {
  for (let place = first; place < first + count; place++)
    if (!(bits[place >>> 5] & (1 << (place & 31)))) return false;
  return true;
}

/**
 * The weight of risks.
 * @param {Membership} membership
 * @param {{ open: boolean }[]} risks
 */
export function riskWeight(membership, risks) {
  const [limited, open] = membership.file.risk_weights;
  return risks.reduce((sum, risk) => sum + (risk.open ? open : limited), 0);
}

/**
 * What the policies weigh: actions beyond those needed, and risks.
 * @param {Membership} membership
 * @param {Member[]} members
 * @param {Bits} needed
 */
export function score(membership, members, needed) {
  const granted = members.some(hasDenies) ? together(members).granted : null;
  const { weights } = membership;
  let sum = riskWeight(membership, risksOf(membership, members));
  for (let word = 0; word < weights.length; word++) {
    let actions = granted ? granted[word] : 0;
    if (!granted) for (const one of members) actions |= one.granted[word];
    actions &= ~needed[word];
    if (actions) sum += weights[word] * bitsOf(actions);
  }
  return sum;
}
