"""What is stored of all policies together: which overlap, and which actions each of them grants.

Both depend on the catalogue and on all of the data. They are made at the first question that needs
them; after an edit, only what is about the edited policies is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from policybook.analysis.attached import Member, Scale
from policybook.analysis.chosen import Membership, names_at
from policybook.analysis.membership import GrantedNames
from policybook.analysis.overlap import Overlap, Related, current_documents, overlaps
from policybook.analysis.risks import Rulebook
from policybook.book.derived import derived
from policybook.book.facts.membership import MembershipFacts
from policybook.book.facts.overlap import OverlapFacts
from policybook.catalogue.catalogue import Catalogue
from policybook.store.blob_file import BlobFile, Damaged, write_blobs
from policybook.store.opening import StoredBook

T = TypeVar("T")
WatchedNames = Callable[[Sequence[str]], Iterable[str]]

# Names of blobs, which no policy has.
_DATA, _ALL = "/data", "/all"


class _FactFile:
    """A file of facts about a whole book. What is missing or damaged is None."""

    def __init__(self, path: Path, key: bytes, data: bytes) -> None:
        self._path, self._key, self._data = path, key, data
        self._file: BlobFile | None = None
        with suppress(Damaged, OSError):
            self._file = BlobFile(path, key)

    def is_current(self) -> bool:
        """Whether the facts are of the data as it is now, and not as it was before an edit."""
        return self._content(_DATA) == self._data

    def read(self, name: str, of: type[T]) -> T | None:
        content = self._content(name)
        with suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(content, type=of) if content else None
        return None

    def _content(self, name: str) -> bytes | None:
        with suppress(Damaged):
            return self._file.read(name) if self._file else None
        return None

    def write(self, values: Mapping[str, object]) -> None:
        blobs = {name: msgspec.msgpack.encode(value) for name, value in values.items()}
        write_blobs(self._path, self._key, {_DATA: self._data, **blobs})


class StoredOverlap(OverlapFacts):
    """The overlap of policies, that of each policy decoded when it is asked for."""

    def __init__(
        self, stored: StoredBook, catalogue: Catalogue, state: bytes, watched: WatchedNames
    ) -> None:
        """Set up the facts; nothing is read or compared yet.

        Args:
            stored: The book.
            catalogue: The catalogue.
            state: What is known of the catalogue's files.
            watched: Passes on the names of the policies that are compared with all others.

        """
        super().__init__(stored.book, catalogue, None, None)
        self._stored, self._watched = stored, watched
        key = stored.key_with(catalogue, state)
        self._file = _FactFile(stored.folder / "overlap", key, stored.state)

    def of(self, policy: str) -> Overlap | None:
        """The overlap of a policy with all others; None if it has no current document."""
        found = self._file.read(policy, Overlap) if self._file.is_current() else None
        return found or super().of(policy)

    @derived
    def _overlaps(self) -> Mapping[str, Overlap]:
        from policybook.analysis.overlap_pairs import related

        found = related(
            current_documents(self._book),
            self._catalogue,
            self._stored.digests,
            self._file.read(_ALL, Related),
            watched=self._watched,
        )
        each = overlaps(found)
        self._file.write({_ALL: found, **each})
        return each


class _Member(Struct, frozen=True, array_like=True):
    """A `Member`, whose sets of actions and steps are bytes, and the digest of its files."""

    digest: bytes
    place: int
    full: bytes
    part: bytes
    removed: bytes
    limited: bytes
    voided: dict[int, bytes]
    steps: bytes
    open_steps: bytes


class _Membership(Struct, frozen=True, array_like=True):
    """A `Membership`, and the digest of the risk rules."""

    rulebook: bytes
    names: tuple[str, ...]
    members: dict[str, _Member]
    levels: dict[str, bytes]
    rules: dict[str, bytes]


def stored_membership(
    stored: StoredBook, catalogue: Catalogue, state: bytes, watched: WatchedNames = iter
) -> Membership:
    """All policies as members of combinations.

    Args:
        stored: The book.
        catalogue: The catalogue.
        state: What is known of the catalogue's files.
        watched: Passes on the names of the policies whose actions are looked up. Default: as they
            come.

    """
    key = stored.key_with(catalogue, state)
    file = _FactFile(stored.folder / "membership", key, stored.state)
    before = file.read(_ALL, _Membership)
    if before and file.is_current():
        return _decoded(before)
    rulebook = Rulebook(stored.book.rules, catalogue)
    facts = MembershipFacts(stored.book, catalogue, lambda: rulebook)
    if before:
        _restore(facts, before, stored.digests, before.rulebook == rulebook.digest)
    for name in watched(tuple(stored.digests)):
        facts.granted(name)
        facts.steps(name)
    found = facts.all()
    file.write({_ALL: _encoded(found, stored.digests, rulebook.digest)})
    return found


def _restore(
    facts: MembershipFacts, before: _Membership, digests: Mapping[str, bytes], rules: bool
) -> None:
    """Let the facts use what was stored of policies whose files are the same."""
    encode, names = msgspec.msgpack.encode, partial(names_at, before.names)
    for name, one in before.members.items():
        if digests.get(name) == one.digest:
            granted = GrantedNames(tuple(names(_bits(one.full))), tuple(names(_bits(one.part))))
            facts.restore(name, {"granted": {"": Raw(encode(granted))}})
            if rules:
                steps = (_places(one.steps), _places(one.open_steps))
                facts.restore(name, {"steps": {"": Raw(encode(steps))}})


def _encoded(found: Membership, digests: Mapping[str, bytes], rulebook: bytes) -> _Membership:
    members = {
        name: _Member(
            digests[name],
            one.place,
            _bytes(one.full),
            _bytes(one.part),
            _bytes(one.removed),
            _bytes(one.limited),
            {place: _bytes(actions) for place, actions in one.voided.items()},
            _bytes(one.steps),
            _bytes(one.open_steps),
        )
        for name, one in found.members.items()
    }
    levels = {level: _bytes(actions) for level, actions in found.scale.levels.items()}
    rules = {rule: _bytes(steps) for rule, steps in found.scale.rules.items()}
    return _Membership(rulebook, found.names, members, levels, rules)


def _decoded(stored: _Membership) -> Membership:
    members = {
        name: Member(
            one.place,
            _bits(one.full),
            _bits(one.part),
            _bits(one.removed),
            _bits(one.limited),
            {place: _bits(actions) for place, actions in one.voided.items()},
            _bits(one.steps),
            _bits(one.open_steps),
        )
        for name, one in stored.members.items()
    }
    levels = {level: _bits(actions) for level, actions in stored.levels.items()}
    rules = {rule: _bits(steps) for rule, steps in stored.rules.items()}
    return Membership(stored.names, members, Scale(levels, rules))


def _bits(found: bytes) -> int:
    return int.from_bytes(found, "little")


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def _places(found: bytes) -> list[int]:
    """The places of the bits that are set."""
    return [place for place, digit in enumerate(bin(_bits(found))[:1:-1]) if digit == "1"]
