"""The index from services, resources, condition keys and roles to policies, and of all changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct

from policybook.analysis.timeline import Transition, transitions, with_rollbacks
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.iam.grants import EVERYTHING, prefix_of, prefixes, single_terms
from policybook.model.book import Book
from policybook.model.changes import Change
from policybook.model.documents import Clause, Document, Statement, Term
from policybook.model.fields import Effect
from policybook.model.roles import Role

K = TypeVar("K")
V = TypeVar("V")


class Use(Struct, frozen=True):
    """The part of a statement for one service prefix: the result of every look-up."""

    policy: str
    prefix: str
    effect: Effect
    actions: Term
    resources: Term
    condition: tuple[Clause, ...]
    statement: int
    sid: str | None = None


class ConditionUse(Struct, frozen=True):
    """A clause of a condition, with the services of its statement."""

    policy: str
    clause: Clause
    effect: Effect
    prefixes: tuple[str, ...]
    statement: int


class Event(Struct, frozen=True):
    """An event on a day: a version or rollback, a deprecation, or the start of tracking a group."""

    day: date
    transition: Transition | None = None
    deprecated: str | None = None
    group: str | None = None


class ServiceEvent(Struct, frozen=True):
    """A version or rollback that changes one service, with its number of gained and lost grants."""

    event: Event
    transition: Transition
    gained: int
    lost: int


class Index(Struct, frozen=True):
    """Look-ups over the current version of every policy; mappings are sorted by their keys.

    `granting` are the uses of those policies that grant something. Only they are in `services`,
    `resources`, `conditions` and `service_events`, which say what is granted and how.

    `services` has every prefix that a current document names, and `*` for statements about all
    services. `resources` is keyed by resource term, `conditions` by condition key with tag keys
    replaced by `<key>`. `transitions` are the versions of each policy, newest first, and
    `histories` the same with rollbacks in between. `service_events` are keyed by the prefixes in
    the evidence. `roles_of` are the roles that have a policy, `limited_by` those whose boundary it
    is.
    """

    uses: Mapping[str, tuple[Use, ...]]
    granting: Mapping[str, tuple[Use, ...]]
    services: Mapping[str, tuple[Use, ...]]
    resources: Mapping[Term, tuple[Use, ...]]
    conditions: Mapping[str, tuple[ConditionUse, ...]]
    transitions: Mapping[str, tuple[Transition, ...]]
    histories: Mapping[str, tuple[Transition, ...]]
    events: tuple[Event, ...]
    service_events: Mapping[str, tuple[ServiceEvent, ...]]
    groups_of: Mapping[str, tuple[str, ...]]
    roles_of: Mapping[str, tuple[str, ...]]
    limited_by: Mapping[str, tuple[str, ...]]


Changes = Mapping[str, Sequence[Change | None]]


def index(
    book: Book, changes: Changes | None = None, reference: AwsReference = NO_REFERENCE
) -> Index:
    """The index of a book; events are ordered newest first, and by name within a day.

    Args:
        book: The policies, groups and roles.
        changes: Changes that are already known, by policy, newest first.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    documents = {
        name: policy.current.document
        for name, policy in book.policies.items()
        if policy.current and policy.current.document
    }
    uses = {name: tuple(slices(name, document)) for name, document in documents.items()}
    granting = {name: found for name, found in uses.items() if book.policies[name].grants}
    everything = [use for found in granting.values() for use in found]
    changed, histories = _through_time(book, changes or {}, reference)
    events = events_of(book, histories)
    return Index(
        uses=uses,
        granting=granting,
        services=_grouped((use.prefix, use) for use in everything),
        resources=_grouped(_by_resource(everything), term_order),
        conditions=_grouped(u for n in granting for u in _condition_uses(n, documents[n])),
        transitions=changed,
        histories=histories,
        events=events,
        service_events=_grouped(_service_events(book, events)),
        groups_of=groups_of(book),
        roles_of=roles_of(book),
        limited_by=limited_by(book),
    )


def groups_of(book: Book) -> Mapping[str, tuple[str, ...]]:
    """The groups that list each policy."""
    return _grouped(
        (name, slug)
        for slug, group in book.groups.items()
        for name in (*group.policies, *group.not_recommended)
    )


def roles_of(book: Book) -> Mapping[str, tuple[str, ...]]:
    """The roles that have each policy."""
    return _grouped(_of_roles(book, lambda role: role.policies))


def limited_by(book: Book) -> Mapping[str, tuple[str, ...]]:
    """The roles whose boundary each policy is."""
    return _grouped(_of_roles(book, lambda role: (role.boundary,) if role.boundary else ()))


