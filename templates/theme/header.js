// What the header has for readers with JavaScript: kept once, and not in each page. It runs where it
// is in the header: before the page is painted, and before the theme's own script, which finds a
// palette, a box and its settings as if they had come with the page.
//
// MkDocs renders this file as a template, yet it is JavaScript as it is, so that it can be checked
// like the others: what it needs of mkdocs.yml is filled into a string, as JSON that is escaped again.
/* {% import "partials/language.html" as lang with context %}
   {% set palette = config.theme.palette %}
   {% set clipboard = {"clipboard.copy": lang.t("clipboard.copy"), "clipboard.copied": lang.t("clipboard.copied")} %}
   {% set pages_have_settings = config.extra.version or config.extra.annotate or config.extra.tags %}
   {% set theme = {"features": config.theme.features or [], "translations": clipboard, "search": none, "annotate": none, "tags": none, "version": none} %}
   {% set labels = {"menu": _text("Menu"), "close": _text("Close the menu"), "home": _text("Home"), "search": _text("Search"), "find": _text("Find"), "clear": _text("Clear"), "findable": _text("Find an action, policy, service, resource pattern or condition key"), "top": lang.t("top") if "navigation.top" in (config.theme.features or []) else ""} %}
   {% set settings = {"palette": palette if palette and palette is not mapping else [], "prose": "material/search" in config.plugins, "menu": config.extra.policybook_menu, "labels": labels, "theme": none if pages_have_settings else theme} %} */
