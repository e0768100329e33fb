// What the finder answers: how names fit what is asked, and which come first. Nothing here touches
// the page.
(function () {
  "use strict";

  var Finder = window.policybookFinder.Finder;
  var KINDS = window.policybookFinder.kinds;
  var number = window.policybookFinder.number;
  var count = window.policybookFinder.count;
  var SERVICE = 0, POLICY = 1, ACTION = 2, KEY = 3, PATTERN = 4, TEXT = 5;
  var LONGEST = 2048;
  var MOST_PIECES = 30; // characters that may be starts of words
  var CLOSEST = 2000;
  var ENTRIES = 131072; // more than there are
  var IN_TURN = 5;

  // How well an entry fits, best first.
  var EXACT = 0, PREFIX = 1, WORDS = 2, PART = 3, LOOSE = 4, OF_SERVICE = 5;
  var RANKS = 12; // each twice: in the service that is asked for, and in one that starts so

  // --- fitting ------------------------------------------------------------------------------------

  var OTHER = 0, LOWER = 1, UPPER = 2, DIGIT = 3;
  function classOf(code) {
    return code >= 97 && code <= 122 ? LOWER : code >= 65 && code <= 90 ? UPPER : code >= 48 && code <= 57 ? DIGIT : OTHER;
  }

  // What is asked of names, with the places of each of its characters as the bits of a number.
  function Asked(text) {
    this.text = text;
    this.end = text.length <= MOST_PIECES ? 1 << text.length : 0;
    this.places = new Int32Array(128);
    for (var n = 0; this.end && n < text.length; n++) this.places[text.charCodeAt(n) & 127] |= 1 << n;
    this.letters = letters(text);
  }

  // The letters of a text as the bits of a number: what lacks one that is asked for cannot fit.
  function letters(text) {
    var found = 0;
    for (var n = 0; n < text.length; n++) found |= 1 << (text.charCodeAt(n) & 31);
    return found;
  }

  // How a name fits, or -1.
  Asked.prototype.rank = function (name, lower, has) {
    if (this.letters & ~has) return -1;
    if (lower === this.text) return EXACT;
    if (lower.startsWith(this.text)) return PREFIX;
    if (this.text.length < 3) {
      var at = lower.indexOf(this.text);
      return at < 0 ? -1 : classOf(name.charCodeAt(at)) === UPPER ? WORDS : PART;
    }
    var rank = this.end ? this.words(name, lower) : -1;
    if (rank === WORDS) return rank;
    return lower.indexOf(this.text) >= 0 ? PART : rank;
  };

  // Whether it is made of starts of words that follow each other, or of some with others between
  // them. A word starts at a capital, and after what is neither letter nor digit. Each bit of a set
  // says that so many characters can have been found by now.
  Asked.prototype.words = function (name, lower) {
    var whole = 1, loose = 1; // found at the end of the word before, of any word before, or nothing
    var inWord = 0; // found in this word
    var wholeAt = 0, looseAt = 0; // found just before this character
    var before = OTHER;
    var rank = -1;
    for (var at = 0; at < lower.length; at++) {
      var here = classOf(name.charCodeAt(at));
      if (here === UPPER ? before !== UPPER || classOf(name.charCodeAt(at + 1)) === LOWER : before === OTHER && here !== OTHER) {
        wholeAt = whole | inWord;
        looseAt = loose;
        inWord = 0;
      }
      var found = this.places[lower.charCodeAt(at) & 127];
      inWord |= wholeAt = (wholeAt & found) << 1;
      loose |= looseAt = (looseAt & found) << 1;
      if (wholeAt & this.end) return WORDS;
      if (looseAt & this.end) rank = LOOSE;
      before = here;
    }
    return rank;
  };

  // --- questions ----------------------------------------------------------------------------------

  // What was typed or pasted, without what came along: quotes, commas, white space.
  function cleaned(typed) {
    var line = typed.trim().split(/[\r\n]/)[0];
    return line.replace(/^[\s"'`,;[\](){}]*(?=[^\s"'`,;[\](){}])/, "").replace(/["'`,;\s]+$/, "").replace(/\s+/g, " ");
  }

  // Entries that answer what is asked, best first: `{asked, total, counts, items, say, near}`. `kind`
  // limits them to one kind, `most` is the number of items.
  Finder.prototype.find = function (typed, kind, most) {
    var asked = cleaned(typed);
    var found = new Found(this, KINDS.indexOf(kind || ""), most || 50);
    if (!asked) return found.answer("", "");
    if (!this.letters) this.letters = Int32Array.from(this.lower, letters);
    if (asked.length > LONGEST)
      return found.answer(asked, "That has " + number(asked.length) + " characters; no name or ARN has more than " + number(LONGEST) + ".");
    if (/^arn:/i.test(asked)) return this.findArn(asked, found);
    if (/[*?]/.test(asked)) return this.findWild(asked, found);
    return this.findName(asked, found);
  };

  Finder.prototype.findName = function (asked, found) {
    var lower = asked.toLowerCase();
    var words = lower.split(" ").filter(function (word, n, all) { return all.indexOf(word) === n; });
    var joined = lower.replace(/ /g, "");
    var colon = joined.indexOf(":");
    var left = colon < 0 ? "" : joined.slice(0, colon);
    var right = colon < 0 ? joined : joined.slice(colon + 1);
    var folded = lower.replace(/(tag\/).+$/, "$1<key>");
    var services = this.askedServices(left, words, joined, colon >= 0);
    var askedRight = new Asked(right), askedWhole = new Asked(joined);
    for (var id = 0; id < this.kinds.length; id++) {
      var rank = -1, less = 0;
      switch (this.kinds[id]) {
        case ACTION:
          var service = services[this.owners[id]];
          if (colon >= 0) {
            if (!service) break;
            less = service.exact ? 0 : 1;
            rank = right ? askedRight.rank(this.names[id], this.lower[id], this.letters[id]) : OF_SERVICE;
          } else {
            rank = askedRight.rank(this.names[id], this.lower[id], this.letters[id]);
            if (rank < 0 && service.rest) {
              rank = service.rest.rank(this.names[id], this.lower[id], this.letters[id]);
              if (rank >= 0) rank = words.length > 1 ? Math.max(rank, WORDS) : LOOSE;
            }
            if (rank < 0 && words.length > 1 && everyWord(service.others, this.lower[id])) rank = PART;
            if (rank < 0 && service.whole) rank = OF_SERVICE;
          }
          break;
        case SERVICE:
          if (colon >= 0) rank = right || !services[this.owners[id]] ? -1 : services[this.owners[id]].exact ? EXACT : PREFIX;
          else rank = best(askedWhole.rank(this.names[id], this.lower[id], this.letters[id]), titled(lower, this.services[this.owners[id]].lower));
          break;
        case KEY:
          rank = this.rankKey(id, lower, folded, askedWhole, colon < 0 ? 0 : right ? 1 : 2);
          break;
        case PATTERN:
          if (this.lower[id] === lower) rank = EXACT;
          else if (everyWord(words, this.lower[id])) rank = PART;
          break;
        case TEXT:
          rank = lower.length < 3 ? -1 : this.lower[id] === lower ? EXACT : everyWord(words, this.lower[id]) ? WORDS : everyWord(words, this.lower[id] + " " + this.reading[this.owners[id]].lower) ? LOOSE : -1;
          break;
        default:
          rank = askedWhole.rank(this.names[id], this.lower[id], this.letters[id]);
          // Half of all names start with the maker's.
          if (rank > PREFIX && this.lower[id].replace(/^(amazon|aws)-?/, "").startsWith(joined)) rank = PREFIX;
          if (rank < 0 && words.length > 1 && everyWord(words, this.lower[id])) rank = PART;
      }
      if (rank >= 0) found.add(id, rank, less);
    }
    return found.answer(asked, "", this.noName(asked, left, right, false));
  };

  // What each service has to do with the question: whether its prefix is asked for, by its whole
  // name or by its start, and what is asked of its actions.
  Finder.prototype.askedServices = function (left, words, joined, parted) {
    var exact = parted && this.file.prefixes.indexOf(left) >= 0;
    return this.services.map(function (service) {
      var prefix = service.prefix;
      if (parted) return (exact ? prefix === left : left && prefix.startsWith(left)) ? { exact: prefix === left } : null;
      return {
        whole: joined === prefix,
        rest: joined.startsWith(prefix) && joined !== prefix ? new Asked(joined.slice(prefix.length)) : null,
        others: words.filter(function (word) { return !prefix.startsWith(word); }),
      };
    });
  };

  // How a key fits; `parts` is 0 where no prefix is asked for, and 2 where nothing else is.
  Finder.prototype.rankKey = function (id, lower, folded, asked, parts) {
    var key = this.lower[id];
    if (key === lower || key === folded) return EXACT;
    if (parts) return key.startsWith(lower) ? (parts === 1 ? PREFIX : OF_SERVICE) : key.indexOf(lower) >= 0 ? PART : -1;
    var colon = key.indexOf(":") + 1;
    return asked.rank(this.names[id].slice(colon), key.slice(colon), this.letters[id]);
  };

  function everyWord(words, lower) {
    return words.every(function (word) { return lower.indexOf(word) >= 0; });
  }

  function titled(lower, title) {
    var at = title.indexOf(lower);
    return at < 0 || !title ? -1 : title === lower ? EXACT : at === 0 ? PREFIX : title[at - 1] === " " ? WORDS : PART;
  }

  function best(one, other) {
    return one < 0 ? other : other < 0 ? one : Math.min(one, other);
  }

  Finder.prototype.findWild = function (asked, found) {
    var lower = asked.toLowerCase().replace(/ /g, "");
    var parts = lower.split(":");
    var parted = parts.length > 1;
    var whole = new Wild(lower), left = new Wild(parts[0]), right = new Wild(parts[1] || "");
    var services = this.file.prefixes.map(function (prefix) { return left.test(prefix); });
    var total = 0;
    for (var id = 0; id < this.kinds.length; id++) {
      var name = this.lower[id];
      var fits = false;
      switch (this.kinds[id]) {
        case ACTION:
          // A name and a prefix have no colon of their own.
          if (parted) fits = parts.length === 2 && services[this.owners[id]] && right.test(name);
          else fits = whole.test(name) || whole.test(this.file.prefixes[this.owners[id]] + ":" + name);
          break;
        case KEY: fits = whole.test(name) || (!parted && whole.test(name.slice(name.indexOf(":") + 1))); break;
        case PATTERN: fits = name === lower; break;
        case TEXT: break;
        default: fits = whole.test(name);
      }
      if (!fits) continue;
      total += this.kinds[id] === ACTION;
      found.add(id, this.kinds[id] === PATTERN ? EXACT : PREFIX, 0);
    }
    var say = parted && total ? "As a pattern, it names " + count(total, "action", "actions") + "." : "";
    var literal = lower.replace(/[*?]+/g, "");
    var colon = literal.indexOf(":");
    return found.answer(asked, say, this.noName(asked, literal.slice(0, Math.max(colon, 0)), literal.slice(colon + 1), true));
  };

  // Matches texts of `*` and `?` and nothing else: after a `*` that was followed too soon, only the
  // last one needs to be tried again.
  function Wild(pattern) {
    this.pattern = pattern.replace(/[*?]+/g, function (run) {
      return run.replace(/\*/g, "") + (run.indexOf("*") >= 0 ? "*" : "");
    });
    this.needed = pattern.split(/[*?]+/).reduce(function (one, other) { return other.length > one.length ? other : one; });
  }

  Wild.prototype.test = function (text) {
    var pattern = this.pattern;
    if (text.indexOf(this.needed) < 0) return false;
    var at = 0, from = 0, star = -1, tried = 0;
    while (from < text.length) {
      if (pattern[at] === "*") {
        star = at++;
        tried = from;
      } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[from])) {
        at++;
        from++;
      } else if (star >= 0) {
        at = star + 1;
        from = ++tried;
      } else return false;
    }
    while (pattern[at] === "*") at++;
    return at === pattern.length;
  };

  // --- ARNs ---------------------------------------------------------------------------------------

  Finder.prototype.findArn = function (asked, found) {
    var parts = asked.split(":");
    var policy = /^arn:[^:]*:iam::[^:]*:policy\/(?:.*\/)?([^/]+)$/.exec(asked);
    var first = this.firstPolicy + (policy ? this.file.policies.indexOf(policy[1]) : -1);
    if (policy && first >= this.firstPolicy) found.add(first, EXACT, 0);
    if (!this.patterns) return found.answer(asked, "The resource patterns are not there yet.");
    if (parts.length < 6) return this.findStart(asked, found, parts.length);
    var matching = 0;
    var wild = /[*?]|\$\{/.test(asked);
    var patterns = this.patterns.patterns;
    for (var n = 0; n < patterns.length; n++) {
      if (!window.policybookPatterns.names(patterns[n], asked)) continue;
      matching++;
      found.addPattern(this.firstPattern + n, closeness(patterns[n], asked, wild));
    }
    return found.answer(asked, number(matching) + " of " + count(patterns.length, "resource pattern", "resource patterns") +
      (wild ? (matching === 1 ? " has" : " have") + " resources in common with this one." : (matching === 1 ? " matches" : " match") + " this ARN."));
  };

  // How much of a pattern is its own text, or for a question that is a pattern, how much both have
  // in common from the start; the same text is closest, and "everything but" farthest.
  function closeness(pattern, asked, wild) {
    if (pattern === asked) return CLOSEST;
    if (typeof pattern !== "string") return 1;
    var own = wild ? shared(pattern, asked) : pattern.replace(/\$\{[^}]*\}|[*?]/g, "").length;
    return Math.min(own + 2, CLOSEST - 1);
  }

  function shared(one, other) {
    var at = 0;
    while (at < one.length && one[at] === other[at]) at++;
    return at;
  }

  Finder.prototype.findStart = function (asked, found, parts) {
    for (var n = 0; n < this.patterns.patterns.length; n++) {
      var id = this.firstPattern + n;
      if (this.lower[id].indexOf(asked.toLowerCase()) >= 0) found.add(id, this.lower[id].startsWith(asked.toLowerCase()) ? PREFIX : PART, 0);
    }
    return found.answer(asked, "An ARN has six parts with colons between them, arn:partition:service:region:account:resource; this has " + parts + " so far." +
      (found.total ? " These patterns contain it." : ""));
  };

  // --- nothing found ------------------------------------------------------------------------------

  // What to say where nothing was found, and the names that are nearest; made when it is needed.
  // With `start` it is the starts of names that have to be near.
  Finder.prototype.noName = function (asked, left, right, start) {
    var self = this;
    return function () {
      var place = self.file.prefixes.indexOf(left);
      var ofKeys = self.file.keys.some(function (key) { return key.toLowerCase().startsWith(left + ":"); });
      var say = "Nothing here is called “" + short(asked) + "”.";
      if (left && place >= 0) say = "The service " + left + " has nothing called “" + short(asked.replace(/^[^:]*:\s*/, "")) + "”.";
      else if (left && !ofKeys) say = "No service has the prefix “" + short(left) + "”.";
      var near = right || left ? self.nearest(right, left, place, ofKeys, start) : [];
      return { say: say + (near.length ? " Did you mean one of these?" : ""), near: near };
    };
  };

  function short(text) {
    return text.length > 80 ? text.slice(0, 80) + "…" : text;
  }

  Finder.prototype.nearest = function (right, left, place, ofKeys, start) {
    var found = [];
    for (var id = 0; id < this.kinds.length; id++) {
      var kind = this.kinds[id];
      var asked = !left || kind === ACTION ? right : kind === KEY ? left + ":" + right : left;
      if (kind > KEY || !asked || asked.length > 128) continue;
      if (left && (kind === POLICY || (kind === SERVICE && (place >= 0 || ofKeys)))) continue;
      if (kind === ACTION && left && (place >= 0 ? this.owners[id] !== place : ofKeys)) continue;
      var most = asked.length < 2 ? 0 : asked.length < 4 ? 1 : asked.length < 9 ? 2 : 3;
      var away = distance(asked, start ? this.lower[id].slice(0, asked.length) : this.lower[id], most);
      if (away <= most) found.push([away, -this.weights[id], id]);
    }
    found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]; });
    return found.slice(0, 6).map(function (entry) { return this.item(entry[2], false); }, this);
  };

  // How many characters are to be changed, added, left out or exchanged with the next, up to `most`.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    var before = [], last = [], row = [];
    for (var n = 0; n <= other.length; n++) last.push(n);
    for (var i = 1; i <= one.length; i++) {
      row = [i];
      var least = i;
      for (var j = 1; j <= other.length; j++) {
        var same = one[i - 1] === other[j - 1] ? 0 : 1;
        var here = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) here = Math.min(here, before[j - 2] + 1);
        row.push(here);
        least = Math.min(least, here);
      }
      if (least > most) return most + 1;
      before = last;
      last = row;
    }
    return row[other.length];
  }

  // --- what was found -----------------------------------------------------------------------------

  function Found(finder, kind, most) {
    this.finder = finder;
    this.kind = kind;
    this.most = most;
    this.total = 0;
    this.counts = KINDS.map(function () { return 0; });
    this.ranks = [];
    for (var n = 0; n < RANKS; n++) this.ranks.push(KINDS.map(function () { return []; }));
  }

  // Keeps an entry as one number by which those of equal rank and kind are in order: those first
  // that more policies grant, then short names.
  Found.prototype.add = function (id, rank, less) {
    var finder = this.finder;
    var kind = finder.kinds[id];
    var weight = 4095 - Math.min(finder.weights[id], 4095);
    this.keep(kind, rank * 2 + less, (weight * 256 + Math.min(finder.names[id].length, 255)) * ENTRIES + id);
  };

  // Keeps a resource pattern that matches, the closest first.
  Found.prototype.addPattern = function (id, closeness) {
    this.keep(PATTERN, closeness === CLOSEST ? EXACT : PREFIX * 2, ((4095 - closeness) * 4096 + Math.min(this.finder.names[id].length, 4095)) * ENTRIES + id);
  };

  Found.prototype.keep = function (kind, rank, order) {
    this.counts[kind]++;
    if (this.kind >= 0 && kind !== this.kind) return;
    this.total++;
    this.ranks[rank][kind].push(order);
  };

  // Adds the best of a rank to the items: some of each kind in turn, so that none hides the others.
  Found.prototype.take = function (rank, items) {
    var kinds = this.ranks[rank].map(function (orders) { return Float64Array.from(orders).sort(); });
    var left = true;
    for (var from = 0; left && items.length < this.most; from += IN_TURN) {
      left = false;
      kinds.forEach(function (orders) {
        var some = orders.subarray(from, from + IN_TURN);
        for (var n = 0; n < some.length && items.length < this.most; n++)
          items.push(this.finder.item(some[n] % ENTRIES, rank >> 1 === EXACT));
        left = left || orders.length > from + IN_TURN;
      }, this);
    }
  };

  // The answer; `none` makes what to say and to show where nothing was found.
  Found.prototype.answer = function (asked, say, none) {
    var items = [];
    for (var rank = 0; rank < RANKS && items.length < this.most; rank++) this.take(rank, items);
    var found = { asked: asked, total: this.total, counts: {}, items: items, say: say, near: [] };
    KINDS.forEach(function (kind, n) { found.counts[kind] = this.counts[n]; }, this);
    if (!this.total && none) {
      var told = none();
      found.say = told.say;
      found.near = told.near;
    }
    return found;
  };
})();
