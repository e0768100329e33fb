"""Whether a policy is deprecated: what sources say of it, and the one answer that follows.

IAM's rules are those of "Deprecated AWS managed policies" in the IAM User Guide: a deprecated
policy works where it is attached, cannot be attached anew, and is no longer visible once it is
attached to nothing.

The rule for the answer, which does not depend on the order of sources:

* What a person wrote in `policy.yml` under `deprecated`, beside `sources`, wins key by key. That
  mapping without `state` and without `sources` means deprecated.
* Otherwise the state is the furthest of all statements. A policy that cannot be attached, or that
  a list of all policies lacks, is deprecated: by IAM's rules both happen only to such policies.
* The date is the earliest of the statements of that state. It is exact if a source states that very
  day. Otherwise the policy was first seen so on that day, and got there then or before.
* The successors are those of the reviewed list. If it names none, they are those of all sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from policybook.model.fields import Day, PolicyName, Record, Slug, Text
from policybook.model.links import Link

State = Literal["current", "on-the-way-out", "deprecated"]
STATES: tuple[State, ...] = ("current", "on-the-way-out", "deprecated")

Leaving = Literal["on-the-way-out", "deprecated"]
Says = Literal["current", "on-the-way-out", "deprecated", "not-attachable", "not-listed"]
Precision = Literal["exact", "at-latest", "unknown"]


class SourceDeprecation(Record, frozen=True):
    """What one source says of a policy's deprecation; an import writes it.

    `state` is what it calls the policy, since the stated `date`, and `observed` the first day on
    which it did. `not_attachable` is the first day since when its list says that the policy cannot
    be attached, `not_listed` the first day since when its list of all policies lacks it.
    `successors` are the policies that it says to use instead.
    """

    state: Leaving | None = None
    date: Day | None = None
    observed: Day | None = None
    not_attachable: Day | None = None
    not_listed: Day | None = None
    successors: tuple[PolicyName, ...] = ()


class DeprecationFacts(Record, frozen=True):
    """The policy is deprecated, or on the way out.

    Without `state` it is deprecated, or what the `sources` say; without a `date` the day is
    unknown. `source` is the page that says so. `sources` are what imported sources say.
    """

    state: State | None = None
    date: Day | None = None
    successors: tuple[PolicyName, ...] = ()
    source: Link | None = None
    sources: dict[Slug, SourceDeprecation] = {}


class ReviewedDeprecation(Record, frozen=True):
    """A policy of `successors.yml`: its state, since when, and what to use instead.

    `note` says in our words what the `source` says. The book need not have the policy.
    """

    name: PolicyName
    state: Leaving
    source: Link
    date: Day | None = None
    successors: tuple[PolicyName, ...] = ()
    note: Text | None = None


class SuccessorsFile(Record, frozen=True):
    """`successors.yml`."""

    policies: tuple[ReviewedDeprecation, ...]


class DeprecationStatement(Struct, frozen=True):
    """What one source says.

    Attributes:
        says: The state, or that the policy cannot be attached, or that a list of all policies lacks
            it.
        by: The name of an imported source, or the title of a page.
        url: The address of that page, or "".
        date: The day since when it is so, or None.
        precision: `exact` if the source states the day, `at-latest` if it was first seen then.
        successors: The policies that it says to use instead.
        note: What the page says, in our words, or "".
    """

    says: Says
    by: str
    url: str = ""
    date: date | None = None
    precision: Precision = "unknown"
    successors: tuple[str, ...] = ()
    note: str = ""

    @property
    def state(self) -> State:
        """The state of the policy by this statement."""
        match self.says:
            case "not-attachable" | "not-listed":
                return "deprecated"
            case state:
                return state


class Deprecation(Struct, frozen=True):
    """The state of a policy, since when, what to use instead, and who says so."""

    state: State = "current"
    date: date | None = None
    precision: Precision = "unknown"
    successors: tuple[str, ...] = ()
    statements: tuple[DeprecationStatement, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether nothing says that the policy is deprecated or on the way out."""
        return self.state == "current"

    def naming(self, successor: str) -> tuple[DeprecationStatement, ...]:
        """The statements that name the successor."""
        return tuple(s for s in self.statements if successor in s.successors)


CURRENT = Deprecation()
OWN = "this site's data"  # who says what a person wrote in policy.yml without a source


def deprecation(
    facts: DeprecationFacts | None, reviewed: ReviewedDeprecation | None
) -> Deprecation:
    """The state of a policy by the rule above.

    Args:
        facts: `deprecated` in its `policy.yml`.
        reviewed: Its entry in `successors.yml`.
    """
    if not facts and not reviewed:
        return CURRENT
    own = facts or DeprecationFacts()
    others = tuple(_of_others(own.sources, reviewed))
    furthest = max((s.state for s in others), key=STATES.index, default=None)
    state = own.state or furthest or ("deprecated" if facts else "current")
    statements = (*_own(own, state), *others) if facts else others
    day, precision = _day(own, state, others)
    named = own.successors or (reviewed.successors if reviewed else ())
    every = named or tuple(dict.fromkeys(name for s in others for name in s.successors))
    return Deprecation(state, day, precision, every, statements)


def _own(facts: DeprecationFacts, state: State) -> Iterator[DeprecationStatement]:
    """What a person wrote beside the sources, if anything."""
    if facts.state or facts.date or facts.successors or facts.source or not facts.sources:
        yield DeprecationStatement(
            says=state,
            by=facts.source.title if facts.source else OWN,
            url=facts.source.url if facts.source else "",
            date=facts.date,
            precision="exact" if facts.date else "unknown",
            successors=facts.successors,
        )


def _of_others(
    sources: Mapping[str, SourceDeprecation], reviewed: ReviewedDeprecation | None
) -> Iterator[DeprecationStatement]:
    """What the reviewed list says, then what sources say, in order of their names."""
    if reviewed:
        yield DeprecationStatement(
            says=reviewed.state,
            by=reviewed.source.title,
            url=reviewed.source.url,
            date=reviewed.date,
            precision="exact" if reviewed.date else "unknown",
            successors=reviewed.successors,
            note=reviewed.note or "",
        )
    for name in sorted(sources):
        yield from _of_source(name, sources[name])


def _of_source(name: str, found: SourceDeprecation) -> Iterator[DeprecationStatement]:
    if state := found.state or ("on-the-way-out" if found.successors else None):
        day, precision = _earliest([found.date], [found.observed])
        yield DeprecationStatement(
            state, name, date=day, precision=precision, successors=found.successors
        )
    seen: tuple[tuple[Says, date | None], ...] = (
        ("not-attachable", found.not_attachable),
        ("not-listed", found.not_listed),
    )
    for says, since in seen:
        if since:
            yield DeprecationStatement(says, name, date=since, precision="at-latest")


def _day(
    own: DeprecationFacts, state: State, others: Iterable[DeprecationStatement]
) -> tuple[date | None, Precision]:
    """The day since when the policy has the state."""
    if own.date:
        return own.date, "exact"
    dated = [s for s in others if s.state == state]
    exact = [s.date for s in dated if s.precision == "exact"]
    return _earliest(exact, [s.date for s in dated])


def _earliest(
    exact: Iterable[date | None], latest: Iterable[date | None]
) -> tuple[date | None, Precision]:
    """The earliest day, and whether it is one of the exact ones."""
    stated = set(filter(None, exact))
    first = min({*stated, *filter(None, latest)}, default=None)
    return first, "unknown" if not first else "exact" if first in stated else "at-latest"