"use strict";
{
  /** @type {HeaderSettings} */
  const settings = JSON.parse("{{ (settings | tojson | tojson)[1:-1] }}");
  const here = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = new URL(".", here.src);

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string>} attributes
   * @param {Node[]} children
   */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // An address with a question has its answer at the top of the page, whose place is kept for it.
  if (location.search || location.hash.includes("=")) document.documentElement.classList.add("pb-asked");

  // Opened from a file: browsers show no symbol of another file then, and run no modules.
  const served = location.protocol !== "file:";
  document.documentElement.classList.toggle("pb-file", !served);

  /** @param {string} name of a symbol in icons.svg */
  function icon(name) {
    if (!served) return document.createTextNode({ menu: "☰", clear: "×", top: "↑" }[name] ?? "◐");
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    svg.setAttribute("viewBox", "0 0 24 24");
    use.setAttribute("href", new URL(`icons.svg#${name}`, root).href);
    svg.append(use);
    return svg;
  }

  // --- light or dark ------------------------------------------------------------------------------

  /** Material's own form: a radio button for each scheme, and the label that leads to the next one. */
  function paletteForm() {
    const choices = settings.palette.flatMap(paletteChoice);
    const attributes = { class: "md-header__option", "data-md-component": "palette" };
    return make("form", attributes, ...choices);
  }

  /**
   * @param {PaletteOption} option
   * @param {number} place
   */
  function paletteChoice({ media, scheme, primary, accent, toggle }, place) {
    const input = make("input", {
      class: "md-option",
      "data-md-color-media": media || "",
      "data-md-color-scheme": colorName(scheme || "default"),
      "data-md-color-primary": colorName(primary || "indigo"),
      "data-md-color-accent": colorName(accent || "indigo"),
      type: "radio",
      name: "__palette",
      id: `__palette_${place}`,
    });
    if (!toggle) {
      input.setAttribute("aria-hidden", "true");
      input.tabIndex = -1; // without a toggle there is nothing to choose
      return [input];
    }
    input.setAttribute("aria-label", toggle.name);
    const next = `__palette_${(place + 1) % settings.palette.length}`;
    const button = { class: "md-header__button md-icon", title: toggle.name, for: next, hidden: "" };
    return [input, make("label", button, icon(`palette-${place}`))];
  }

  /** @param {string} name */
  function colorName(name) {
    return name.replace(/ /g, "-");
  }

  /**
   * Applies the reader's choice; one that follows the system takes what the system prefers now.
   * @param {HTMLFormElement} form
   */
  function paint(form) {
    /** @type {StoredPalette | null} */
    const stored = __md_get("__palette");
    const color = stored && stored.color;
    if (!color) return;
    if (color.media === "(prefers-color-scheme)") {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const media = `(prefers-color-scheme: ${dark ? "dark" : "light"})`;
      const input = form.querySelector(`[data-md-color-media='${media}']`);
      for (const name of input ? ["scheme", "primary", "accent"] : [])
        color[name] = input?.getAttribute(`data-md-color-${name}`) ?? "";
    }
    for (const name of ["media", "scheme", "primary", "accent"])
      if (color[name]) document.body.setAttribute(`data-md-color-${name}`, color[name]);
  }

  // --- the menu: the nav on a screen that is too narrow for the tabs -------------------------------

  function menuButton() {
    const named = { type: "button", "aria-label": settings.labels.menu, "aria-haspopup": "dialog" };
    const button = make("button", { class: "md-header__button md-icon pb-menu", ...named }, icon("menu"));
    /** @type {HTMLDialogElement | undefined} */
    let opened;
    button.addEventListener("click", () => {
      opened ??= menu();
      opened.showModal();
    });
    return button;
  }

  /** The menu, open where the page is. A click beside it closes it, as Escape does. */
  function menu() {
    const named = { type: "button", class: "md-icon pb-drawer__close", "aria-label": settings.labels.close };
    const close = make("button", named, icon("clear"));
    const start = new URL(served ? "." : "index.html", root).href;
    const home = make("a", { href: start }, document.createTextNode(settings.labels.home));
    const nav = make("nav", { "aria-label": settings.labels.menu }, close, home, entries(settings.menu));
    const dialog = make("dialog", { class: "pb-drawer", "aria-label": settings.labels.menu }, nav);
    const page = location.href.replace(/[?#].*/, "");
    for (const link of nav.querySelectorAll("a")) {
      if (link.href === page) link.setAttribute("aria-current", "page");
      if (link === home || !page.startsWith(link.href)) continue;
      for (const part of nav.querySelectorAll("details")) part.open ||= part.contains(link);
    }
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || close.contains(/** @type {Node} */ (target))) dialog.close();
    });
    document.body.append(dialog);
    return dialog;
  }

  /**
   * @param {MenuEntry[]} items
   * @returns {HTMLUListElement}
   */
  function entries(items) {
    return make("ul", {}, ...items.map(({ title, url, items: inner }) => {
      const text = document.createTextNode(title);
      if (!inner) return make("li", {}, make("a", { href: new URL(url || ".", root).href }, text));
      return make("li", {}, make("details", {}, make("summary", {}, text), entries(inner)));
    }));
  }

  // --- the finder's box: it looks like Material's, and assets/finder/ makes it work ----------------

  /**
   * @param {string} style
   * @param {string[]} icons
   */
  function opener(style, ...icons) {
    return make("label", { class: `${style} md-icon`, for: "__search" }, ...icons.map(icon));
  }

  function finder() {
    const overlay = make("label", { class: "md-search__overlay", for: "__search" });
    const inner = { class: "md-search__inner", role: "search", "aria-label": settings.labels.search };
    const output = make("div", { class: "md-search__output", "data-pb-results": "" });
    return make("div", { class: "md-search pb-search" }, overlay, make("div", inner, finderForm(), output));
  }

  function finderForm() {
    const { clear: clearing, find, findable } = settings.labels;
    const input = make("input", {
      ...{ type: "text", class: "md-search__input", name: "q", maxlength: "4096", placeholder: find },
      ...{ "aria-label": findable, "aria-keyshortcuts": "/", autocapitalize: "off", autocorrect: "off" },
      ...{ autocomplete: "off", spellcheck: "false", required: "" },
    });
    const button = { type: "reset", class: "md-search__icon md-icon", "aria-label": clearing, tabindex: "-1" };
    const clear = make("button", button, icon("clear"));
    const action = new URL("search/", root).href;
    const attributes = { class: "md-search__form", action, method: "get", "data-pb-finder": "header" };
    const options = make("div", { class: "md-search__options" }, clear);
    const form = make("form", attributes, input, opener("md-search__icon", "find", "back"), options);
    const prose = new URL("search/search_index.json", root).href;
    if (settings.prose) form.setAttribute("data-pb-reading", prose);
    return form;
  }

  // --- what Material's script looks for, and only readers with JavaScript have a use for ------------

  /** The switches of Material's drawer and search, and its box of messages. */
  function scriptParts() {
    const inner = make("div", { class: "md-dialog__inner md-typeset" });
    return [
      ...["drawer", "search"].map((name) => {
        const named = { class: "md-toggle", "data-md-toggle": name, id: `__${name}` };
        return make("input", { ...named, type: "checkbox", autocomplete: "off" });
      }),
      make("label", { class: "md-overlay", for: "__drawer" }),
      make("div", { class: "md-dialog", "data-md-component": "dialog" }, inner),
    ];
  }

  /** Names parts of the page as Material's script looks for them. @param {string[]} parts */
  function nameParts(...parts) {
    for (const part of parts) {
      const style = part === "header-title" ? "md-header__title" : part === "logo" ? "md-logo" : `md-${part}`;
      document.querySelector(`.${style}`)?.setAttribute("data-md-component", part);
    }
  }

  /**
   * The entries of the section that the page belongs to, as lists have them below the tabs.
   * @param {Element} room kept for them
   */
  function sectionEntries(room) {
    const page = location.href.replace(/[?#].*/, "");
    const linked = settings.menu.flatMap((section) =>
      (section.items ?? []).map(({ title, url }) => ({
        section,
        link: make("a", { href: new URL(url || ".", root).href }, document.createTextNode(title)),
      })));
    const above = linked.filter(({ link }) => page.startsWith(new URL(".", link.href).href));
    const nearest = above.sort((a, b) => b.link.href.length - a.link.href.length)[0];
    const entries = linked.filter(({ section }) => section === nearest?.section);
    if (!nearest || entries.length < 2) return;
    const active = { class: "md-tabs__item--active" };
    const items = entries.map(({ link }) => make("li", link === nearest.link ? active : {}, link));
    const grid = make("div", { class: "md-grid" }, make("ul", { class: "md-tabs__list" }, ...items));
    room.replaceWith(make("nav", { class: "md-tabs pb-entries", "aria-label": nearest.section.title }, grid));
  }

  /** Adds the entries as soon as there is room for them, before the page is painted. */
  function awaitEntries() {
    const found = new MutationObserver(() => {
      const room = document.querySelector("nav.pb-entries[hidden]");
      if (room) sectionEntries(room);
      if (room || document.querySelector("main")) found.disconnect();
    });
    found.observe(document.body, { childList: true, subtree: true });
  }

  /** What Material says of itself at the foot of a page. */
  function credit() {
    const named = document.createTextNode("Material for MkDocs");
    const link = { href: "https://squidfunk.github.io/mkdocs-material/", target: "_blank", rel: "noopener" };
    const text = make("div", { class: "md-copyright" }, document.createTextNode("Made with "), make("a", link, named));
    const grid = make("div", { class: "md-footer-meta__inner md-grid" }, text);
    return make("div", { class: "md-footer-meta md-typeset" }, grid);
  }

  /** The site's name, and the page's title in its place once one scrolls. @param {string} site */
  function topics(site) {
    const title = document.title.replace(` - ${site}`, "");
    const shown = [site, title].map((text) => make("span", { class: "md-ellipsis" }, document.createTextNode(text)));
    const parts = shown.map((text) => make("div", { class: "md-header__topic" }, text));
    parts.at(-1)?.setAttribute("data-md-component", "header-topic");
    return make("div", { class: "md-header__ellipsis" }, ...parts);
  }

  /** The button that leads back to the top. */
  function topButton() {
    const named = { type: "button", class: "md-top md-icon", "data-md-component": "top", hidden: "" };
    return make("button", named, icon("top"), document.createTextNode(` ${settings.labels.top}`));
  }

  // ------------------------------------------------------------------------------------------------

  if (!document.querySelector("[data-md-toggle]")) document.body.prepend(...scriptParts());
  const named = document.querySelector(".md-header__title");
  named?.replaceChildren(topics(named.textContent?.trim() ?? ""));
  nameParts("header", "header-title", "logo");
  awaitEntries();
  document.addEventListener("DOMContentLoaded", () => {
    nameParts("container", "tabs", "main", "content");
    document.querySelector("footer.md-footer:empty")?.append(credit());
    const main = document.querySelector("main");
    if (settings.labels.top && !document.querySelector(".md-top")) main?.append(topButton());
  });
  if (settings.palette.length) {
    const form = paletteForm();
    here.before(form);
    paint(form);
  }
  here.parentElement?.querySelector(".md-logo")?.after(menuButton());
  if (served) here.after(opener("md-header__button", "find"), finder());
  if (settings.theme) {
    const config = JSON.stringify({ ...settings.theme, base: root.href });
    const attributes = { id: "__config", type: "application/json" };
    here.before(make("script", attributes, document.createTextNode(config)));
  }
}
