// Condition values as what they stand for: moments, numbers, networks and booleans; see
// generator/policybook/iam/condition_values.py. Each function is null for a text that stands for none.
import { fraction } from "./fractions.js";

/** @typedef {import("./fractions.js").Fraction} Fraction */

/**
 * A block of addresses: the IP version, and the first and the last of them as numbers.
 * @typedef {{ version: 4 | 6, first: bigint, last: bigint }} Network
 */

const MOMENT = new RegExp(
  "^(\\d{4})(?:-(\\d{2})(?:-(\\d{2})(?:T(\\d{2}):(\\d{2})(?::(\\d{2})(\\.\\d{1,100})?)?" +
    "(?:Z|([+-])(\\d{2}):(\\d{2})))?)?)?$",
);
const EPOCH = /^\d{1,18}$/;
const NUMBER = /^([+-]?)(?:(\d{1,400})(?:\.(\d{0,400}))?|\.(\d{1,400}))(?:e([+-]?\d{1,3}))?$/i;
const NETWORK = /^([\dA-Fa-f:.]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/;

/**
 * The seconds from the start of 1970 in UTC to the moment that a date names.
 * @param {string} text
 * @returns {Fraction | null}
 */
export function moment(text) {
  const found = MOMENT.exec(text);
  if (!found) return EPOCH.test(text) ? fraction(BigInt(text), 1n) : null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part, n) =>
    part === undefined ? Number(n < 3) : Number(part));
  const there = new Date(0);
  there.setUTCFullYear(year, month - 1, day);
  if (!year || there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const [part = ".", sign, ...zone] = found.slice(7);
  const [hours, minutes] = zone.map((digits) => Number(digits ?? 0));
  if (hours > 23 || minutes > 59) return null;
  const ahead = (hours * 60 + minutes) * (sign === "-" ? -60 : 60);
  const seconds = there.getTime() / 1000 + (hour * 60 + minute) * 60 + second - ahead;
  const scale = 10n ** BigInt(part.length - 1);
  return fraction(BigInt(seconds) * scale + BigInt(part.slice(1)), scale);
}

/**
 * The exact value of an integer or a decimal number, which may have a sign and an exponent.
 * @param {string} text
 * @returns {Fraction | null}
 */
export function number(text) {
  const found = NUMBER.exec(text);
  if (!found) return null;
  const [, sign, whole = "", decimals = "", only = "", exponent = "0"] = found;
  const part = decimals + only;
  const digits = BigInt(whole + part) * (sign === "-" ? -1n : 1n);
  const power = Number(exponent) - part.length;
  return power < 0 ? fraction(digits, 10n ** BigInt(-power)) : fraction(digits * 10n ** BigInt(power), 1n);
}

/**
 * The block of addresses in CIDR notation, for IPv4 or IPv6; without a prefix, one address. Bits behind
 * the prefix are passed over.
 * @param {string} text
 * @returns {Network | null}
 */
export function network(text) {
  const found = NETWORK.exec(text);
  if (!found) return null;
  const four = ipv4(found[1]);
  const version = four === null ? 6 : 4;
  const bits = four === null ? 128 : 32;
  const address = four ?? ipv6(found[1]);
  const prefix = found[2] === undefined ? bits : Number(found[2]);
  if (address === null || prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const first = (address / size) * size;
  return { version, first, last: first + size - 1n };
}

/** @param {string} text */
function ipv4(text) {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((address, part) => (address << 8n) | BigInt(part), 0n);
}

/** @param {string} text */
function ipv6(text) {
  const parts = text.split(":");
  if (parts.length < 3) return null;
  const last = parts[parts.length - 1];
  if (last.includes(".")) {
    const four = ipv4(last);
    if (four === null) return null;
    parts.splice(-1, 1, (four >> 16n).toString(16), (four & 0xffffn).toString(16));
  }
  if (parts.length > 9) return null;
  const gap = parts.indexOf("", 1);
  const groups = gap > 0 && gap < parts.length - 1 ? filled(parts, gap) : parts;
  if (!groups || groups.length !== 8 || !groups.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group))) return null;
  return groups.reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n);
}

/**
 * The groups of an address with `::`, which stands for one group of zeros or more.
 * @param {string[]} parts
 * @param {number} gap
 */
function filled(parts, gap) {
  const [high, low] = [parts.slice(0, gap), parts.slice(gap + 1)];
  if (high[0] === "" && high.shift() === "" && high.length) return null;
  if (low.at(-1) === "" && low.pop() === "" && low.length) return null;
  if (high.length + low.length > 7) return null;
  return [...high, ...new Array(8 - high.length - low.length).fill("0"), ...low];
}

/**
 * What `true` or `false` stands for, in any case.
 * @param {string} text
 */
export function boolean(text) {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : null;
}
