// The names that the theme's own script expects, kept in a file of their own so that pages need no
// inline script: where the site's root is, and what is stored for it.
var __md_scope = new URL("..", document.currentScript.src);

function __md_hash(text) {
  var hash = 0;
  for (var char of text) hash = ((hash << 5) - hash + char.charCodeAt(0)) | 0;
  return hash;
}

function __md_get(key, storage, scope) {
  try {
    return JSON.parse((storage || localStorage).getItem((scope || __md_scope).pathname + "." + key));
  } catch (error) {
    return null; // storage may be blocked
  }
}

function __md_set(key, value, storage, scope) {
  try {
    (storage || localStorage).setItem((scope || __md_scope).pathname + "." + key, JSON.stringify(value));
  } catch (error) {
    // storage may be full or blocked; the choice then lasts for this page
  }
}
