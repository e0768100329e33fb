"""Words of others need a licence and a link, and show all of their characters."""

from __future__ import annotations

from pathlib import Path

import pytest
from policybook.build.planner import findings

from tests.support.books import BOOK, facts, write

URL = "url: 'https://example.org/a', "
LICENCE = "license: CC-BY-SA-4.0, "


def found(folder: Path, said: str, source: str = "guide-a") -> list[str]:
    """The findings about a description."""
    text = facts("P", f"descriptions:\n  {source}: {{{said}}}\n")
    write(folder, {"book.yml": BOOK, "policies/P/policy.yml": text})
    return [f"{f.level} {f.kind} {'.'.join(map(str, f.path))}" for f in findings(folder)]


@pytest.mark.parametrize(
    "words", ["text: Fly.", "notes: {s3: Fly.}", "updates: [{day: 2020-01-01, change: Fly.}]"]
)
def test_words_of_a_page_need_a_licence_and_a_link(tmp_path: Path, words: str) -> None:
    unlicensed = ["error unlicensed-words descriptions.guide-a"]
    assert found(tmp_path, URL + LICENCE + words) == []
    assert found(tmp_path, URL + words) == unlicensed
    assert found(tmp_path, LICENCE + words) == unlicensed
    assert found(tmp_path, words) == unlicensed * 2


def test_facts_and_words_that_are_of_no_page_need_neither(tmp_path: Path) -> None:
    assert found(tmp_path, "prefixes: [s3], updates: [{day: 2020-01-01, version: v2}]") == []
    assert found(tmp_path, "text: Fly.", "account") == []


@pytest.mark.parametrize("hidden", ["\\u200b", "\\u00ad", "\\U000e0041", "\\uFEFF"])
def test_a_quotation_shows_all_of_its_characters(tmp_path: Path, hidden: str) -> None:
    """Others are an error in any file."""
    said = f'{URL}{LICENCE}text: "Fl{hidden}y\\nhigh"'
    assert found(tmp_path, said) == ["error hidden-character descriptions.guide-a.text"]


def test_the_number_of_prefixes_and_updates_is_limited(tmp_path: Path) -> None:
    for said, key in (
        (f"prefixes: [{', '.join(['s3'] * 501)}]", "prefixes"),
        (f"notes: {{{', '.join(f's{n}: x' for n in range(501))}}}", "notes"),
        (f"updates: [{', '.join(['{day: 2020-01-01}'] * 2_001)}]", "updates"),
    ):
        assert found(tmp_path, said) == [f"error wrong-type descriptions.guide-a.{key}"]
