"""Several processes: the same files, one error as if there were one, and no file is left out."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import sleep

import msgspec
import pytest
from msgspec import Struct
from policybook.analysis.overlap import Related
from policybook.build.comparisons import comparisons
from policybook.build.processes import Job, results
from policybook.build.publishing.file_tasks import Task, write_files
from policybook.build.timings import Timings
from policybook.data.loader import read
from policybook.errors import PolicybookError

from tests.support.books import REPOSITORY, small_catalogue
from tests.support.sites import built, contents

MANY = 1_000


def tasks(render: Callable[[int], bytes]) -> list[Task]:
    """A thousand files; each is rendered from its number."""
    return [Task(f"folder-{n % 97}/inner/{n}.txt", partial(render, n)) for n in range(MANY)]


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a build; a worker of the test run has threads of its own."""
    monkeypatch.setattr("threading.active_count", lambda: 1)


def text(number: int) -> bytes:
    """What a file of that number has."""
    return b"%d\n" % number


def own_process(_: int) -> bytes:
    """The number of the process that renders a file."""
    return b"%d" % os.getpid()


def started() -> set[str]:
    """The processes that this one has started and that are left, where the system tells."""
    listed = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    return set(listed.read_text().split()) if listed.is_file() else set()


class Reports:
    """Each process reports its number, once it was told to begin; `found` has what came."""

    def __init__(self) -> None:
        self._begun: list[int] = []
        self.found: list[int] = []

    def begin(self) -> None:
        self._begun.append(os.getpid())

    def report(self) -> bytes:
        return msgspec.msgpack.encode(self._begun)

    def accept(self, report: bytes) -> None:
        self.found += msgspec.msgpack.decode(report, type=list[int])


def written(folder: Path, processes: int, render: Callable[[int], bytes] = text) -> list[int]:
    """Write the files; returns the processes that reported."""
    reports = Reports()
    write_files(tasks(render), str(folder), processes, reports)
    return reports.found


@pytest.mark.parametrize("processes", [1, 2, 3, 4])
def test_the_files_do_not_depend_on_how_many_processes_write_them(
    tmp_path: Path, processes: int
) -> None:
    written(tmp_path, processes)
    assert contents(tmp_path) == {task.path: task.render() for task in tasks(text)}


def test_each_forked_process_begins_and_reports_once(tmp_path: Path) -> None:
    reported = written(tmp_path, 3)
    assert len(set(reported)) == len(reported) == 2
    assert os.getpid() not in reported


def test_few_files_are_written_by_one_process(tmp_path: Path) -> None:
    write_files(tasks(own_process)[:5], str(tmp_path), 2, Reports())
    assert set(contents(tmp_path).values()) == {b"%d" % os.getpid()}


@pytest.mark.parametrize("place", [0, 1, MANY // 2, MANY - 1])
def test_an_error_is_the_same_in_every_process(tmp_path: Path, place: int) -> None:
    """The process that was started fails in silence; the error comes from this one."""

    def render(number: int) -> bytes:
        if number == place:
            raise PolicybookError(f"page {number}: wrong")
        return text(number)

    before = started()
    with pytest.raises(PolicybookError, match=f"^page {place}: wrong$"):
        written(tmp_path, 2, render)
    assert started() == before  # none is left


def test_a_killed_process_ends_the_build(tmp_path: Path) -> None:
    """As the system does that has no memory left."""
    here = os.getpid()

    def render(number: int) -> bytes:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return text(number)

    with pytest.raises(PolicybookError, match="found one killed"):
        written(tmp_path, 2, render)


class Pair(Struct):
    """A value as a job computes it."""

    number: int
    process: int


def pairs(count: int, processes: int, timings: Timings) -> list[Pair]:
    """The values of so many jobs; each sleeps, so that every process takes some."""

    def compute(number: int) -> Pair:
        with timings.of("jobs"):
            sleep(0.01)
            return Pair(number, os.getpid())

    return results([Job(partial(compute, n), Pair) for n in range(count)], processes, timings)


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_values_come_in_the_order_of_the_jobs(processes: int) -> None:
    found = pairs(50, processes, Timings())
    assert [pair.number for pair in found] == list(range(50))
    assert len({pair.process for pair in found}) == processes


def test_the_time_of_all_processes_is_counted() -> None:
    timings = Timings()
    timings.seconds["before"] = 5.0
    pairs(20, 2, timings)
    assert timings.seconds.keys() == {"before", "jobs"}
    assert timings.seconds["before"] == 5.0


def test_no_job_is_no_value() -> None:
    assert pairs(0, 2, Timings()) == []


def test_an_error_of_a_job_is_raised_here() -> None:
    here = os.getpid()
    left = started()

    def compute() -> Pair:
        sleep(0.01)
        raise PolicybookError(f"wrong in {'this' if os.getpid() == here else 'another'} process")

    with pytest.raises(PolicybookError, match=r"^wrong in this process$"):
        results([Job(compute, Pair)] * 9, 2, Timings())
    assert started() == left


def test_versions_are_compared_alike_by_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The changes and overlaps of a book are those that one process finds."""
    monkeypatch.setattr("policybook.build.comparisons._FEWEST", 1)
    monkeypatch.setattr("policybook.build.comparisons._TOGETHER", 3)
    loaded, catalogue = read(REPOSITORY / "data"), small_catalogue()
    one, three = (
        comparisons(loaded, catalogue, Timings(), {}, Related(), processes) for processes in (1, 3)
    )
    assert one == three
    assert any(change for changes in one[0].values() for change in changes)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.exhaustive)])
def test_a_site_does_not_depend_on_the_number_of_processes(
    tmp_path: Path, book: Path, whole: bool
) -> None:
    """Neither a new one nor one that reuses what several processes found out."""
    start = REPOSITORY if whole else book
    sites = {}
    for processes in (1, 3):
        config = tmp_path / f"{processes}.yml"
        config.write_text(
            f"INHERIT: {start}/mkdocs.yml\ndocs_dir: {start}/docs\nplugins:\n  - search\n"
            f"  - policybook: {{data_dir: {start}/data, processes: {processes}}}\n"
        )
        site = built(tmp_path / "site", "-f", config)
        sites[processes] = contents(site), contents(built(site, "-f", config))
    assert sites[1] == sites[3]
