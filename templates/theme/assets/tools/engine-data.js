// Fetches what the engine knows, below engine/ of the site, each once.

const ROOT = new URL("../../engine/", import.meta.url);

/** @type {Map<string, Promise<any>>} */
const files = new Map();

/**
 * A file of the engine, such as "catalogue.json"; after a failure it is tried again with the next call.
 * @param {string} name
 */
export function engineFile(name) {
  let found = files.get(name);
  if (!found) {
    files.set(name, (found = fetched(new URL(name, ROOT))));
    found.catch(() => files.delete(name));
  }
  return found;
}

/**
 * @param {URL} url
 * @returns {Promise<any>}
 */
export async function fetched(url) {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new Error(`${url.pathname} could not be fetched`);
  return response.json();
}
