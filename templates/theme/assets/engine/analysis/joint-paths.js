// What policies make possible together that none of them does alone, by
// generator/policybook/analysis/joint_paths.py. There are two ways to the answer: from the steps that
// each policy grants, which is known for all policies at once, and from the rules that documents match.
// The first does not know how the Denies of one policy limit what the others allow, and says so.

/**
 * @typedef {object} Given a rule and what grants its steps
 * @property {StepsRule} rule
 * @property {{ name: string, limits: string }[][]} steps the grants of each
 * @property {Map<string, string>} alone what limits the policies that match it alone
 */

// The limits within which a caller can act, as in iam/mitigation.py: alternatives combine with "or", as
// any of them is enough; steps combine with "and".
/** @type {Record<string, number>} */
const WITHIN = {
  none: 0b1111,
  "scoped or conditional": 0b1110,
  scoped: 0b1010,
  conditional: 0b1100,
  "scoped and conditional": 0b1000,
};
const NAMED = new Map(Object.entries(WITHIN).map(([name, within]) => [within, name]));
const LIMITS_OF_STEP = 8; // a number of a step has its limits in its lowest three bits

/**
 * What policies make possible together, from the steps that each grants.
 * @param {string[]} names of policies
 * @param {RiskStepsFile} file
 * @returns {JointPaths} an upper bound for paths with `unsure`, else exact
 */
export function pathsOfPolicies(names, file) {
  const policies = [...new Set(names)];
  const removed = new Set(policies.flatMap((name) => file.removed[name] ?? []));
  const granted = new Map(policies.map((name) => [name, stepsOf(file, name)]));
  let first = 0;
  /** @type {JointPath[]} */
  const paths = [];
  /** @type {string[]} */
  const prevented = [];
  for (const rule of file.rules) {
    const places = rule.steps.map((_, step) => first + step);
    first += rule.steps.length;
    const steps = places.map((place) => (removed.has(place) ? [] : grantsOf(granted, place)));
    const alone = matchedAlone(granted, places);
    const path = pathOf({ rule, steps, alone }, policies, () => limiting(file, policies, places, granted));
    if (path) paths.push(path);
    if (alone.size && steps.some((grants) => !grants.length)) prevented.push(rule.id);
  }
  return { paths, prevented };
}

/**
 * What documents make possible together, from the rules that they match alone, and that the union of
 * them matches, whose statements are those of all documents in order.
 * @param {MatchedRule[]} joint
 * @param {AttachedDocument[]} documents
 * @returns {JointPaths}
 */
export function pathsOfDocuments(joint, documents) {
  const names = documents.map(({ name }) => name);
  const places = documents.flatMap(({ name, statements }) => Array(statements).fill(name));
  const paths = joint.flatMap((found) => {
    const rule = { ...found, id: found.rule, steps: found.steps.map(({ does }) => does) };
    const steps = found.steps.map(({ grants }) =>
      grants.map(({ statement, mitigation }) => ({ name: places[statement - 1], limits: mitigation })),
    );
    const alone = documents.flatMap(({ name, risks }) =>
      risks.filter((own) => own.rule === found.rule).map((own) => [name, own.mitigation]),
    );
    return pathOf({ rule, steps, alone: new Map(/** @type {[string, string][]} */ (alone)) }, names) ?? [];
  });
  const matched = new Set(joint.map(({ rule }) => rule));
  const single = documents.flatMap(({ risks }) => risks.map(({ rule }) => rule));
  return { paths, prevented: [...new Set(single.filter((rule) => !matched.has(rule)))] };
}

/**
 * The limits of each step that a policy grants, by its position.
 * @param {RiskStepsFile} file
 * @param {string} name
 */
function stepsOf(file, name) {
  const packed = file.grants[name] ?? [];
  return new Map(packed.map((one) => [Math.floor(one / LIMITS_OF_STEP), file.limits[one % LIMITS_OF_STEP]]));
}

/**
 * @param {Map<string, Map<number, string>>} granted
 * @param {number} place
 */
