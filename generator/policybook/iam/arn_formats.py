"""Formats of ARNs, and whether a resource pattern matches an ARN that an action can have.

AWS's action list gives the formats of an action's ARNs, such as
`arn:${Partition}:s3:::${BucketName}/${ObjectName}`. An ARN has six fields, separated by its first
five colons (IAM User Guide, "IAM ARNs"). A placeholder of the first five fields has neither colon
nor slash and may be empty, as the Region and account are in many of AWS's own ARNs. A placeholder
of the last field is not empty. A `*` of a format is a placeholder in the first five fields, and
stands for any text in the last; `${*}` is the character itself.

A `*` of a pattern may also match colons (IAM User Guide, "IAM JSON policy elements: Resource").
Policy variables may have any value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from policybook.iam.patterns import (
    ANY,
    STAR,
    VARIABLE,
    completed,
    covers,
    is_variable,
    overlaps,
    tokens,
)
from policybook.iam.terms import matched
from policybook.iam.text_sets import TextPattern, TextSet, Undecided, passing, text_truths
from policybook.model.documents import Term

_FIELDS = 6
_PART = re.compile(r"\$\{([*?$])\}|(\$\{[^}]*\}|\*)|(.)", re.DOTALL)


# Tokens of a format beside characters. The characters that they do not stand for follow.
_ONE, _RUN = "one ", "run "
_NEVER = ":/"  # which no partition, service, Region or account has


class ArnFormat(Struct, frozen=True, cache_hash=True):
    """A format of ARNs; the placeholders of its last field have none of the characters `never`."""

    text: str
    never: str = ":"


Formats = tuple[ArnFormat, ...] | None
"""The formats of an action's ARNs: none if it has no resource type, None if that is not known."""


@lru_cache(maxsize=65_536)
def as_pattern(form: ArnFormat, partition: str = "*") -> str:
    """A pattern that matches every ARN of the format in a partition, and some more texts."""
    *fields, last = form.text.split(":", _FIELDS - 1)
    if len(fields) > 1:
        fields[1] = _in_pattern("*", fields[1]).replace("*", partition)
    return ":".join([*(_in_pattern("*", field) for field in fields), _in_pattern("?*", last)])


def _in_pattern(placeholder: str, field: str) -> str:
    return _PART.sub(lambda part: placeholder if part[2] and part[2] != "*" else part[0], field)


# --- one format -----------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def meets(pattern: str, form: ArnFormat) -> bool:
    """Whether the pattern matches an ARN of the format."""
    fields, last = _tokens(form)
    machine = _machine(pattern)
    return bool(machine.read(_after_fields(pattern, fields), last) & machine.end)


def apart(one: str, other: str, formats: Iterable[ArnFormat]) -> bool:
    """Whether two patterns match ARNs of known formats, but none in common.

    Two patterns may share texts only where a `*` reaches across the colons of an ARN, as
    `arn:aws:sagemaker:*:*:domain/*` and `arn:aws:sagemaker:*:*:app/*` do. No resource has such an
    ARN.

    Args:
        one: A pattern of resources.
        other: Another one.
        formats: All formats that ARNs matched by the patterns may have.
    """
    here, there = _fields(one), _fields(other)
    if len(here) == len(there) == _FIELDS and all(map(overlaps, here, there)):
        return False  # no `*` has to reach across a colon
    met = [form for form in formats if meets(one, form)]
    if not met or not any(meets(other, form) for form in formats):
        return False
    return not any(meets(other, form) and _meet_both(one, other, form) for form in met)


def _fields(pattern: str) -> list[str]:
    """The six fields of a pattern of ARNs, with `*` for variables."""
    return VARIABLE.sub("*", completed(pattern)).split(":", _FIELDS - 1)


def _meet_both(one: str, other: str, form: ArnFormat) -> bool:
    """Whether both patterns match an ARN of the format, though their fields share nothing.

    The answer is True if it takes too long to tell.
    """
    colons = VARIABLE.sub("", form.text).count(":")
    whole = (completed(pattern) for pattern in (one, other))
    if ":" in form.never and all("${" not in p and p.count(":") == colons for p in whole):
        return False  # all colons of the ARN are the patterns' own, so each `*` stays in its field
    patterns = (TextPattern(tokens(completed(pattern))) for pattern in (one, other))
    kinds = {_RUN: STAR, _ONE: ANY}
    named = tuple(kinds.get(token[:4], token) for part in _tokens(form) for token in part)
    # Other characters that a name never has than the colon are left out: that is only less strict.
    arns = TextPattern(named, 1000 if ":" in form.never else _FIELDS - 1)
    try:
        sets = [TextSet((pattern,)) for pattern in (*patterns, arns)]
        return next(text_truths(sets, 0b111), None) is not None
    except Undecided:
        return True


@lru_cache(maxsize=16_384)
def _after_fields(pattern: str, fields: tuple[str, ...]) -> int:
    """The positions after the first five fields, which many formats have in common."""
    machine = _machine(pattern)
    return machine.read(machine.start, fields)


