"""The ledger of removals: every grant that a version took away, in which way, and if it came back.

What is said of services and of patterns is by today's catalogue; all else is in the documents.
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
from policybook.iam.denies import left_by
from policybook.iam.grants import EVERYTHING, compared_term, prefixes
from policybook.iam.patterns import has_wildcard, term_covers, term_overlaps
from policybook.model.changes import Evidence
from policybook.model.documents import Document, Grant, Statement, Term

Way = Literal["removed", "retired", "enumerated", "resource", "condition", "denied"]
WAYS: tuple[Way, ...] = get_args(Way)


class Enumeration(Struct, frozen=True, array_like=True):
    """How many of a lost pattern's actions, by today's catalogue, the new document still grants."""

    pattern: str
    granted: int
    actions: int


class Removal(Struct, frozen=True, array_like=True):
    """What one transition of a policy took away of one service in one way.

    `key` is the transition's, `before` and `version` are the versions with the two documents.
    `prefix` is `*` for what is about every service. `removed` is plainly removed; `retired` is of a
    service that the catalogue does not have; `enumerated` is a pattern of which the new document
    has narrower ones that are new; of `resource`, `condition` and `denied` the resource was
    narrowed, the condition tightened, or a Deny put before it. `returned` is the transition since
    which all of it is there again, or "" while some of it is gone.
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


def removals(told: Sequence[Transition], catalogue: Catalogue) -> Iterator[Removal]:
    """The removals of a policy, whose transitions stand newest first, in that order.

    Those of one transition are in the order of `WAYS`, then by prefix.
    """
    comparison = Comparison()
    for place, transition in enumerate(told):
        change, before, after = transition.change, transition.before, transition.version
        if not (change and change.lost and before and before.document and after.document):
            continue
        later = tuple(reversed(told[:place]))
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
    """Whether a pattern that is new lies within the lost one."""
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
        if not term.negated
    )


def _returned(
    before: Document, lost: Iterable[Evidence], later: Sequence[Transition], comparison: Comparison
) -> str:
    """The transition since which nothing of it is missing; "" where some of it is, at the end.

    The later transitions stand oldest first.
    """
    evidence = tuple(lost)
    allowed = _part(before, (e for e in evidence if e.kind != "deny"))
    denied = [e.grant for e in evidence if e.kind == "deny"]

    def whole(document: Document) -> bool:
        back = comparison.holds(allowed, document)
        return bool(back) and not any(_denies(document, one, before, comparison) for one in denied)

    known: dict[str, bool] = {}
    since = ""
    for transition in later:
        version = transition.version
        if version.document and not transition.aside:
            if version.key not in known:
                known[version.key] = whole(version.document)
            since = (since or transition.key) if known[version.key] else ""
    return since


def _denies(document: Document, denied: Grant, before: Document, comparison: Comparison) -> bool:
    """Whether a Deny takes any of the grant that the document before did not deny already."""
    action = compared_term(denied.action)
    for statement in document.statements:
        if (
            statement.effect == "Deny"
            and term_overlaps(compared_term(statement.actions), action)
            and left_by(statement, denied.resource) != "yes"
        ):
            alone = Document((statement,), {**document.source, "Statement": "denial"})
            if comparison.holds(alone, before) is not True:
                return True
    return False


def _part(document: Document, evidence: Iterable[Evidence]) -> Document:
    """The grants as a document of the same Version, a statement each."""
    statements = tuple(
        Statement(number, None, g.effect, g.action, g.resource, g.condition)
        for number, g in enumerate((e.grant for e in evidence), 1)
    )
    return Document(statements, {**document.source, "Statement": "evidence"})