function grantsOf(granted, place) {
  return [...granted].flatMap(([name, steps]) => {
    const limits = steps.get(place);
    return limits ? [{ name, limits }] : [];
  });
}

/**
 * What limits the policies that grant all steps.
 * @param {Map<string, Map<number, string>>} granted
 * @param {number[]} places
 * @returns {Map<string, string>}
 */
function matchedAlone(granted, places) {
  const all = [...granted].flatMap(([name, steps]) => {
    const limits = places.map((place) => steps.get(place));
    return limits.every((one) => one !== undefined) ? [/** @type {const} */ ([name, allOf(limits)])] : [];
  });
  return new Map(all);
}

/**
 * The policies whose Denies may limit what another one grants.
 * @param {RiskStepsFile} file
 * @param {string[]} policies
 * @param {number[]} places
 * @param {Map<string, Map<number, string>>} granted
 */
function limiting(file, policies, places, granted) {
  return policies.filter((name) =>
    (file.limited[name] ?? []).some(
      (place) => places.includes(place) && grantsOf(granted, place).some((grant) => grant.name !== name),
    ),
  );
}

/**
 * The path of a rule; null if a policy matches it alone within no stricter limits, or none does.
 * @param {Given} given
 * @param {string[]} names of all policies, in order
 * @param {() => string[]} [unsure]
 * @returns {JointPath | null}
 */
function pathOf({ rule, steps, alone }, names, unsure = () => []) {
  if (steps.some((grants) => !grants.length)) return null;
  const limits = steps.map((grants) => anyOf(grants.map((grant) => grant.limits)));
  const before = [...alone.values()].reduce((bits, one) => bits | WITHIN[one], 0);
  if (!gains(allOf(limits), before)) return null;
  return {
    rule: rule.id,
    title: rule.title,
    kind: rule.kind,
    gain: alone.size ? "opened" : "new",
    mitigation: allOf(limits),
    steps: rule.steps.map((does, place) => ({
      does,
      mitigation: limits[place],
      by: [...new Set(steps[place].map(({ name }) => name))],
    })),
    sets: smallest(names, steps, before),
    alone: Object.fromEntries(alone),
    unsure: unsure(),
  };
}

/**
 * Whether something is possible within limits in which nothing was possible before.
 * @param {string} now
 * @param {number} before
 */
function gains(now, before) {
  return (WITHIN[now] & ~before) !== 0;
}

/** @param {(string | undefined)[]} limits of alternatives */
function anyOf(limits) {
  return NAMED.get(limits.reduce((bits, one) => bits | WITHIN[String(one)], 0)) ?? "";
}

/** @param {(string | undefined)[]} limits of steps */
function allOf(limits) {
  return NAMED.get(limits.reduce((bits, one) => bits & WITHIN[String(one)], 0b1111)) ?? "";
}

/**
 * The sets of policies that gain something of which no part does, smallest first. One policy for each
 * step is enough: a caller within some limits needs one grant of each step.
 * @param {string[]} names
 * @param {Given["steps"]} steps
 * @param {number} before
 */
function smallest(names, steps, before) {
  const granting = names.filter((name) => steps.some((grants) => grants.some((one) => one.name === name)));
  /** @type {string[][]} */
  const found = [];
  for (let size = 1; size <= steps.length; size += 1)
    for (const some of combinations(granting, size)) {
      if (found.some((smaller) => smaller.every((name) => some.includes(name)))) continue;
      const own = steps.map((grants) => grants.filter(({ name }) => some.includes(name)));
      if (own.some((grants) => !grants.length)) continue;
      if (gains(allOf(own.map((grants) => anyOf(grants.map((one) => one.limits)))), before)) found.push(some);
    }
  return found;
}

/**
 * Every choice of so many of the names, in their order.
 * @param {string[]} names
 * @param {number} size
 * @returns {string[][]}
 */
function combinations(names, size) {
  if (!size) return [[]];
  return names.flatMap((name, place) =>
    combinations(names.slice(place + 1), size - 1).map((others) => [name, ...others]),
  );
}
