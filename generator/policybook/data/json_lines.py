"""Finds the lines of key paths in a JSON text.

A reader of YAML would not do: it ends at half of a surrogate pair, at a key of 1,025 characters and
at a key whose colon is on the next line, and counts other separators as ends of lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out

from policybook.errors import KeyPath

_SPACE = re.compile(r"[ \t\n\r]*")
_OTHER = re.compile(r"[^ \t\n\r,:\[\]{}\"]*")

Place = tuple[int, "Places | None"]
"""Where a part begins, and the places of its own parts if it is a container."""
Places = dict[str | int, Place]


class JsonLines:
    """The lines of a JSON text that `parsed_json` has read without an error."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._twice: list[tuple[str, int, int]] = []
        self._root, _ = self._part(_after_space(text, 0))

    def of(self, path: KeyPath) -> int:
        """The line (from 1) of the last step of the key path that is in the text.

        That of a key is its own line, not the line of its value. 0 if no step is in the text; the
        empty path has the line of the whole value.
        """
        at, places = self._root
        found = not path
        for step in path:
            part = places.get(step) if places else None
            if part is None:
                break
            (at, places), found = part, True
        return self._line(at) if found else 0

    @property
    def twice(self) -> Iterator[tuple[str, int, int]]:
        """Each key that is there again: its line, and that of the first one."""
        for key, at, first in self._twice:
            yield key, self._line(at), self._line(first)

    def _line(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1

    def _part(self, at: int) -> tuple[Place, int]:
        """The part that begins at a place, and where it ends; of a key given twice, the first."""
        match self._text[at : at + 1]:
            case "{" | "[" as opening:
                places, end = self._container(at + 1, "}" if opening == "{" else "]")
                return (at, places), end
            case '"':
                return (at, None), scanstring(self._text, at + 1, False)[1]
        found = _OTHER.match(self._text, at)
        return (at, None), found.end() if found else at

    def _container(self, at: int, closing: str) -> tuple[Places, int]:
        text, places = self._text, Places()
        at = _after_space(text, at)
        while text[at] != closing:
            begin, step = at, len(places)
            key: str | int = step
            if closing == "}":
                key, at = scanstring(text, at + 1, False)
                at = _after_space(text, _after_space(text, at) + 1)  # the colon
            (start, parts), at = self._part(at)
            if isinstance(key, str) and key in places:
                self._twice.append((key, begin, places[key][0]))
            places.setdefault(key, (begin if closing == "}" else start, parts))
            at = _after_space(text, at)
            if text[at] == ",":
                at = _after_space(text, at + 1)
        return places, at + 1


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
