{# What the header has for readers with JavaScript: kept once, and not in each page. The palette and
   the theme's words come from mkdocs.yml; `tojson` leaves nothing in them that could end a script. #}
{% import "partials/language.html" as lang with context %}
{% set palette = config.theme.palette %}
// Runs where it stands in the header: before the page is painted, and before the theme's own script,
// which finds a palette, a box and its settings as if they had come with the page.
(function () {
  "use strict";

  var PALETTE = {{ (palette if palette and palette is not mapping else []) | tojson }};
  var here = document.currentScript;
  var root = new URL(".", here.src);

  function make(name, attributes, children) {
    var drawn = name === "svg" || name === "use";
    var element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    element.append.apply(element, children || []);
    return element;
  }

  function icon(name) {
    return make("svg", { viewBox: "0 0 24 24" }, [make("use", { href: new URL("icons.svg#" + name, root) })]);
  }

  // --- light or dark ------------------------------------------------------------------------------

  function named(color, otherwise) {
    return (color || otherwise).replace(/ /g, "-");
  }

  // Material's own parts: a radio button for each scheme, and the label that leads to the next one.
  function choice(option, place) {
    var toggle = option.toggle;
    var input = make("input", {
      "class": "md-option",
      "data-md-color-media": option.media || "",
      "data-md-color-scheme": named(option.scheme, "default"),
      "data-md-color-primary": named(option.primary, "indigo"),
      "data-md-color-accent": named(option.accent, "indigo"),
      type: "radio",
      name: "__palette",
      id: "__palette_" + place
    });
    if (!toggle) {
      input.setAttribute("aria-hidden", "true");
      return [input];
    }
    input.setAttribute("aria-label", toggle.name);
    var next = "__palette_" + ((place + 1) % PALETTE.length);
    var label = { "class": "md-header__button md-icon", title: toggle.name, "for": next, hidden: "" };
    return [input, make("label", label, [icon("palette-" + place)])];
  }

  function paletteForm() {
    var choices = PALETTE.map(choice).reduce(function (all, some) { return all.concat(some); }, []);
    return make("form", { "class": "md-header__option", "data-md-component": "palette" }, choices);
  }

  // The reader's choice is applied at once; where it is the system's, the system is asked again.
  function paint(form) {
    var stored = __md_get("__palette");
    if (!stored || !stored.color) return;
    var color = stored.color;
    if (color.media === "(prefers-color-scheme)") {
      var dark = matchMedia("(prefers-color-scheme: dark)").matches;
      var media = "(prefers-color-scheme: " + (dark ? "dark" : "light") + ")";
      var input = form.querySelector("[data-md-color-media='" + media + "']");
      if (input) ["scheme", "primary", "accent"].forEach(function (name) {
        color[name] = input.getAttribute("data-md-color-" + name);
      });
    }
    ["media", "scheme", "primary", "accent"].forEach(function (key) {
      if (color[key]) document.body.setAttribute("data-md-color-" + key, color[key]);
    });
  }

  // --- the finder's box: it has Material's looks, and a script of its own, assets/finder.js --------

  function opener(style, icons) {
    return make("label", { "class": style + " md-icon", "for": "__search" }, icons.map(icon));
  }

  function finder() {
    var input = make("input", {
      type: "text",
      "class": "md-search__input",
      name: "q",
      maxlength: 4096,
      "aria-label": "Find an action, policy, service, resource pattern or condition key",
      "aria-keyshortcuts": "/",
      placeholder: "Find",
      autocapitalize: "off",
      autocorrect: "off",
      autocomplete: "off",
      spellcheck: "false",
      required: ""
    });
    var clear = make("button", { type: "reset", "class": "md-search__icon md-icon", "aria-label": "Clear", tabindex: -1 }, [icon("clear")]);
    var form = make("form", { "class": "md-search__form", action: new URL("search/", root), method: "get", "data-pb-finder": "header" }, [
      input,
      opener("md-search__icon", ["find", "back"]),
      make("div", { "class": "md-search__options" }, [clear])
    ]);
{% if "material/search" in config.plugins %}
    form.setAttribute("data-pb-reading", new URL("search/search_index.json", root));
{% endif %}
    return make("div", { "class": "md-search pb-search" }, [
      make("label", { "class": "md-search__overlay", "for": "__search" }),
      make("div", { "class": "md-search__inner", role: "search", "aria-label": "Finder" }, [
        form,
        make("div", { "class": "md-search__output", "data-pb-results": "" })
      ])
    ]);
  }

  // ------------------------------------------------------------------------------------------------

  if (PALETTE.length) {
    var palette = paletteForm();
    here.before(palette);
    paint(palette);
  }
  here.after(opener("md-header__button", ["find"]), finder());
{% if not (config.extra.version or config.extra.annotate or config.extra.tags) %}
  var settings = {{ {"features": config.theme.features or [], "translations": {"clipboard.copy": lang.t("clipboard.copy"), "clipboard.copied": lang.t("clipboard.copied")}, "search": none, "annotate": none, "tags": none, "version": none} | tojson }};
  settings.base = root.href;
  here.before(make("script", { id: "__config", type: "application/json" }, [JSON.stringify(settings)]));
{% endif %}
})();
