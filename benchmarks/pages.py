"""Measures pages in headless Chromium: `python benchmarks/pages.py SITE [RUNS]`.

SITE is the folder of a built site of all of AWS, or the address of one that is served. Each page is
opened in fresh contexts. Times begin with the first byte of the page: until something is painted,
and until it is interactive, which is after the last task of more than 50 ms once all scripts have
run. The pages of tools are measured further: an answer once everything is loaded, until it is
painted. Machines are shared: the load and a fixed unit of work are printed, to compare runs by.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browsers import FLAGS, served

WIDTHS = (1440, 390)
QUIET = 600  # ms without a long task, after which a page is interactive
PAGES = {
    "`/`": "",
    "`/policies/`": "policies/",
    "ReadOnlyAccess": "policies/ReadOnlyAccess/",
    "`/resources/sagemaker/`": "resources/sagemaker/",
    "`/passrole/`": "passrole/",
    "action `s3:GetObject`": "actions/s3/GetObject.html",
    "`/compare/`": "compare/",
    "`/choose/`": "choose/",
    "`/check/`": "check/",
}
COMPARED = (
    ("AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"),
    ("AmazonEC2FullAccess", "PowerUserAccess"),
    ("ReadOnlyAccess", "ViewOnlyAccess"),
    ("ReadOnlyAccess@v94", "ReadOnlyAccess"),
    ("AmazonSageMakerFullAccess@v20", "AmazonSageMakerFullAccess"),
)
CHOSEN = (
    "s3:GetObject",
    "s3:GetObject s3:PutObject sqs:SendMessage kms:Decrypt",
    "ec2:Describe*",
    "s3:Get* s3:List*",
)

_WATCH = """
  window.pb = {shift: 0, busy: 0};
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) pb.shift += one.value;
  }).observe({type: "layout-shift", buffered: true});
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) pb.busy = Math.max(pb.busy, one.startTime + one.duration);
  }).observe({type: "longtask", buffered: true});
