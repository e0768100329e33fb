"""Measures the pages of a built site: `python benchmarks/page_sizes.py SITE [PAGES]`.

Counts bytes and elements of every HTML file, and asks headless Chromium how high the largest pages
are at first sight in a window of 1440 pixels. Prints the largest ones and every page above a limit.
PAGES is the number of pages whose height is measured; 50 without it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.browsers import FLAGS, served
from tests.support.page_sizes import BYTES, ELEMENTS, HEIGHT, PageSize, page_sizes

WIDTH = 1440
STILL = 200  # ms
SHOWN = 12


def main() -> None:
    """Print a table of the largest and highest pages, and the number of those above a limit."""
    site = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    sizes = page_sizes(site)
    largest = sorted(sizes, key=lambda page: -max(page.size / BYTES, page.elements / ELEMENTS))
    heights = measured_heights(site, [page.path for page in largest[:count]])
    print(f"{len(sizes):,} pages; limits: {BYTES:,} bytes, {ELEMENTS:,} elements, {HEIGHT:,} px\n")
    print("| page | kB | elements | px |")
    print("| --- | ---: | ---: | ---: |")
    for place, page in enumerate(largest[:count]):
        if place < SHOWN or above(page, heights[page.path]):
            kilobytes = f"{page.size / 1e3:.0f}"
            print(f"| {page.path} | {kilobytes} | {page.elements:,} | {heights[page.path]:,} |")
    over = sum(above(page, heights.get(page.path, 0)) for page in sizes)
    print(f"\nabove a limit: {over:,}; highest: {max(heights.values(), default=0):,} px")


def above(page: PageSize, height: int) -> bool:
    """Whether a page is above a limit."""
    return page.size > BYTES or page.elements > ELEMENTS or height > HEIGHT


def measured_heights(site: Path, paths: list[str]) -> dict[str, int]:
    """Measure the heights of pages, in pixels, as they are once their scripts have run."""
    found: dict[str, int] = {}
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        for path in paths:
            page.goto(address + path, wait_until="networkidle")
            found[path] = settled_height(page)
        browser.close()
    return found


def settled_height(page: Page) -> int:
    """The height of a page once it has stayed the same for some time: scripts hide rows."""
    if page.locator("[data-pb-first]").count():
        page.locator(".pb-more").first.wait_for(state="attached")
    before, now = -1, 0
    while before != now:
        before = now
        page.wait_for_timeout(STILL)
        now = page.evaluate("document.documentElement.scrollHeight")
    return now


if __name__ == "__main__":
    main()
