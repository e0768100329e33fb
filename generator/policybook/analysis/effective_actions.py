"""What a document lets one do: effective actions with what grants them, and answers to requests.

A request names one action and a resource, or no resource. What is said of it is `yes`, where an
Allow statement without a condition grants it and no Deny can take it away; `no`, where a Deny
without a condition does on the same or a wider resource (IAM guide, "Policy evaluation logic": an
explicit deny overrides any allow); and else `conditional`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.iam.denies import Certainty, certainty_beside, remaining, removing, surest
from policybook.iam.grants import compared, names_action, single_terms
from policybook.iam.patterns import has_wildcard, term_covers, term_overlaps
from policybook.model.documents import Clause, Document, Statement, Term
from policybook.model.policies import Version

Strength = Literal["none", "tag", "organisation or account", "calling service", "other"]


class Answer(Struct, frozen=True):
    """A grant that a request meets: its statement, the patterns that name the action, one resource.

    Without patterns the statement names everything but others. `denials` are the numbers of the
    Deny statements that take from it, or may.
    """

    statement: Statement
    patterns: tuple[str, ...]
    resource: Term
    certainty: Certainty
    denials: tuple[int, ...]

    @property
    def condition(self) -> tuple[Clause, ...]:
        """The condition under which the statement allows."""
        return self.statement.condition


def answers(document: Document, action: str, resource: str | None = None) -> tuple[Answer, ...]:
    """The grants of the document that the request meets, in the document's order.

    `action` is one full name, in any case, without wildcards. `resource` is an ARN or a pattern; a
    grant on a part of that pattern is `conditional`. Without it every grant of the action answers
    for its own resource.
    """
    wanted = Term((action.lower(),))
    allowing = [
        s for s in document.statements if s.effect == "Allow" and names_action(s.actions, wanted)
    ]
    denying = [
        s for s in document.statements if s.effect == "Deny" and names_action(s.actions, wanted)
    ]
    return tuple(_answers(allowing, denying, wanted, Term((resource,)) if resource else None))


def _answers(
    allowing: Iterable[Statement], denying: Iterable[Statement], action: Term, resource: Term | None
) -> Iterator[Answer]:
    for statement in allowing:
        patterns = () if statement.actions.negated else _matching(statement, action)
        for term in single_terms(statement.resources):
            if resource and not term_overlaps(term, resource):
                continue
            whole = not resource or term_covers(term, resource)
            alone: Certainty = "yes" if whole and not statement.condition else "conditional"
            certainty, denials = certainty_beside(denying, resource or term, alone)
            yield Answer(statement, patterns, term, certainty, denials)


def _matching(statement: Statement, action: Term) -> tuple[str, ...]:
    return tuple(
        pattern
        for pattern in statement.actions.patterns
        if term_covers(Term((compared(pattern),)), action)
    )


def best(found: Iterable[Answer]) -> Certainty | None:
    """The surest of the answers; None where there are none."""
    return surest(answer.certainty for answer in found)


# --- effective actions ----------------------------------------------------------------------------


class GrantedBy(Struct, frozen=True):
    """The statement, by its number, and the pattern that grant an action; "" for NotAction."""

    statement: int
    pattern: str


def expansion(document: Document, catalogue: Catalogue) -> Mapping[str, tuple[GrantedBy, ...]]:
    """The effective actions, full names in lower case, each with all that grants it.

    What a Deny without a condition takes away on all resources of a grant is left out. Names that
    the catalogue lacks stand for themselves, patterns too.
    """
    found: dict[str, tuple[GrantedBy, ...]] = {}
    for statement, pattern, named in _named(document, catalogue):
        by = (GrantedBy(statement.number, pattern),)
        for name in named:
            found[name] = found[name] + by if name in found else by
    return found


def effective_names(document: Document, catalogue: Catalogue) -> set[str]:
    """The effective actions alone, as `expansion` has them."""
    found: set[str] = set()
    for _, _, named in _named(document, catalogue):
        found.update(named)
    return found


def effective_levels(
    document: Document, catalogue: Catalogue, known: dict[Term, Mapping[str, str]] | None = None
) -> dict[str, str]:
    """The effective actions with their levels; `UNCATALOGUED` for what the catalogue lacks.

    `known` remembers what statements name, for documents that have them in common.
    """
    known = {} if known is None else known
    found: dict[str, str] = {}
    for statement, denies in _allowing(document):
        actions = statement.actions
        if actions not in known:
            known[actions] = catalogue.named(actions)
        found.update(remaining(known[actions], denies, catalogue.denied))
    return found


def _named(
    document: Document, catalogue: Catalogue
) -> Iterator[tuple[Statement, str, Mapping[str, str]]]:
    """What each pattern of each Allow statement names, less what is denied wherever it holds."""
    for statement, denies in _allowing(document):
        if statement.actions.negated:
            parts: Iterable[tuple[str, Mapping[str, str]]] = (
                ("", catalogue.named(statement.actions)),
            )
        else:
            parts = ((p, catalogue.named_by(p)) for p in statement.actions.patterns)
        for pattern, named in parts:
            yield statement, pattern, remaining(named, denies, catalogue.denied)


def _allowing(document: Document) -> Iterator[tuple[Statement, Sequence[Statement]]]:
    """The Allow statements, each with the Denies that apply wherever it grants."""
    denies = [s for s in document.statements if s.effect == "Deny"]
    for statement in document.statements:
        if statement.effect == "Allow":
            yield statement, removing(denies, statement.resources)


# --- through time ---------------------------------------------------------------------------------


class Span(Struct, frozen=True):
    """The versions between which a policy grants an action: the first, and the one that ended it.

    `until` is None where the newest known document still grants it.
    """

    since: Version
    until: Version | None = None


class Step(Struct, frozen=True):
    """The effective actions of a version, and those that the known one before it did not have.

    Full names in lower case with their levels; `lost` are those that only the one before has.
    """

    version: Version
    actions: Mapping[str, str]
    gained: Mapping[str, str]
    lost: Mapping[str, str]


def steps(versions: Iterable[Version], catalogue: Catalogue) -> Iterator[Step]:
    """A step for each version with a document; the first one gains nothing.

    The versions stand as each became the default, oldest first; one may come again.
    """
    before: Mapping[str, str] | None = None
    known: dict[Term, Mapping[str, str]] = {}
    for version in versions:
        if version.document:
            now = effective_levels(version.document, catalogue, known)
            yield _step(version, now, now if before is None else before)
            before = now


def _step(version: Version, now: Mapping[str, str], before: Mapping[str, str]) -> Step:
    if now.keys() == before.keys():
        return Step(version, now, {}, {})
    gained = {name: now[name] for name in now.keys() - before.keys()}
    lost = {name: before[name] for name in before.keys() - now.keys()}
    return Step(version, now, gained, lost)


def spans(taken: Iterable[Step]) -> Mapping[str, tuple[Span, ...]]:
    """When a policy granted each effective action that any version of it grants, oldest first.

    Made of the policy's steps.
    """
    found: dict[str, tuple[Span, ...]] = {}
    for number, one in enumerate(taken):
        begun = (Span(one.version),)  # shared by all actions that begin here
        for name in one.gained if number else one.actions:
            found[name] = found[name] + begun if name in found else begun
        for name in one.lost:
            *earlier, last = found[name]
            found[name] = (*earlier, Span(last.since, one.version))
    return found


# --- conditions -----------------------------------------------------------------------------------

_CALLERS = (
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
    """What kinds of condition must hold, by their keys, in the order of the clauses."""
    return tuple(dict.fromkeys(map(_strength, condition))) or ("none",)


def _strength(clause: Clause) -> Strength:
    key = clause.key.lower()
    head = key.partition("/")[0]
    if head.endswith(("tag", "tagkeys")):
        return "tag"
    if "org" in head.partition(":")[2] or head.endswith("account"):
        return "organisation or account"
    if head in _CALLERS or head.endswith(":viaservice"):
        return "calling service"
    return "other"


def is_one_action(text: str) -> bool:
    """Whether the text is one action's full name: a prefix, a colon and a name, no wildcards."""
    prefix, colon, name = text.partition(":")
    return bool(prefix and colon and name) and ":" not in name and not has_wildcard(text)