"""
_LOADED = """() => {
  const [visit] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const ready = Math.max(visit.domContentLoadedEventEnd, pb.busy, paint.startTime);
  const since = time => time - visit.responseStart;
  return [since(paint.startTime), since(ready), pb.shift, document.querySelectorAll("*").length];
}"""
# Resolves to the milliseconds until the status says something final and the page is painted, and
# until what comes later is there, too.
_ANSWER = """([kind, first, second]) => new Promise(done => {
  const root = document.querySelector(`[data-pb-${kind}]`);
  const say = root.querySelector("[data-pb-say]");
  const result = root.querySelector("[data-pb-result]");
  const waits = () => /…$/.test(say.textContent) || !result.childNodes.length;
  const later = () => /Looking for|Loading/.test(result.textContent);
  const start = performance.now();
  let answered = 0;
  const look = () => {
    if (!answered && !waits()) answered = painted();
    if (answered && !later()) answered.then(at => painted().then(end => done([at, end])));
    else setTimeout(look, 2);
  };
  const painted = () => new Promise(found => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => found(performance.now() - start);
    channel.port2.postMessage(null);
  }));
  result.replaceChildren();
  if (kind === "compare") {
    const query = new URLSearchParams({a: first, b: second});
    history.pushState(null, "", `${location.pathname}?${query}`);
    dispatchEvent(new PopStateEvent("popstate"));
  } else {
    root.querySelector("textarea").value = first;
    root.querySelector("form").requestSubmit();
  }
  setTimeout(look, 0);
})"""


def main() -> None:
    """Print a table of pages, and one of answers."""
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"load {os.getloadavg()[0]:.1f} before; a unit of work takes {unit():.2f} CPU s\n")
    with site(sys.argv[1]) as address, sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        print("| page | width | painted, ms | interactive, ms | layout shift | elements |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for title, path in PAGES.items():
            for width in WIDTHS:
                print(f"| {title} | {width} | {loading(browser, address + path, width, runs)} |")
        print("\n| question | first, ms | later, ms | later, with everything, ms |")
        print("| --- | ---: | ---: | ---: |")
        for kind, title, first, second in questions():
            print(f"| {title} | {answering(browser, address, (kind, first, second), runs)} |")
        browser.close()
    print(f"\nload {os.getloadavg()[0]:.1f} after")


def unit() -> float:
    """CPU seconds of a fixed piece of work."""
    began = time.process_time()
    for _ in range(60):
        value = {str(k): [str(k * j) for j in range(20)] for k in range(2000)}
        json.dumps(json.loads(json.dumps(value)), sort_keys=True)
    return time.process_time() - began


@contextmanager
def site(given: str) -> Iterator[str]:
    """The address of the site; a folder is served from this machine."""
    if given.startswith(("http://", "https://")):
        yield given.rstrip("/") + "/"
        return
    with served(Path(given)) as address:
        yield address


def loading(browser: Browser, url: str, width: int, runs: int) -> str:
    """The cells of a page: medians of the times, the largest shift, the elements."""
    found = [_in_context(browser, width, url, _loaded) for _ in range(runs)]
    painted, ready, shift, elements = zip(*found, strict=True)
    return f"{median(painted):.0f} | {median(ready):.0f} | {max(shift):.3f} | {max(elements):,.0f}"


def _loaded(page: Page) -> list[float]:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET)
    found: list[float] = page.evaluate(_LOADED)
    return found


def questions() -> Iterator[tuple[str, str, str, str]]:
    """The kind of page, how the question is called, and what is asked."""
    for one, other in COMPARED:
        yield "compare", f"compare {one} with {other}", one, other
    for size in (1_500, 6_000):
        text = pasted(size)
        yield "check", f"check {len(text):,} characters", text, ""
    for text in CHOSEN:
        yield "choose", f"choose `{text}`", text, ""


def pasted(size: int) -> str:
    """A document of about a number of characters, as people write them."""
    services = ("s3:Get*", "ec2:Describe*", "sqs:SendMessage", "kms:Decrypt", "lambda:Invoke*")
    statements: list[dict[str, Any]] = []
    while (
        len(text := json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)) < size
    ):
        number = len(statements)
        first, second = (services[(number + step) % len(services)] for step in (0, 1))
        statements.append(
            {
                "Sid": f"Part{number}",
                "Effect": "Deny" if number % 7 == 6 else "Allow",
                "Action": [first, second, "dynamodb:GetItem"],
                "Resource": [f"arn:aws:s3:::team-{number}/*", "*"][number % 2],
                "Condition": {"StringEquals": {"aws:RequestedRegion": f"eu-west-{number % 3 + 1}"}},
            }
        )
    return text


def answering(browser: Browser, address: str, question: tuple[str, str, str], runs: int) -> str:
    """The cells of a question: the first time in a new tab, and medians of later times."""
    kind = question[0]

    def asked(page: Page) -> list[list[float]]:
        page.wait_for_load_state("networkidle")
        return [page.evaluate(_ANSWER, list(turn)) for turn in _turns(question, runs)]

    times = _in_context(browser, WIDTHS[0], f"{address}{kind}/", asked)
    later = times[1::2] if kind == "compare" else times[1:]
    answered, whole = zip(*later, strict=True)
    return f"{times[0][0]:.0f} | {median(answered):.0f} | {median(whole):.0f}"


def _turns(question: tuple[str, str, str], runs: int) -> Iterator[tuple[str, str, str]]:
    """The question again and again. A comparison is only made anew after another one."""
    yield question
    for _ in range(runs):
        if question[0] == "compare":
            yield ("compare", question[2], question[1])
        yield question


def _in_context(browser: Browser, width: int, url: str, measure: Callable[[Page], Any]) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.goto(url)
    found = measure(page)
    context.close()
    return found


if __name__ == "__main__":
    main()
