// What a page keeps in the query of its address, so that a view can be shared and found again.

/**
 * The query with some parameters changed; those that become "" are removed.
 * @param {string} query
 * @param {Record<string, string>} changes
 */
export function changedQuery(query, changes) {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes))
    if (value) changed.set(name, value);
    else changed.delete(name);
  return changed;
}

/**
 * Makes the query part of the history, as a step of its own or in place of the present one.
 * @param {URLSearchParams} query
 */
export function pushQuery(query) {
  history.pushState(null, "", addressWith(query));
}

/** @param {URLSearchParams} query */
export function replaceQuery(query) {
  history.replaceState(history.state, "", addressWith(query));
}

/**
 * Puts the parameters into the fragment, which browsers do not send, in place of the present query.
 * @param {URLSearchParams} fragment
 */
export function replaceFragment(fragment) {
  const text = fragment.toString();
  history.replaceState(history.state, "", location.pathname + (text ? `#${text}` : ""));
}

/** What the fragment of the address names, such as an id. */
export function pointedAt() {
  return decoded(location.hash.slice(1));
}

/**
 * A part of an address without its escapes; as it is if they are broken, as in a link that was cut off.
 * @param {string} text
 */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {URLSearchParams} query */
function addressWith(query) {
  // Commas separate values, and addresses are read by people, too.
  const text = query.toString().replaceAll("%2C", ",");
  return location.pathname + (text ? `?${text}` : "") + location.hash;
}

/** Copies the address of the page; whether the browser let it. */
export async function copyAddress() {
  return Boolean(await navigator.clipboard?.writeText(location.href).then(() => true, () => false));
}
