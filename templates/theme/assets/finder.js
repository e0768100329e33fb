// The finder's boxes: in the header of every page, on the home page, and on the page /search/. The
// index and what reads it are fetched when a box is first used.
(function () {
  "use strict";

  var ROOT = new URL("..", document.currentScript.src);
  var SHOWN = 20; // in a list below a box
  var LISTED = 50; // on the page, and more on demand
  var POLICIES = 12; // named beside a resource pattern
  var TITLES = { service: "service", policy: "policy", action: "action", key: "condition key", pattern: "resource pattern", text: "text" };
  var toggle = document.getElementById("__search");
  var boxes = [];
  var loading = null;
  var finder = null;
  var rest = false;

  // --- fetching -----------------------------------------------------------------------------------

  function load() {
    if (!loading) {
      var parts = ["patterns", "index", "ask"].map(function (part) { return script("assets/finder-" + part + ".js"); });
      loading = Promise.all([json(new URL("search/names.json", ROOT))].concat(parts)).then(function (got) {
        finder = window.policybookFinder.open(got[0]);
      });
      loading.catch(function () { loading = null; });
    }
    return loading;
  }

  function script(path) {
    return new Promise(function (done, failed) {
      var element = document.createElement("script");
      element.src = new URL(path, ROOT);
      element.async = false;
      element.addEventListener("load", done);
      element.addEventListener("error", failed);
      document.head.append(element);
    });
  }

  function json(url) {
    return fetch(url).then(function (response) {
      if (!response.ok) throw new Error(url + ": " + response.status);
      return response.json();
    });
  }

  // What the first keystroke does not need: resource patterns, and the theme's index of prose.
  function loadRest() {
    if (rest) return;
    rest = true;
    var prose = document.querySelector("[data-pb-reading]");
    json(new URL("search/patterns.json", ROOT)).then(function (file) {
      finder.addPatterns(file);
    }).then(again, again);
    if (prose) json(new URL(prose.dataset.pbReading, location.href)).then(function (file) {
      finder.addReading(file.docs);
    }).then(again, again);
  }

  function again() {
    boxes.forEach(function (box) { if (box.open) box.ask(); });
  }

  // --- a box --------------------------------------------------------------------------------------

  function Box(form, number) {
    this.form = form;
    this.kind = form.dataset.pbFinder;
    this.input = form.querySelector("input");
    this.select = form.querySelector("select");
    this.whole = this.kind === "page";
    this.most = this.whole ? LISTED : SHOWN;
    this.options = [];
    this.active = -1;
    this.moved = false; // whether the reader chose, or chose none, since the last keystroke
    this.open = false;
    this.say = document.querySelector("[data-pb-say]");
    this.list = document.querySelector("[data-pb-found]");
    if (!this.whole) this.makeList(number);
    var self = this;
    this.input.addEventListener("focus", function () { self.enter(); });
    this.input.addEventListener("input", function () { self.most = self.whole ? LISTED : SHOWN; self.moved = false; self.ask(); });
    this.input.addEventListener("keydown", function (event) { self.key(event); });
    form.addEventListener("submit", function (event) { self.submit(event); });
    form.addEventListener("reset", function () { setTimeout(function () { self.ask(); self.input.focus(); }); });
    if (this.select) this.select.addEventListener("change", function () { self.ask(); });
    form.hidden = false;
  }

  // The list below a box, as WAI-ARIA's combobox has it.
  Box.prototype.makeList = function (number) {
    var self = this;
    var place = this.form.parentNode.querySelector("[data-pb-results]") || this.form;
    this.say = element("p", "pb-say");
    this.say.setAttribute("role", "status");
    this.list = element("div", "pb-options");
    this.list.id = "pb-options-" + number;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Found");
    this.results = element("div", "pb-results");
    this.results.hidden = true;
    this.results.append(this.say, this.list);
    place.append(this.results);
    this.results.addEventListener("mousedown", function (event) { event.preventDefault(); });
    this.list.addEventListener("click", function () { self.leave(); });
    this.form.addEventListener("focusout", function () { if (self.kind === "home") self.leave(); });
    [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]].forEach(function (pair) {
      this.input.setAttribute(pair[0], pair[1]);
    }, this);
  };

  Box.prototype.enter = function () {
    load();
    if (this.open) return;
    this.open = true;
    if (this.kind === "header") toggled(true);
    this.ask();
  };

  Box.prototype.leave = function () {
    if (this.whole) return;
    this.open = false;
    this.results.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
    if (this.kind === "header") toggled(false);
  };

  // Asks the finder, at once where it is there.
  Box.prototype.ask = function () {
    var self = this;
    var typed = this.input.value;
    this.open = true;
    if (this.whole) this.remember();
    else if (this.kind === "header") toggled(true);
    if (finder) return this.show(typed);
    this.tell(typed.trim() ? "Loading…" : "");
    load().then(function () { if (self.open && self.input.value === typed) self.show(typed); }, function () {
      self.tell("The index could not be loaded. Check the connection and type again.");
    });
  };

  Box.prototype.show = function (typed) {
    var found = finder.find(typed, this.select ? this.select.value : "", this.most);
    if (found.asked) loadRest();
    var items = found.total ? found.items : found.near;
    this.tell(found.asked ? counted(found) : this.whole ? "" : "A name, a part of it, a pattern such as s3:Get*, or an ARN.");
    if (this.whole) return this.showWhole(found, items);
    var before = this.options[this.active] && this.options[this.active].href;
    this.options = items.map(option, this);
    if (found.total > items.length) {
      var all = option.call(this, { kind: "", text: "All " + window.policybookFinder.count(found.total, "result", "results"), detail: "", href: "" }, this.options.length);
      all.href = new URL("search/?q=" + encodeURIComponent(typed), ROOT);
      this.options.push(all);
    }
    this.list.replaceChildren.apply(this.list, this.options);
    this.list.scrollTop = 0;
    this.results.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    this.choose(this.moved ? this.placeOf(before) : found.total && items[0].exact && !(items[1] && items[1].exact) ? 0 : -1);
  };

  // Where a choice stands after more answers to the same question have come.
  Box.prototype.placeOf = function (href) {
    return this.options.findIndex(function (each) { return each.href === href; });
  };

  function counted(found) {
    return found.say || window.policybookFinder.count(found.total, "result", "results");
  }

  Box.prototype.tell = function (text) {
    if (this.say.textContent !== text) this.say.textContent = text;
    if (this.results) this.results.hidden = false;
  };

  function option(item, place) {
    var link = element("a", "pb-option");
    link.id = this.list.id + "-" + place;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    link.href = new URL(item.href, ROOT);
    if (item.kind) link.append(element("span", "pb-option__kind", TITLES[item.kind]), " ");
    var what = element("span", "pb-option__what");
    what.append(named(item));
    var detail = item.policies ? item.detail + ": " + item.policies.slice(0, 3).map(nameOf).join(", ") + (item.policies.length > 3 ? ", …" : "") : item.detail;
    if (detail) what.append(" ", element("span", "pb-option__detail", detail));
    link.append(what);
    return link;
  }

  function named(item) {
    var name = element(item.kind && item.kind !== "text" ? "code" : "span", "pb-option__name", item.text);
    if (!item.but) return name;
    var whole = element("span", "", "");
    whole.append(element("span", "pb-not", "Everything but"), " ", name);
    return whole;
  }

  function nameOf(policy) {
    return policy.name;
  }

  function element(tag, style, text) {
    var made = document.createElement(tag);
    if (style) made.className = style;
    if (text) made.textContent = text;
    return made;
  }

  // --- keys ---------------------------------------------------------------------------------------

  Box.prototype.choose = function (place) {
    if (this.options[this.active]) {
      this.options[this.active].setAttribute("aria-selected", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
    this.active = this.options[place] ? place : -1;
    var chosen = this.options[this.active];
    if (!chosen) return;
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", chosen.id);
  };

  Box.prototype.key = function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.whole) {
      if (step === 1 && focusLink(this.list, null, 1)) event.preventDefault();
      return;
    }
    if (step) {
      event.preventDefault();
      if (!this.open) return this.enter();
      // One place more than there are options: the box itself, where none is chosen.
      var places = this.options.length + 1;
      this.moved = true;
      this.choose(((this.active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && this.options[this.active]) {
      event.preventDefault();
      this.options[this.active].click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.open) this.input.value = "";
      this.leave();
    } else if (event.key === "Tab") this.leave();
  };

  // Without a choice, the page has the whole list.
  Box.prototype.submit = function (event) {
    event.preventDefault();
    if (this.whole) focusLink(this.list, null, 1);
    else if (this.input.value.trim()) location.assign(new URL("search/?q=" + encodeURIComponent(this.input.value.trim()), ROOT));
  };

  function focusLink(list, from, step) {
    var links = Array.prototype.slice.call(list.querySelectorAll(".pb-found__name"));
    var next = links[links.indexOf(from) + step];
    if (next) next.focus();
    return !!next;
  }

  // --- the page -----------------------------------------------------------------------------------

  Box.prototype.showWhole = function (found, items) {
    // More answers come while somebody is already on the way through the first ones.
    var held = this.list.contains(document.activeElement) && document.activeElement.href;
    this.list.replaceChildren.apply(this.list, items.map(line));
    if (held) Array.prototype.some.call(this.list.querySelectorAll("a"), function (link) {
      if (link.href === held) link.focus();
      return link.href === held;
    });
    if (found.total <= items.length) return;
    var more = element("button", "pb-copy pb-more", "Show more");
    var self = this;
    more.type = "button";
    more.addEventListener("click", function () {
      self.most += 200;
      self.ask();
      focusLink(self.list, self.list.querySelectorAll(".pb-found__name")[items.length - 1], 1);
    });
    var last = element("li", "pb-found__more");
    last.append("The first " + items.length + " of them. ", more);
    this.list.append(last);
  };

  function line(item) {
    var made = element("li", "pb-found__item");
    var link = element("a", "pb-found__name");
    link.href = new URL(item.href, ROOT);
    link.append(named(item));
    made.append(element("span", "pb-option__kind", TITLES[item.kind]), " ", link);
    if (item.detail) made.append(" ", element("span", "pb-option__detail", item.detail));
    if (item.policies) made.append(policies(item));
    return made;
  }

  function policies(item) {
    var made = element("p", "pb-found__policies");
    item.policies.slice(0, POLICIES).forEach(function (policy, place) {
      var link = element("a", "", policy.name);
      link.href = new URL(policy.href, ROOT);
      made.append(place ? ", " : "", link, policy.denies ? " (denies)" : "");
    });
    if (item.policies.length > POLICIES) {
      var all = element("a", "", item.policies.length - POLICIES + " more");
      all.href = new URL(item.href, ROOT);
      made.append(" and ", all);
    }
    return made;
  }

  // The question lives in the address, so that it can be shared and the way back leads to it.
  Box.prototype.remember = function () {
    var params = new URLSearchParams();
    if (this.input.value) params.set("q", this.input.value);
    if (this.select.value) params.set("kind", this.select.value);
    var query = params.toString();
    history.replaceState(history.state, "", location.pathname + (query ? "?" + query : "") + location.hash);
  };

  Box.prototype.recall = function () {
    var params = new URLSearchParams(location.search);
    this.input.value = params.get("q") || "";
    this.select.value = params.get("kind") || "";
    if (this.select.selectedIndex < 0) this.select.value = "";
    if (this.input.value) this.ask();
  };

  // --- the header ---------------------------------------------------------------------------------

  function toggled(on) {
    if (toggle && toggle.checked !== on) toggle.click();
  }

  function start() {
    document.querySelectorAll("[data-pb-finder]").forEach(function (form, number) { boxes.push(new Box(form, number)); });
    var page = boxes.filter(function (box) { return box.whole; })[0];
    var header = boxes.filter(function (box) { return box.kind === "header"; })[0];
    // In a frame that is not ours the theme's own search opens over an address with a question.
    var theirs = document.querySelector("[data-md-component=search]");
    if (page) {
      if (theirs) toggled(false);
      page.recall();
      addEventListener("popstate", function () { page.recall(); });
      page.list.addEventListener("keydown", function (event) {
        var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        if (!focusLink(page.list, document.activeElement, step) && step < 0) page.input.focus();
      });
    }
    if (header && toggle) toggle.addEventListener("change", function () {
      if (toggle.checked) header.input.focus();
      else {
        header.leave();
        if (document.activeElement === header.input) header.input.blur();
      }
    });
    var main = page || header;
    if (main && !theirs) addEventListener("keydown", function (event) {
      var at = document.activeElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (at && (/^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) || at.isContentEditable)) return;
      event.preventDefault();
      main.input.focus();
      main.input.select();
    });
  }

  start();
})();
