// What is shown of an entry of the index, and where it leads.
import { ACTION, KEY, KINDS, OPERATION, PAGE, PATTERN, POLICY, SERVICE, TEXT } from "./index.js";
import { count } from "../words.js";

/** @import { Index } from "./index.js" */
/** @import { IndexedOperation } from "./operations.js" */

/** @type {Record<string, string>} the weakest first */
export const LEVELS = {
  l: "List",
  r: "Read",
  w: "Write",
  t: "Tagging",
  p: "Permissions management",
  u: "Not in AWS's action list",
};

/**
 * An entry as it is shown.
 * @param {Index} index
 * @param {number} id
 * @param {boolean} exact
 * @returns {Item}
 */
export function item(index, id, exact) {
  const kind = KINDS[index.kinds[id]];
  const shown = { kind, text: fullName(index, id), detail: "", href: address(index, id), exact };
  const place = index.owners[id];
  const policies = index.weights[id];
  switch (index.kinds[id]) {
    case SERVICE:
      return { ...shown, detail: index.services[place].title };
    case POLICY:
      return { ...shown, detail: policyDetail(index, place) };
    case ACTION: {
      const granted = policies ? count(policies, "policy", "policies") : "no policy";
      return { ...shown, detail: `${LEVELS[index.levels[id]]}, ${granted}` };
    }
    case PATTERN:
      return {
        ...shown,
        detail: count(policies, "policy", "policies"),
        policies: policiesWith(index, place),
        negated: typeof patterns(index).patterns[place] !== "string",
      };
    case OPERATION: {
      const { actions, always } = index.operations[place];
      return { ...shown, detail: `needs ${actions.join(" and ")}${always ? "" : " in some cases"}` };
    }
    case PAGE:
      return { ...shown, detail: index.site[place].text.slice(0, 120) };
    case TEXT:
      return { ...shown, detail: prose(index)[place].text.slice(0, 120) };
    default:
      return shown;
  }
}

/**
 * A policy's type, current version, last change with an effect, and successor.
 * @param {Index} index
 * @param {number} place
 */
function policyDetail(index, place) {
  const { types, type_of: typeOf, outcomes, deprecated, successors } = index.file.rows;
  const change = index.lastChanges[place];
  const day = change.slice(1);
  const outcome = outcomes[Number(change[0])];
  const gone = deprecated.includes(place);
  const instead = successors[place] ? `use ${successors[place].join(" or ")}` : "";
  const parts = [
    gone ? ["deprecated", instead].filter(Boolean).join(", ") : instead,
    types[Number(typeOf[place])],
    index.currentVersions[place],
    day ? `${outcome} ${day}` : outcome,
  ];
  return parts.filter(Boolean).join(" · ");
}

/**
 * The name of an action or operation with its prefix; of other kinds the name as it is.
 * @param {Index} index
 * @param {number} id
 */
function fullName(index, id) {
  const name = index.names[id];
  if (index.kinds[id] === OPERATION) return `${index.operations[index.owners[id]].prefix}:${name}`;
  return index.kinds[id] === ACTION ? `${index.services[index.owners[id]].prefix}:${name}` : name;
}

/**
 * The entry's address below the site's root.
 * @param {Index} index
 * @param {number} id
 */
export function address(index, id) {
  const name = index.names[id];
  const place = index.owners[id];
  switch (index.kinds[id]) {
    case PAGE:
      return index.site[place].url;
    case SERVICE:
      return index.services[place].page === "0" ? index.file.elsewhere : `services/${segment(name)}/`;
    case POLICY:
      return `policies/${segment(name)}/`;
    case ACTION:
      return actionAddress(index, id, index.services[place]);
    case OPERATION:
      return operationAddress(index, place);
    case KEY:
      return `conditions/${segment(index.file.key_slugs[place] || slug(name))}/`;
    case PATTERN: {
      const anchor = patterns(index).anchors.slice(place * 10, place * 10 + 10);
      return `resources/${segment(index.patternPages[place])}/#r-${anchor}`;
    }
    default:
      return prose(index)[place].location;
  }
}

/**
 * @param {Index} index
 * @param {number} id
 * @param {Service} service
 */
function actionAddress(index, id, service) {
  const own = index.actionPages.get(id);
  if (own) return `actions/${segment(service.prefix)}/${segment(own)}.html`;
  if (service.page === "0") return index.file.elsewhere;
  return `services/${segment(service.prefix)}/#actions`;
}

/**
 * The place on the page of the first action that it needs; without such a page, where the action leads.
 * @param {Index} index
 * @param {number} place
 * @returns {string}
 */
function operationAddress(index, place) {
  const action = actionOf(index, index.operations[place]);
  if (action < 0) return index.file.elsewhere;
  return address(index, action) + (index.actionPages.has(action) ? "#operations" : "");
}

/**
 * The entry of the first action that an operation needs; -1 if the index does not have it.
 * @param {Index} index
 * @param {IndexedOperation} operation
 */
function actionOf(index, { actions }) {
  const [prefix, name] = actions[0].toLowerCase().split(":");
  const place = index.file.prefixes.indexOf(prefix);
  return index.lower.findIndex(
    (lower, id) => lower === name && index.kinds[id] === ACTION && index.owners[id] === place,
  );
}

/**
 * The policies with a resource pattern.
 * @param {Index} index
 * @param {number} place
 * @returns {PolicyLink[]}
 */
function policiesWith(index, place) {
  const denying = patterns(index).denying[place] || [];
  let at = -1;
  return patterns(index).policies[place].split(",").map((distance) => {
    at += Number(distance) + 1;
    const name = index.file.policies[at];
    return { name, href: `policies/${segment(name)}/`, denies: denying.includes(at) };
  });
}

/**
 * A name as part of an address, escaped as the program does it.
 * @param {string} name
 */
export function segment(name) {
  return encodeURIComponent(name).replace(/%(2B|3D|2C|40)/g, decodeURIComponent);
}

/**
 * A condition key as part of an address.
 * @param {string} key
 */
function slug(key) {
  return key.toLowerCase().replace(/[^a-z0-9.-]+/g, "_").replace(/^_+|_+$/g, "");
}

/**
 * The file of patterns, which is there where an entry of it is.
 * @param {Index} index
 */
function patterns(index) {
  return /** @type {PatternsFile} */ (index.patterns);
}

/** @param {Index} index */
function prose(index) {
  return /** @type {NonNullable<Index["prose"]>} */ (index.prose);
}
