"""Reads the actions that somebody needs or uses from what they have of them, bounded and strictly.

That is a text with actions or patterns of actions, messages of AWS that access is denied, events of
CloudTrail, or what IAM knows of the actions that were last used. What is not understood is said.
The browser reads the same in `assets/choose/asked-text.js`; both are held to one table of cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct, structs

from policybook.data.strict_yaml import MAX_BYTES, parsed_json
from policybook.errors import shown

MOST_NAMES = 20_000
"""Different names that are read; AWS has not many more actions."""

Kind = Literal["action", "operation"]
"""An action or a pattern of actions, or an operation that an event of CloudTrail names."""

_SPACE = " \t\n\r\f\v\u00a0\ufeff"
_SHOWN = 80
_DENIED = re.compile(
    f"not[{_SPACE}]+authorized[{_SPACE}]+to[{_SPACE}]+perform:?[{_SPACE}]+"
    "([A-Za-z0-9-]+:[A-Za-z0-9]+)"
)
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+|\*")
_BETWEEN = re.compile(rf"[{_SPACE},;\"'`\[\]]+")
_LINES = re.compile(r"\r\n|\r|\n")
_SOURCE = re.compile(r"([a-z0-9-]+)\.amazonaws\.com")
_OPERATION = re.compile(r"[A-Za-z0-9_-]+")


class Asked(Struct, frozen=True):
    """A name as it was written: an action or pattern such as `s3:Get*`, or an operation's."""

    text: str
    kind: Kind = "action"


class NotUnderstood(Struct, frozen=True):
    """A part of a text that is no action, and why it is not."""

    text: str
    why: str


class AskedText(Struct, frozen=True):
    """What a text asks about, each once and in order, and what of it was not understood."""

    names: tuple[Asked, ...]
    not_understood: tuple[NotUnderstood, ...]

    @property
    def prefixes(self) -> frozenset[str]:
        """The prefixes of the services of the names, in lower case."""
        return frozenset(name.text.lower().partition(":")[0] for name in self.names)


def asked_text(text: str) -> AskedText:
    """Read a text of one of the forms."""
    if len(text) > MAX_BYTES:
        too_long = NotUnderstood(_text(text[:40]), f"expected at most {MAX_BYTES} characters")
        return AskedText((), (too_long,))
    found = _in_json(text) if text.lstrip(_SPACE)[:1] in ("{", "[") else _in_lines(text)
    names: dict[Asked, None] = {}
    rest: dict[NotUnderstood, None] = {}
    for part in found:
        if isinstance(part, NotUnderstood):
            rest[part] = None
        else:
            names[part] = None
        if len(names) > MOST_NAMES:
            much = NotUnderstood(part.text, f"expected at most {MOST_NAMES} different names")
            return AskedText((), (much,))
    return AskedText(tuple(names), tuple(rest))


# --- plain text -----------------------------------------------------------------------------------


def _in_lines(text: str) -> Iterator[Asked | NotUnderstood]:
    """Actions between white space, commas and quotes; `#` begins a comment.

    In a text with a message that access is denied, other lines count only if all of their words are
    actions: messages are long, and often broken into lines.
    """
    denied = [Asked(name) for name in _DENIED.findall(text)]
    yield from denied
    for line in _LINES.split(text):
        words = [word for word in _BETWEEN.split(line.partition("#")[0]) if word]
        if not denied or all(map(_ACTION.fullmatch, words)):
            yield from map(_action, words)


def _action(word: str) -> Asked | NotUnderstood:
    if _ACTION.fullmatch(word):
        return Asked(word)
    return NotUnderstood(_text(word), "expected an action such as s3:GetObject")


def _text(value: Any) -> str:
    """A value in a line: a text as it is, truncated if it is too long."""
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return shown(value)


# --- JSON -----------------------------------------------------------------------------------------


def _in_json(text: str) -> Iterator[Asked | NotUnderstood]:
    value, errors = parsed_json(text.strip(_SPACE))
    if errors:
        for error in (structs.replace(error, hint="") for error in errors):  # as in the browser
            yield NotUnderstood(f"line {error.line}" if error.line else "JSON", error.reason)
        return
    if isinstance(value, list):
        for item in value:
            yield _action(item) if isinstance(item, str) else _event(item)
        return
    yield from _in_object(value)


def _in_object(value: dict[str, Any]) -> Iterator[Asked | NotUnderstood]:
    if isinstance(value.get("Records"), list):
        yield from map(_event, value["Records"])
    elif isinstance(value.get("Events"), list):
        yield from map(_event, value["Events"])
    elif isinstance(value.get("ServicesLastAccessed"), list):
        yield from _last_accessed(value)
    elif "Statement" in value:
        yield NotUnderstood("a policy document", "expected the actions that are needed")
    else:
        yield _event(value)


def _event(value: Any) -> Asked | NotUnderstood:
    """An event as CloudTrail writes it, or as `aws cloudtrail lookup-events` prints it."""
    if isinstance(value, dict):
        for source, name in (("eventSource", "eventName"), ("EventSource", "EventName")):
            prefix, operation = value.get(source), value.get(name)
            if isinstance(prefix, str) and isinstance(operation, str):
                found = _SOURCE.fullmatch(prefix)
                if found and _OPERATION.fullmatch(operation):
                    return Asked(f"{found[1]}:{operation}", "operation")
                what = _text(f"{prefix} {operation}")
                return NotUnderstood(what, "expected a service of AWS and the name of an operation")
    return NotUnderstood(
        _text(value), "expected an event of CloudTrail, with eventSource and eventName"
    )


def _last_accessed(value: dict[str, Any]) -> Iterator[Asked | NotUnderstood]:
    """The output of `aws iam get-service-last-accessed-details` with actions."""
    if value.get("JobStatus", "COMPLETED") != "COMPLETED":
        yield NotUnderstood(f"JobStatus {_text(value['JobStatus'])}", "expected COMPLETED")
    if value.get("IsTruncated") is True:
        yield NotUnderstood("IsTruncated", "expected the whole list; other services may follow")
    for service in value["ServicesLastAccessed"]:
        prefix = service.get("ServiceNamespace") if isinstance(service, dict) else None
        if not isinstance(prefix, str):
            yield NotUnderstood(_text(service), "expected a service with ServiceNamespace")
            continue
        tracked = service.get("TrackedActionsLastAccessed")
        if isinstance(tracked, list):
            yield from _tracked(prefix, tracked)
        elif service.get("LastAuthenticated") is not None:
            yield NotUnderstood(
                _text(prefix),
                "the service was used, but its actions are not listed; "
                "expected the report with --granularity ACTION_LEVEL",
            )


def _tracked(prefix: str, tracked: Iterable[Any]) -> Iterator[Asked | NotUnderstood]:
    """The actions of a service with the time of their last use; those without it were not used."""
    for action in tracked:
        name = action.get("ActionName") if isinstance(action, dict) else None
        if not isinstance(name, str):
            yield NotUnderstood(_text(action), "expected an action with ActionName")
        elif action.get("LastAccessedTime") is not None:
            yield _action(f"{prefix}:{name}")
