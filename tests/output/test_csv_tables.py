"""Tables for spreadsheets: what a cell begins with never makes it a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.output.csv_text import text_of

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
UNSEEN = [*" \t\r\n\v\f", "\xa0", "\u2003", "\u3000", "\u2028", "\ufeff", "\u200b", "\0", "\x7f"]


def cell(value: object) -> str:
    """The value as a reader of the table gets it."""
    ((read,),) = csv.reader(io.StringIO(text_of([(value,)]), newline=""))
    return read


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", *UNSEEN, " \t\xa0", "\n\n"])
def test_a_formula_becomes_a_text(before: str, sign: str) -> None:
    """Also after white space and unseen characters, and with signs of other widths."""
    text = f"{before}{sign}1+1"
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_a_cell_never_begins_with_a_tab_or_a_new_line(start: str) -> None:
    """Some programs begin another cell there."""
    assert cell(f"{start}text") == f"'{start}text"


@pytest.mark.parametrize(
    "value", ["", "*", "s3:Get*", "a=b", " text", "arn:aws:s3:::=", "é+", "[]", '{"a":"=1"}', -1, 0]
)
def test_other_values_are_written_as_they_are(value: object) -> None:
    """Among them numbers, which no text of the data can be."""
    assert cell(value) == str(value)


@given(st.text(max_size=6))
def test_only_an_apostrophe_is_added(text: str) -> None:
    """So that a program which reads the table can remove it."""
    assert cell(text) in (text, f"'{text}")
