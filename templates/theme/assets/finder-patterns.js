// IAM's wildcard patterns, by the rules of generator/policybook/iam/patterns.py: `*` stands for any run of
// characters, `?` for one, `${…}` for a text that is not known here, and `${*}`, `${?}` and `${$}`
// for those characters themselves.
(function () {
  "use strict";

  var STAR = "**";
  var ANY = "??";
  var OTHER = "\u{10ffff}"; // a character that no pattern holds

  // The pattern as tokens, each run of wildcards as its `?`s and then at most one `*`.
  function tokens(pattern) {
    var found = [];
    var starred = false;
    for (var at = 0; at < pattern.length; ) {
      var token = tokenAt(pattern, at);
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

  // A variable as a whole, or a character, which may be two units of the text.
  function tokenAt(pattern, at) {
    if (pattern[at] === "$" && pattern[at + 1] === "{") {
      var end = pattern.indexOf("}", at);
      if (end > 0) return pattern.slice(at, end + 1);
    }
    return String.fromCodePoint(pattern.codePointAt(at));
  }

  function isVariable(token) {
    return token.slice(0, 2) === "${";
  }

  // The places to the right of those reached, where a `*` may match nothing.
  function closed(reached, pattern) {
    for (var at = 0; at < pattern.length; at++)
      if (reached[at] && pattern[at] === STAR) reached[at + 1] = 1;
    return reached;
  }

  // The places after those reached; `takes` says whether a token of the pattern takes what is read.
  function step(reached, pattern, takes) {
    var next = new Uint8Array(pattern.length + 1);
    for (var at = 0; at < pattern.length; at++) {
      if (!reached[at]) continue;
      if (pattern[at] === STAR) next[at] = 1;
      else if (takes(pattern[at])) next[at + 1] = 1;
    }
    return closed(next, pattern);
  }

  function start(pattern) {
    var reached = new Uint8Array(pattern.length + 1);
    reached[0] = 1;
    return closed(reached, pattern);
  }

  // Whether some text is matched by both; a variable may stand for any text.
  function overlaps(one, other) {
    var pattern = looseTokens(one);
    var reached = start(pattern);
    looseTokens(other).forEach(function (token) {
      if (token === STAR) {
        var first = reached.indexOf(1);
        if (first >= 0) reached.fill(1, first);
      } else {
        reached = step(reached, pattern, function (own) {
          return own === ANY || token === ANY || own === token;
        });
      }
    });
    return reached[pattern.length] === 1;
  }

  // Tokens with a `*` for each variable; remembered, since every question is held against all.
  var known = new Map();
  function looseTokens(pattern) {
    var found = known.get(pattern);
    if (!found) {
      found = tokens(pattern).map(function (token) { return isVariable(token) ? STAR : token; });
      if (known.size < 20000) known.set(pattern, found);
    }
    return found;
  }

  // Whether every text that `narrow` matches is matched by `wide`. A set of places that is reached
  // stands for the texts that lead to it; each is looked at once for each place in `narrow`.
  function covers(wide, narrow) {
    if (!startAlike(wide, narrow)) return false;
    var pattern = tokens(wide);
    var rest = tokens(narrow);
    var waiting = [[thinned(start(pattern), pattern), 0]];
    var seen = {};
    while (waiting.length) {
      var next = waiting.pop();
      var reached = next[0];
      var at = next[1];
      while (at < rest.length && rest[at] !== STAR) reached = after(reached, pattern, rest[at++]);
      if (at === rest.length) {
        if (!reached[pattern.length]) return false;
        continue;
      }
      for (var key = at + ":" + reached; !seen[key]; key = at + ":" + reached) {
        seen[key] = true;
        waiting.push([reached, at + 1]);
        reached = after(reached, pattern, ANY);
      }
    }
    return true;
  }

  function after(reached, pattern, token) {
    var read = token === ANY ? OTHER : token;
    return thinned(step(reached, pattern, function (own) {
      return own === read || (own === ANY && !isVariable(read));
    }), pattern);
  }

  // Without the places that a further one makes needless: what is matched from before a `*` is
  // matched from it, and likewise within a run of `?` that ends in a `*`.
  function thinned(reached, pattern) {
    for (var at = pattern.length - 1; at >= 0; at--) {
      if (pattern[at] !== STAR) continue;
      var first = at;
      while (first && pattern[first - 1] === ANY) first--;
      var furthest = reached.lastIndexOf(1, at);
      if (furthest >= first) reached.fill(0, furthest === at ? 0 : first, furthest);
      if (furthest === at) break;
    }
    return reached;
  }

  // What the pattern is sure to start with.
  function head(pattern) {
    return /^[^*?$]*/.exec(pattern)[0];
  }

  // Whether a resource pattern, or everything but those of a list, has resources in common with a
  // text, which may be a pattern itself.
  function names(pattern, text) {
    if (typeof pattern !== "string")
      return !pattern.some(function (one) { return covers(one, text); });
    return startAlike(pattern, text) && overlaps(pattern, text);
  }

  function startAlike(one, other) {
    var own = head(one);
    var others = head(other);
    var shared = Math.min(own.length, others.length);
    return own.slice(0, shared) === others.slice(0, shared);
  }

  window.policybookPatterns = { tokens: tokens, overlaps: overlaps, covers: covers, names: names };
})();
