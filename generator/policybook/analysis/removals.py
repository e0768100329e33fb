"""Removals: every grant that a new version removed, in which way, and whether it came back.

Services and expanded patterns are those of today's catalogue; all else is in the documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from msgspec import Struct

from policybook.analysis.compare import Comparison
from policybook.analysis.effective_actions import effective_names
from policybook.analysis.timeline import Transition
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.denies import certainty_after
from policybook.iam.grants import EVERYTHING, compared_term, prefixes
from policybook.iam.patterns import has_wildcard
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.changes import Evidence
from policybook.model.documents import Document, Grant, Statement, Term

Way = Literal["removed", "retired", "enumerated", "resource", "condition", "denied"]
WAYS: tuple[Way, ...] = get_args(Way)


class Enumeration(Struct, frozen=True, array_like=True):
    """Of the actions that a lost pattern matches, the number that the new document still grants."""

    pattern: str
    granted: int
    actions: int


class Removal(Struct, frozen=True, array_like=True):
    """The grants on one service that one transition of a policy removed in one way.

    `key` is that of the transition; `before` and `version` are the versions of the two documents.
    `prefix` is `*` for grants on every service. The ways: `removed` without replacement; `retired`
    with a service that the catalogue lacks; `enumerated`, a pattern that narrower new ones replace;
    and `resource`, `condition` and `denied` for a narrower resource, a stricter condition and a new
    Deny. `returned` is the key of the transition since which all of it is granted again, or "".
    """

    policy: str
    key: str
    before: str
    version: str
    day: date | None
    way: Way
    prefix: str
    evidence: tuple[Evidence, ...]
    enumerations: tuple[Enumeration, ...] = ()
    returned: str = ""


def removals(history: Sequence[Transition], catalogue: Catalogue) -> Iterator[Removal]:
    """The removals of a policy, in the order of its transitions.

    Those of one transition are ordered by `WAYS`, then by prefix.

    Args:
        history: The policy's transitions with rollbacks, newest first.
        catalogue: Today's catalogue.
    """
    comparison = Comparison(catalogue)
    for place, transition in enumerate(history):
        change, before, after = transition.change, transition.before, transition.version
        if not (change and change.lost and before and before.document and after.document):
            continue
        later = tuple(reversed(history[:place]))
        fresh = _fresh(before.document, after.document)
        for (way, prefix), lost in _by_way(change.lost, fresh, catalogue).items():
            yield Removal(
                transition.policy,
                transition.key,
                before.key,
                after.key,
                transition.day,
                way,
                prefix,
                lost,
                _enumerations(lost, after.document, catalogue) if way == "enumerated" else (),
                _returned(before.document, lost, later, comparison),
            )


def _by_way(
    lost: Iterable[Evidence], fresh: Sequence[str], catalogue: Catalogue
) -> Mapping[tuple[Way, str], tuple[Evidence, ...]]:
    found: dict[tuple[Way, str], list[Evidence]] = {}
    for evidence in lost:
        for prefix in prefixes(evidence.grant):
            key = _way(evidence, prefix, fresh, catalogue), prefix
            found.setdefault(key, []).append(evidence)
    order = sorted(found, key=lambda key: (WAYS.index(key[0]), key[1]))
    return {key: tuple(found[key]) for key in order}


def _way(evidence: Evidence, prefix: str, fresh: Sequence[str], catalogue: Catalogue) -> Way:
    if evidence.kind == "deny":
        return "denied"
    if evidence.kind != "action":
        return evidence.kind
    if prefix != EVERYTHING and not has_wildcard(prefix) and catalogue.service(prefix) is None:
        return "retired"
    return "enumerated" if _replaced(evidence.grant.action, fresh) else "removed"


def _replaced(lost: Term, fresh: Sequence[str]) -> bool:
    """Whether the lost pattern covers one that is new."""
    if not lost.negated and not has_wildcard(lost.patterns[0]):
        return False
    wide = compared_term(lost)
    return any(term_covers(wide, Term((pattern,))) for pattern in fresh)


def _fresh(before: Document, after: Document) -> tuple[str, ...]:
    """The action patterns that only the newer document allows, in lower case, in order."""
    return tuple(sorted(_allowed(after) - _allowed(before)))


def _allowed(document: Document) -> set[str]:
    return {
        pattern.lower()
        for statement in document.statements
        if statement.effect == "Allow" and not statement.actions.negated
        for pattern in statement.actions.patterns
    }


def _enumerations(
    lost: Iterable[Evidence], after: Document, catalogue: Catalogue
) -> tuple[Enumeration, ...]:
    granted = effective_names(after, catalogue)
    terms = dict.fromkeys(evidence.grant.action for evidence in lost)
    named = [(term, catalogue.named(term)) for term in terms]
    return tuple(
        Enumeration(", ".join(term.patterns), len(granted.intersection(names)), len(names))
        for term, names in named
        if names and not term.negated
    )


def _returned(
    before: Document, lost: Iterable[Evidence], later: Sequence[Transition], comparison: Comparison
) -> str:
    """The key of the transition since which all lost grants are there again; "" without one.

    The later transitions are ordered oldest first.
    """
    evidence = tuple(lost)
    allowed = _part(before, (e for e in evidence if e.kind != "deny"))
    denied = [e.grant for e in evidence if e.kind == "deny"]

    def whole(document: Document) -> bool:
        back = comparison.holds(allowed, document)
        return bool(back) and not any(_denies(document, one, before, comparison) for one in denied)

    known: dict[str, bool] = {}
    since = ""
    for transition in reversed(later):  # the newest one lacks most of what was ever lost
        version = transition.version
        if version.document and not transition.outside_sequence:
            if version.key not in known:
                known[version.key] = whole(version.document)
            if not known[version.key]:
                break
            since = transition.key
    return since


def _denies(document: Document, denied: Grant, before: Document, comparison: Comparison) -> bool:
    """Whether a Deny may limit the grant that the document before did not deny already."""
    action = compared_term(denied.action)
    for statement in document.statements:
        if (
            statement.effect == "Deny"
            and term_overlaps(compared_term(statement.actions), action)
            and certainty_after(statement, denied.resource) != "yes"
        ):
            alone = Document((statement,), {**document.source, "Statement": "denial"})
            if comparison.holds(alone, before) is not True:
                return True
    return False


def _part(document: Document, evidence: Iterable[Evidence]) -> Document:
    """The grants as a document of the same Version, with one statement for each."""
    statements = tuple(
        Statement(number, None, g.effect, g.action, g.resource, g.condition)
        for number, g in enumerate((e.grant for e in evidence), 1)
    )
    return Document(statements, {**document.source, "Statement": "evidence"})
