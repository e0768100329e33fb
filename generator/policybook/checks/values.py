"""Checks of condition blocks: the operators, and the values that each of them compares."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import structs

from policybook.checks.context import REFUSED, VALIDATION, document_finding
from policybook.checks.elements import listed
from policybook.errors import Finding, KeyPath, shown
from policybook.iam.condition_operators import is_known, parsed, spelled_operators
from policybook.iam.condition_values import boolean, moment, network, number
from policybook.wording import meant

_MISMATCH = "which IAM's policy validation calls a type mismatch"
_DATE = "a date such as 2024-01-31, 2024-01-31T12:00:00Z or seconds since 1970"


def condition_findings(found: Any, at: KeyPath) -> Iterator[tuple[str, Finding]]:
    """The findings about a condition block.

    Args:
        found: The block as its file has it.
        at: Its key path.

    Yields:
        In the block's order, the text that IAM does not know, and the finding.
    """
    for operator, keys in found.items():
        place = (*at, operator)
        if not is_known(operator):
            expected = "a condition operator of IAM"
            finding = document_finding(place, "unknown-operator", expected, operator, REFUSED)
            yield (
                operator,
                structs.replace(finding, hint=meant(operator, spelled_operators(operator))),
            )
        elif parsed(operator).base == "null" and parsed(operator).if_exists:
            expected = "Null without IfExists"
            yield (
                operator,
                document_finding(place, "unknown-operator", expected, operator, VALIDATION),
            )
        for key, values in keys.items():
            for path, value in listed(values, (*place, key)):
                text = value if isinstance(value, str) else shown(value)
                if expected := _expected(operator, text):
                    yield text, document_finding(path, "bad-value", expected, text, _MISMATCH)


def _expected(operator: str, text: str) -> str:
    """What the operator compares, if the text is no such value; else "".

    The rules are those of the IAM User Guide, "IAM JSON policy elements: Condition operators", and
    the findings "Type mismatch" of "IAM policy validation check reference".
    """
    base = parsed(operator).base
    for beginning, reads, expected in _VALUES:
        if base.startswith(beginning):
            return expected if reads(text) is None else ""
    return ""


def _boolean(text: str) -> bool | None:
    """A boolean; a policy variable may stand for one."""
    return True if "${" in text else boolean(text)


def _moment(text: str) -> object:
    """A moment; a time without a time zone is no date of the guide, but IAM is known to take it."""
    return moment(text) if moment(text) is not None else moment(f"{text}Z")


def _binary(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


# What an operator's name begins with, how a value is read, and what is expected of it.
_VALUES: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("null", _boolean, "true or false"),
    ("bool", _boolean, "true or false"),
    ("date", _moment, _DATE),
    ("numeric", number, "a number"),
    ("ipaddress", network, "an IP address or a block of them such as 10.0.0.0/8"),
    ("notipaddress", network, "an IP address or a block of them such as 10.0.0.0/8"),
    ("binary", _binary, "a value in Base64"),
)
