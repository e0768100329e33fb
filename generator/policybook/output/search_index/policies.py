"""What the finder shows of each policy, and its versions by key and by day.

The rows are columns of the first file. The versions have a file of their own, which the browser
fetches when a version or a day is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from msgspec import Struct

from policybook.analysis.default_version import DefaultSpan, default_spans
from policybook.analysis.last_change import NO_CHANGE
from policybook.book.context import BookContext
from policybook.model.book import Book
from policybook.model.changes import Verdict
from policybook.wording import label

OUTCOMES: Mapping[str, str] = {**{name: name for name in get_args(Verdict)}, **NO_CHANGE}
"""What is known of the last change of a policy with an effect, in words."""


class PolicyRows(Struct, frozen=True):
    """What is shown of each policy, in the order of the names.

    Attributes:
        types: The labels of the types that occur.
        type_of: The position of each policy's type, as a digit.
        outcomes: What the last change with an effect did, in words.
        versions: The key of each policy's current version, or "", separated by commas.
        changes: For each policy the position of its outcome, as a digit, and the day of the change
            if there is one; separated by commas.
        deprecated: The positions of deprecated policies.
        successors: The names of successors, by the position of the policy.
    """

    types: tuple[str, ...]
    type_of: str
    outcomes: tuple[str, ...]
    versions: str
    changes: str
    deprecated: tuple[int, ...]
    successors: Mapping[int, tuple[str, ...]]


def policy_rows(context: BookContext) -> PolicyRows:
    """Create the columns with what is shown of each policy."""
    lines = [context.policy_lines.of(name) for name in context.book.policies]
    types = sorted({line.type for line in lines})
    outcomes = [name for name in OUTCOMES if any(line.last.outcome == name for line in lines)]
    successors = context.successors.successors()
    return PolicyRows(
        types=tuple(label(name, "type") for name in types),
        type_of="".join(str(types.index(line.type)) for line in lines),
        outcomes=tuple(OUTCOMES[name] for name in outcomes),
        versions=",".join(line.version for line in lines),
        changes=",".join(
            f"{outcomes.index(line.last.outcome)}{line.changed or ''}" for line in lines
        ),
        deprecated=tuple(n for n, line in enumerate(lines) if line.state == "deprecated"),
        successors={
            n: tuple(dict.fromkeys(found.name for found in successors[line.name]))
            for n, line in enumerate(lines)
            if successors.get(line.name)
        },
    )


class Versions(Struct, frozen=True):
    """The file of versions; policies are in the order of the names.

    Attributes:
        format: The version of the format.
        stamp: A hash of the names of the policies, the same in all files.
        keys: For each policy the keys of its known versions, newest first, separated by spaces.
        defaults: For each policy the default version of each day, oldest first, separated by
            spaces: the first day or "", a colon, and the key or "". A `?` follows if that is not
            certain.
        data_to: The last day of the data, or "". No version is certain after it.
    """

    format: int
    stamp: str
    keys: tuple[str, ...]
    defaults: tuple[str, ...]
    data_to: str


def versions(book: Book, format_: int, stamp: str) -> Versions:
    """Create the file of versions.

    Args:
        book: The policies, in the order of the names.
        format_: The version of the format.
        stamp: The hash of the names.
    """
    policies = book.policies.values()
    return Versions(
        format=format_,
        stamp=stamp,
        keys=tuple(" ".join(version.key for version in policy.versions) for policy in policies),
        defaults=tuple(" ".join(map(_span, default_spans(policy))) for policy in policies),
        data_to=str(book.data_to or ""),
    )


def _span(span: DefaultSpan) -> str:
    key = span.version.key if span.version else ""
    return f"{span.since or ''}:{key}{'?' if span.unsure else ''}"
