"""Reads one snapshot of a policy: what IAM's `get-policy-version` printed on a day."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from policybook.checks.documents import malformed_action
from policybook.data.file_reader import document_in
from policybook.errors import shown

POLICIES = "policies"

_NAME = re.compile(r"(?!\.)[A-Za-z0-9_+=,.@-]{1,128}")
_RESERVED = ("index.html",)  # the loader refuses it, since the list of policies has that address


class Snapshot(Struct, rename="pascal"):
    """A version of a policy: its id, when it was created, and its document as it was printed."""

    version_id: str
    create_date: datetime
    document: msgspec.Raw

    @property
    def number(self) -> int:
        """The number in the version id."""
        return int(self.version_id[1:])


class _Envelope(Struct, rename="pascal"):
    policy_version: Snapshot


class _Outside(Struct, rename="pascal"):
    policy_version: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_BARE = msgspec.json.Decoder(Snapshot)
_OUTSIDE = msgspec.json.Decoder(_Outside)


def policy_name(path: str) -> str:
    """The policy's name in the path of a snapshot, which may end in `.json`."""
    return path.removeprefix(POLICIES + "/").removesuffix(".json")


def is_policy_name(name: str) -> bool:
    """Whether a policy may have this name, so that its folder may."""
    return bool(_NAME.fullmatch(name)) and name.lower() not in _RESERVED


def without_mark(content: bytes) -> bytes:
    """The content of a text file without the byte order mark in front."""
    return content.removeprefix(codecs.BOM_UTF8)


def read_snapshot(name: str, content: bytes) -> Snapshot | str:
    """The snapshot in a file, with or without `get-policy-version`'s envelope.

    Args:
        name: The policy's name.
        content: The file's content.

    Returns:
        The snapshot, or the reason why the file is not one.
    """
    if not is_policy_name(name):
        return "the name is not a policy's"
    content = without_mark(content)
    if not content.strip():
        return "the file is empty"
    try:
        if _OUTSIDE.decode(content).policy_version is msgspec.UNSET:
            found = _BARE.decode(content)
        else:
            found = _ENVELOPE.decode(content).policy_version
    except msgspec.ValidationError as error:
        return f"the file is no snapshot ({error})"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"the file is no JSON ({error})"
    if not version_number(found.version_id):
        return f"the version id is {found.version_id!r}"
    if not bytes(found.document).lstrip().startswith(b"{"):
        return "the document is no mapping"
    try:
        utc_day(found.create_date)
    except OverflowError:
        return f"the day of creation is {found.create_date}"
    return found


def utc_day(moment: datetime) -> date:
    """The day in UTC; a moment without a time zone is taken to be in UTC.

    Raises:
        OverflowError: The day is before the year 1 or after the year 9999.
    """
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def known_day(moment: datetime | None) -> date | None:
    """The day in UTC; None if there is none, or it is before the year 1 or after the year 9999."""
    try:
        return utc_day(moment) if moment else None
    except OverflowError:
        return None


def version_number(id_: str) -> int:
    """The number in a version id such as `v3`; 0 if the text is none."""
    return int(id_[1:]) if re.fullmatch("v[1-9][0-9]{0,5}", id_) else 0


def formatted_document(raw: bytes) -> tuple[bytes, str]:
    """The document as its file in the data folder will hold it.

    Args:
        raw: The document as JSON.

    Returns:
        The document in JSON and "", or nothing and the reason why the loader or `check` refuses it.
    """
    try:
        pretty = msgspec.json.format(raw, indent=2) + b"\n"
    except (msgspec.DecodeError, RecursionError) as error:
        return b"", f"the document is no JSON ({error})"
    found, errors = document_in(pretty)
    if errors or not found:
        return b"", f"the document has errors ({errors[0].reason})"
    if malformed := malformed_action(found.source):
        return b"", f"the document has errors (expected an action, found {shown(malformed)})"
    try:
        return canonical(pretty), ""
    except (msgspec.DecodeError, OverflowError) as error:  # a number that is out of range
        return b"", f"the document has errors ({error})"


_KEYS = (
    *("Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal"),
    *("Action", "NotAction", "Resource", "NotResource", "Condition"),
)
_ORDER = {key: place for place, key in enumerate(_KEYS)}


def canonical(document: bytes) -> bytes:
    """The form in which importers write a document: the same for all orders of its keys.

    Statements are a list, and a list of one action, resource or value of a condition is that one.
    """
    found = msgspec.json.decode(document)
    listed = found["Statement"] if isinstance(found["Statement"], list) else [found["Statement"]]
    ordered = _ordered({**found, "Statement": [_ordered(_plain(s)) for s in listed]})
    return msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n"


def _ordered(mapping: dict[str, Any]) -> dict[str, Any]:
    return {k: mapping[k] for k in sorted(mapping, key=lambda k: (_ORDER.get(k, len(_ORDER)), k))}


def _plain(value: Any) -> Any:
    """The value with keys sorted, and each list of one item as that item."""
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}  # also those of conditions
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def is_canonical(content: bytes) -> bool:
    """Whether a document in a file has the form in which importers write it."""
    try:
        return canonical(content) == content
    except (msgspec.DecodeError, RecursionError, KeyError, TypeError):
        return False  # YAML, the output of `get-policy-version`, or no document
