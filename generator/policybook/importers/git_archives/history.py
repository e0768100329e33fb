"""What the states of one policy's file show, oldest first: versions, rollbacks, lives.

The version id and its day of creation count, not the commit: both never change in IAM, and a newer
version has a higher number. A state with a known id and a later day, or with a lower number than an
older version has, is of a policy that was deleted and created anew under its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import blake2b

import msgspec
from msgspec import structs

from policybook.data.file_reader import document_in
from policybook.importers.records import ArchivedRollback, ArchivedVersion
from policybook.importers.snapshots import Snapshot, formatted_document, utc_day
from policybook.model.documents import says_the_same


class History:
    """The history of one policy; `notes` are lines about documents that changed silently.

    Days are as fine as the data is: of several default versions on one day, the last one counts.
    """

    def __init__(self) -> None:
        self.rollbacks: list[ArchivedRollback] = []
        self.notes: list[str] = []
        self._lives: list[dict[int, ArchivedVersion]] = [{}]
        self._digests: dict[str, bytes] = {}

    @property
    def versions(self) -> tuple[ArchivedVersion, ...]:
        """All versions, newest first."""
        found = (version for life in self._lives for version in life.values())
        return tuple(sorted(found, key=lambda v: (v.life, v.number), reverse=True))

    def add(self, snapshot: Snapshot, day: date, commit: str, *, side: bool = False) -> str:
        """Add the next state.

        Args:
            snapshot: The state.
            day: The day on which it was committed.
            commit: The commit.
            side: Whether that commit is on a side branch, which says nothing about the default.

        Returns:
            The reason why the state was skipped, or "".
        """
        created = utc_day(snapshot.create_date)
        life = self._life(snapshot.number, created)
        if life is None:
            return (
                f"{snapshot.version_id} of {created} does not go with the days of the versions "
                "that the archive showed before"
            )
        if side and life > len(self._lives):
            return f"{snapshot.version_id} of {created} is on a side branch alone, as re-created"
        if not side and life < len(self._lives):
            return f"{snapshot.version_id} of {created} is of the policy before it was re-created"
        if reason := self._keep(snapshot, created, day, commit, life, side):
            return reason
        if not side:
            self._now(snapshot.number, day, life)
        return ""

    def _life(self, number: int, created: date) -> int | None:
        """The life of a version, which may be a new one; None if it belongs to none."""
        for life, known in reversed(tuple(enumerate(self._lives, 1))):
            if fits(number, created, ((v.number, v.published) for v in known.values())):
                return life
        newest = max(v.published for v in self._lives[-1].values() if v.published)
        return len(self._lives) + 1 if created >= newest else None

    def _keep(
        self, snapshot: Snapshot, created: date, day: date, commit: str, life: int, side: bool
    ) -> str:
        """Keep the version, or what is new about it; the reason why it cannot be kept, or ""."""
        digest = _digest(bytes(snapshot.document))
        known = self._lives[life - 1].get(snapshot.number) if life <= len(self._lives) else None
        if known and self._digests[known.id] == digest:
            return ""
        document, reason = formatted_document(bytes(snapshot.document))
        if reason:
            return reason
        before = (known.document or b"") if known else b""
        if known and says_the_same(document_in(before)[0], document_in(document)[0]):
            return ""
        if known and side:
            return f"it has another document of {snapshot.version_id}, on a side branch"
        if known:
            self.notes.append(
                f"{known.id} of {created} has another document since {day} (commit {commit[:10]}), "
                "which is used"
            )
            new = structs.replace(known, document=document, earlier=(*known.earlier, before))
        else:
            new = ArchivedVersion(snapshot.number, created, day, document, life)
            if life > len(self._lives):
                self._lives.append({})
        self._lives[life - 1][snapshot.number] = new
        self._digests[new.id] = digest
        return ""

    def _now(self, number: int, day: date, life: int) -> None:
        """The version is the default on this day."""
        self.rollbacks = [r for r in self.rollbacks if r.observed != day]
        if number != self._default(life):
            self.rollbacks.append(ArchivedRollback(number, day, life))

    def _default(self, life: int) -> int:
        """The default by the versions and rollbacks so far, as `Policy.default_id` finds it."""
        versions = self._lives[life - 1].values()
        last = next((r for r in reversed(self.rollbacks) if r.life == life), None)
        if last and not any(v.observed and v.observed > last.observed for v in versions):
            return last.number
        return max(version.number for version in versions)


def fits(number: int, created: date, known: Iterable[tuple[int, date | None]]) -> bool:
    """Whether a version can be of the same life as others.

    Args:
        number: The number of the version.
        created: The day of its creation.
        known: The numbers and days of creation of the other versions; None is unknown.
    """
    return all(
        day is None or day == created or (other != number and (day < created) == (other < number))
        for other, day in known
    )


def _digest(document: bytes) -> bytes:
    """A digest of the document that does not depend on white space and the order of keys."""
    try:
        plain = msgspec.json.encode(msgspec.json.decode(document), order="sorted")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        plain = document  # the loader says what is wrong with it
    return blake2b(plain, digest_size=16).digest()
