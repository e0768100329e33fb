"""Which types of resource a resource pattern may match, by the formats of their ARNs.

An ARN has six parts, separated by the first five colons. A `${Variable}` of a format is a text that
is not empty, and that has no colon in the first five parts. A pattern is compared part by part. A
`*` stays in its part, except at the end of a pattern with fewer parts, where it matches all that
follows (IAM guide, "IAM JSON policy elements: Resource"). Variables of formats and of policies are
treated as independent of each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from policybook.catalogue.services import Service
from policybook.iam.patterns import VARIABLE, covers, overlaps

_OPEN = re.compile(r"[*?]|\$\{")
_COLON = "\0"


class Format(Struct, frozen=True):
    """A format of a type's ARNs as patterns: `parts` are the first five parts, `rest` the last.

    In `loose_parts` and `loose` variables may be empty. `head` is what `rest` begins with before
    its first wildcard.
    """

    type: str
    parts: tuple[str, ...]
    loose_parts: tuple[str, ...]
    rest: str
    loose: str
    head: str


class Types:
    """The types of resource of one service."""

    def __init__(self, service: Service) -> None:
        self._formats = tuple(
            _format(found.name, arn)
            for found in service.resource_types.values()
            for arn in found.arns
        )

    def of(self, pattern: str) -> tuple[str, ...]:
        """The types that have an ARN which the pattern matches, in the service's order.

        If there is none, variables may also be empty, as the account is in ARNs of AWS's own
        documents.

        An ARN's last part may fit several formats: `bucket/key` fits that of a bucket, whose name
        could be any text, and that of an object. If one type's format covers all of the pattern's
        last part, two kinds of types are left out: wider ones, and those that fit only a part of
        the pattern and are not narrower.
        """
        *parts, rest = arn_parts(pattern) or ("",)
        found = [*self._fitting(parts, rest, loosely=False)]
        found = found or [*self._fitting(parts, rest, loosely=True)]
        if len(found) > 1:
            found = [*_closest(found, rest)]
        return tuple(dict.fromkeys(form.type for form in found))

    def _fitting(self, parts: Sequence[str], rest: str, *, loosely: bool) -> Iterator[Format]:
        head = fixed_head(rest)
        for form in self._formats if parts else ():
            same = min(len(head), len(form.head))
            if (
                head[:same] == form.head[:same]
                and all(map(overlaps, parts, form.loose_parts if loosely else form.parts))
                and _meets(rest[same:], (form.loose if loosely else form.rest)[same:])
            ):
                yield form


def _meets(pattern: str, form: str) -> bool:
    return bool(pattern) if form == "?*" else overlaps(form, pattern)


def _closest(found: Sequence[Format], rest: str) -> Iterator[Format]:
    whole = [form for form in found if covers(form.loose, rest)]
    for form in found:
        if not any(
            not covers(other.rest, form.rest)
            and (form not in whole or covers(form.rest, other.rest))
            for other in whole
        ):
            yield form


def arn_parts(pattern: str) -> tuple[str, ...]:
    """The six parts of a pattern; empty if it has fewer and does not end in `*`."""
    plain = VARIABLE.sub(lambda found: found[0].replace(":", _COLON), pattern)
    parts = [part.replace(_COLON, ":") for part in plain.split(":", 5)]
    if len(parts) < 6:
        if not pattern.endswith("*"):
            return ()
        parts += ["*"] * (6 - len(parts))
    return tuple(parts)


def _format(name: str, arn: str) -> Format:
    *strict, rest = arn_parts(VARIABLE.sub("?*", arn)) or ("", "")
    *loose, loose_rest = arn_parts(VARIABLE.sub("*", arn)) or ("", "")
    return Format(name, tuple(strict), tuple(loose), rest, loose_rest, fixed_head(rest))


def fixed_head(pattern: str) -> str:
    """The text before the pattern's first wildcard or variable."""
    return _OPEN.split(pattern, maxsplit=1)[0]
