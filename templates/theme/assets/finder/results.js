// Draws what was found: as options of a list below a box, and as lines of the page /search/.
import { element, naming } from "../dom.js";
import { ROOT } from "./fetching.js";
import { count, number } from "../words.js";

const POLICIES = 12; // named beside a resource pattern on the page
const POLICIES_IN_LIST = 3; // and in a list
const TITLES = {
  page: "page",
  service: "service",
  policy: "policy",
  action: "action",
  key: "condition key",
  pattern: "resource pattern",
  text: "text",
  operation: "API operation",
};

const PLAIN = new Set(["page", "text"]); // their names are titles

/**
 * The sentence above the results.
 * @param {Answer} found
 */
export function summary(found) {
  return found.say || count(found.total, "result", "results");
}

/**
 * An option of a list, as WAI-ARIA's combobox has it.
 * @param {Item} item
 * @param {string} id
 */
export function option(item, id) {
  const made = emptyOption(id, item.href);
  made.append(element("span", "pb-option__kind", TITLES[item.kind]), " ");
  const what = element("span", "pb-option__what");
  what.append(named(item));
  const joint = item.policies?.[0]?.actions === undefined ? ": " : " · ";
  const detail = item.policies ? item.detail + joint + firstNames(item.policies) : item.detail;
  if (detail) what.append(" ", element("span", "pb-option__detail", detail));
  made.append(what);
  return made;
}

/**
 * The option that leads to all results.
 * @param {number} total
 * @param {string} href
 * @param {string} id
 */
export function optionForAll(total, href, id) {
  const made = emptyOption(id, href);
  const what = element("span", "pb-option__what");
  const text = `All ${count(total, "result", "results")}`;
  what.append(element("span", "pb-option__name", text));
  made.append(what);
  return made;
}

/**
 * @param {string} id
 * @param {string} href
 */
function emptyOption(id, href) {
  const made = element("a", "pb-option");
  made.id = id;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.tabIndex = -1;
  made.href = new URL(href, ROOT).href;
  return made;
}

/** @param {PolicyLink[]} policies */
function firstNames(policies) {
  const names = policies.slice(0, POLICIES_IN_LIST).map((policy) => policy.name);
  return names.join(", ") + (policies.length > POLICIES_IN_LIST ? ", …" : "");
}

/** @param {Item} item */
function named(item) {
  const name = naming(PLAIN.has(item.kind) ? "span" : "code", "pb-option__name", item.text);
  if (!item.negated) return name;
  const whole = element("span", "");
  whole.append(element("span", "pb-not", "All resources except"), " ", name);
  return whole;
}

/**
 * A line of the page.
 * @param {Item} item
 */
export function line(item) {
  const made = element("li", "pb-found__item");
  const name = link(item.href);
  name.className = "pb-found__name";
  name.append(named(item));
  made.append(element("span", "pb-option__kind", TITLES[item.kind]), " ", name);
  if (item.detail) made.append(" ", element("span", "pb-option__detail", item.detail));
  if (item.policies) made.append(policyLinks(item, item.policies));
  return made;
}

/**
 * @param {Item} item
 * @param {PolicyLink[]} policies
 */
function policyLinks(item, policies) {
  const rest = policies.length - POLICIES;
  const more = rest > 0 ? link(item.more ?? item.href, `${number(rest)} more`) : null;
  if (policies[0]?.actions !== undefined) {
    const list = element("ul", "pb-found__policies");
    list.append(...policies.slice(0, POLICIES).map(policyLine), ...(more ? [lineWith("and ", more)] : []));
    return list;
  }
  const made = element("p", "pb-found__policies");
  policies.slice(0, POLICIES).forEach((policy, place) => {
    const name = link(policy.href, policy.name);
    made.append(place ? ", " : "", name, policy.denies ? " (denies)" : "");
  });
  if (more) made.append(" and ", more);
  return made;
}

/**
 * A policy with what it allows or denies on an ARN.
 * @param {PolicyLink} policy
 */
function policyLine({ name, href, actions, conditional }) {
  const said = [actions, conditional ? "under a condition" : ""].filter(Boolean).join(", ");
  return lineWith(link(href, name), said ? ` ${said}` : "");
}

/** @param {(string | Node)[]} parts */
function lineWith(...parts) {
  const made = element("li", "");
  made.append(...parts);
  return made;
}

/**
 * @param {string} href
 * @param {string} [text]
 */
function link(href, text = "") {
  const made = naming("a", "", text);
  made.href = new URL(href, ROOT).href;
  return made;
}
