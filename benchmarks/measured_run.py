"""Runs a command, and measures what it and the processes that it starts need."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

from unit import unit  # type: ignore[import-not-found]  # it is beside this script

REPOSITORY = Path(__file__).resolve().parent.parent
_FOLDER = tempfile.TemporaryDirectory(prefix="policybook-program-")
PROGRAM = Path(_FOLDER.name)  # a copy of the program, one template of which is changed


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
            {
                **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
                "PYTHONPATH": str(PROGRAM / "generator"),
                "NO_MKDOCS_2_WARNING": "1",
            },
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
