"""The home page: what happened last, what was removed, and where each question is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.removals import RemovalEntry
from policybook.book.limits import BIGGEST_REMOVALS, LATEST_CHANGES
from policybook.book.prose.introduction import introduction
from policybook.model.book import BookFile, Group, Guide
from policybook.model.changes import WITH_EFFECT
from policybook.pages.month_plot import MonthPlot, month_plot
from policybook.pages.page import TocItem
from policybook.wording import all_of, number, plural

_LIMITING = (" that only limits", " that only limit")


class Figure(Struct, frozen=True):
    """A number and what it counts."""

    value: int
    name: str
    url: str


class LatestMonth(Struct, frozen=True):
    """The newest month with a change: how many of each verdict, and the newest changes."""

    first: date
    place: Target
    counts: str
    lines: tuple[ChangeLine, ...]
    total: int


class BigRemoval(Struct, frozen=True):
    """A version that removed many effective actions."""

    entry: RemovalEntry
    actions: int


class HomeView(Struct, frozen=True):
    """The home page. `latest` is None if no version changed anything."""

    toc: tuple[TocItem, ...]
    facts: BookFile
    introduction: tuple[str, ...]
    figures: tuple[Figure, ...]
    data_to: date | None
    groups: tuple[tuple[str, Group], ...]
    guides: tuple[tuple[str, Guide], ...]
    latest: LatestMonth | None
    removals: tuple[BigRemoval, ...]
    plot: MonthPlot | None
    examples: tuple[str, ...]
    has_risks: bool


def home_view(context: BookContext) -> HomeView:
    """Create the view of the home page."""
    book, index = context.book, context.index
    granting, limiting = book.granting, book.limiting
    versions = sum(len(policy.versions) for policy in granting.values())
    uses = [use for found in index.granting.values() for use in found]
    patterns = {pattern.lower() for use in uses for pattern in use.actions.patterns}
    limits = (_figure(len(limiting), "policy", addresses.BOUNDARIES.url, _LIMITING),)
    lines = tuple(line for line in context.events.lines() if line.policy not in limiting)
    return HomeView(
        toc=(),
        facts=book.facts,
        introduction=introduction(context),
        figures=(
            _figure(len(granting), "policy", "policies/"),
            *(limits if limiting else ()),
            _figure(versions, "version", "changes/"),
            _figure(len([s for s in index.services if s != "*"]), "service prefix", "services/"),
            _figure(len(patterns), "action pattern", "services/"),
            _figure(len(index.resources), "resource pattern", "resources/"),
            _figure(len(index.conditions), "condition key", "conditions/"),
        ),
        data_to=book.data_to,
        groups=tuple(book.groups.items()),
        guides=tuple(book.guides.items()),
        latest=_latest(context, lines),
        removals=_biggest(context),
        plot=month_plot(lines, context.events.month),
        examples=tuple(_examples(context)),
        has_risks=bool(book.rules),
    )


def _figure(count: int, noun: str, url: str, that: tuple[str, str] = ("", "")) -> Figure:
    one = count == 1
    return Figure(count, (noun if one else plural(noun)) + that[not one], url)


def _examples(context: BookContext) -> Iterator[str]:
    """Something to find of each kind: an action, a policy, an ARN and a page."""
    yield "kms:Decrypt"
    if policies := context.book.granting or context.book.policies:
        yield max(policies.values(), key=lambda policy: len(policy.versions)).name
    yield "arn:aws:s3:::my-bucket/file"
    yield "privilege escalation"


def _latest(context: BookContext, lines: tuple[ChangeLine, ...]) -> LatestMonth | None:
    """The newest month with a change that has an effect."""
    changed = [line for line in lines if line.verdict in WITH_EFFECT and line.kind != "rollback"]
    if not changed:
        return None
    first = changed[0].day.replace(day=1)
    own = [line for line in changed if line.day >= first]
    counts: Counter[str] = Counter(line.verdict or "" for line in own)
    words = [f"{number(counts[verdict])} {verdict}" for verdict in WITH_EFFECT if counts[verdict]]
    place = context.events.month(first)
    return LatestMonth(first, place, all_of(words), tuple(own[:LATEST_CHANGES]), len(own))


def _biggest(context: BookContext) -> tuple[BigRemoval, ...]:
    """The versions that removed most effective actions, the most first, of one size the newest."""
    found: list[BigRemoval] = []
    for entry in context.removals.all_entries():
        if lost := context.history.lost(entry.policy).get(entry.key):
            found.append(BigRemoval(entry, lost))
    return tuple(sorted(found, key=lambda removal: -removal.actions)[:BIGGEST_REMOVALS])