def _of_roles(book: Book, references: Callable[[Role], Iterable[str]]) -> Iterator[tuple[str, str]]:
    """The policies that roles name, each with the name of the role."""
    for role in book.roles.values():
        for reference in references(role):
            yield book.named(reference).name, role.name


def _by_resource(uses: Iterable[Use]) -> Iterator[tuple[Term, Use]]:
    """Each use with each of its resources as written, whatever `${…}` means there."""
    for use in uses:
        for term in single_terms(use.resources):
            yield Term(term.patterns, term.negated), use


def _through_time(
    book: Book, known: Changes, reference: AwsReference
) -> tuple[Mapping[str, tuple[Transition, ...]], Mapping[str, tuple[Transition, ...]]]:
    """The transitions of each policy, without and with its rollbacks."""
    changed = {
        name: transitions(policy, known.get(name), reference)
        for name, policy in book.policies.items()
    }
    histories = {
        name: with_rollbacks(policy, changed[name], reference)
        for name, policy in book.policies.items()
    }
    return changed, histories


def slices(policy: str, document: Document) -> Iterator[Use]:
    """The part of each statement for each prefix, ordered by statement, then by prefix.

    Args:
        policy: The name of the policy.
        document: A document of the policy.
    """
    for statement in document.statements:
        for prefix, actions in _by_prefix(statement):
            yield Use(
                policy,
                prefix,
                statement.effect,
                actions,
                statement.resources,
                statement.condition,
                statement.number,
                statement.sid,
            )


def _by_prefix(statement: Statement) -> Iterable[tuple[str, Term]]:
    if statement.actions.negated:
        return ((EVERYTHING, statement.actions),)
    found: dict[str, list[str]] = defaultdict(list)
    for pattern in statement.actions.patterns:
        found[prefix_of(pattern)].append(pattern)
    return ((prefix, Term(tuple(patterns))) for prefix, patterns in sorted(found.items()))


def term_order(term: Term) -> tuple[bool, bool, tuple[str, ...]]:
    """A sort key: `*` first, then NotResource, then patterns by their text."""
    return term != Term(("*",)), not term.negated, term.patterns


def folded(key: str) -> str:
    """A condition key as it is indexed: in lower case, with a tag key replaced by `<key>`."""
    lower = key.lower()
    head, slash, _ = lower.partition("/")
    return f"{head}/<key>" if slash and head.endswith("tag") else lower


def _condition_uses(policy: str, document: Document) -> Iterator[tuple[str, ConditionUse]]:
    for statement in document.statements:
        prefixes = tuple(prefix for prefix, _ in _by_prefix(statement))
        for clause in statement.condition:
            use = ConditionUse(policy, clause, statement.effect, prefixes, statement.number)
            yield folded(clause.key), use


def events_of(book: Book, histories: Mapping[str, tuple[Transition, ...]]) -> tuple[Event, ...]:
    """All events, newest first, and by name within a day.

    Args:
        book: The book.
        histories: The versions and rollbacks of each policy.
    """
    found = [
        Event(day, transition=transition)
        for of_policy in histories.values()
        for transition in of_policy
        if (day := transition.day)
    ]
    found += [
        Event(gone.date, deprecated=name)
        for name, policy in book.policies.items()
        if (gone := policy.deprecation).date and gone.state == "deprecated"
    ]
    found += [
        Event(group.tracking.since, group=slug)
        for slug, group in book.groups.items()
        if group.tracking
    ]
    return tuple(sorted(found, key=lambda e: e.day, reverse=True))


def _service_events(book: Book, events: Iterable[Event]) -> Iterator[tuple[str, ServiceEvent]]:
    """The events of policies that grant something, for each service of the evidence."""
    for event in events:
        if event.transition and book.policies[event.transition.policy].grants:
            yield from service_events_of(event)


def service_events_of(event: Event) -> Iterator[tuple[str, ServiceEvent]]:
    """The event for each service prefix of its gained, lost and undecided grants."""
    transition = event.transition
    if transition and transition.change:
        gained, lost = (
            Counter(prefix for e in found for prefix in prefixes(e.grant))
            for found in (transition.change.gained, transition.change.lost)
        )
        for prefix in sorted(gained.keys() | lost.keys() | set(transition.change.unsure)):
            yield prefix, ServiceEvent(event, transition, gained[prefix], lost[prefix])


def _grouped(
    pairs: Iterable[tuple[K, V]], order: Callable[[K], object] | None = None
) -> Mapping[K, tuple[V, ...]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(found[key]) for key in sorted(found, key=order)}  # type: ignore[type-var,arg-type]  # keys sort by themselves or by `order`
