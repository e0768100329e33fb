"""Reads one snapshot of a policy: what IAM's `get-policy-version` printed on a day."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from policybook.data.loader import read_document
from policybook.errors import DataError, dotted

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


def is_policy_name(text: str) -> bool:
    """Whether a text can be a policy's name, and so the name of a folder of the data."""
    return bool(_NAME.fullmatch(text)) and text.lower() not in _RESERVED


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
    if not re.fullmatch("v[1-9][0-9]{0,5}", found.version_id):
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


def formatted_document(raw: bytes, scratch: Path) -> tuple[bytes, str]:
    """The document as its file in the data folder will hold it.

    Args:
        raw: The document as JSON.
        scratch: A file that may be written to, for the loader to read.

    Returns:
        The document in JSON and "", or nothing and the reason why the loader refuses it.
    """
    try:
        pretty = msgspec.json.format(raw, indent=2) + b"\n"
    except (msgspec.DecodeError, RecursionError) as error:
        return b"", f"the document is no JSON ({error})"
    scratch.write_bytes(pretty)
    try:
        read_document(scratch)
    except DataError as error:
        first = error.findings[0]
        at = f"{dotted(first.path)}: " if first.path else ""
        found = f", found {first.found}" if first.found else ""
        return b"", f"the document has errors ({at}expected {first.expected}{found})"
    return pretty, ""
