// Which version of a policy was the default on a day, from the file with its default versions.
import { number } from "../words.js";

/**
 * @typedef {object} Days
 * @property {string[]} levels
 * @property {{since: string | null, version: string | null, unsure: string}[]} defaults oldest first
 * @property {Record<string, {services: Record<string, number[]> | null, document_file: string | null}>} versions
 */

/**
 * The version that was the default on a day, its days, its neighbours, and why that is not certain.
 * `since` and `until` are null where they are not known.
 * @param {Days} days
 * @param {string} day
 * @param {string} dataTo the last day of the site's data, or ""
 */
export function asOf({ defaults }, day, dataTo) {
  let place = 0;
  while (place + 1 < defaults.length && (defaults[place + 1].since ?? "") <= day) place += 1;
  const { version, unsure } = defaults[place] ?? { version: null, unsure: "no version is known" };
  let first = place;
  while (first > 0 && defaults[first - 1].version === version) first -= 1;
  let next = place;
  while (next < defaults.length && defaults[next].version === version) next += 1;
  return {
    version,
    unsure: [unsure, afterData(dataTo, day)].filter(Boolean).join("; "),
    since: defaults[first]?.since ?? null,
    until: defaults[next]?.since ?? null,
    before: defaults[first - 1]?.version ?? null,
    after: defaults[next]?.version ?? null,
  };
}

/**
 * Why a default version is not certain after the last day of the data, or "", as `after_data` in
 * generator/policybook/analysis/default_version.py says it.
 * @param {string} dataTo
 * @param {string} day
 */
function afterData(dataTo, day) {
  return dataTo && day > dataTo ? `the data ends on ${dataTo}, and what changed after that is not known` : "";
}

/**
 * Whether a text such as 2023-02-28 is a day that exists.
 * @param {string} text
 */
export function isDay(text) {
  const day = new Date(`${text}T00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`);
}

/** @param {string} level */
function named(level) {
  return level === "Uncatalogued" ? "not in AWS's action list" : level;
}

/**
 * What a version granted: a line for each service; null if its document is unknown.
 * @param {Days} days
 * @param {string} version
 */
export function levelsByService({ levels, versions }, version) {
  const services = versions[version]?.services;
  if (!services) return null;
  return Object.entries(services).map(([service, counts]) => ({
    service,
    levels: counts
      .map((count, place) => (count ? `${number(count)} ${named(levels[place])}` : ""))
      .filter(Boolean)
      .join(", "),
  }));
}
