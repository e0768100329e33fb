// What to say where nothing has the name that is asked for, and the names that differ by least.
import { distance } from "./distance.js";
import { ACTION, KEY, POLICY, SERVICE } from "./index.js";
import { item } from "./items.js";

/** @import { Index } from "./index.js" */

const LONGEST = 128;
const SHOWN = 6;
const HINT = " Try an action (kms:Decrypt), a policy name or an ARN.";

/**
 * @typedef {object} Missing a name that was not found
 * @property {string} asked as it was typed
 * @property {string} left what precedes the colon, in lower case, or ""
 * @property {string} right the rest
 * @property {boolean} start whether it is the starts of names that have to be near
 */

/**
 * A sentence, and the nearest names.
 * @param {Index} index
 * @param {Missing} missing
 */
export function nothingFound(index, missing) {
  const { asked, left, right } = missing;
  const service = index.file.prefixes.indexOf(left);
  const ofKeys = index.file.keys.some((key) => key.toLowerCase().startsWith(`${left}:`));
  let say = `No match for “${short(asked)}”.`;
  if (left && service >= 0)
    say = `The service ${left} has no action or condition key “${short(asked.replace(/^[^:]*:\s*/, ""))}”.`;
  else if (left && !ofKeys) say = `No service has the prefix “${short(left)}”.`;
  const near = right || left ? nearest(index, missing, service, ofKeys) : [];
  return { say: say + (near.length ? " Did you mean one of these?" : HINT), near };
}

/** @param {string} text */
function short(text) {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * The names that differ by least, of those the more used first.
 * @param {Index} index
 * @param {Missing} missing
 * @param {number} service the place of the service that is asked for, or -1
 * @param {boolean} ofKeys whether condition keys have the prefix that is asked for
 */
function nearest(index, missing, service, ofKeys) {
  /** @type {[number, number, number][]} */
  const found = [];
  for (let id = 0; id < index.kinds.length; id++) {
    const asked = textFor(index, id, missing, service, ofKeys);
    if (!asked || asked.length > LONGEST) continue;
    const most = changesFor(asked);
    const name = missing.start ? index.lower[id].slice(0, asked.length) : index.lower[id];
    const changes = distance(asked, name, most);
    if (changes <= most) found.push([changes, -index.weights[id], id]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return found.slice(0, SHOWN).map(([, , id]) => item(index, id, false));
}

/**
 * The text that the entry's name is compared with, or "" where the entry is not meant.
 * @param {Index} index
 * @param {number} id
 * @param {Missing} missing
 * @param {number} service
 * @param {boolean} ofKeys
 */
function textFor(index, id, { left, right }, service, ofKeys) {
  const prefixIsKnown = service >= 0 || ofKeys;
  switch (index.kinds[id]) {
    case ACTION:
      if (left && (service >= 0 ? index.owners[id] !== service : ofKeys)) return "";
      return right;
    case KEY:
      return left ? `${left}:${right}` : right;
    case SERVICE:
      if (left) return prefixIsKnown ? "" : left;
      return right;
    case POLICY:
      return left ? "" : right;
    default:
      return "";
  }
}

/**
 * The most changes after which a name is still near.
 * @param {string} asked
 */
function changesFor(asked) {
  if (asked.length < 2) return 0;
  if (asked.length < 4) return 1;
  return asked.length < 9 ? 2 : 3;
}
