// The names that the theme's own script expects, in a file of their own so that pages need no inline
// script: the site's root, and what is stored for it.
/* exported __md_hash, __md_get, __md_set */
var __md_scope = new URL("..", /** @type {HTMLScriptElement} */ (document.currentScript).src);

/** @param {string} text */
function __md_hash(text) {
  let hash = 0;
  for (const char of text) hash = ((hash << 5) - hash + char.charCodeAt(0)) | 0;
  return hash;
}

/**
 * @param {string} key
 * @param {Storage} [storage]
 * @param {URL} [scope]
 */
function __md_get(key, storage, scope) {
  try {
    const stored = (storage || localStorage).getItem(`${(scope || __md_scope).pathname}.${key}`);
    return JSON.parse(/** @type {string} */ (stored));
  } catch {
    return null; // storage may be blocked
  }
}

/**
 * @param {string} key
 * @param {unknown} value
 * @param {Storage} [storage]
 * @param {URL} [scope]
 */
function __md_set(key, value, storage, scope) {
  try {
    const name = `${(scope || __md_scope).pathname}.${key}`;
    (storage || localStorage).setItem(name, JSON.stringify(value));
  } catch {
    // storage may be full or blocked; the choice then lasts for this page
  }
}
