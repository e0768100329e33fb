"""The actions that somebody asks about: names, patterns and operations, looked up in AWS's list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from policybook.analysis.operations import Operation
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.data.asked_text import Asked, AskedText, NotUnderstood
from policybook.iam.patterns import has_wildcard
from policybook.model.book import Book
from policybook.wording import close_names, did_you_mean

# CloudTrail names operations of Lambda with the version of its API, such as `GetFunction20150331v2`
# (AWS Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail").
_DATED = re.compile(r"(lambda:\w+?)\d{8}(v\d+)?", re.IGNORECASE)


Spelling = Callable[[str], str | None]
"""An action as it is written, by its full name in lower case; None if it is not known."""


class AskedAction(Struct, frozen=True):
    """An action: its full name in lower case and as AWS spells it, its level, and what named it."""

    name: str
    spelled: str
    level: str
    asked: tuple[str, ...]


class AskedActions(Struct, frozen=True):
    """The actions that are asked about, in order, and what is no action.

    `operations` are the API operations that are asked about and have no action of their own name,
    in order; the actions that they always need are among the actions, those of some cases are not.
    """

    actions: tuple[AskedAction, ...]
    operations: tuple[Operation, ...]
    unknown: tuple[NotUnderstood, ...]


def asked_actions(
    text: AskedText,
    catalogue: Catalogue,
    operations: Mapping[str, Operation],
    uncatalogued: Spelling | None = None,
) -> AskedActions:
    """The actions that a text asks about: of a pattern all that it matches.

    An API operation without an action of its name means the actions that it always needs.

    Args:
        text: What was read.
        catalogue: AWS's list.
        operations: The API operations that are known, by name in lower case.
        uncatalogued: Knows further actions that policies name. Default: there are none.
    """
    further: Spelling = uncatalogued or (lambda _: None)
    asked: dict[str, list[str]] = {}
    levels: dict[str, str] = {}
    unknown = list(text.not_understood)
    meant: dict[str, Operation] = {}
    for one in text.names:
        name = _looked_up(one, catalogue)
        named = dict(_named(name, catalogue, further))
        if not named and name in operations:
            meant[name] = operations[name]
            needed = {a: _named(a.lower(), catalogue, further) for a in meant[name].actions}
            named = {action: level for own in needed.values() for action, level in own.items()}
            unknown += (_without(one, action) for action, own in needed.items() if not own)
        elif not named:
            unknown.append(_unknown(one, catalogue, uncatalogued is not None))
        for name, level in named.items():
            levels[name] = level
            asked.setdefault(name, []).append(one.text)

    def action(name: str) -> AskedAction:
        spelled = catalogue.spelled(name) or further(name) or name
        return AskedAction(name, spelled, levels[name], tuple(asked[name]))

    return AskedActions(tuple(map(action, levels)), tuple(meant.values()), tuple(unknown))


def uncatalogued_actions(book: Book, catalogue: Catalogue) -> Spelling:
    """The actions that documents of policies name and AWS's list lacks.

    Only the documents that may be about the service of an action are read.
    """
    found: dict[str, Mapping[str, str]] = {}

    def spelled(name: str) -> str | None:
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in found:
            found[prefix] = _uncatalogued(prefix, book, catalogue)
        return found[prefix].get(name) if colon else None

    return spelled


def _uncatalogued(prefix: str, book: Book, catalogue: Catalogue) -> Mapping[str, str]:
    patterns = {
        pattern
        for document in book.documents_about(prefix)
        for statement in document.about(prefix)
        if statement.effect == "Allow" and not statement.actions.negated
        for pattern in statement.actions.patterns
    }
    found = {pattern.lower(): pattern for pattern in sorted(patterns) if not has_wildcard(pattern)}
    return {
        name: pattern
        for name, pattern in found.items()
        if name.startswith(f"{prefix}:") and len(name.split()) == 1 and not catalogue.action(name)
    }


def _looked_up(one: Asked, catalogue: Catalogue) -> str:
    """The name in lower case; an operation of Lambda without the version of its API."""
    lower = one.text.lower()
    dated = _DATED.fullmatch(lower) if one.kind == "operation" else None
    return dated[1] if dated and not catalogue.action(lower) else lower


def _named(lower: str, catalogue: Catalogue, uncatalogued: Spelling) -> Mapping[str, str]:
    if not has_wildcard(lower) and not catalogue.action(lower):
        return {lower: UNCATALOGUED} if uncatalogued(lower) else {}
    return catalogue.named_by(lower)


def _without(one: Asked, action: str) -> NotUnderstood:
    why = f"needs {action}, which is not in AWS's action list"
    return NotUnderstood(one.text, why)


def _unknown(one: Asked, catalogue: Catalogue, further: bool) -> NotUnderstood:
    if one.kind == "operation":
        why = "no action has the name of this operation, and which one authorizes it is not known"
        return NotUnderstood(one.text, why)
    if has_wildcard(one.text):
        return NotUnderstood(one.text, f"matches no action in AWS's list of {catalogue.date}")
    prefix = one.text.lower().partition(":")[0]
    service = catalogue.service(prefix)
    near = {f"{prefix}:{known.name}" for known in service.actions.values()} if service else set()
    close = close_names(one.text, near, most=3, cutoff=0.5)
    close = close or tuple(f"{name}:*" for name in close_names(prefix, catalogue.prefixes))
    listed = f"AWS's action list of {catalogue.date}"
    why = f"neither in {listed} nor in a policy" if further else f"not in {listed}"
    return NotUnderstood(one.text, f"{why}{did_you_mean(close)}")
