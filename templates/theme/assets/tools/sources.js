// Fetches the documents of the site's policies.
import { dataTo } from "../dom.js";
import { ROOT, load } from "../finder/fetching.js";
import { segment } from "../finder/items.js";
import { asOf, isDay } from "../policy/days.js";
import { documentOf } from "../policy/packed-documents.js";
import { keyAmong, nameOf } from "./sides.js";

/** @import { Chosen, Named } from "./sides.js" */
/** @typedef {{ key: string, document: DocumentFile | null, document_file: string | null }} PolicyVersion */
/**
 * @typedef {object} PolicyFile
 * @property {string} type
 * @property {boolean} of_customer
 * @property {string | null} current
 * @property {string | null} unknown_default
 * @property {PolicyVersion[]} versions
 */

/** @type {Map<string, Promise<any>>} what was fetched, by path */
const fetched = new Map();

/** What a reader can mend: a name or version that does not exist. */
export class Unknown extends Error {}

/**
 * What is chosen, with its document, or with the text that was pasted.
 * @param {Chosen} chosen
 * @returns {Promise<NamedText>}
 */
export async function textOf(chosen) {
  if ("text" in chosen) return { name: "pasted document", version: null, day: null, unsure: "", text: chosen.text };
  const { name, at } = await known(chosen);
  const policy = /** @type {PolicyFile} */ (await result(`api/v1/policies/${segment(name)}.json`));
  const { key, day, unsure } = await versionOf(policy, { name, at });
  const version = policy.versions.find((one) => one.key === key);
  const document = version?.document ?? (version?.document_file && (await packed(version.document_file, key)));
  if (!document) throw new Unknown(`${name}: the document of ${key || "any version"} is not known.`);
  return { name, version: key, day, unsure, document, type: policy.type, ofCustomer: policy.of_customer };
}

/**
 * The policy that is meant: a name may end like a version.
 * @param {Named} named
 */
async function known(named) {
  const { index } = await load();
  const { policies } = index.file;
  if (policies.includes(nameOf(named))) return { name: nameOf(named), at: "" };
  if (!policies.includes(named.name)) throw new Unknown(`This site has no policy named “${named.name}”.`);
  return named;
}

/**
 * @param {PolicyFile} policy
 * @param {Named} named
 */
async function versionOf(policy, { name, at }) {
  if (!at) return { key: policy.unknown_default ?? policy.current ?? "", day: null, unsure: "" };
  // A version without a number has its day as its key.
  if (policy.versions.some(({ key }) => key === at)) return { key: at, day: null, unsure: "" };
  if (at.startsWith("v")) {
    const keys = policy.versions.map((version) => version.key);
    const key = keyAmong(keys, at);
    if (!key) throw new Unknown(`${name} has no known version ${at}. Known: ${keys.join(", ") || "none"}.`);
    return { key, day: null, unsure: "" };
  }
  if (!isDay(at)) throw new Unknown(`${name}: there is no day ${at}.`);
  const { version, unsure } = asOf(await result(`api/v1/versions/${segment(name)}.json`), at, dataTo());
  if (!version) throw new Unknown(`${name}: no version is known for ${at}.`);
  return { key: version, day: at, unsure };
}

/**
 * @param {string} file
 * @param {string} key of the version
 */
async function packed(file, key) {
  return documentOf(await result(segments(file)), key);
}

/** @param {string} path */
async function result(path) {
  return (await json(path)).result;
}

/** @param {string} path */
function segments(path) {
  return path.split("/").map(segment).join("/");
}

/**
 * A file below the site's root; each is fetched once.
 * @param {string} path
 */
function json(path) {
  let found = fetched.get(path);
  if (!found) {
    found = fetch(new URL(path, ROOT)).then((response) => {
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    });
    found.catch(() => fetched.delete(path));
    fetched.set(path, found);
  }
  return found;
}
