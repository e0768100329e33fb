"""What AWS documents about ARNs beside its action list: a reviewed list, each entry with a source.

The action list says neither which characters a name may have, nor that some actions accept more
resources than those of their types. The list is `arn_notes.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from policybook.catalogue.decoding import decoded

FILE = "arn_notes.json"


class TypeNote(Struct, frozen=True, forbid_unknown_fields=True):
    """The characters that names of resources of some types `never` have; see `ArnFormat`.

    `types` are full names in lower case such as `s3:object`.
    """

    types: tuple[str, ...]
    never: str
    why: str
    source: str


class ActionNote(Struct, frozen=True, forbid_unknown_fields=True):
    """The formats of further ARNs that some actions, given by full names, accept."""

    actions: tuple[str, ...]
    accept: tuple[str, ...]
    why: str
    source: str


class ArnNotes(Struct, frozen=True, forbid_unknown_fields=True):
    """The reviewed list."""

    types: tuple[TypeNote, ...]
    actions: tuple[ActionNote, ...]

    def never(self) -> Mapping[str, str]:
        """The characters that names never have, by full name of the resource type."""
        return {name: note.never for note in self.types for name in note.types}

    def accepted(self) -> Mapping[str, tuple[str, ...]]:
        """The formats of further ARNs, by full name of the action in lower case."""
        return {name.lower(): note.accept for note in self.actions for name in note.actions}


def arn_notes() -> ArnNotes:
    """The list of the package.

    Raises:
        PolicybookError: The file has another form.
    """
    return decoded(Path(__file__).parent / FILE, FILE, ArnNotes)
