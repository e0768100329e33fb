// What a list shows, as the address of its page says it: which filters are on, and in which order.

const NONE = "any"; // in an address: no choice, where a list has one of its own

/**
 * The choices that are on if the address has none.
 * @param {ListShape} shape
 * @returns {ListState["chosen"]}
 */
export function usual(shape) {
  const own = shape.facets.filter((facet) => facet.usual);
  return Object.fromEntries(own.map((facet) => [facet.key, [facet.usual]]));
}

/**
 * Whether what is chosen of a facet is what is on if the address has no choice.
 * @param {FacetShape} facet
 * @param {ListState} state
 */
export function isUsual(facet, state) {
  return (state.chosen[facet.key] ?? []).join(",") === facet.usual;
}

/**
 * What the address says of a list, and what of it is not understood.
 * @param {string} query
 * @param {ListShape} shape
 * @returns {{ state: ListState, unknown: string[], taken: Set<string> }}
 */
export function readState(query, shape) {
  /** @type {ListState} */
  const state = { find: "", chosen: usual(shape), sort: "", descending: false };
  /** @type {string[]} */
  const unknown = [];
  /** @type {Set<string>} */
  const taken = new Set();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!name.startsWith(shape.prefix)) continue;
    const own = name.slice(shape.prefix.length);
    const problem = readOne(state, shape, own, value);
    if (problem !== "unknown") taken.add(name);
    if (problem === "value") unknown.push(`${name}=${value}`);
  }
  return { state, unknown, taken };
}

/**
 * Reads one parameter into the state: "" if it is understood, else what is not, its name or value.
 * @param {ListState} state
 * @param {ListShape} shape
 * @param {string} name
 * @param {string} value
 * @returns {"" | "unknown" | "value"}
 */
function readOne(state, shape, name, value) {
  if (name === "find") state.find = value;
  else if (name === "sort" && shape.columns.some(({ key }) => key === value)) state.sort = value;
  else if (name === "dir" && ["asc", "desc"].includes(value)) state.descending = value === "desc";
  else if (name === "sort" || name === "dir") return value ? "value" : "";
  else {
    const facet = shape.facets.find(({ key }) => key === name);
    if (!facet) return "unknown";
    if (facet.usual && value === NONE) state.chosen = chosenWith(state.chosen, name, []);
    const values = value === NONE ? [] : value.split(",").filter(Boolean);
    const known = values.filter((one) => isValue(facet, one));
    if (known.length) state.chosen[name] = known;
    if (known.length < values.length) return "value";
  }
  return "";
}

/**
 * Whether a facet has a value. Days may be given as their number, such as 45d, or as the first day.
 * @param {FacetShape} facet
 * @param {string} value
 */
function isValue(facet, value) {
  if (facet.kind === "since") return /^\d{1,5}d$/.test(value) || !Number.isNaN(firstDay(value));
  if (facet.kind === "only") return value === "1";
  return facet.values.includes(value);
}

/**
 * The parameters of a state, each "" that is not needed, so that it is removed from an address.
 * @param {ListState} state
 * @param {ListShape} shape
 * @returns {Record<string, string>}
 */
export function parameters(state, shape) {
  const found = Object.fromEntries(
    shape.facets.map((facet) => {
      const text = (state.chosen[facet.key] ?? []).join(",") || (facet.usual && NONE);
      return [shape.prefix + facet.key, isUsual(facet, state) ? "" : text];
    }),
  );
  found[`${shape.prefix}find`] = state.find;
  found[`${shape.prefix}sort`] = state.sort;
  found[`${shape.prefix}dir`] = state.sort ? (state.descending ? "desc" : "asc") : "";
  return found;
}

/**
 * Milliseconds since 1970 of a day such as 2026-03-04; not a number for another text.
 * @param {string} value
 */
export function firstDay(value) {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : NaN;
}

/**
 * Whether a state is the one in which the page has its rows.
 * @param {ListState} state
 * @param {ListShape} shape
 */
export function isPlain(state, shape) {
  return !state.find.trim() && !state.sort && shape.facets.every((one) => isUsual(one, state));
}

/**
 * The chosen values with those of one facet changed; without the facet if it has none.
 * @param {ListState["chosen"]} chosen
 * @param {string} key
 * @param {string[]} values
 */
export function chosenWith(chosen, key, values) {
  const others = Object.entries(chosen).filter(([name]) => name !== key);
  return Object.fromEntries(values.length ? [...others, [key, values]] : others);
}
