"""Reads the policies that the PyPI package `moto` carries: the current version of each.

They are the text of one literal in a Python module, which is read as text and never run. `moto`
makes it from IAM's `list-policies` and `get-policy-version`. `UpdateDate` is the day on which the
newest version was created (IAM API Reference, "Policy"), and that version is the default.
"""

from __future__ import annotations

import ast
import re
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.importers.packages.package_files import PackedFile, check_keys, imported_source
from policybook.importers.policy_list import checked_arn, type_of
from policybook.importers.records import Archive, ArchivedPolicy, ArchivedVersion, SkippedState
from policybook.importers.snapshots import (
    formatted_document,
    is_policy_name,
    known_day,
    version_number,
)

NAME = "moto"

_LITERAL = re.compile(
    r'^aws_managed_policies_data = ("""(?:[^"\\]++|\\.|"(?!""))*+""")', re.M | re.S
)


class _Policy(Struct, rename="pascal"):
    path: str
    default_version_id: str
    document: msgspec.Raw
    arn: str | None = None
    create_date: datetime | None = None
    update_date: datetime | None = None


_POLICIES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_POLICY = msgspec.json.Decoder(_Policy)


def read_module(source: Path, file: PackedFile, only: str = "*") -> Archive:
    """Read the policies in the module's text.

    Args:
        source: Where the module is, for errors.
        file: The module.
        only: A pattern for policies' names, with IAM's `*` and `?`.

    Raises:
        PolicybookError: The module is not of that form.
    """
    try:
        literal = _LITERAL.search(file.content.decode())
        text = ast.literal_eval(literal[1]) if literal else ""
        found = _POLICIES.decode(text)
        check_keys(source, text)
    except (msgspec.DecodeError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        expected = "aws_managed_policies_data with an object for each policy"
        raise PolicybookError(f"{source}: expected {expected}, found none ({error})") from error
    names = [name for name in sorted(found) if covers(only, name)]
    policies: list[ArchivedPolicy] = []
    skipped: list[SkippedState] = []
    for name in names:
        policy = _policy(name, bytes(found[name]))
        if isinstance(policy, str):
            place = name if is_policy_name(name) else repr(name)
            skipped.append(SkippedState(place, "", policy, lost=True))
        else:
            policies.append(policy)
    origin = imported_source("PyPI package moto", policies, file, only)
    return Archive(tuple(policies), tuple(skipped), len(names), NAME, origin)


def _policy(name: str, content: bytes) -> ArchivedPolicy | str:
    """The policy, or the reason why it is none."""
    if not is_policy_name(name):
        return "the name is not a policy's"
    try:
        found = _POLICY.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"no policy of the bundle's form ({error})"
    number = version_number(found.default_version_id)
    if not number:
        return f"expected a version id such as v3, found {found.default_version_id!r}"
    document, reason = formatted_document(bytes(found.document))
    if reason:
        return reason
    arn = checked_arn(name, found.arn or f"arn:aws:iam::aws:policy{found.path}{name}")
    if not arn:
        return f"expected an IAM path, found {found.path!r}"
    created = known_day(found.create_date)
    published = created if number == 1 else known_day(found.update_date)
    version = ArchivedVersion(number, published, None, document)
    return ArchivedPolicy(name, (version,), arn=arn, type=type_of(arn), created=created)
