"""Measures the finder in headless Chromium on a built site: `python benchmarks/finder.py SITE`.

The site is served from this machine. "Ready" is the time from the first focus of the search box
until the index is loaded; a keystroke is measured from the input event to the frame that shows the
first result. Prints the median and the maximum of several runs in fresh tabs. Machines are shared:
treat the results as orders of magnitude.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.support.browsers import FLAGS, served

RUNS = 5
QUERIES = (
    *("g", "ge", "getobj", "s3:getobj", "sagemaker read", "s3:Get*", "*getobject*", "role"),
    *("s3:GetObjekt", "arn:aws:s3:::sagemaker-x/y", "arn:aws:s3:::*"),
    *("s3:GetObject arn:aws:s3:::sagemaker-x/y", "AmazonS3FullAccess v2", "who can decrypt kms"),
)
_READY = """async () => {
  const box = document.querySelector("form[data-pb-finder=header] input");
  const {load} = await import(new URL("assets/finder/fetching.js", __md_scope));
  const start = performance.now();
  box.focus();
  await load();
  return performance.now() - start;
}"""
_KEY = """text => new Promise(done => {
  const box = document.querySelector("form[data-pb-finder=header] input");
  box.value = text;
  const start = performance.now();
  box.dispatchEvent(new Event("input", {bubbles: true}));
  const answered = performance.now() - start;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done([answered, performance.now() - start]);
    channel.port2.postMessage(null);
  });
})"""


def main() -> None:
    """Print the sizes of the files, and a row for each query."""
    site = Path(sys.argv[1])
    weights(site)
    chromium = shutil.which("chromium")
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        measured = [measure(browser, address) for _ in range(RUNS)]
        browser.close()
    ready = sorted(found[0] for found in measured)
    print(f"ready after the first use: {median(ready):.0f} ms, at worst {ready[-1]:.0f} ms\n")
    print("| query | first time, painted | later: result computed | later: painted |")
    print("| --- | ---: | ---: | ---: |")
    for place, text in enumerate(QUERIES):
        runs = [found[1][place] for found in measured]
        first = [run[0][1] for run in runs]
        answered, painted = zip(*(timing for run in runs for timing in run[1:]), strict=True)
        print(
            f"| `{text}` | {median(first):.0f} (worst {max(first):.0f}) | {median(answered):.1f} "
            f"(worst {max(answered):.1f}) | {median(painted):.0f} (worst {max(painted):.0f}) |"
        )


def weights(site: Path) -> None:
    """Print the sizes of the files that are fetched at each stage."""
    scripts = sorted(path.relative_to(site).as_posix() for path in site.glob("assets/**/*.js"))
    own = [name for name in scripts if not name.startswith("assets/javascripts/")]
    first = (site / "assets/policybook.js").read_text(encoding="utf-8")
    later = [n for n in own if "/finder/" in n and f'"./{n.removeprefix("assets/")}"' not in first]
    for when, names in (
        ("every page", [name for name in own if name not in later]),
        ("first use", later),
        ("first use", ["search/names.json"]),
        ("first query", ["search/patterns.json"]),
        ("first version", ["search/versions.json"]),
        ("first ARN of EC2", ["search/arns/ec2.json"]),
    ):
        contents = [(site / name).read_bytes() for name in names]
        packed = sum(len(gzip.compress(content, 9)) for content in contents)
        size = sum(map(len, contents))
        print(f"{when}: {len(names)} files from {names[0]}: {size:,} bytes, {packed:,} compressed")


Timing = tuple[float, float]


def measure(browser: Browser, address: str) -> tuple[float, list[list[Timing]]]:
    """Measure in a fresh tab.

    Args:
        browser: The browser.
        address: The URL of the site.

    Returns:
        The milliseconds until the index is ready, and for each query the timings of four runs:
        until the result is computed, and until it is painted.

    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    ready: float = page.evaluate(_READY)
    page.evaluate(_KEY, "x")
    page.wait_for_load_state("networkidle")
    found: list[list[Timing]] = []
    for text in QUERIES:
        timings = []
        for _ in range(4):
            answered, painted = page.evaluate(_KEY, text)
            timings.append((answered, painted))
            page.evaluate(_KEY, "")
        found.append(timings)
    context.close()
    return ready, found


if __name__ == "__main__":
    main()
