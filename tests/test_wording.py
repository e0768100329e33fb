"""Days, numbers, counts and suggestions in words."""

from __future__ import annotations

from datetime import date

import pytest
from policybook.wording import close_names, day, did_you_mean, number, words


def test_a_day_is_written_as_in_files_and_addresses() -> None:
    """From a date or its text; an unknown day says so."""
    assert day(date(2026, 3, 4)) == day("2026-03-04") == "2026-03-04"
    assert day(None) == "unknown"


@pytest.mark.parametrize(
    ("count", "nouns", "text"),
    [
        (0, ("policy", "policies"), "0 policies"),
        (1, ("policy", "policies"), "1 policy"),
        (2, ("version",), "2 versions"),
        (1, ("grant differs", "grants differ"), "1 grant differs"),
    ],
)
def test_a_count_has_its_noun_in_the_right_form(
    count: int, nouns: tuple[str, ...], text: str
) -> None:
    assert words(count, *nouns) == text


def test_a_large_count_is_written_as_any_large_number() -> None:
    assert words(1500, "version") == f"{number(1500)} versions"
    assert number(999) == "999"
    assert number(1500) != "1500"


def test_close_names_are_found_without_case_and_given_as_they_are_spelled() -> None:
    """The most alike first, and no more than are wanted."""
    known = ["ReadOnlyAccess", "ReadOnly", "PowerUserAccess"]
    assert close_names("readonlyacces", known) == ("ReadOnlyAccess", "ReadOnly")
    assert close_names("readonlyacces", known, most=1) == ("ReadOnlyAccess",)
    assert close_names("zzz", known) == ()


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), ""),
        (("A",), "; did you mean A?"),
        (("A", "B"), "; did you mean A or B?"),
        (("A", "B", "C"), "; did you mean A, B or C?"),
    ],
)
def test_a_suggestion_ends_an_error(names: tuple[str, ...], text: str) -> None:
    assert did_you_mean(names) == text
