"""YAML and JSON text into plain values, strictly, and key paths back to their lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from policybook.data.strict_yaml import (
    MAX_BYTES,
    MAX_DEPTH,
    Lines,
    decoded,
    parsed_json,
    parsed_yaml,
)
from policybook.errors import Finding, KeyPath

from tests.support.properties import examples

# --- Bytes ----------------------------------------------------------------------------------------


def test_bytes_are_read_as_utf_8_with_or_without_a_mark() -> None:
    """The byte order mark is no part of the text."""
    assert decoded("é".encode()) == ("é", ())
    assert decoded("é".encode("utf-8-sig")) == ("é", ())


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (b"", "empty", 0),
        (b" \n\t\n", "empty", 0),
        (b"\xef\xbb\xbf", "empty", 0),
        (b"a: b\nc: \xff\n", "unreadable", 2),
        ("a".encode("utf-16"), "unreadable", 1),
        (b"#" * (MAX_BYTES + 1), "too-large", 0),
    ],
    ids=["nothing", "white", "mark", "latin", "utf16", "large"],
)
def test_bytes_that_are_no_text_are_one_error(content: bytes, kind: str, line: int) -> None:
    """Empty, not UTF-8 (with the line where it breaks) or too large."""
    text, (error,) = decoded(content)
    assert (text, error.kind, error.line) == ("", kind, line)


def test_the_largest_size_is_still_read() -> None:
    """The limit itself is allowed."""
    assert decoded(b"#" * MAX_BYTES)[1] == ()


# --- YAML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("012345678901", "012345678901"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        (".inf", ".inf"),
        ("1e3", "1e3"),
        ("<<", "<<"),
        ("=", "="),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'true'", "true"),
        ('"~"', "~"),
        ("''", ""),
        ("|\n    true\n", "true\n"),
        (">-\n    a\n    b\n", "a b"),
    ],
)
def test_a_plain_scalar_is_text_but_for_true_false_and_null(text: str, value: object) -> None:
    """Dates, `no`, `on` and account ids stay what they look like; quotes make anything text."""
    assert parsed_yaml(f"k: {text}\n") == ({"k": value}, ())


def test_keys_are_text_always() -> None:
    """Those too that look like something else, and `<<` merges nothing."""
    found = parsed_yaml("true: a\n2012-10-17: b\n~: c\n1: d\n<<: {x: y}\n")
    assert found == ({"true": "a", "2012-10-17": "b", "~": "c", "1": "d", "<<": {"x": "y"}}, ())


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("a: 1\nb: 2\na: 3\n", [(3, "duplicate-key")]),
        ("a:\n  b: 1\n  'b': 2\nc: {d: 1, d: 2}\n", [(3, "duplicate-key"), (4, "duplicate-key")]),
        ("a: &x 1\nb: *x\n", [(2, "alias")]),
        ("a: &x [*x]\n", [(1, "alias")]),
        ("a: !!python/object:os.system x\n", [(1, "tag")]),
        ("a: !!int 1\nb: ! x\nc: !!map {}\n", [(1, "tag"), (2, "tag"), (3, "tag")]),
        ("a: 1\n---\nb: 2\n", [(2, "bad-yaml")]),
        ("a: 1\n? [b]\n: 2\nc: 3\n", [(2, "bad-yaml")]),
        ("a: [1\nb: 2\n", [(2, "bad-yaml")]),
        ("a: 1\n\tb: 2\n", [(2, "bad-yaml")]),
        ("a: %\n", [(1, "bad-yaml")]),
        ("a: 1\na: 2\nb: [\n", [(2, "duplicate-key"), (4, "bad-yaml")]),
        ("a: x\0y\n", [(0, "bad-yaml")]),
    ],
)
def test_what_data_files_may_not_hold_is_an_error_with_its_line(
    text: str, errors: list[tuple[int, str]]
) -> None:
    """Duplicate keys, aliases, tags, a second document, keys that are no text, broken syntax."""
    assert [(error.line, error.kind) for error in parsed_yaml(text)[1]] == errors


def test_after_a_duplicate_key_the_first_value_counts() -> None:
    """The rest of the file is read, so that its errors are found too."""
    value, errors = parsed_yaml("a: 1\na: 2\nb: !x 3\n")
    assert value == {"a": "1", "b": "3"}
    assert [error.kind for error in errors] == ["duplicate-key", "tag"]


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 2, 900, 100_000])
def test_yaml_may_be_nested_to_a_depth_only(depth: int) -> None:
    """Deeper than that is an error, and never an error of the program."""
    value, errors = parsed_yaml("[" * depth + "]" * depth)
    assert [error.kind for error in errors] == ([] if depth <= MAX_DEPTH else ["too-deep"])
    assert (value is None) == bool(errors)


@pytest.mark.parametrize("parse", [parsed_yaml, parsed_json])
@pytest.mark.parametrize(("inner", "deepest"), [("", MAX_DEPTH), ('"x"', MAX_DEPTH - 1)])
def test_a_value_in_lists_is_a_level_in_both_forms(
    parse: Callable[[str], tuple[Any, tuple[Finding, ...]]], inner: str, deepest: int
) -> None:
    """Of lists as deep as is allowed, the innermost one is empty."""
    assert parse("[" * deepest + inner + "]" * deepest)[1] == ()
    deeper = "[" * (deepest + 1) + inner + "]" * (deepest + 1)
    assert [error.kind for error in parse(deeper)[1]] == ["too-deep"]


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.text(st.characters(codec="ascii"), max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("abc:- #", max_size=4), inner)
    ),
    max_leaves=12,
)


@examples(1.5)
@given(value=plain)
def test_what_is_written_as_yaml_or_json_is_read_back(value: Any) -> None:
    """Both ways of writing a value give the value."""
    assert parsed_json(json.dumps([value])) == ([value], ())
    assert parsed_yaml(yaml.safe_dump([value])) == ([value], ())


@pytest.mark.parametrize("text", ["null", "~", "# a comment"])
def test_a_text_of_nothing_is_an_error(text: str) -> None:
    """A file that holds only a comment or null is not taken for a value."""
    assert [error.kind for error in parsed_yaml(text)[1]] == ["empty"]
    assert [error.kind for error in parsed_json("null")[1]] == ["empty"]


@examples(3)
@given(text=st.text(st.sampled_from("ab:-?*&!|>'\"[]{},#%@~\n \t\\\0é\ud7ff1"), max_size=40))
def test_any_text_gives_a_value_or_errors(text: str) -> None:
    """Neither reader raises, and an error has a kind, an expectation and a line from 0 up."""
    for reader in (parsed_yaml, parsed_json):
        _, errors = reader(text)
        assert all(error.kind and error.expected and error.line >= 0 for error in errors)
    assert Lines(text).of(("a", 0)) >= 0


# --- JSON -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 12, "b": 1.50, "c": -0}', {"a": "12", "b": "1.50", "c": "-0"}),
        ("[true, false, null]", [True, False, None]),
        ('"\\u00e9"', "é"),
    ],
)
def test_json_numbers_stay_the_text_that_they_were(text: str, value: object) -> None:
    """As in YAML, so that no zero of an account id is lost."""
    assert parsed_json(text) == (value, ())


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ('{"a": 1,\n "b": }', 2, "bad-json"),
        ("{'a': 1}", 1, "bad-json"),
        ('{"a": 1} {}', 1, "bad-json"),
        ('{"a": 1,\n "a": 2}', 2, "duplicate-key"),
        ("[" * 200_000 + "]" * 200_000, 0, "too-deep"),
    ],
    ids=["value", "quotes", "second", "duplicate", "deep"],
)
def test_broken_json_is_an_error(text: str, line: int, kind: str) -> None:
    """With its line where the reader knows it."""
    (error,) = parsed_json(text)[1]
    assert (error.line, error.kind) == (line, kind)


# --- From key paths to lines ----------------------------------------------------------------------

YAML = """\
name: P

