// Marks the section in view in the bar of sections, and the one that was jumped to.

/** Does so on a page with such a bar. */
export function setUpSections() {
  const bar = document.querySelector("[data-pb-sections]");
  if (!bar) return;
  /** @type {Map<Element, HTMLAnchorElement>} the links by their headings, in the order of the page */
  const links = new Map();
  for (const link of bar.querySelectorAll("a")) {
    const heading = document.getElementById(link.hash.slice(1));
    if (heading) links.set(heading, link);
  }
  const mark = () => markSection(links);
  // Headings cross this line, a third down the window, when their section comes into view.
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66%" });
  for (const heading of links.keys()) observer.observe(heading);
  addEventListener("hashchange", () => requestAnimationFrame(mark));
  mark();
}

/**
 * Marks the last section whose heading is above the line, or the last one at the end of the page.
 * @param {Map<Element, HTMLAnchorElement>} links
 */
function markSection(links) {
  const line = innerHeight / 3;
  let current = null;
  for (const [heading, link] of links)
    if (heading.getBoundingClientRect().top <= line) current = link;
  for (const link of links.values())
    if (link === current) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
}
