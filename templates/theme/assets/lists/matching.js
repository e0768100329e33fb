// Which rows of a list a reader's filters leave, in which order, and how many each choice would leave.
import { firstDay } from "./state.js";

const DAY = 86_400_000;
const LEVEL_BITS = 64; // a number of services has their access levels in its lowest six bits
const NOT_LISTED = 32; // the bit of actions that are not in AWS's action list
const ANY_SERVICE = "*";

/** The access levels in the order of their bits in a row, then actions not in AWS's list. */
export const ALL_LEVELS = ["List", "Read", "Write", "Tagging", "Permissions management", "Uncatalogued"];

/**
 * The rows that a state leaves.
 * @param {ListRow[]} rows
 * @param {ListState} state
 * @param {ListShape} shape
 * @param {number} now in milliseconds since 1970
 * @param {string} [without] the key of a facet that is not considered
 */
export function matching(rows, state, shape, now, without = "") {
  const words = wordsOf(state.find);
  const tests = shape.facets
    .filter(({ key }) => key !== without && state.chosen[key]?.length)
    .map((facet) => testOf(facet, state, shape, now));
  return rows.filter(
    (row) => words.every((word) => row.text.includes(word)) && tests.every((test) => test(row)),
  );
}

/**
 * The words of a text, in lower case.
 * @param {string} text
 */
export function wordsOf(text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * Whether a row has what is chosen of a facet.
 * @param {FacetShape} facet
 * @param {ListState} state
 * @param {ListShape} shape
 * @param {number} now
 * @returns {(row: ListRow) => boolean}
 */
function testOf(facet, state, shape, now) {
  const chosen = state.chosen[facet.key];
  const services = servicesFacet(shape);
  if (facet.kind === "since") {
    const first = Math.max(...chosen.map((value) => sinceWhen(value, now)));
    return (row) => Date.parse(String(row.facets[facet.place])) >= first;
  }
  if (facet.kind === "services") {
    const wanted = chosen.map((value) => facet.values.indexOf(value));
    return (row) => wanted.every((place) => levelsOf(row, facet, place) !== undefined);
  }
  if (facet.kind === "only") return (row) => othersOf(row, services, state) === 0;
  const places = new Set(chosen.map((value) => facet.values.indexOf(value)));
  return (row) => valuesOf(row, facet, shape, state).some((place) => places.has(place));
}

/**
 * The places of a row's values of a facet.
 * @param {ListRow} row
 * @param {FacetShape} facet
 * @param {ListShape} shape
 * @param {ListState} state
 * @returns {number[]}
 */
function valuesOf(row, facet, shape, state) {
  if (facet.kind === "level" || facet.kind === "highest") {
    const bits = levelBits(row, servicesFacet(shape), state);
    const found = facet.kind === "level" ? bitsOf(bits) : bitsOf(highestOf(bits));
    return found.map((bit) => facet.places[bit]);
  }
  const packed = packedOf(row, facet);
  return facet.kind === "services" ? packed.map((one) => Math.floor(one / LEVEL_BITS)) : packed;
}

/**
 * The places of a row's values among those of a facet.
 * @param {ListRow} row
 * @param {FacetShape} facet
 * @returns {number[]}
 */
function packedOf(row, facet) {
  const found = row.facets[facet.place];
  return Array.isArray(found) ? found : typeof found === "number" ? [found] : [];
}

/** @param {ListShape} shape */
export function servicesFacet(shape) {
  return shape.facets.find(({ kind }) => kind === "services");
}

/**
 * The access levels of a service in a row, as bits; undefined if the row is not about it.
 * @param {ListRow} row
 * @param {FacetShape} facet
 * @param {number} place of the service among the values of the facet
 * @returns {number | undefined}
 */
function levelsOf(row, facet, place) {
  const any = facet.values.indexOf(ANY_SERVICE);
  const packed = packedOf(row, facet);
  const found = packed.find((one) => Math.floor(one / LEVEL_BITS) === place);
  const all = any < 0 ? undefined : packed.find((one) => Math.floor(one / LEVEL_BITS) === any);
  return (found ?? all) === undefined ? undefined : ((found ?? 0) | (all ?? 0)) % LEVEL_BITS;
}

/**
 * The access levels of a row on the chosen services, or on all of its services if none is chosen.
 * @param {ListRow} row
 * @param {FacetShape | undefined} facet
 * @param {ListState} state
 */
export function levelBits(row, facet, state) {
  if (!facet) return 0;
  const chosen = state.chosen[facet.key];
  const found = chosen
    ? chosen.map((value) => levelsOf(row, facet, facet.values.indexOf(value)) ?? 0)
    : packedOf(row, facet).map((one) => one % LEVEL_BITS);
  return found.reduce((bits, one) => bits | one, 0);
}

/**
 * The names of a row's access levels on a service, in the order of their bits.
 * @param {ListRow} row
 * @param {FacetShape} facet
 * @param {string} service
 */
export function levelNames(row, facet, service) {
  const bits = levelsOf(row, facet, facet.values.indexOf(service)) ?? 0;
  return bitsOf(bits).map((bit) => (1 << bit === NOT_LISTED ? "not in AWS's action list" : ALL_LEVELS[bit]));
}

/**
 * How many services a row has beside those that are chosen; beside its first one if none is.
 * @param {ListRow} row
 * @param {FacetShape | undefined} facet
 * @param {ListState} state
 */
export function othersOf(row, facet, state) {
  if (!facet) return 0;
  const chosen = new Set((state.chosen[facet.key] ?? []).map((v) => facet.values.indexOf(v)));
  const own = packedOf(row, facet).map((one) => Math.floor(one / LEVEL_BITS));
  if (!chosen.size) return Math.abs(own.length - 1);
  return own.filter((place) => !chosen.has(place)).length;
}

/**
 * The riskiest of some access levels, as a bit; what is not in AWS's list counts only alone.
 * @param {number} bits
 */
export function highestOf(bits) {
  const known = bits & ~NOT_LISTED || bits;
  return known ? 1 << (31 - Math.clz32(known)) : 0;
}

/**
 * The places of the bits of a number.
 * @param {number} bits
 */
function bitsOf(bits) {
  return [0, 1, 2, 3, 4, 5].filter((bit) => (bits >> bit) & 1);
}

/**
 * The first millisecond of the last days, or of a day.
 * @param {string} value
 * @param {number} now
 */
function sinceWhen(value, now) {
  const days = /^(\d+)d$/.exec(value);
  return days ? Math.floor(now / DAY) * DAY - Number(days[1]) * DAY : firstDay(value);
}

/**
 * The first of the last days until the end of the data, if those that are chosen come after that end.
 * @param {ListState} state
 * @param {ListShape} shape
 * @param {number} now
 * @param {string} dataTo the last day of the data, or ""
 * @returns {{ key: string, first: string } | null} the facet, and the day
 */
export function lastDays(state, shape, now, dataTo) {
  const key = shape.facets.find(({ kind }) => kind === "since")?.key ?? "";
  const last = (state.chosen[key] ?? []).find((value) => /^\d+d$/.test(value));
  const end = Date.parse(dataTo);
  if (!last || !(end < sinceWhen(last, now))) return null;
  return { key, first: new Date(sinceWhen(last, end)).toISOString().slice(0, 10) };
}

/**
 * How many rows each choice of a facet would leave, given everything else that is on.
 * @param {ListRow[]} rows
 * @param {FacetShape} facet
 * @param {ListState} state
 * @param {ListShape} shape
 * @param {number} now
 * @returns {number[]} in the order of the facet's values
 */
export function counts(rows, facet, state, shape, now) {
  const left = matching(rows, state, shape, now, facet.key);
  if (facet.kind === "since")
    return facet.values.map((value) => {
      const first = sinceWhen(value, now);
      return left.filter((row) => Date.parse(String(row.facets[facet.place])) >= first).length;
    });
  const found = facet.values.map(() => 0);
  for (const row of left)
    for (const place of valuesOf(row, facet, shape, state)) if (place in found) found[place] += 1;
  return found;
}

/**
 * The rows in the order of a column; rows without a value are last in either direction.
 * @param {ListRow[]} rows
 * @param {number} column
 * @param {boolean} descending
 */
export function sorted(rows, column, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a.keys[column], b.keys[column]];
    if (x === y) return 0;
    if (x === "" || y === "") return x === "" ? 1 : -1;
    return x < y ? -sign : sign;
  });
}

