// Applies the reader's choice of light or dark before the page is painted.
(function () {
  var stored = __md_get("__palette");
  if (!stored || !stored.color) return;
  var color = stored.color;
  if (color.media === "(prefers-color-scheme)") {
    var dark = matchMedia("(prefers-color-scheme: dark)").matches;
    var media = "(prefers-color-scheme: " + (dark ? "dark" : "light") + ")";
    var input = document.querySelector("[data-md-color-media='" + media + "']");
    if (input)
      for (var name of ["scheme", "primary", "accent"])
        color[name] = input.getAttribute("data-md-color-" + name);
  }
  for (var key of ["media", "scheme", "primary", "accent"])
    if (color[key]) document.body.setAttribute("data-md-color-" + key, color[key]);
})();
