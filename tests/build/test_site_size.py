"""The size of a site, and whether it meets the limits of hosts."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from policybook.build.publishing.site_size import Weight, weigh, weight_lines
from policybook.build.timings import Timings

LIGHT = Weight(10, 1_000, 500, 5, "index.html", 400, 100)


def test_a_site_is_weighed_by_its_files(tmp_path: Path) -> None:
    """The heaviest page is the largest one when compressed, not the longest."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text("a" * 5_000)
    (tmp_path / "a/other.json").write_bytes(b"x" * 9_000)
    (tmp_path / "index.html").write_text("".join(chr(33 + i * 7919 % 90) for i in range(3_000)))
    found = weigh(tmp_path)
    assert (found.files, found.size, found.largest, found.fullest) == (3, 17_000, 9_000, 2)
    assert (found.page, found.page_size) == ("index.html", 3_000)
    assert 0 < found.page_compressed < 3_000


def test_an_empty_folder_weighs_nothing(tmp_path: Path) -> None:
    """It has no heaviest page."""
    assert weigh(tmp_path) == Weight(0, 0, 0, 0, "", 0, 0)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, set()),
        ({"size": 1_000_000_001}, {"GitHub Pages"}),
        ({"files": 20_001}, {"Cloudflare Pages"}),
        ({"largest": 25 * 1024 * 1024 + 1}, {"Cloudflare Pages"}),
        ({"fullest": 54_001}, {"Netlify"}),
    ],
)
def test_each_host_has_its_own_limits(change: dict[str, int], refused: set[str]) -> None:
    """A site at a limit fits; one above it does not."""
    *_, fits = weight_lines(structs.replace(LIGHT, **change))
    answers = dict(part.rsplit(" ", 1) for part in fits.removeprefix("fits: ").split(", "))
    assert {host for host, answer in answers.items() if answer == "no"} == refused


def test_time_adds_up_by_stage() -> None:
    """Stages are in the order in which they first ran."""
    timings = Timings()
    for stage in ("load", "render", "load"):
        with timings.of(stage):
            sum(range(1_000))
    assert list(timings.seconds) == ["load", "render"]
    assert all(seconds >= 0 for seconds in timings.seconds.values())
