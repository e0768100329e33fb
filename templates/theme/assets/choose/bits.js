// Sets of small numbers as the bits of an array.

/** @typedef {Uint32Array} Bits */

/**
 * The empty set, with room for numbers below `size`.
 * @param {number} size
 * @returns {Bits}
 */
export function noBits(size) {
  return new Uint32Array((size + 31) >>> 5);
}

/**
 * @param {Bits} bits
 * @param {number} place
 */
export function addBit(bits, place) {
  bits[place >>> 5] |= 1 << (place & 31);
}

/**
 * @param {Bits} bits
 * @param {number} place
 */
export function hasBit(bits, place) {
  return (bits[place >>> 5] & (1 << (place & 31))) !== 0;
}

/**
 * Adds all of a set to another one.
 * @param {Bits} bits
 * @param {Bits} more
 */
export function addBits(bits, more) {
  for (let word = 0; word < bits.length; word++) bits[word] |= more[word];
}

/**
 * Takes all of a set from another one.
 * @param {Bits} bits
 * @param {Bits} fewer
 */
export function removeBits(bits, fewer) {
  for (let word = 0; word < bits.length; word++) bits[word] &= ~fewer[word];
}

/** @param {Bits} bits */
export function isEmpty(bits) {
  return bits.every((word) => word === 0);
}

/**
 * Whether every number of the first set is in the second.
 * @param {Bits} inner
 * @param {Bits} outer
 */
export function isWithin(inner, outer) {
  for (let word = 0; word < inner.length; word++) if (inner[word] & ~outer[word]) return false;
  return true;
}

/**
 * How many bits of a word are set.
 * @param {number} word
 */
export function bitsOf(word) {
  let left = word - ((word >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return (((left + (left >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/**
 * The numbers of a set, the lowest first.
 * @param {Bits} bits
 */
export function* placesOf(bits) {
  for (let word = 0; word < bits.length; word++)
    for (let left = bits[word]; left; left &= left - 1)
      yield word * 32 + 31 - Math.clz32(left & -left);
}