@lru_cache(maxsize=16_384)
def _tokens(form: ArnFormat) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of the first five fields, and those of the last one."""
    fields: list[str] = []
    last: list[str] = []
    for escaped, placeholder, char in _PART.findall(form.text):
        if fields.count(":") < _FIELDS - 1:
            fields.append(_RUN + _NEVER if placeholder else escaped or char)
        elif placeholder == "*":
            last.append(_RUN)
        elif placeholder:
            last += (_ONE + form.never, _RUN + form.never)
        else:
            last.append(escaped or char)
    return tuple(fields), tuple(last)


class _Machine:
    """A pattern as an automaton; a set of positions in it is the bits of an integer."""

    def __init__(self, pattern: str) -> None:
        self._stars = self._anys = 0
        self._literals: dict[str, int] = {}
        found = tokens(completed(pattern))
        for place, token in enumerate(found):
            if token == STAR or is_variable(token):
                self._stars |= 1 << place
            elif token == ANY:
                self._anys |= 1 << place
            else:
                self._literals[token] = self._literals.get(token, 0) | 1 << place
        self.end = 1 << len(found)
        self.start = passing(1, self._stars)

    def read(self, places: int, form: tuple[str, ...]) -> int:
        """The positions after reading any text that these tokens of a format stand for."""
        stars = self._stars
        for token in form:
            if token.startswith(_RUN):
                places = passing(places, self._without(token))
            else:
                single = len(token) == 1
                taken = (
                    self._anys | self._literals.get(token, 0) if single else self._without(token)
                )
                places = passing(places & stars | (places & taken & ~stars) << 1, stars)
            if not places:
                return 0
        return places

    def _without(self, token: str) -> int:
        """The positions at which a character can be read that the token stands for."""
        found = self.end - 1
        for never in token[len(_RUN) :]:
            found &= ~self._literals.get(never, 0)
        return found


@lru_cache(maxsize=16_384)
def _machine(pattern: str) -> _Machine:
    return _Machine(pattern)


# --- the formats of an action ---------------------------------------------------------------------


def supported(resources: Term, formats: Formats) -> bool:
    """Whether the resources of a statement include one that an action can have; see `part`."""
    return part(resources, formats) is not None


def part(resources: Term, formats: Formats) -> Term | None:
    """The part of a statement's resources that an action supports; None if there is none.

    An action that the catalogue does not know supports everything. An action without resource
    types has one resource, `*` (IAM User Guide, "IAM JSON policy elements: Resource"). Only `*`
    names it, and NotResource includes it unless it excludes everything: `part` is then `*`.
    Of other actions, NotResource is kept whole unless it excludes everything.

    Args:
        resources: The Resource or NotResource element.
        formats: The formats of the action's ARNs.
    """
    if resources.negated and any(covers(pattern, "*") for pattern in matched(resources)):
        return None
    if formats is None or resources == _EVERY:
        return resources
    return _part(resources, formats)


_EVERY = Term(("*",))


@lru_cache(maxsize=65_536)
def _part(resources: Term, formats: tuple[ArnFormat, ...]) -> Term | None:
    if resources.negated and formats:
        return None if _include_all(matched(resources), formats) else resources
    texts = zip(resources.patterns, matched(resources), strict=True)
    kept = tuple(pattern for pattern, text in texts if _names_some(text, formats))
    if not formats:
        return _EVERY if kept or resources.negated else None
    if len(kept) == len(resources.patterns):
        return resources
    return Term(kept, False, resources.variables) if kept else None


def _names_some(pattern: str, formats: tuple[ArnFormat, ...]) -> bool:
    return covers(pattern, "*") or any(meets(pattern, form) for form in formats)


PARTITIONS = ("*", "aws", "aws-cn", "aws-us-gov")


def _include_all(patterns: tuple[str, ...], formats: tuple[ArnFormat, ...]) -> bool:
    """Whether one pattern each matches all ARNs of the formats; there may be none.

    One partition is enough, since a policy takes effect in one, and `arn:aws:s3:::*` is meant to
    name all objects. Patterns that cover a format only together are not seen.
    """
    whole = [completed(pattern) for pattern in patterns]
    return bool(formats) and any(
        all(any(covers(w, as_pattern(form, partition)) for w in whole) for form in formats)
        for partition in PARTITIONS
    )


@lru_cache(maxsize=65_536)
def is_whole(resources: Term, formats: Formats) -> bool:
    """Whether a statement's resources include every ARN that an action can have.

    The partition does not count as a limit. If the formats are not known, only `*` includes all.
    """
    if resources.negated:
        return formats is not None and not any(
            meets(pattern, form) for pattern in matched(resources) for form in formats
        )
    if any(covers(pattern, "*") for pattern in resources.patterns):
        return True
    if formats is None:
        return False
    patterns = matched(resources)
    met = all(any(meets(pattern, form) for pattern in patterns) for form in formats)
    return met and _include_all(patterns, formats)  # most often not met, which is quick to tell


@lru_cache(maxsize=65_536)
def is_open(resources: Term, formats: tuple[ArnFormat, ...]) -> bool:
    """Whether a statement's resources include all ARNs of one format of an action.

    The partition does not count as a limit. An action without resource types is open only on `*`
    and on NotResource. NotResource is open if it excludes nothing of one format.
    """
    if resources.negated:
        return not formats or any(
            not any(meets(pattern, form) for pattern in matched(resources)) for form in formats
        )
    if any(covers(pattern, "*") for pattern in resources.patterns):
        return True
    whole = [completed(pattern) for pattern in matched(resources)]
    return any(
        covers(w, as_pattern(form, partition))
        for form in formats
        for partition in PARTITIONS
        for w in whole
    )
