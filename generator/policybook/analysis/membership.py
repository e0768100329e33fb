"""Which actions a policy grants in full, which only in part, and which it denies to others.

An action is granted `in_full` if one Allow statement without a condition allows it on every
resource that the action can have, and no Deny of the document is about it. All other effective
actions are granted in part: under a condition, on some resources, or limited by a Deny. The
resources of two statements are not added up.

Policies that are attached together share their Denies (IAM User Guide, "Policy evaluation logic"):
a Deny of one policy overrides every Allow. `together` has the rule for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TypeVar

from msgspec import Struct

from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.iam.arn_formats import Formats, is_whole, part
from policybook.iam.denies import GRANTED, Certainty, certainties_with, certainty_after
from policybook.iam.patterns import fixed_start
from policybook.model.documents import Document, Statement, Term

_ANY = Term(("*",))
T = TypeVar("T")

InFull = Callable[[str, str], bool]
"""Whether a grant is in full, for a full name in lower case and its access level."""


class GrantedNames(Struct, frozen=True):
    """Effective actions of a document, `in_full` and `in_part`: names in lower case, sorted."""

    in_full: tuple[str, ...]
    in_part: tuple[str, ...]


class Denied(Struct, frozen=True):
    """What the Denies of a document do to other documents' grants, full names in lower case.

    `removed` are the actions that it denies on all their resources without a condition, `limited`
    those that it denies under a condition or on some resources.
    """

    removed: tuple[str, ...] = ()
    limited: tuple[str, ...] = ()


def granted_actions(document: Document, catalogue: Catalogue) -> GrantedNames:
    """The effective actions of a document, which `catalogue` expands."""
    denies = _denies(document)
    full: set[str] = set()
    found: set[str] = set()
    for allow in document.statements:
        if allow.effect == "Allow" and not denies:
            named = catalogue.supporting(allow.actions, allow.resources)
            found.update(named)
            if not allow.condition:
                full.update(_on_whole(allow.resources, named, catalogue))
        elif allow.effect == "Allow":
            certainty = certainties_with(allow, denies, catalogue)
            is_full = in_full(allow, denies, catalogue)
            for name, level in catalogue.named(allow.actions).items():
                if certainty(name, level) in GRANTED:
                    found.add(name)
                    if name not in full and is_full(name, level):
                        full.add(name)
    return GrantedNames(tuple(sorted(full)), tuple(sorted(found - full)))


def _on_whole(resources: Term, named: Mapping[str, str], catalogue: Catalogue) -> Iterable[str]:
    """Those of the actions of which the resources are all that they can have."""
    if resources == _ANY:
        return named
    whole = _by_formats(lambda formats: is_whole(resources, formats))
    return [name for name in named if whole(catalogue.formats(name))]


def in_full(allow: Statement, denies: Iterable[Statement], catalogue: Catalogue) -> InFull:
    """Whether a statement grants the actions that it names on every resource, in every case.

    Args:
        allow: The Allow statement.
        denies: All Deny statements that are in force.
        catalogue: Knows the formats of the actions' ARNs.
    """
    denying = [(catalogue.denied(deny.actions), _by_formats(_is_about(deny))) for deny in denies]
    whole = _by_formats(lambda formats: is_whole(allow.resources, formats))

    def is_full(name: str, level: str) -> bool:
        formats = catalogue.formats(name)
        return (
            not allow.condition
            and whole(formats)
            and not any(about(formats) and named.names(name, level) for named, about in denying)
        )

    return is_full


def denied_actions(document: Document, names: Mapping[str, str], catalogue: Catalogue) -> Denied:
    """What the Denies of a document do to the grants of documents that are attached with it.

    Args:
        document: The document with the Denies.
        names: The actions that are asked about: full names in lower case with their access levels.
        catalogue: Knows the formats of the actions' ARNs.
    """
    removed: set[str] = set()
    limited: set[str] = set()
    found: Mapping[Certainty, set[str]] = {"no": removed, "conditional": limited, "yes": set()}
    denies = _denies(document)
    unknown = [n for n, level in names.items() if level == UNCATALOGUED] if denies else []
    for deny in denies:
        left = _by_formats(partial(certainty_after, deny, _ANY))
        for name in _named(deny, names, unknown, catalogue):
            found[left(catalogue.formats(name))].add(name)
    return Denied(tuple(sorted(removed)), tuple(sorted(limited - removed)))


def _named(
    deny: Statement, names: Mapping[str, str], unknown: Iterable[str], catalogue: Catalogue
) -> set[str]:
    """Those of the names that a Deny names; the catalogue lacks the unknown ones."""
    listed = catalogue.named(deny.actions).keys() & names.keys()
    denied = catalogue.denied(deny.actions)
    if not deny.actions.negated:
        heads = tuple(map(fixed_start, map(str.lower, deny.actions.patterns)))
        unknown = [name for name in unknown if name.startswith(heads)]
    return listed | {name for name in unknown if denied.names(name, UNCATALOGUED)}


def voided(
    document: Document,
    own: AbstractSet[str],
    denying: Document,
    limited: AbstractSet[str],
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """The actions that a document grants, and another's Denies on some resources remove; sorted.

    The document grants them only on some of those resources.

    Args:
        document: The document that grants.
        own: The actions that it grants, in full or in part.
        denying: The other document.
        limited: What the other document's Denies limit.
        catalogue: Expands wildcards.
    """
    at_risk = own & limited
    if not at_risk:
        return ()
    denies = [*_denies(document), *_denies(denying)]
    for allow in document.statements:
        if allow.effect == "Allow":
            named = catalogue.named(allow.actions)
            kept = at_risk & named.keys()
            if kept:
                certainty = certainties_with(allow, denies, catalogue)
                at_risk = at_risk - {n for n in kept if certainty(n, named[n]) in GRANTED}
    return tuple(sorted(at_risk))


def _denies(document: Document) -> list[Statement]:
    return [s for s in document.statements if s.effect == "Deny"]


def _is_about(deny: Statement) -> Callable[[Formats], bool]:
    """Whether a Deny has a resource that actions with some formats of ARNs can have."""
    return lambda formats: part(deny.resources, formats) is not None


def _by_formats(answer: Callable[[Formats], T]) -> Callable[[Formats], T]:
    """The function with its answers kept; a digest of all formats would take longer than these."""
    known: dict[int, T] = {}

    def kept(formats: Formats) -> T:
        try:
            return known[id(formats)]  # the catalogue keeps the formats as long as it lives
        except KeyError:
            found = known[id(formats)] = answer(formats)
            return found

    return kept
