// Filters and sorts the long tables. The state lives in the address, so that a view can be shared
// and the back button works; without this script the tables are whole and readable.
(function () {
  "use strict";

  var STEP = 120; // rows that are shown at first, and more with each screen

  function setUp(form) {
    var table = document.getElementById(form.dataset.pbFilter);
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    var texts = rows.map(function (row) {
      return (row.dataset.name + " " + (row.dataset.title || "")).toLowerCase();
    });
    var output = form.querySelector("output");
    var heads = table.querySelectorAll("th[data-sort]");
    var sorted = {};
    var found = rows;
    var limit = STEP;
    var more = document.createElement("button");
    more.type = "button";
    more.className = "pb-more pb-copy";
    more.addEventListener("click", function () { draw(Infinity); });
    table.parentNode.after(more);
    new IntersectionObserver(function (entries) {
      if (entries[0].isIntersecting && found.length > limit) draw(limit + STEP);
    }, { rootMargin: "600px" }).observe(more);
    addEventListener("beforeprint", function () { draw(Infinity); });

    function state() {
      var params = new URLSearchParams(location.search);
      Array.prototype.forEach.call(form.elements, function (field) {
        if (field.name) field.value = params.get(field.name) || "";
      });
      show(params.get("sort") || "", params.get("dir") === "desc");
    }

    // Laying out thousands of rows takes a second; nobody looks at all of them at once.
    function draw(most) {
      limit = most;
      body.replaceChildren.apply(body, found.slice(0, limit));
      more.hidden = found.length <= limit;
      more.textContent = "Show " + (found.length - limit) + " more";
    }

    function show(sort, descending) {
      var words = form.elements.find.value.toLowerCase().split(/\s+/).filter(Boolean);
      var selects = Array.prototype.filter.call(form.elements, function (field) {
        return field.tagName === "SELECT" && field.value;
      });
      found = order(sort, descending).filter(function (place) {
        var row = rows[place];
        return (
          words.every(function (word) { return texts[place].indexOf(word) >= 0; }) &&
          selects.every(function (field) { return row.dataset[field.name] === field.value; })
        );
      }).map(function (place) { return rows[place]; });
      draw(STEP);
      heads.forEach(function (head) {
        var own = head.dataset.sort === sort;
        if (own) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      output.textContent = found.length === rows.length ? rows.length + " in all" : found.length + " of " + rows.length;
    }

    // The places of the rows in the order asked for; equal ones stay as they stood.
    function order(sort, descending) {
      var wanted = sort + (descending ? " desc" : "");
      if (!sorted[wanted]) {
        var keys = rows.map(function (row) { return (sort && row.dataset[sort]) || ""; });
        if (keys.every(function (key) { return !isNaN(key); })) keys = keys.map(Number);
        sorted[wanted] = rows.map(function (_, place) { return place; }).sort(function (a, b) {
          var way = keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0;
          return descending ? -way : way;
        });
      }
      return sorted[wanted];
    }

    function remember(changes, push) {
      var params = new URLSearchParams(location.search);
      Object.keys(changes).forEach(function (key) {
        if (changes[key]) params.set(key, changes[key]);
        else params.delete(key);
      });
      var query = params.toString();
      history[push ? "pushState" : "replaceState"](null, "", location.pathname + (query ? "?" + query : "") + location.hash);
      state();
    }

    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", function (event) {
      var change = {};
      change[event.target.name] = event.target.value;
      remember(change, event.target.tagName === "SELECT");
    });
    heads.forEach(function (head) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "pb-sort";
      while (head.firstChild) button.append(head.firstChild);
      head.append(button);
      button.addEventListener("click", function () {
        var ascending = head.getAttribute("aria-sort") === "ascending";
        remember({ sort: head.dataset.sort, dir: ascending ? "desc" : "" }, true);
      });
    });
    addEventListener("popstate", state);
    form.hidden = false;
    state();
  }

  // Filters lists of events; what is without effect stays folded unless all is asked for.
  function setUpEvents(form) {
    var list = document.getElementById(form.dataset.pbEvents);
    var items = Array.prototype.map.call(list.querySelectorAll("li[data-v], li[data-w]"), function (item) {
      return { item: item, text: item.textContent.toLowerCase(), quiet: Boolean(item.closest(".pb-fold")) };
    });
    var output = form.querySelector("output");
    var fields = Array.prototype.filter.call(form.elements, function (field) { return field.name; });
    var asked;

    function has(found, wanted, between) {
      return !wanted || (found || "").split(between).some(function (word) {
        return wanted.split(between).indexOf(word) >= 0;
      });
    }

    // A part of an entry that is not asked for is hidden, and an entry without any other is too.
    function fits(item) {
      var parts = item.querySelectorAll("[data-w]");
      var any = !parts.length;
      parts.forEach(function (part) {
        part.hidden = !(has(part.dataset.w, asked.way, " ") && has(part.dataset.s, asked.service, " "));
        any = any || !part.hidden;
      });
      return any;
    }

    function show() {
      var params = new URLSearchParams(location.search);
      asked = {};
      fields.forEach(function (field) {
        field.value = params.get(field.name) || "";
        if (field.selectedIndex < 0) field.value = "";
        asked[field.name] = field.value;
      });
      var words = asked.find.toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      items.forEach(function (found) {
        var data = found.item.dataset;
        found.item.hidden = !(
          words.every(function (word) { return found.text.indexOf(word) >= 0; }) &&
          has(data.v, asked.verdict, " ") &&
          has(data.s, asked.service, " ") &&
          has(data.l, asked.level, ",") &&
          fits(found.item)
        );
        if (!found.item.hidden && (!found.quiet || asked.show)) count += 1;
      });
      list.querySelectorAll(".pb-fold").forEach(function (fold) { fold.open = Boolean(asked.show); });
      list.querySelectorAll(".pb-fold, .pb-month, .pb-year").forEach(function (part) {
        part.hidden = !part.querySelector("li[data-v]:not([hidden]), li[data-w]:not([hidden])");
      });
      output.textContent = count + " of " + items.length;
    }

    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", function (event) {
      var params = new URLSearchParams(location.search);
      if (event.target.value) params.set(event.target.name, event.target.value);
      else params.delete(event.target.name);
      var query = params.toString();
      history[event.target.tagName === "SELECT" ? "pushState" : "replaceState"](
        null, "", location.pathname + (query ? "?" + query : "") + location.hash);
      show();
    });
    addEventListener("popstate", show);
    form.hidden = false;
    show();
  }

  // What an address points to may lie in a part that is folded.
  function unfold() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var inside = false;
    for (var part = target && target.closest("details"); part; part = part.parentElement.closest("details")) {
      inside = inside || !part.open;
      part.open = true;
    }
    if (inside) target.scrollIntoView();
  }

  document.querySelectorAll("[data-pb-filter]").forEach(setUp);
  document.querySelectorAll("[data-pb-events]").forEach(setUpEvents);
  addEventListener("hashchange", unfold);
  unfold();
})();