/**
 * The rows that are nearest to "only these services, of this highest level" if no row is that: before those
 * with few other services come those that are named after the services, which are made for them.
 * @param {ListRow[]} rows
 * @param {ListState} state
 * @param {ListShape} shape
 * @param {number} most how many
 * @returns {NearRow[]} the nearest first
 */
export function nearest(rows, state, shape, most) {
  const facet = servicesFacet(shape);
  if (!facet || !state.chosen[facet.key]) return [];
  const { [facet.key]: services, highest, only } = state.chosen;
  if (!highest && !only) return [];
  /** @type {ListState} */
  const wide = { find: "", chosen: { [facet.key]: services }, sort: "", descending: false };
  const wanted = shape.facets.find(({ kind }) => kind === "highest");
  const asked = highest && wanted ? wanted.places.indexOf(wanted.values.indexOf(highest[0])) : 5;
  return matching(rows, wide, shape, 0)
    .map((row) => {
      const level = Math.log2(highestOf(levelBits(row, facet, wide)) || 1);
      const others = othersOf(row, facet, wide);
      const foreign = Number(!isNamedAfter(row, services));
      return { row, level, others, excess: Math.max(0, level - asked), foreign };
    })
    .sort((a, b) => a.excess - b.excess || a.foreign - b.foreign || a.others - b.others)
    .slice(0, most);
}

/**
 * Whether the name of a row has all prefixes of services. Most prefixes of two letters are in any name.
 * @param {ListRow} row
 * @param {string[]} services
 */
function isNamedAfter({ texts }, services) {
  const name = String(texts[0]).toLowerCase();
  return services.every((prefix) => /...|\d/.test(prefix) && name.includes(prefix));
}
