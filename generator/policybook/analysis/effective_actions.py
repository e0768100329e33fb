"""What a document allows: its effective actions with what grants them, and answers to requests.

A request names one action and optionally a resource. The answer is `yes` if an Allow statement
without a condition grants it and no Deny may apply, `no` if a Deny removes it, `unsupported` if the
action cannot have what the statement names, and otherwise `conditional`; `iam.denies` has the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from policybook.analysis.since import Start
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.arn_formats import Formats, supported
from policybook.iam.denies import Certainty, certainty_with, granted, surest
from policybook.iam.grants import compared, names_action, possible, single_terms
from policybook.iam.patterns import has_wildcard
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.documents import Clause, Document, Statement, Term

Strength = Literal["none", "tag", "organisation or account", "calling service", "other"]


class Answer(Struct, frozen=True):
    """A grant that matches a request: its statement, one resource, and how certain it is.

    `patterns` are those that match the action; a statement with NotAction has none. `denials` are
    the numbers of the Deny statements that remove or may limit the grant.
    """

    statement: Statement
    patterns: tuple[str, ...]
    resource: Term
    certainty: Certainty
    denials: tuple[int, ...]

    @property
    def condition(self) -> tuple[Clause, ...]:
        """The condition of the statement."""
        return self.statement.condition


def answers(
    document: Document, action: str, resource: str | None = None, formats: Formats = None
) -> tuple[Answer, ...]:
    """The grants of the document that match a request, in the document's order.

    Args:
        document: The policy document.
        action: The full name of one action, in any case, without wildcards.
        resource: An ARN or a pattern; a grant on a part of that pattern is `conditional`. Without
            it there is one answer for each resource on which the action is granted.
        formats: The formats of the action's ARNs; see `Catalogue.formats`.
    """
    wanted = Term((action.lower(),))
    about = document.about(action.partition(":")[0].lower())
    naming = [s for s in about if _names(s.actions, wanted)]
    allowing = [s for s in naming if s.effect == "Allow"]
    denying = [s for s in naming if s.effect == "Deny"]
    on = Term((resource,)) if resource else None
    return tuple(_answers(allowing, denying, wanted, on, formats))


def _names(actions: Term, action: Term) -> bool:
    left = possible(actions, action.patterns[0])
    return (left.negated or bool(left.patterns)) and names_action(left, action)


def _answers(
    allowing: Iterable[Statement],
    denying: Iterable[Statement],
    action: Term,
    resource: Term | None,
    formats: Formats,
) -> Iterator[Answer]:
    for statement in allowing:
        patterns = () if statement.actions.negated else _matching(statement, action)
        for term in single_terms(statement.resources):
            if resource and not term_overlaps(term, resource):
                continue
            whole = not resource or term_covers(term, resource)
            alone: Certainty = "yes" if whole and not statement.condition else "conditional"
            alone = alone if supported(term, formats) else "unsupported"
            certainty, denials = certainty_with(denying, resource or term, alone, formats)
            yield Answer(statement, patterns, term, certainty, denials)


def _matching(statement: Statement, action: Term) -> tuple[str, ...]:
    return tuple(
        pattern
        for pattern in possible(statement.actions, action.patterns[0]).patterns
        if term_covers(Term((compared(pattern),)), action)
    )


def best(found: Iterable[Answer]) -> Certainty | None:
    """The most certain of the answers; None without any."""
    return surest(answer.certainty for answer in found)


# --- effective actions ----------------------------------------------------------------------------


class GrantedBy(Struct, frozen=True):
    """The number of the statement and the pattern that grant an action; "" for NotAction."""

    statement: int
    pattern: str


def expansion(document: Document, catalogue: Catalogue) -> Mapping[str, tuple[GrantedBy, ...]]:
    """The effective actions, full names in lower case, each with everything that grants it.

    Actions that a Deny removes on all resources of a statement, and those that can have none of its
    resources, are left out. Names that the catalogue lacks are kept as they are; patterns that
    match nothing in it are no actions.
    """
    found: dict[str, tuple[GrantedBy, ...]] = {}
    for statement, pattern, named in _named(document, catalogue):
        by = (GrantedBy(statement.number, pattern),)
        for name in named:
            found[name] = found[name] + by if name in found else by
    return found


def spelled(
    expanded: Mapping[str, tuple[GrantedBy, ...]], catalogue: Catalogue
) -> Mapping[str, tuple[GrantedBy, ...]]:
    """An expansion with names as AWS spells them, or else as the document does."""
    return {catalogue.spelled(name) or by[0].pattern: by for name, by in expanded.items()}


def effective_names(document: Document, catalogue: Catalogue) -> set[str]:
    """The names of the effective actions; the keys of `expansion`."""
    found: set[str] = set()
    for _, _, named in _named(document, catalogue):
        found.update(named)
    return found


def effective_levels(document: Document, catalogue: Catalogue) -> dict[str, str]:
    """The effective actions, full names in lower case, with their access levels.

    The level of a name that the catalogue lacks is `UNCATALOGUED`.
    """
    found: dict[str, str] = {}
    for statement, denies in _allowing(document):
        found.update(granted(statement, denies, catalogue))
    return found


def _named(
    document: Document, catalogue: Catalogue
) -> Iterator[tuple[Statement, str, Mapping[str, str]]]:
    """The effective actions that each pattern of each Allow statement matches."""
    for statement, denies in _allowing(document):
        if statement.actions.negated:
            yield statement, "", granted(statement, denies, catalogue)
        else:
            for pattern in statement.actions.patterns:
                yield statement, pattern, granted(statement, denies, catalogue, Term((pattern,)))


def _allowing(document: Document) -> Iterator[tuple[Statement, Sequence[Statement]]]:
    """The Allow statements, each with all Denies of the document."""
    denies = [s for s in document.statements if s.effect == "Deny"]
    return ((s, denies) for s in document.statements if s.effect == "Allow")


# --- through time ---------------------------------------------------------------------------------


class Span(Struct, frozen=True):
    """The starts between which a policy grants an action: the first, and the one that removed it.

    `until` is None if the newest known document still grants it.
    """

    since: Start
    until: Start | None = None


class VersionActions(Struct, frozen=True):
    """The effective actions of a default version, and the difference from the previous known one.

    All are full names in lower case with their levels. `gained` are those that the previous version
    did not grant, `lost` those that only the previous version grants.
    """

    start: Start
    actions: Mapping[str, str]
    gained: Mapping[str, str]
    lost: Mapping[str, str]


def version_actions(found: Iterable[Start], catalogue: Catalogue) -> Iterator[VersionActions]:
    """The effective actions of each start with a document; the first one gains nothing.

    Args:
        found: The starts of a policy, oldest first.
        catalogue: Expands wildcards and gives the levels.
    """
    before: Mapping[str, str] | None = None
    for start in found:
        if start.version.document:
            now = effective_levels(start.version.document, catalogue)
            yield _step(start, now, now if before is None else before)
            before = now


def _step(start: Start, now: Mapping[str, str], before: Mapping[str, str]) -> VersionActions:
    if now.keys() == before.keys():
        return VersionActions(start, now, {}, {})
    gained = {name: now[name] for name in now.keys() - before.keys()}
    lost = {name: before[name] for name in before.keys() - now.keys()}
    return VersionActions(start, now, gained, lost)


def spans(through_time: Iterable[VersionActions]) -> Mapping[str, tuple[Span, ...]]:
    """When a policy granted each action that is effective in any of its versions, oldest first.

    No span goes on when the policy is created anew.
    """
    found: dict[str, tuple[Span, ...]] = {}
    life: int | None = None
    for one in through_time:
        begun = (Span(one.start),)  # shared by all actions that begin here
        anew, life = one.start.life != life, one.start.life
        lost = [n for n, own in found.items() if not own[-1].until] if anew else one.lost
        for name in lost:
            *earlier, last = found[name]
            found[name] = (*earlier, Span(last.since, one.start))
        for name in one.actions if anew else one.gained:
            found[name] = found[name] + begun if name in found else begun
    return found


# --- conditions -----------------------------------------------------------------------------------

CALLERS = (
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourcearn",
    "aws:viaawsservice",
    "iam:awsservicename",
    "iam:passedtoservice",
)


def strengths(condition: Iterable[Clause]) -> tuple[Strength, ...]:
    """The kinds of condition that must hold, by their keys, in the order of the clauses."""
    return tuple(dict.fromkeys(map(_strength, condition))) or ("none",)


def _strength(clause: Clause) -> Strength:
    key = clause.key.lower()
    head = key.partition("/")[0]
    if head.endswith(("tag", "tagkeys")):
        return "tag"
    if "org" in head.partition(":")[2] or head.endswith("account"):
        return "organisation or account"
    if head in CALLERS or head.endswith(":viaservice"):
        return "calling service"
    return "other"


def is_one_action(text: str) -> bool:
    """Whether the text is the full name of one action: prefix, colon and name, no wildcards."""
    prefix, colon, name = text.partition(":")
    return bool(prefix and colon and name) and ":" not in name and not has_wildcard(text)