versions:
  - id: v2
    published: 2020-01-01
  - {id: v1}
permissions:
  s3: >
    A note.
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("name",), 1),
        (("versions",), 3),
        (("versions", 0), 4),
        (("versions", 0, "published"), 5),
        (("versions", 1, "id"), 6),
        (("permissions", "s3"), 8),
        (("absent",), 0),
        (("versions", 0, "absent"), 4),
        (("versions", 9), 3),
        (("name", "deeper"), 1),
        (("permissions", 0), 7),
    ],
)
def test_the_line_of_a_key_path_is_that_of_its_last_step_that_is_there(
    path: KeyPath, line: int
) -> None:
    """Counted from 1, and 0 where not even the first step is there; no step is the whole text."""
    assert Lines(YAML).of(path) == line


def test_the_line_of_a_key_path_is_found_in_json_too() -> None:
    """JSON is read as the YAML that it is, tabs included."""
    text = '{\n\t"Version": "2012-10-17",\n\t"Statement": [\n\t\t{"Effect": "Allow"}\n\t]\n}\n'
    assert Lines(text).of(("Statement", 0, "Effect")) == 4


@pytest.mark.parametrize("text", ["a: [", "", "[" * 900])
def test_a_text_that_cannot_be_read_has_no_lines(text: str) -> None:
    """The answer is 0; nothing is raised."""
    assert Lines(text).of(("a",)) == 0
