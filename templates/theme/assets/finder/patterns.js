// IAM's wildcard patterns, by the rules of generator/policybook/iam/patterns.py: `*` stands for any
// run of characters, `?` for one, `${…}` for a text that is not known here, and `${*}`, `${?}` and
// `${$}` for those characters themselves. Both programs are tested with the cases in
// tests/support/cases/patterns.json.
//
// A pattern is followed as an automaton: its positions are 0 (before the first token) to its length,
// and a set of positions is an array with a 1 for each that can be reached.

export const STAR = "**";
export const ANY = "??";
const OTHER = "\u{10ffff}"; // a character that no pattern holds
const MOST_CACHED = 20000;

/**
 * The pattern as tokens, each run of wildcards as its `?`s and then at most one `*`.
 * @param {string} pattern
 */
export function tokens(pattern) {
  const found = [];
  let starred = false;
  for (let at = 0; at < pattern.length; ) {
    const token = tokenAt(pattern, at);
    at += token.length;
    if (token === "*") starred = true;
    else if (token === "?") found.push(ANY);
    else {
      if (starred) found.push(STAR);
      starred = false;
      found.push(/^\$\{[*?$]\}$/.test(token) ? token[2] : token);
    }
  }
  if (starred) found.push(STAR);
  return found;
}

/**
 * A variable as a whole, or a character, which may be two units of the text.
 * @param {string} pattern
 * @param {number} at
 */
function tokenAt(pattern, at) {
  if (pattern.startsWith("${", at)) {
    const end = pattern.indexOf("}", at);
    if (end > 0) return pattern.slice(at, end + 1);
  }
  return String.fromCodePoint(/** @type {number} */ (pattern.codePointAt(at)));
}

/** @param {string} token */
function isVariable(token) {
  return token.startsWith("${");
}

/**
 * Adds the positions after each `*` that was reached, since it may match nothing.
 * @param {Uint8Array} reached
 * @param {string[]} pattern
 */
function closed(reached, pattern) {
  for (let at = 0; at < pattern.length; at++)
    if (reached[at] && pattern[at] === STAR) reached[at + 1] = 1;
  return reached;
}

/**
 * The positions after one more character; `takes` says whether a token of the pattern matches it.
 * @param {Uint8Array} reached
 * @param {string[]} pattern
 * @param {(token: string) => boolean} takes
 */
function step(reached, pattern, takes) {
  const next = new Uint8Array(pattern.length + 1);
  for (let at = 0; at < pattern.length; at++) {
    if (!reached[at]) continue;
    if (pattern[at] === STAR) next[at] = 1;
    else if (takes(pattern[at])) next[at + 1] = 1;
  }
  return closed(next, pattern);
}

/** @param {string[]} pattern */
function start(pattern) {
  const reached = new Uint8Array(pattern.length + 1);
  reached[0] = 1;
  return closed(reached, pattern);
}

/**
 * Whether some text is matched by both; a variable may stand for any text.
 * @param {string} one
 * @param {string} other
 */
export function overlaps(one, other) {
  const pattern = looseTokens(one);
  let reached = start(pattern);
  for (const token of looseTokens(other)) {
    if (token === STAR) {
      const first = reached.indexOf(1);
      if (first >= 0) reached.fill(1, first);
    } else {
      reached = step(reached, pattern, (own) => own === ANY || token === ANY || own === token);
    }
  }
  return reached[pattern.length] === 1;
}

/** @type {Map<string, string[]>} */
const cached = new Map();

/**
 * Tokens with a `*` for each variable; cached, since every question is compared with all patterns.
 * @param {string} pattern
 */
function looseTokens(pattern) {
  let found = cached.get(pattern);
  if (!found) {
    found = tokens(pattern).map((token) => (isVariable(token) ? STAR : token));
    if (cached.size < MOST_CACHED) cached.set(pattern, found);
  }
  return found;
}

/**
 * Whether every text that `narrow` matches is matched by `wide`.
 *
 * A set of positions stands for the texts that lead to it. A `*` in `narrow` leads from one set to
 * those after any number of characters; each is followed once for each place in `narrow`.
 * @param {string} wide
 * @param {string} narrow
 */
export function covers(wide, narrow) {
  if (!startAlike(wide, narrow)) return false;
  const pattern = tokens(wide);
  const rest = tokens(narrow);
  /** @type {[Uint8Array, number][]} */
  const waiting = [[thinned(start(pattern), pattern), 0]];
  const seen = new Set();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    let [reached, at] = next;
    while (at < rest.length && rest[at] !== STAR) reached = after(reached, pattern, rest[at++]);
    if (at === rest.length) {
      if (!reached[pattern.length]) return false;
      continue;
    }
    for (let key = `${at}:${reached}`; !seen.has(key); key = `${at}:${reached}`) {
      seen.add(key);
      waiting.push([reached, at + 1]);
      reached = after(reached, pattern, ANY);
    }
  }
  return true;
}

/**
 * The positions after a token of the covered pattern; at worst a wildcard is an unusual character.
 * @param {Uint8Array} reached
 * @param {string[]} pattern
 * @param {string} token
 */
function after(reached, pattern, token) {
  const read = token === ANY ? OTHER : token;
  const takes = (/** @type {string} */ own) => own === read || (own === ANY && !isVariable(read));
  return thinned(step(reached, pattern, takes), pattern);
}

/**
 * Removes positions that a further one makes needless: what is matched from before a `*` is matched
 * from it, and likewise within a run of `?` that ends in a `*`.
 * @param {Uint8Array} reached
 * @param {string[]} pattern
 */
function thinned(reached, pattern) {
  for (let at = pattern.length - 1; at >= 0; at--) {
    if (pattern[at] !== STAR) continue;
    let first = at;
    while (first && pattern[first - 1] === ANY) first--;
    const furthest = reached.lastIndexOf(1, at);
    if (furthest >= first) reached.fill(0, furthest === at ? 0 : first, furthest);
    if (furthest === at) break;
  }
  return reached;
}

/**
 * Whether a resource pattern, or everything but those of a list, has resources in common with a
 * text, which may be a pattern itself.
 * @param {ResourcePattern} pattern
 * @param {string} text
 */
export function namesSomeOf(pattern, text) {
  if (typeof pattern !== "string") return !pattern.some((one) => covers(one, text));
  return startAlike(pattern, text) && overlaps(pattern, text);
}

/**
 * Whether the texts up to their first wildcards or variables do not contradict each other.
 * @param {string} one
 * @param {string} other
 */
function startAlike(one, other) {
  const length = Math.min(headLength(one), headLength(other));
  return one.slice(0, length) === other.slice(0, length);
}

/** @param {string} pattern */
function headLength(pattern) {
  const end = pattern.search(/[*?$]/);
  return end < 0 ? pattern.length : end;
}
