// Reads engine/operations.json: API operations that have no action of their own name, and the actions that
// authorise them, by generator/policybook/analysis/operations.py.

/** @typedef {ReadonlyMap<string, ApiOperation>} Operations by full name in lower case */

/**
 * @param {OperationsFile} file
 * @returns {Operations}
 */
export function operationsOf(file) {
  const found = file.flatMap(([actions, sometimes, names]) =>
    Object.entries(names).flatMap(([prefix, own]) =>
      own.map((name) => ({
        operation: `${prefix}:${name}`,
        actions,
        sometimes: sometimes.map(([action, when]) => ({ action, when })),
      })),
    ),
  );
  return new Map(found.map((one) => [one.operation.toLowerCase(), one]));
}

/**
 * What an operation needs, after the words "it needs": "s3:GetObject, and s3:ListBucket if …".
 * @param {ApiOperation} operation
 */
export function needs({ actions, sometimes }) {
  const always = actions.length > 1 ? `${actions.slice(0, -1).join(", ")} and ${actions.at(-1)}` : actions[0];
  const parts = sometimes.map(({ action, when }) => `${action} if ${when}`);
  return [...(always ? [always] : []), ...parts].join(", and ");
}
