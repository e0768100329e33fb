"""Measures imports and builds at several sizes: `make bench`.

Each row is one run of the real command: CPU seconds (user and system) of all its processes, also as
a ratio to a unit of work that is measured right before it, wall seconds, peak memory, pages, files
and bytes. Memory is the proportional set size of all its processes together, looked at ten times a
second. Machines are shared: compare units within a run, not single wall times.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from unit import unit  # type: ignore[import-not-found]  # it is beside this script

REPOSITORY = Path(__file__).resolve().parent.parent
_FOLDER = tempfile.TemporaryDirectory(prefix="policybook-program-")
PROGRAM = Path(_FOLDER.name)  # a copy of the program, one template of which is changed
OURS = (sys.executable, "-m", "policybook")
MKDOCS = (sys.executable, "-m", "mkdocs")
SIZES = (4, 100, 500, 0)  # numbers of policies; 0 means all
# The policies changed for "one changed", as far as they are in the book.
CHANGED = ("AmazonS3FullAccess", "AmazonSageMakerFullAccess")


class Run:
    """A finished command with its times (s, units), peak memory (MB) and exit status."""

    def __init__(
        self, command: tuple[str, ...], *arguments: object, cwd: Path = REPOSITORY
    ) -> None:
        one = unit()
        start = time.perf_counter()
        here = Path.cwd()
        os.chdir(cwd)
        process = os.posix_spawn(
            command[0],
            [*command, *map(str, arguments)],
            {**os.environ, "PYTHONPATH": str(PROGRAM / "generator"), "NO_MKDOCS_2_WARNING": "1"},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
        os.chdir(here)
        memory = PeakMemory(process)
        _, status, usage = os.wait4(process, 0)
        self.wall = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.units = self.cpu / one
        self.memory = max(memory.peak, usage.ru_maxrss / 1000 if not memory.peak else 0)
        self.status = os.waitstatus_to_exitcode(status)


class PeakMemory(threading.Thread):
    """Watches a process and those that it starts; `peak` is their most memory (MB) at one time.

    Pages that several of them share count once. It is 0 where the system has no `/proc`.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._process = process
        self.start()

    def run(self) -> None:
        """Watch until the process is gone."""
        while used := sum(map(_memory, _with_children(self._process))):
            self.peak = max(self.peak, used / 1000)
            time.sleep(0.1)


def _memory(process: int) -> int:
    """The proportional set size (kB); 0 if the process is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _with_children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return [process]
    return [process, *(p for child in text.split() for p in _with_children(int(child)))]


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
    print("| what | units | CPU s | wall s | peak MB | pages | files | site MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in ("generator", "templates"):
        shutil.copytree(REPOSITORY / name, PROGRAM / name)
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
    row(f"{what}, `processes: 1`", one_process(book), book / "one")
    for name in [name for name in CHANGED if name in names] or names[:1]:
        for number in (1, 2):
            change(book / "data/policies" / name, number)
            run = Run(OURS, "build", cwd=book)
        row(f"{what}, {name} changed", run, book / "site")
    with (PROGRAM / "templates/html/pages/policy.html").open("a") as template:
        template.write("{# changed #}\n")
    row(f"{what}, a template changed", Run(OURS, "build", cwd=book), book / "site")
    time.sleep(1.1)  # changes within the last second make the next build run again
    Run(OURS, "build", cwd=book)
    row(f"{what}, nothing changed", Run(OURS, "build", cwd=book), book / "site")
    row(f"{what}, nothing changed, `mkdocs build`", Run(MKDOCS, "build", cwd=book), book / "site")
    return cold


def one_process(book: Path) -> Run:
    """A cold build of the book by one process alone, in the folder `one`."""
    config, cache = book / "mkdocs.yml", book / ".cache"
    text = config.read_text()
    config.write_text(text.replace("data_dir: data", "processes: 1"))
    shutil.move(cache, book / "kept")
    run = Run(OURS, "build", "-d", book / "one", cwd=book)
    shutil.rmtree(cache)
    shutil.move(book / "kept", cache)
    config.write_text(text)
    return run


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
    pages = count = size = ""
    if site:
        files = [path for path in site.rglob("*") if path.is_file()]
        pages = str(sum(path.suffix == ".html" for path in files))
        count = str(len(files))
        size = f"{sum(path.stat().st_size for path in files) / 1e6:.1f}"
    failed = f" (exit status {run.status})" if run.status else ""
    cost = f"{run.units:.2f} | {run.cpu:.2f} | {run.wall:.1f} | {run.memory:.0f}"
    print(f"| {what}{failed} | {cost} | {pages} | {count} | {size} |", flush=True)


if __name__ == "__main__":
    main()
