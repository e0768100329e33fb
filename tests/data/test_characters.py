"""Control characters: which ones no text may have, and that none reaches an output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from policybook.build.planner import findings

from tests.support.books import BOOK, facts, write

CONTROL = [
    *(
        "\x00",
        "\x07",
        "\x0b",
        "\x1b",
        "\x7f",
        "\x85",
        "\x9b",
        "\u2028",
        "\u2029",
        "\u202a",
        "\u202e",
    ),
    *("\u2066", "\u2069", "\ufdd0", "\uffff"),
]


def told(data: Path) -> list[tuple[str, str, int]]:
    """Kind, what was found and line of each finding."""
    return [(f.kind, f.found.partition(" ")[0], f.line) for f in findings(data)]


@pytest.mark.parametrize("char", CONTROL, ids=ascii)
def test_a_control_character_is_an_error_as_it_is_and_as_an_escape(
    char: str, tmp_path: Path
) -> None:
    """In YAML and JSON, in a text, a key and a comment; its code point is named."""
    code = f"U+{ord(char):04X}"
    texts = {
        "value.yml": f"title: a{char}b\n",
        "key.yml": f"title: t\na{char}b: 1\n",
        "comment.yml": f"title: t\n# {char}\n",
        "escape.yml": f'title: "a\\u{ord(char):04x}b"\n',
    }
    for name, text in texts.items():
        data = write(tmp_path / name, {"book.yml": text})
        line = 1 if text.startswith(("title: a", 'title: "')) else 2
        assert told(data) == [("control-character", code, line)], name
    document = json.dumps({"Statement": [], "Id": f"a{char}b"})
    policy = {"policies/P/policy.yml": facts("P", "versions: [{id: v1}]\n")}
    data = write(tmp_path / "json", {**policy, "policies/P/v1.json": document})
    assert told(data) == [("control-character", code, 1)]


def test_every_control_character_of_a_file_is_named_once_a_line(tmp_path: Path) -> None:
    """With its name, if it has one."""
    write(tmp_path, {"book.yml": "title: \u202e\u202e\x07\nintroduction: [\u202e]\n"})
    assert [(f.line, f.found) for f in findings(tmp_path)] == [
        (1, "U+0007"),
        (1, "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        (2, "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    ]


@pytest.mark.parametrize("text", ["a\tb", "a b", "é", "日本", "עברית", "a\u200fb", "\U0001f600"])
def test_other_characters_are_texts(text: str, tmp_path: Path) -> None:
    """Of any language."""
    assert told(write(tmp_path, {"book.yml": BOOK.replace("A small book", text)})) == []


@pytest.mark.parametrize("escape", [r"\t", r"\n", r"\r"])
def test_a_text_of_a_document_is_one_line(escape: str, tmp_path: Path) -> None:
    """A paragraph may have several, if no carriage return hides the beginning of one."""
    code = f"U+{ord(escape.encode().decode('unicode_escape')):04X}"
    policy = {
        "policies/P/policy.yml": facts("P", f'summary: "a{escape}b"\nversions: [{{id: v1}}]\n')
    }
    text = f'{{"Statement": [], "Id": "a{escape}b"}}'
    data = write(tmp_path, {**policy, "policies/P/v1.json": text})
    expected = [("control-character", code, 4)] if escape == r"\r" else []
    assert told(data) == [*expected, ("control-character", code, 1)]


def test_a_block_of_lines_is_no_text_of_a_document(tmp_path: Path) -> None:
    """YAML needs no escape for it."""
    policy = {"policies/P/policy.yml": facts("P", "versions: [{id: v1}]\n")}
    data = write(tmp_path, {**policy, "policies/P/v1.yml": "Statement: []\nId: |\n  a\n  b\n"})
    assert told(data) == [("control-character", "U+000A", 2)]


def test_windows_ends_of_lines_are_none(tmp_path: Path) -> None:
    """They end lines as others do."""
    assert told(write(tmp_path, {"book.yml": BOOK.replace("\n", "\r\n")})) == []


def test_a_finding_is_one_line_whatever_is_in_it(tmp_path: Path) -> None:
    """A file's name, a key and an operator may hold an end of a line or worse."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    condition = {"String\nSimilar\x1b[2J": {"a\u202e": "b"}}
    policy = {"policies/P/policy.yml": facts("P", "versions: [{id: v1}]\n")}
    document = json.dumps({"Statement": [{**statement, "Condition": condition}]})
    data = write(tmp_path, {**policy, "policies/P/v1.json": document})
    (data / "policies" / "a\nb\x1b[2J\u202e").mkdir()
    (data / "groups").mkdir()
    (data / "groups" / "c\nd.yml").touch()
    lines = [str(finding) for finding in findings(data)]
    assert len(lines) == 5
    assert all(line.isprintable() for line in lines), lines
