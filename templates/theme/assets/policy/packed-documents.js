// Documents of versions in the files of the API: of the policy, or of its older documents, which have
// each statement and each action pattern once.

/** @typedef {{ versions: { key: string, document: DocumentFile | null }[] }} WithVersions */
/**
 * @typedef {object} Packed
 * @property {string[]} patterns
 * @property {Record<string, unknown>[]} statements
 * @property {Record<string, Record<string, unknown>>} documents
 */

/**
 * The document of a version, or null if the file does not have it.
 * @param {WithVersions | Packed} result of the file
 * @param {string} key of the version
 * @returns {DocumentFile | null}
 */
export function documentOf(result, key) {
  if ("versions" in result) return result.versions.find((version) => version.key === key)?.document ?? null;
  const found = result.documents[key];
  if (!found) return null;
  const numbers = found["Statement"];
  const statement = Array.isArray(numbers)
    ? numbers.map((number) => whole(result, number))
    : whole(result, Number(numbers));
  return /** @type {DocumentFile} */ ({ ...found, Statement: statement });
}

/**
 * A statement with its action patterns.
 * @param {Packed} result
 * @param {number} number
 */
function whole({ patterns, statements }, number) {
  const parts = Object.entries(statements[number] ?? {});
  return Object.fromEntries(
    parts.map(([key, value]) => [key, isRuns(key, value) ? value.flatMap(([from, to]) => patterns.slice(from, to)) : value]),
  );
}

/**
 * Whether a value is a list of runs of action patterns.
 * @param {string} key
 * @param {unknown} value
 * @returns {value is [number, number][]}
 */
function isRuns(key, value) {
  return (key === "Action" || key === "NotAction") && Array.isArray(value);
}
