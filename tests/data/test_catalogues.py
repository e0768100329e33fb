"""The older catalogues of a data folder: every error is a finding with its file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from policybook.build.planner import findings
from policybook.data.loader import load
from policybook.data.strict_yaml import MAX_BYTES

from tests.support.books import (
    BOOK,
    keep_catalogue,
    listed,
    older_catalogue,
    small_catalogue,
    write,
)

DAY = "catalogues/2019-12-01"
FILE = f"{DAY}/catalogue.json"
Change = Callable[[Path], object]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one older catalogue."""
    folder = write(tmp_path / "data", {"book.yml": BOOK})
    keep_catalogue(older_catalogue(), folder)
    return folder


def replaced(old: str, new: str) -> Change:
    """Change a text of the catalogue."""

    def change(data: Path) -> None:
        text = (data / FILE).read_text()
        assert old in text
        (data / FILE).write_text(text.replace(old, new))

    return change


def added(path: str, text: str = "") -> Change:
    """Add a file."""
    return lambda data: write(data, {path: text})


def test_catalogues_are_by_day_the_oldest_first(data: Path) -> None:
    """Hidden files, and those that a system adds, are passed over."""
    keep_catalogue(listed("2018-01-01", {"s3:Get": "Read"}), data)
    write(data, {f"{DAY}/.DS_Store": "", "catalogues/.x": "", "catalogues/Thumbs.db": ""})
    assert list(load(data).catalogues) == ["2018-01-01", "2019-12-01"]
    assert findings(data, small_catalogue()) == ()


@pytest.mark.parametrize(
    ("change", "place", "kind", "said"),
    [
        (
            lambda data: (data / DAY).rename(data / "catalogues/2019-13-01"),
            "catalogues/2019-13-01",
            "bad-name",
            "expected a folder named as the day of its catalogue, YYYY-MM-DD, found '2019-13-01'",
        ),
        (
            lambda data: (data / DAY).rename(data / "catalogues/20191201"),
            "catalogues/20191201",
            "bad-name",
            "expected a folder named as the day of its catalogue, YYYY-MM-DD, found '20191201'",
        ),
        (
            lambda data: (data / DAY).rename(data / "catalogues/2019-12-02"),
            "catalogues/2019-12-02/catalogue.json",
            "bad-date",
            "day: expected 2019-12-02, the day of the folder, found 2019-12-01",
        ),
        (
            lambda data: os.symlink("2019-12-01", data / "catalogues/2019-12-02"),
            "catalogues/2019-12-02",
            "unlisted-file",
            "expected a folder for each day, found a link",
        ),
        (
            added("catalogues/a.json"),
            "catalogues/a.json",
            "unlisted-file",
            "expected a folder for each day, found a file",
        ),
        (
            added(f"{DAY}/metadata.json"),
            f"{DAY}/metadata.json",
            "unlisted-file",
            "expected catalogue.json, found 'metadata.json'",
        ),
        (
            lambda data: (data / FILE).unlink(),
            DAY,
            "unlisted-file",
            "expected catalogue.json, found an empty folder",
        ),
        (
            lambda data: (data / FILE).write_bytes(b" " * (MAX_BYTES + 1)),
            FILE,
            "too-large",
            f"expected at most {MAX_BYTES} bytes, found more",
        ),
        (
            replaced('"Get', '"Get '),
            FILE,
            "malformed-action",
            "services.s3.actions.Read[0].names[0]: expected the name of an action",
        ),
        (
            replaced('"s3":', '"S 3":'),
            FILE,
            "bad-prefix",
            "services.S 3: expected a service prefix in lower case",
        ),
        (
            replaced('"Read":', '"Reads":'),
            FILE,
            "wrong-value",
            "services.s3.actions.Reads: expected one of List, Read, Write, Tagging",
        ),
        (
            replaced('"GetObjectMark"', '"getobject"'),
            FILE,
            "duplicate-action",
            "services.s3.actions: expected each action once, found 'getobject'",
        ),
        (replaced('"source":', '"sauce":'), FILE, "unknown-key", "did you mean source?"),
    ],
)
def test_an_error_is_named_with_its_file(
    data: Path, change: Change, place: str, kind: str, said: str
) -> None:
    """And nothing else is."""
    change(data)
    found = findings(data, small_catalogue())
    match = [f for f in found if Path(f.file).relative_to(data).as_posix() == place]
    assert [f.kind for f in match if said in f.reason] == [kind]
    assert {f.level for f in match} == {"error"}


def test_a_catalogue_that_is_newer_than_the_one_in_use_is_a_warning(data: Path) -> None:
    """The one in use may be out of date."""
    path = keep_catalogue(listed("2020-02-03", {"s3:Get": "Read"}), data)
    (found,) = findings(data, small_catalogue())
    assert (found.level, found.kind, Path(found.file)) == ("warning", "time-order", path)
    assert found.reason == (
        "expected a day up to 2020-02-02, that of the action list in use, found 2020-02-03"
    )


def test_the_catalogue_is_one_line_for_each_service(data: Path) -> None:
    """So that the difference of two days is short."""
    text = (data / FILE).read_text()
    services = json.loads(text)["services"]
    assert [line.partition('"')[2].partition('"')[0] for line in text.splitlines()[1:-1]] == list(
        services
    )
