"""Checks of days: their order, and whether they are in the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policybook.checks.context import CheckContext, policy_finding
from policybook.errors import Finding, KeyPath
from policybook.model.book import Book
from policybook.model.deprecation import DeprecationFacts
from policybook.model.policies import Policy
from policybook.wording import words


def order_of_days(context: CheckContext) -> Iterator[Finding]:
    """A policy is created before it has versions, and a version is published before it is seen."""
    for policy in context.book.policies.values():
        yield from _created(policy)
        for place, facts in enumerate(policy.facts.versions):
            for key in ("observed", "default_since"):
                day = getattr(facts, key)
                if day and facts.published and day < facts.published:
                    expected = f"{facts.published}, when it was published, or a later day"
                    yield _warning(policy, ("versions", place, key), "time-order", expected, day)


def _created(policy: Policy) -> Iterator[Finding]:
    """The day of creation is that of the policy's last life."""
    created = policy.facts.created
    life = max((v.life for v in policy.versions if v.life), default=None)
    first = next((v for v in reversed(policy.versions) if v.life == life and v.day), None)
    if created and first and first.day and created > first.day:
        expected = f"{first.day}, the day of {first.key}, or an earlier one"
        yield _warning(policy, ("created",), "time-order", expected, created)


def future_days(context: CheckContext) -> Iterator[Finding]:
    """No day is in the future; this is checked if the day of today is known."""
    today = str(context.today)
    for file, at, day in _days(context.book) if context.today else ():
        if day > today[: len(day)]:  # a source may have a month alone
            expected = "a day that is not in the future"
            yield Finding(
                file=file, path=at, kind="future-day", expected=expected, found=day, level="warning"
            )


def age_of_data(context: CheckContext) -> Iterator[Finding]:
    """The last day of the data is not too long ago; this is checked if a limit is given."""
    if context.max_age is None or context.today is None:
        return
    last = context.book.data_to
    age = (context.today - last).days if last else None
    if age is None or not -1 <= age <= context.max_age:  # the day may have begun elsewhere
        yield Finding(
            file="sources.yml" if context.book.sources else "policies",
            kind="old-data",
            expected=f"a last day of the data at most {words(context.max_age, 'day')} ago",
            found=_age(last, age),
        )


def _age(last: date | None, age: int | None) -> str:
    if age is None:
        return "no day"
    return f"{last}, {words(age, 'day') + ' ago' if age >= 0 else 'which is in the future'}"


_Dated = tuple[str, KeyPath, str]


def _days(book: Book) -> Iterator[_Dated]:
    """Every day of the data: its file, its key path, and the day or the month."""
    for place, source in enumerate(book.facts.sources):
        yield "book.yml", ("sources", place, "as_of"), source.as_of
    for name, imported in book.sources.items():
        for key in ("first", "last"):
            if day := getattr(imported, key):
                yield "sources.yml", ("sources", name, key), str(day)
    for place, entry in enumerate(book.reviewed.values()):
        at: KeyPath = ("policies", place)
        if entry.date:
            yield "successors.yml", (*at, "date"), str(entry.date)
    for slug, group in book.groups.items():
        for place, source in enumerate(group.sources):
            yield f"groups/{slug}.yml", ("sources", place, "as_of"), source.as_of
        if group.tracking:
            yield f"groups/{slug}.yml", ("tracking", "since"), str(group.tracking.since)
    for name, policy in book.policies.items():
        for path, day in _policy_days(policy):
            if day:
                yield f"policies/{name}/policy.yml", path, str(day)


def _policy_days(policy: Policy) -> Iterator[tuple[KeyPath, date | str | None]]:
    facts = policy.facts
    yield ("created",), facts.created
    yield from _deprecation_days(facts.deprecated) if facts.deprecated else ()
    for place, back in enumerate(facts.rollbacks):
        yield ("rollbacks", place, "observed"), back.observed
        yield ("rollbacks", place, "default_since"), back.default_since
    for source, said in facts.descriptions.items():
        yield ("descriptions", source, "as_of"), said.as_of
        for place, update in enumerate(said.updates):
            yield ("descriptions", source, "updates", place, "day"), update.day
    for place, entry in enumerate(facts.versions):
        at: KeyPath = ("versions", place)
        yield (*at, "published"), entry.published
        yield (*at, "observed"), entry.observed
        yield (*at, "default_since"), entry.default_since
        yield (*at, "source", "as_of"), entry.source.as_of if entry.source else None


def _deprecation_days(found: DeprecationFacts) -> Iterator[tuple[KeyPath, date | str | None]]:
    yield ("deprecated", "date"), found.date
    for name, stated in found.sources.items():
        for key in ("date", "observed", "not_attachable", "not_listed"):
            yield ("deprecated", "sources", name, key), getattr(stated, key)


def _warning(policy: Policy, at: KeyPath, kind: str, expected: str, day: date) -> Finding:
    return policy_finding(policy, at, kind, expected, str(day), "warning")
