"""Reads YAML and JSON text strictly as plain values, and finds the line of a key path.

Of YAML only mappings, lists and scalars are read. A plain `true`, `false`, `null`, `~` or nothing
has its YAML meaning; every other scalar is a text, so that `2012-10-17`, `no` and an account id
stay what they look like. Tags, aliases, duplicate keys and second documents are errors.

This is our own code over PyYAML's C parser because PyYAML's loaders resolve dates and `no`, follow
aliases without a bound, let a second key silently win, and stop at the first error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from policybook.data.json_lines import JsonLines
from policybook.data.syntax_errors import first_in, json_error, quotes, tag_hint, yaml_error
from policybook.errors import Finding, KeyPath

MAX_BYTES = 2_000_000
MAX_DEPTH = 32
_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Stop(Exception):
    """Nothing after this error can be read."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def _error(line: int, kind: str, expected: str, found: str) -> Finding:
    """An error of the text itself, whose file is not known here; line 0 is the whole text."""
    return Finding(line=line, kind=kind, expected=expected, found=found)


def _twice(key: str, line: int, first: int) -> Finding:
    found, hint = f"{key!r} again", first_in(first)
    return Finding(
        line=line, kind="duplicate-key", expected="each key once", found=found, hint=hint
    )


def _nothing() -> Finding:
    return _error(0, "empty", "some content", "nothing but comments or null")


def other_encoding(content: bytes) -> str:
    """What the content of a file is if it is not in UTF-8, and the remedy."""
    is_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return f"{'UTF-16' if is_16 else 'another encoding'}; save the file as UTF-8"


def decoded(content: bytes) -> tuple[str, tuple[Finding, ...]]:
    """The file's text in UTF-8 and no findings, or "" and the error that makes it unreadable."""
    if len(content) > MAX_BYTES:
        size = _error(0, "too-large", f"at most {MAX_BYTES} bytes", "more")
        return "", (size,)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return "", (_error(line, "unreadable", "UTF-8 text", other_encoding(content)),)
    if not text.strip():
        return "", (_error(0, "empty", "some content", "an empty file"),)
    return text, ()


def parsed_yaml(text: str) -> tuple[Any, tuple[Finding, ...]]:
    """The value of a YAML text, and its errors; with errors, parts of the value may be missing."""
    builder = _Builder(text)
    try:
        value = builder.document()
    except _Stop as stop:
        return None, (*builder.errors, stop.finding)
    except yaml.YAMLError as error:
        return None, (*builder.errors, yaml_error(text, error))
    if value is None and not builder.errors:
        return None, (_nothing(),)
    return value, tuple(builder.errors)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Builder:
    """Plain values from the C parser's events, which carry the lines that errors need."""

    def __init__(self, text: str) -> None:
        self.errors: list[Finding] = []
        self._next = yaml.CSafeLoader(text).get_event

    def document(self) -> Any:
        value = None
        documents = 0
        while not isinstance(event := self._next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._add(event, "bad-yaml", "one document in a file", "a second one")
                    break
                value = self._node(self._next(), 0)
        return value

    def _add(self, event: Any, kind: str, expected: str, found: str, hint: str = "") -> None:
        line = _line(event)
        self.errors.append(Finding(line=line, kind=kind, expected=expected, found=found, hint=hint))

    def _node(self, event: Any, depth: int) -> Any:
        if depth >= MAX_DEPTH:
            raise _Stop(_too_deep(event.start_mark.line + 1))
        if isinstance(event, yaml.AliasEvent):
            self._add(event, "alias", "the value itself", f"an alias, *{event.anchor}", quotes("*"))
            return None
        if event.tag is not None:
            self._add(event, "tag", "no YAML tag", repr(event.tag), tag_hint(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.value in _PLAIN
            return _PLAIN[event.value] if plain else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth)
        return self._mapping(depth)

    def _list(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = _line(event)
            key = event.value if isinstance(event, yaml.ScalarEvent) else None
            self._node(event, depth + 1)
            if key is None:
                self._add(event, "bad-yaml", "a string as key", "another value")
            elif key in found:
                self.errors.append(_twice(key, line, lines[key]))
            value = self._node(self._next(), depth + 1)
            if key is not None:
                found.setdefault(key, value)
                lines.setdefault(key, line)
        return found


def parsed_json(text: str) -> tuple[Any, tuple[Finding, ...]]:
    """The value of a JSON text, with numbers as text, and its errors."""
    twice = False

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        found: dict[str, Any] = {}
        for key, value in pairs:
            twice = twice or key in found
            found.setdefault(key, value)
        return found

    try:
        value = json.loads(
            text, object_pairs_hook=mapping, parse_int=str, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError as error:
        return None, (json_error(text, error),)
    except RecursionError:
        return None, (_too_deep(0),)
    if value is None:
        return None, (_nothing(),)
    if "\\u" in text and not _is_text(value):
        return None, (_error(0, "bad-json", "characters", "half of a surrogate pair"),)
    if twice:
        return value, tuple(_twice(*again) for again in JsonLines(text).twice)
    return value, () if _is_shallow(value, MAX_DEPTH) else (_too_deep(0),)


def _is_text(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_shallow(value: Any, levels: int) -> bool:
    layer = [value] if isinstance(value, dict | list) else []
    for _ in range(levels - 1):
        inner = (part.values() if isinstance(part, dict) else part for part in layer)
        layer = [item for items in inner for item in items if isinstance(item, dict | list)]
        if not layer:
            return True
    return not any(layer)


def _too_deep(line: int) -> Finding:
    return _error(line, "too-deep", f"at most {MAX_DEPTH} levels", "more")


class Lines:
    """The lines of key paths in a YAML or JSON text."""

    def __init__(self, text: str) -> None:
        self._json = self._root = None
        if text.lstrip()[:1] in ("{", "[") and not parsed_json(text)[1]:
            self._json = JsonLines(text)
            return
        try:
            _Builder(text).document()  # the composer below does not limit depth
            self._root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, _Stop):
            pass

    def of(self, path: KeyPath) -> int:
        """The line (from 1) of the last step of the key path that is in the text; 0 if none is.

        The empty path has the line of the whole value.
        """
        if self._json:
            return self._json.of(path)
        line, node = 0, self._root
        if node and not path:
            return int(node.start_mark.line) + 1
        for step in path:
            found = next(_step(node, step), None)
            if found is None:
                break
            line, node = found
        return line


def _step(node: Any, step: str | int) -> Iterator[tuple[int, Any]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                yield key.start_mark.line + 1, value
    elif (
        isinstance(node, yaml.SequenceNode)
        and isinstance(step, int)
        and 0 <= step < len(node.value)
    ):
        yield node.value[step].start_mark.line + 1, node.value[step]
