// Exact numbers.

/** A number: `over` is positive, and it has no factor in common with `of`. */
export class Fraction {
  /**
   * @param {bigint} of
   * @param {bigint} over
   */
  constructor(of, over) {
    this.of = of;
    this.over = over;
    this.id = `${of}/${over}`;
    Object.freeze(this);
  }
}

/**
 * The number that one integer is of another one, which is positive.
 * @param {bigint} of
 * @param {bigint} over
 */
export function fraction(of, over) {
  let [one, other] = [of < 0n ? -of : of, over];
  while (other) [one, other] = [other, one % other];
  return new Fraction(of / one, over / one);
}

/**
 * Negative if the first number is less than the second one, positive if it is more, else 0.
 * @param {Fraction} one
 * @param {Fraction} other
 */
export function compareFractions(one, other) {
  const [here, there] = [one.of * other.over, other.of * one.over];
  return here < there ? -1 : here > there ? 1 : 0;
}

/**
 * @param {Fraction} one
 * @param {Fraction} other
 */
export function between(one, other) {
  return fraction(one.of * other.over + other.of * one.over, 2n * one.over * other.over);
}

/**
 * @param {Fraction} one
 * @param {bigint} more
 */
export function plus(one, more) {
  return new Fraction(one.of + more * one.over, one.over);
}
