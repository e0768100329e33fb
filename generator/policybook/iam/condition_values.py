"""Condition values as what they stand for: moments, numbers, networks and booleans.

Each function reads one text, in every spelling that IAM takes, and is None for a text that stands
for no such value (IAM User Guide, "IAM JSON policy elements: Condition operators").
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2})(T(?P<hour>[0-9]{2})"
    r":(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})(?P<fraction>\.[0-9]{1,100})?)?"
    r"(Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2})))?)?)?"
)
_EPOCH = re.compile(r"[0-9]{1,18}")
# Longer numbers stand for no value of a request, and would take long to compare.
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?")
_NETWORK = re.compile(r"[0-9A-Fa-f:.]{2,45}(/(0|[1-9][0-9]{0,2}))?")
_BOOLEANS = {"true": True, "false": False}


def moment(text: str) -> Fraction | None:
    """The seconds from the start of 1970 in UTC to the moment that a date names.

    A date has the form of the W3C profile of ISO 8601, from a year to fractions of a second with a
    time zone; a date without a time is its first moment in UTC. Other digits are seconds since
    1970. Four digits are a year, as in the profile.
    """
    found = _MOMENT.fullmatch(text)
    if not found:
        return Fraction(int(text)) if _EPOCH.fullmatch(text) else None
    day = f"{found['year']}-{found['month'] or '01'}-{found['day'] or '01'}"
    time = f"{found['hour'] or '00'}:{found['minute'] or '00'}:{found['second'] or '00'}"
    try:
        there = datetime.fromisoformat(f"{day}T{time}+00:00")
    except ValueError:
        return None
    if (found["hours"] or "") > "23" or (found["minutes"] or "") > "59":
        return None
    ahead = int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60
    since = (there - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    since -= -ahead if found["sign"] == "-" else ahead
    return since + Fraction(f"0{found['fraction'] or ''}")


def number(text: str) -> Fraction | None:
    """The exact value of an integer or a decimal number, which may have a sign and an exponent."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def network(text: str) -> Network | None:
    """The block of addresses in CIDR notation, for IPv4 or IPv6; without a prefix, one address.

    Bits behind the prefix are passed over: `10.0.0.1/24` is `10.0.0.0/24`.
    """
    if not _NETWORK.fullmatch(text):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def boolean(text: str) -> bool | None:
    """What `true` or `false` stands for, in any case."""
    return _BOOLEANS.get(text.lower())
