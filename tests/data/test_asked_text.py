"""Actions in texts of any of the forms that people have them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.data.asked_text import MOST_NAMES, asked_text
from policybook.data.strict_yaml import MAX_BYTES

from tests.support.case_tables import cases


@pytest.mark.parametrize(("title", "text", "names", "others"), cases("asked-text.json", "texts"))
def test_a_text_is_read(title: str, text: str, names: list[str], others: int) -> None:
    """Its names, and how many parts were not understood; the browser reads the same table."""
    found = asked_text(text)
    assert [asked.text for asked in found.names] == names, title
    assert len(found.not_understood) == others, title
    assert all(part.text and part.why for part in found.not_understood)


@pytest.mark.parametrize(("text", "said"), cases("asked-text.json", "said"))
def test_what_is_wrong_with_json_is_said_with_its_line(text: str, said: list[str]) -> None:
    """In the words that the browser has too, which reads the same table."""
    assert [f"{part.text}: {part.why}" for part in asked_text(text).not_understood] == said


def test_only_events_name_operations() -> None:
    event = '{"eventSource": "s3.amazonaws.com", "eventName": "GetObject"}'
    assert [asked.kind for asked in asked_text(event).names] == ["operation"]
    assert [asked.kind for asked in asked_text("s3:GetObject").names] == ["action"]


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    """Whatever is not understood is said."""
    found = asked_text(text)
    assert len(found.names) == len(set(found.names))
    if text.isalpha():
        assert found.not_understood


def test_a_text_is_bounded() -> None:
    """In length, depth and number of names."""
    for text in ("x " * MAX_BYTES, "[" * 100_000, '{"Records":' + "[" * 40 + "]" * 40 + "}"):
        found = asked_text(text)
        assert (found.names, len(found.not_understood)) == ((), 1)
    many = " ".join(f"s3:A{number}" for number in range(MOST_NAMES + 1))
    assert asked_text(many).names == ()
