"""Measures imports and builds at several sizes: `make bench`.

Each row is one run of the real command in a process of its own: CPU seconds (user and system),
wall seconds, peak memory, pages and bytes. Machines are shared: ratios within a run and CPU seconds
count, single wall times do not.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "generator"]
SIZES = (4, 100, 500, 0)  # policies; 0 stands for all


class Run:
    """A finished command with what it cost."""

    def __init__(self, arguments: list[str]) -> None:
        start = time.perf_counter()
        process = os.posix_spawn(
            COMMAND[0],
            [*COMMAND, *arguments],
            {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
        )
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
    with tempfile.TemporaryDirectory(prefix="policybook-bench-") as folder:
        bench(Path(corpus).resolve(), Path(folder))


def bench(corpus: Path, folder: Path) -> None:
    """Print a row for each import and build."""
    print(f"{'what':28} {'CPU s':>8} {'wall s':>8} {'MB':>6} {'pages':>7} {'site MB':>8}")
    whole = folder / "all"
    Run(["init", str(whole)])
    data = whole / "data"
    shutil.rmtree(data / "policies")
    (data / "policies").mkdir()
    row("import, whole archive", Run(["import", "git", str(corpus), "--data", str(data)]))
    row("import again", Run(["import", "git", str(corpus), "--data", str(data)]))
    names = sorted(path.name for path in (data / "policies").iterdir())
    for size in SIZES:
        step = max(len(names) // size, 1) if size else 1
        build(folder / str(size), whole, names[::step][: size or None])


def build(book: Path, whole: Path, names: list[str]) -> None:
    """Build a book of the named policies, cold and then with nothing changed."""
    shutil.copytree(whole, book, ignore=shutil.ignore_patterns("policies", "site"))
    for name in names:
        shutil.copytree(whole / "data/policies" / name, book / "data/policies" / name)
    for kind in ("cold", "nothing changed"):
        run = Run(["build", "-f", str(book / "mkdocs.yml")])
        row(f"{len(names)} policies, {kind}", run, book / "site")
    shutil.rmtree(book)


def row(what: str, run: Run, site: Path | None = None) -> None:
    """Print what a run cost."""
    pages = size = 0
    if site:
        files = [path for path in site.rglob("*") if path.is_file()]
        pages = sum(path.suffix == ".html" for path in files)
        size = sum(path.stat().st_size for path in files)
    failed = f"  exit status {run.status}" if run.status else ""
    cost = f"{run.cpu:8.2f} {run.wall:8.2f} {run.memory:6.0f}"
    print(f"{what:28} {cost} {pages:7} {size / 1e6:8.1f}{failed}", flush=True)


if __name__ == "__main__":
    main()
