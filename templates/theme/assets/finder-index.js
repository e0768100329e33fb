// The finder's index: reads the files that generator/policybook/output/search_index/finder.py writes, and answers questions.
// An entry is a number; what is known of it stands in columns, so that reading 25,000 is quick.
(function () {
  "use strict";

  var FORMAT = 1;
  var KINDS = ["service", "policy", "action", "key", "pattern", "text"];
  var SERVICE = 0, POLICY = 1, ACTION = 2, KEY = 3, PATTERN = 4, TEXT = 5;
  var LEVELS = { l: "List", r: "Read", w: "Write", t: "Tagging", p: "Permissions management", u: "Uncatalogued" };

  // --- the names ----------------------------------------------------------------------------------

  function Finder(file) {
    if (file.format !== FORMAT) throw new Error("expected format " + FORMAT + " of the index, found " + file.format);
    this.file = file;
    this.kinds = [];
    this.names = []; // an action's or key's without the prefix
    this.lower = [];
    this.owners = []; // the service of an action, by its place; of others what their kind needs
    this.weights = [];
    this.levels = [];
    this.paths = {}; // what an address has instead of the name
    this.services = file.prefixes.map(function (prefix, place) {
      return { prefix: prefix, title: file.titles[place], lower: file.titles[place].toLowerCase(), page: file.pages[place] };
    });
    this.letters = null;
    this.patterns = null;
    this.reading = false;
    for (var place = 0; place < file.prefixes.length; place++) this.readService(place);
    for (var n = 0; n < file.policies.length; n++) this.add(POLICY, file.policies[n], n, 1);
    file.deprecated.forEach(function (n) { this.weights[this.firstPolicy + n] = 0; }, this);
    file.keys.forEach(function (key, n) { this.add(KEY, key, n, 0); }, this);
  }

  Finder.prototype.add = function (kind, name, owner, weight, level) {
    if (kind === POLICY && owner === 0) this.firstPolicy = this.names.length;
    this.kinds.push(kind);
    this.names.push(name);
    this.lower.push(name.toLowerCase());
    this.owners.push(owner);
    this.weights.push(weight);
    this.levels.push(level || "");
  };

  // The service and its actions, in the order of the columns.
  Finder.prototype.readService = function (place) {
    var file = this.file;
    var counts = file.counts[place].split(",");
    var levels = file.levels[place];
    var flips = file.flips[place] || [];
    var slugs = file.slugs[place] || {};
    var byRule = file.pages[place] === "2";
    var at = 0;
    var self = this;
    this.add(SERVICE, file.prefixes[place], place, 0);

    function action(name, usual) {
      var level = levels[at] === "." ? usual : levels[at];
      var count = +counts[at] || 0;
      if ((byRule && count > 0) !== (flips.indexOf(at) >= 0)) self.paths[self.names.length] = slugs[at] || name;
      self.add(ACTION, name, place, count, level);
      at++;
    }

    var noun = "";
    if (file.nouns[place]) file.nouns[place].split(" ").forEach(function (part) {
      var colon = part.indexOf(":");
      noun = noun.slice(0, letter(part)) + part.slice(1, colon);
      var codes = part.slice(colon + 1).split("-");
      for (var n = 0; n < codes[0].length; n++) {
        var verb = letter(codes[0][n]);
        action(file.verbs[verb] + noun, file.usual[verb]);
      }
      for (var rare = 1; rare < codes.length; rare++) action(codes[rare] + noun, "");
    });
    (file.odd[place] || []).forEach(function (name) { action(name, ""); });
  };

  function letter(text) {
    var code = text.charCodeAt(0);
    return code >= 97 ? code - 97 : code - 65 + 26;
  }

  // --- resource patterns, and the text of pages ---------------------------------------------------

  // Takes up the second file; false where it is of other policies than the first.
  Finder.prototype.addPatterns = function (file) {
    if (this.patterns || file.format !== FORMAT || file.stamp !== this.file.stamp) return !!this.patterns;
    this.patterns = file;
    this.firstPattern = this.names.length;
    this.pages = [];
    file.services.forEach(function (service) {
      for (var n = 0; n < service[1]; n++) this.pages.push(service[0]);
    }, this);
    file.patterns.forEach(function (pattern, n) {
      var text = typeof pattern === "string" ? pattern : pattern.join(" ");
      this.add(PATTERN, text, n, file.policies[n].split(",").length);
    }, this);
    this.letters = null;
    return true;
  };

  // Takes up the theme's index of prose: titles and texts are HTML there, and become text.
  Finder.prototype.addReading = function (docs) {
    if (this.reading) return;
    this.reading = [];
    docs.forEach(function (doc) {
      var title = text(doc.title);
      if (!title) return;
      this.reading.push({ location: doc.location, text: text(doc.text), lower: text(doc.text).toLowerCase() });
      this.add(TEXT, title, this.reading.length - 1, 0);
    }, this);
    this.letters = null;
  };

  function text(html) {
    var names = { lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'", "#x27": "'", "#34": '"' };
    return html.replace(/<[^>]*>/g, " ").replace(/&(lt|gt|quot|amp|#39|#x27|#34);/g, function (_, name) {
      return names[name];
    }).replace(/\s+/g, " ").trim();
  }

  Finder.prototype.policiesOf = function (n) {
    var at = -1;
    var denying = this.patterns.denying[n] || [];
    return this.patterns.policies[n].split(",").map(function (distance) {
      at += +distance + 1;
      var name = this.file.policies[at];
      return { name: name, href: "policies/" + segment(name) + "/", denies: denying.indexOf(at) >= 0 };
    }, this);
  };

  // --- addresses and wording ----------------------------------------------------------------------

  function segment(name) {
    return encodeURIComponent(name).replace(/%(2B|3D|2C|40)/g, decodeURIComponent);
  }

  Finder.prototype.address = function (id) {
    var name = this.names[id];
    var owner = this.owners[id];
    var service = this.services[owner];
    switch (this.kinds[id]) {
      case SERVICE: return service.page === "0" ? this.file.elsewhere : "services/" + segment(name) + "/";
      case POLICY: return "policies/" + segment(name) + "/";
      case ACTION:
        if (this.paths[id]) return "actions/" + segment(service.prefix) + "/" + segment(this.paths[id]) + "/";
        return service.page === "0" ? this.file.elsewhere : "services/" + segment(service.prefix) + "/#actions";
      case KEY: return "conditions/" + segment(this.file.key_slugs[owner] || slug(name)) + "/";
      case PATTERN: return "resources/" + segment(this.pages[owner]) + "/#r-" + this.patterns.anchors.substr(owner * 10, 10);
      default: return this.reading[owner].location;
    }
  };

  function slug(key) {
    return key.toLowerCase().replace(/[^a-z0-9.-]+/g, "_").replace(/^_+|_+$/g, "");
  }

  Finder.prototype.full = function (id) {
    var name = this.names[id];
    return this.kinds[id] === ACTION ? this.services[this.owners[id]].prefix + ":" + name : name;
  };

  // What is shown of an entry.
  Finder.prototype.item = function (id, exact) {
    var owner = this.owners[id];
    var weight = this.weights[id];
    var found = { kind: KINDS[this.kinds[id]], text: this.full(id), detail: "", href: this.address(id), exact: exact };
    switch (this.kinds[id]) {
      case SERVICE: found.detail = this.services[owner].title; break;
      case POLICY: found.detail = weight ? "" : "deprecated"; break;
      case ACTION: found.detail = LEVELS[this.levels[id]] + ", " + (weight ? count(weight, "policy", "policies") : "named by no policy"); break;
      case PATTERN:
        found.policies = this.policiesOf(owner);
        found.but = typeof this.patterns.patterns[owner] !== "string";
        found.detail = count(weight, "policy", "policies");
        break;
      case TEXT: found.detail = this.reading[owner].text.slice(0, 120); break;
    }
    return found;
  };

  function number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  }

  function count(value, one, many) {
    return number(value) + " " + (value === 1 ? one : many);
  }

  window.policybookFinder = {
    Finder: Finder,
    kinds: KINDS,
    number: number,
    count: count,
    open: function (file) { return new Finder(file); },
  };
})();
