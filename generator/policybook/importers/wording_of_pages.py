"""How AWS words headings, prefixes and days on pages about managed policies.

* A heading names policies if it is `AWS managed policy: NAME`, or NAME alone, with or without the
  word "policy". Two names are joined by "and", a slash, or a comma and a space.
* A bare name has at least two capitals and a small letter, such as `DataScientist`.
* A note begins with service prefixes, such as "`ec2` and `ecr`", and a dash or colon.
* A day is "March 4, 2026", "4 March 2026" or "2026-03-04", with the month in full or shortened.
"""

from __future__ import annotations

import re
from datetime import date

from policybook.importers.snapshots import is_policy_name

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?"
    r"|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\.?"
)
_DAYS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_MONTH} (?P<day>[0-9]{{1,2}})(st|nd|rd|th)?,? (?P<year>[0-9]{{4}})",
        rf"(?P<day>[0-9]{{1,2}}) {_MONTH},? (?P<year>[0-9]{{4}})",
        r"(?P<year>[0-9]{4})-(?P<number>[0-9]{2})-(?P<day>[0-9]{2})",
    )
)

_LABELLED = re.compile(r"(?:.{0,80}\s)?managed (?:iam )?polic(?:y|ies)\s?[:–—-]\s?(.+)", re.I)
_SUFFIX = re.compile(r"(?: \([^()]{0,80}\)| (?:aws |iam )?(?:managed )?polic(?:y|ies))+$", re.I)
_BETWEEN = re.compile(r",? and |, | ?/ ?| & ")
_NOTE = re.compile(r"(?P<lead>[a-z0-9*:, -]{1,300}?)(?:\s[–—-]+\s|\s?[–—:]\s)(?P<text>.*\S)")
_PREFIX = re.compile(r"(?=[a-z0-9-]*[a-z])[a-z0-9][a-z0-9-]{0,63}")
_UPDATES = re.compile(
    r"\bupdates?\b.{0,120}\bpolic(y|ies)\b|\bpolic(y|ies)\b.{0,120}\bupdates?\b", re.I
)
_LISTED = re.compile(
    r"permissions? details:?"
    r"|.{0,80}\b(includes?|contains?|has|grants?|provides?) (?:the )?following permissions?\b.*",
    re.I,
)
_TRACKING = re.compile(r"\b(start|began|begin)\w* (to )?track", re.I)


def is_bare_name(text: str) -> bool:
    """Whether a text is written as only names of policies are."""
    if not is_policy_name(text) or "," in text:
        return False
    capitals = sum(char.isupper() for char in text)
    return capitals > 1 and any(map(str.islower, text)) and text[0].isalpha() and len(text) > 4


def names_in_heading(text: str) -> tuple[tuple[str, ...], bool]:
    """The policies that a heading names, and whether it says that they are policies.

    The names are empty if it says so but what it names cannot be a policy.
    """
    labelled = _LABELLED.fullmatch(text)
    rest = _SUFFIX.sub("", (labelled[1] if labelled else text).strip())
    names = _names(rest)
    if labelled:
        return names if all(map(is_policy_name, names)) else (), True
    said = rest != text
    return (names, said) if all(map(is_bare_name, names)) else ((), False)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, _BETWEEN.split(text))))


def note(text: str) -> tuple[tuple[str, ...], str] | None:
    """The service prefixes with which a note begins, and its text; None if it has none."""
    found = _NOTE.fullmatch(text)
    names = _names(found["lead"].strip()) if found else ()
    if not found or not names or not all(map(_PREFIX.fullmatch, names)):
        return None
    return names, found["text"]


def announces_notes(text: str) -> bool:
    """Whether a heading or paragraph says that notes on permissions follow."""
    return bool(_LISTED.fullmatch(text))


def announces_updates(text: str) -> bool:
    """Whether a heading is that of a table of updates."""
    return len(text) <= 200 and bool(_UPDATES.search(text))


def tells_of_tracking(text: str) -> bool:
    """Whether a text says that AWS began to track changes."""
    return bool(_TRACKING.search(text))


def day_in(text: str) -> date | None:
    """The day that a text is, or None."""
    for form in _DAYS:
        if found := form.fullmatch(text.strip()) if len(text) < 40 else None:
            parts = found.groupdict()
            month = int(parts.get("number") or 0)
            month = month or MONTHS.index(parts["month"][:3].lower()) + 1
            try:
                return date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                return None
    return None
