"""Measures imports and builds at several sizes: `make bench`.

Each row is one run of the real command in a process of its own: CPU seconds (user and system),
wall seconds, peak memory, pages and bytes. Machines are shared: compare CPU seconds and ratios
within a run, not single wall times.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
OURS = (sys.executable, "-m", "policybook")
MKDOCS = (sys.executable, "-m", "mkdocs")
SIZES = (4, 100, 500, 0)  # numbers of policies; 0 means all
CHANGED = "AmazonS3FullAccess"  # the policy changed for "one changed", if it is in the book


class Run:
    """A finished command with its times (s), peak memory (MB) and exit status."""

    def __init__(
        self, command: tuple[str, ...], *arguments: object, cwd: Path = REPOSITORY
    ) -> None:
        start = time.perf_counter()
        here = Path.cwd()
        os.chdir(cwd)
        process = os.posix_spawn(
            command[0],
            [*command, *map(str, arguments)],
            {**os.environ, "PYTHONPATH": str(REPOSITORY / "generator"), "NO_MKDOCS_2_WARNING": "1"},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
        os.chdir(here)
        _, status, usage = os.wait4(process, 0)
        self.wall = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1000
        self.status = os.waitstatus_to_exitcode(status)


def main() -> None:
    """Import the archive that POLICYBOOK_CORPUS names, and build books of growing size from it."""
    corpus = os.environ.get("POLICYBOOK_CORPUS")
    if not corpus:
        sys.exit("POLICYBOOK_CORPUS: expected the path of an archive, a bundle or a clone")
    print(f"{datetime.now(UTC):%B} {datetime.now(UTC).day}, {datetime.now(UTC).year}, ", end="")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="policybook-bench-") as folder:
        bench(Path(corpus).resolve(), Path(folder))


def bench(corpus: Path, folder: Path) -> None:
    """Print a row for each import and build."""
    print("| what | CPU s | wall s | peak MB | pages | site MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    whole = folder / "whole"
    Run(OURS, "init", "--aws", whole)
    data = whole / "data"
    (data / "policies").mkdir(exist_ok=True)
    for again in ("", " again, nothing new"):
        row(
            f"import of the whole archive{again}",
            Run(OURS, "import", "git", corpus, "--data", data),
        )
    names = sorted(path.name for path in (data / "policies").iterdir())
    cold = {}
    for size in SIZES:
        step = max(len(names) // size, 1) if size else 1
        chosen = names[::step][: size or None]
        cold[len(chosen)] = build(folder / str(size), whole, chosen)
    growth(cold)
    script("finder.py", folder / "0" / "site")
    without = folder / "0"
    config = without / "mkdocs.yml"
    config.write_text(config.read_text().replace("data_dir: data", "action_pages: []"))
    shutil.rmtree(without / ".cache")
    run = Run(OURS, "build", "-d", without / "without", cwd=without)
    row(f"{len(names)} policies, cold, no pages of actions", run, without / "without")
    others(folder, run)
    script("engines.py", data)


def script(name: str, *arguments: Path) -> None:
    """Run another benchmark, which prints its results."""
    path = os.pathsep.join(map(str, (REPOSITORY / "generator", REPOSITORY)))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, str(Path(__file__).with_name(name)), *map(str, arguments)]
    subprocess.run(command, check=True, env=environment)


def build(book: Path, whole: Path, names: list[str]) -> Run:
    """Build a book of the named policies: cold, with one changed, with nothing changed.

    Args:
        book: The new folder of the book.
        whole: The book of all policies.
        names: The policies to copy.

    Returns:
        The cold build.

    """
    shutil.copytree(whole, book, ignore=shutil.ignore_patterns("policies", "site"))
    for name in names:
        shutil.copytree(whole / "data/policies" / name, book / "data/policies" / name)
    what = f"{len(names)} policies"
    cold = Run(OURS, "build", cwd=book)
    row(f"{what}, cold", cold, book / "site")
    for number in (1, 2):
        change(book / "data/policies" / (CHANGED if CHANGED in names else names[0]), number)
        run = Run(OURS, "build", cwd=book)
    row(f"{what}, one changed", run, book / "site")
    time.sleep(1.1)  # changes within the last second make the next build run again
    Run(OURS, "build", cwd=book)
    row(f"{what}, nothing changed", Run(OURS, "build", cwd=book), book / "site")
    row(f"{what}, nothing changed, `mkdocs build`", Run(MKDOCS, "build", cwd=book), book / "site")
    return cold


def change(policy: Path, number: int) -> None:
    """Add an action to the newest document of the policy."""
    newest = max(policy.glob("v*.json"), key=lambda path: int(path.stem[1:]))
    document = json.loads(newest.read_text())
    document["Statement"] = [
        *document["Statement"],
        {"Effect": "Allow", "Action": f"s3:Changed{number}", "Resource": "*"},
    ]
    newest.write_text(json.dumps(document))


def growth(cold: dict[int, Run]) -> None:
    """Print the exponent with which the CPU time of cold builds grows; 1 is linear."""
    sizes = sorted(cold)
    for small, large in pairwise(sizes):
        power = math.log(cold[large].cpu / cold[small].cpu) / math.log(large / small)
        print(f"growth of CPU from {small} to {large} policies: to the power of {power:.2f}")


def others(folder: Path, ours: Run) -> None:
    """Build the same pages, without those of actions, from Markdown with other builders."""
    exported = folder / "exported"
    row("export as Markdown", Run(OURS, "export", "--markdown", exported, cwd=folder / "0"))
    zensical = os.environ.get("POLICYBOOK_ZENSICAL")
    builders: dict[str, tuple[str, ...]] = {"stock MkDocs with Material": MKDOCS}
    if zensical:
        builders["Zensical"] = (str(Path(zensical).absolute()),)
    for name, command in builders.items():
        shutil.rmtree(exported / "site", ignore_errors=True)
        run = Run(command, "build", cwd=exported)
        row(name, run, exported / "site")
        print(
            f"policybook compared with {name}: {ours.cpu / run.cpu:.3f} of the CPU time, "
            f"{ours.memory / run.memory:.2f} of the memory"
        )


def row(what: str, run: Run, site: Path | None = None) -> None:
    """Print the cost of a run, and the size of the site that it built."""
    pages = size = ""
    if site:
        files = [path for path in site.rglob("*") if path.is_file()]
        pages = str(sum(path.suffix == ".html" for path in files))
        size = f"{sum(path.stat().st_size for path in files) / 1e6:.1f}"
    failed = f" (exit status {run.status})" if run.status else ""
    cost = f"{run.cpu:.2f} | {run.wall:.1f} | {run.memory:.0f}"
    print(f"| {what}{failed} | {cost} | {pages} | {size} |", flush=True)


if __name__ == "__main__":
    main()
