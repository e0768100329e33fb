// The document of any version of a policy: NAME, NAME@v3, NAME@v3~2 or NAME@2023-01-01.
import { asOf } from "../policy/days.js";
import { fetched } from "./engine-data.js";

/** @import { Days } from "../policy/days.js" */

const ROOT = new URL("../../", import.meta.url);
const NAMED = /^([A-Za-z0-9+=,.@_~-]{1,128}?)(?:@(v\d+(?:~\d+)?|\d{4}-\d{2}-\d{2}))?$/;

/**
 * @typedef {object} NamedVersion a version with its document
 * @property {string} name of the policy
 * @property {string} key of the version
 * @property {string} unsure why it is not certain that this was the default on the day, or ""
 * @property {object} source the document
 */

/**
 * The version that a text names.
 * @param {string} named
 * @returns {Promise<NamedVersion>} it rejects with a message for readers
 */
export async function namedVersion(named) {
  const [, name, which] = NAMED.exec(named.trim()) ?? [];
  if (!name) throw new Error(`expected NAME, NAME@v3 or NAME@2023-01-01, found ${named}`);
  const file = `${encodeURIComponent(name)}.json`;
  /** @type {Days} */
  const days = (await fetched(new URL(`api/v1/versions/${file}`, ROOT))).result;
  const { key, unsure } = which?.includes("-") ? onDay(days, which) : withKey(days, which);
  const version = days.versions[key];
  if (!version) throw new Error(`${name}: ${known(days, which ?? "a document")}`);
  if (version.document_file)
    return { name, key, unsure, source: await fetched(new URL(version.document_file, ROOT)) };
  const { versions } = (await fetched(new URL(`api/v1/policies/${file}`, ROOT))).result;
  const source = versions.find((/** @type {{ key: string }} */ one) => one.key === key)?.document;
  if (!source) throw new Error(`${name}: the document of ${key} is not known`);
  return { name, key, unsure, source };
}

/**
 * @param {Days} days
 * @param {string} day
 */
function onDay(days, day) {
  const { version, unsure } = asOf(days, day);
  return { key: version ?? "", unsure };
}

/**
 * A version by its key; without a life, `v3` means that of the newest life, and `v3~1` that of the first.
 * @param {Days} days
 * @param {string | undefined} which none for the newest with a document
 */
function withKey({ versions }, which) {
  const keys = Object.keys(versions).reverse(); // newest first
  if (!which) return { key: keys.find((key) => versions[key].services) ?? "", unsure: "" };
  if (which.includes("~")) return { key: which.replace(/~1$/, ""), unsure: "" };
  return { key: keys.find((key) => key.split("~")[0] === which) ?? "", unsure: "" };
}

/**
 * @param {Days} days
 * @param {string} which
 */
function known({ versions }, which) {
  const keys = Object.keys(versions);
  const range = keys.length ? `known are ${keys[0]} to ${keys.at(-1)}` : "no version is known";
  return `${which} is not known; ${range}`;
}
