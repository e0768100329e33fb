"""Tables of updates: rows of policies, versions, changes and days.

* A table is one of updates if it has a column "Date" and a column "Change" or "Policy".
* The policy is in the column "Policy", or else in that of "Change"; then the change's text is in
  "Description". A cell there has names, perhaps "Version 3", and after a dash what happened.
* The version is in the column "Version", or else beside the name.
* A row which says that a service started tracking changes names the day of that, and no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from datetime import date

from msgspec import Struct

from policybook.errors import shown
from policybook.importers.guides.blocks import RowBlock, TableBlock
from policybook.importers.guides.facts import PolicyUpdate
from policybook.importers.wording_of_pages import day_in, is_bare_name, tells_of_tracking

_DASH = re.compile(r"\s+[–—-]+\s+|\s?[–—:]\s")
_VERSION = re.compile(r"\bv(?:ersion )?(?P<number>[1-9][0-9]{0,5})\b", re.I)
_NUMBER = re.compile(r"v?(?:ersion )?(?P<number>[1-9][0-9]{0,5})", re.I)
_WORD = re.compile(r"[A-Za-z0-9_+=,.@-]+")


class UpdateTable(Struct, frozen=True):
    """The rows of a table of updates, the day on which tracking began, and what is unread."""

    updates: tuple[PolicyUpdate, ...]
    tracking: date | None
    unread: tuple[str, ...]


class _Columns(Struct, frozen=True):
    """The places of the columns; -1 if the table has none of that name."""

    policy: int
    version: int
    change: int
    day: int


def is_of_updates(table: TableBlock) -> bool:
    """Whether the table is one of updates."""
    return _columns(table.head) is not None


def read_updates(table: TableBlock, known: Set[str]) -> UpdateTable:
    """The rows of a table of updates.

    Args:
        table: The table.
        known: The names of policies that the page has elsewhere.
    """
    columns = _columns(table.head)
    updates: list[PolicyUpdate] = []
    days: list[date] = []
    unread: list[str] = []
    for row in table.rows if columns else ():
        assert columns
        if len(row.cells) <= max(columns.policy, columns.change, columns.day):
            unread.append(f"line {row.line}: expected a row with a day, found {_seen(row)}")
            continue
        day = day_in(row.cells[columns.day])
        is_tracking = any(map(tells_of_tracking, (row.cells[i] for i in set(_texts(columns)))))
        update = _update(row, columns, day, known)
        if is_tracking and (not update.policies or tells_of_tracking(row.cells[columns.policy])):
            days.extend([day] if day else [])
        else:
            updates.append(update)
            if not update.policies:
                unread.append(f"line {row.line}: expected a policy's name, found {_seen(row)}")
        if not day:
            found = shown(row.cells[columns.day])
            unread.append(f"line {row.line}: expected a day such as March 4, 2026, found {found}")
    return UpdateTable(tuple(updates), min(days, default=None), tuple(unread))


def _texts(columns: _Columns) -> Iterator[int]:
    yield columns.policy
    yield columns.change


def _columns(head: RowBlock) -> _Columns | None:
    names = [name.lower().strip(" :") for name in head.cells]

    def place(*wanted: str) -> int:
        return next((names.index(name) for name in wanted if name in names), -1)

    policy = place("policy", "policy name", "policies", "managed policy")
    change = place("change", "changes")
    description = place("description", "details")
    day = place("date", "release date", "date changed")
    if day < 0 or max(policy, change) < 0:
        return None
    if policy < 0:
        return _Columns(change, place("version"), change if description < 0 else description, day)
    text = description if change < 0 else change
    return _Columns(policy, place("version"), policy if text < 0 else text, day)


def _update(row: RowBlock, columns: _Columns, day: date | None, known: Set[str]) -> PolicyUpdate:
    cell = row.cells[columns.policy]
    stated = row.cells[columns.version] if 0 <= columns.version < len(row.cells) else ""
    parts = _DASH.split(cell, 1)
    in_front, label = (parts[0], parts[1].rstrip(".")) if len(parts) > 1 else (cell, "")
    names = _names(in_front, known) or _names(label, known)
    names = names or tuple(n for n in _names(row.cells[columns.change], known) if n in known)
    version = _NUMBER.fullmatch(stated.strip()) or _VERSION.search(in_front)
    return PolicyUpdate(
        policies=names,
        version=int(version["number"]) if version else None,
        label=label,
        change=row.cells[columns.change],
        day=day,
        line=row.line,
    )


def _names(text: str, known: Set[str]) -> tuple[str, ...]:
    """The names of policies in a text: those that the page knows, and what looks like one.

    "SageMaker" looks like one, too, so bare names count only if nothing else is in the text than
    the words that tables put between names.
    """
    words = [word.strip(".,") for word in _WORD.findall(text)]
    bare = {word for word in words if word not in known and is_bare_name(word)}
    others = [word for word in words if word not in known | bare and not _is_between(word)]
    return tuple(dict.fromkeys(w for w in words if w in known or (w in bare and not others)))


def _is_between(word: str) -> bool:
    """Whether a word stands between or after names in the cell of a name."""
    return word.lower() in {
        *("and", "aws", "managed", "policy", "policies", "version", "update", "updates", "updated"),
        *("introduced", "permission", "permissions", "in", "from", "of", "change", "changes"),
        *("new", "the", "to", "for", "an", "existing", "added", "service", "role", "iam"),
    } or bool(re.fullmatch("v?[0-9]+", word))


def _seen(row: RowBlock) -> str:
    return shown(" | ".join(row.cells))
