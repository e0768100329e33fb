"""What a value that has not the form of its field was most likely meant to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from policybook.wording import all_of, meant

# A text that YAML takes as it is, also within brackets.
_PLAIN = re.compile(r"[A-Za-z0-9_+=./@-]+")
_ACTION = re.compile(r"[a-z0-9-]+")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?")


# What people call files and folders of the data.
_OTHER_NAMES = {
    "topics": "groups",
    "topic": "groups",
    "policy": "policies",
    "guide": "guides",
    "risks.yml": "rules.yml",
    "risk-rules.yml": "rules.yml",
}


def as_list(value: Any, of_texts: bool) -> str:
    """The remedy for a value in the place of a list, of texts or of something else."""
    if of_texts and isinstance(value, str) and _PLAIN.fullmatch(value):
        return f"did you mean [{value}]?"
    return "write each entry in a line of its own, after '- '"


def as_mapping(value: Any, keys: Iterable[str], required: Iterable[str]) -> str:
    """The remedy for a value in the place of a mapping with these keys, some of them required."""
    needed = tuple(required)
    if isinstance(value, list) and len(needed) == 1:
        return f"put the list below the key {needed[0]}:"
    if isinstance(value, str) and value.startswith("%7B"):
        return "it is encoded as IAM's API sends it; decode it, or use policybook import account"
    names = tuple(keys)
    if not names:
        return ""
    return f"its keys are {all_of(names)}" + ("" if needed else "; {} is one without any")


def as_text(value: Any) -> str:
    """The remedy for a value in the place of a text: the text that YAML took for a mapping."""
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    ((key, text),) = value.items()
    if key == "Ref" or str(key).startswith("Fn::"):
        return "it is a function of CloudFormation; write what it returns"
    if not isinstance(text, str):
        return ""
    if _ACTION.fullmatch(key) and re.fullmatch(r"[A-Za-z0-9*?]+", text):
        return f"did you mean {key}:{text}?"
    return "put a text that has a colon and a space in quotes"


def as_form(kind: str, value: str, pattern: str = "") -> str:
    """The remedy for a text that has not the form of its field; "" if none is known.

    Args:
        kind: The kind of the error, such as `bad-date`.
        value: The text.
        pattern: The pattern that the field's texts match, if it has one.
    """
    repair = _FORMS.get(kind)
    better = repair(value) if repair else ""
    if kind == "bad-name":
        better = _name(value) if re.search(pattern, "A") else _slug(value)
    if better == _NO_DAY:
        return better
    fits = better and better != value and re.search(pattern, better)
    return f"did you mean {better}?" if fits else ""


def file_name(name: str) -> str:
    """The remedy for the name of a file of a topic or guide."""
    stem, dot, ending = name.rpartition(".")
    slug = _slug(stem if dot else name)
    fits = slug and ending.lower() in ("yml", "yaml", "" if dot else ending.lower())
    return f"did you mean {slug}.yml?" if fits else ""


def folder_name(name: str) -> str:
    """The remedy for the name of a policy's folder."""
    better = _name(name)
    fits = better != name and re.fullmatch(r"[A-Za-z0-9_+=,.@-]+", better)
    return f"did you mean {better}?" if fits else ""


def instead_of(name: str, known: Iterable[str]) -> str:
    """The remedy for the name of a file or folder that has no meaning in the data folder."""
    other = _OTHER_NAMES.get(name.lower())
    return f"did you mean {other}?" if other else meant(name, known)


def near(value: Any, known: Iterable[str]) -> str:
    """The remedy for a value that is none of those that are known."""
    return meant(value, known) if isinstance(value, str) else ""


_NO_DAY = "there is no such day"


def _name(text: str) -> str:
    return "".join(text.split())


def _version(text: str) -> str:
    found = re.fullmatch(r"(?:v|version)?[ ._-]?0*([1-9]\d{0,5})(?:\.0)?", text.lower())
    return f"v{found[1]}" if found else ""


def _day(text: str) -> str:
    found = _DATE.fullmatch(text.strip())
    if not found:
        return ""
    year, month, day = map(int, found.groups()[:3])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return _NO_DAY


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def _prefix(text: str) -> str:
    found = re.match(r"[a-z0-9-]+", text.strip().lower())
    return found[0] if found else ""


def _link(text: str) -> str:
    if text.lower().startswith("http://"):
        return f"https://{text[7:]}"
    return f"https://{text}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/[!-~]*)?", text) else ""


def _arn(text: str) -> str:
    found = re.fullmatch(r"arn:(aws[a-z-]*):iam:*(aws|\d{12}):policy/(\S+)", text.strip())
    return f"arn:{found[1]}:iam::{found[2]}:policy/{found[3]}" if found else ""


def _action(text: str) -> str:
    prefix, colon, name = text.strip().partition(":")
    return f"{prefix.lower()}:{name.strip()}" if colon and name.strip() else ""


_FORMS: Mapping[str, Callable[[str], str]] = {
    "bad-version": _version,
    "bad-date": _day,
    "bad-prefix": _prefix,
    "bad-link": _link,
    "bad-arn": _arn,
    "malformed-action": _action,
}
