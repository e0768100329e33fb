// Filters and sorts the long tables. The state lives in the address, so that a view can be shared
// and the back button works; without this script the tables are whole and readable.
(function () {
  "use strict";

  function setUp(form) {
    var table = document.getElementById(form.dataset.pbFilter);
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    var texts = rows.map(function (row) {
      return (row.dataset.name + " " + (row.dataset.title || "")).toLowerCase();
    });
    var output = form.querySelector("output");
    var heads = table.querySelectorAll("th[data-sort]");

    function state() {
      var params = new URLSearchParams(location.search);
      Array.prototype.forEach.call(form.elements, function (field) {
        if (field.name) field.value = params.get(field.name) || "";
      });
      show(params.get("sort"), params.get("dir") === "desc");
    }

    function show(sort, descending) {
      var words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
      var selects = Array.prototype.filter.call(form.elements, function (field) {
        return field.tagName === "SELECT" && field.value;
      });
      var shown = 0;
      rows.forEach(function (row, place) {
        var fits =
          words.every(function (word) { return texts[place].indexOf(word) >= 0; }) &&
          selects.every(function (field) { return row.dataset[field.name] === field.value; });
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      order(sort, descending);
      output.textContent = shown === rows.length ? rows.length + " in all" : shown + " of " + rows.length;
    }

    var current = "";

    function order(sort, descending) {
      var wanted = (sort || "") + (descending ? " desc" : "");
      if (wanted === current) return;
      current = wanted;
      var sorted = rows.slice();
      if (sort) {
        var numbers = rows.every(function (row) { return !isNaN(row.dataset[sort] || 0); });
        sorted.sort(function (a, b) {
          var one = a.dataset[sort] || "", two = b.dataset[sort] || "";
          var way = numbers ? one - two : one < two ? -1 : one > two ? 1 : 0;
          return descending ? -way : way;
        });
      }
      body.append.apply(body, sorted);
      heads.forEach(function (head) {
        var own = head.dataset.sort === sort;
        if (own) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
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

  document.querySelectorAll("[data-pb-filter]").forEach(setUp);
})();
