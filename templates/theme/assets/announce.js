// Material's inline script, as a file: an announcement that the reader has dismissed stays away.
"use strict";
{
  /** @type {HTMLElement | null} */
  const announcement = document.querySelector("[data-md-component=announce]");
  const text = announcement?.querySelector(".md-typeset")?.innerHTML;
  if (announcement && text !== undefined && __md_hash(text) === __md_get("__announce"))
    announcement.hidden = true;
}
