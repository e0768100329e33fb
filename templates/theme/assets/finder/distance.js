// How much two names differ.

/**
 * How many characters are to be changed, added, left out or exchanged with the next (the optimal
 * string alignment distance); more than `most` where there are more.
 * @param {string} one
 * @param {string} other
 * @param {number} most
 */
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  /** @type {number[]} */
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let here = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        here = Math.min(here, before[j - 2] + 1);
      row.push(here);
      least = Math.min(least, here);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return last[other.length];
}
