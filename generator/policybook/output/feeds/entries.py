"""The entries of each feed: changes with their verdict and the gained and lost grants.

Versions without effect are left out. The feed of a service has only changes of that service.
Ids are derived from a policy's ARN and a version, and dates are those of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from policybook.analysis.catalogue_growth import CatalogueStep
from policybook.analysis.change_rows import change_rows_about
from policybook.analysis.index import ServiceEvent
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.removals import RemovalEntry
from policybook.book.site_file import WHOLE_BOOK, Dependencies
from policybook.model.changes import Verdict
from policybook.output.feeds.content import FeedContent
from policybook.wording import number, words


class FeedEntry(Struct, frozen=True):
    """An entry of a feed; its id is derived from `identity`, and its content is HTML."""

    identity: str
    title: str
    target: Target
    day: date
    html: str
    policy: str = ""
    version: str = ""
    verdict: Verdict | None = None


class Feed(Struct, frozen=True):
    """A feed.

    Attributes:
        url: The address of its page, relative to the root of the site.
        name: Its title, without the title of the book.
        identity: The text that its id is derived from.
        count: The number of its entries.
        entries: Returns the entries from one index up to another; the newest entry is 0.
        depends: Returns what these entries are made from, and which they are.
    """

    url: str
    name: str
    identity: str
    count: int
    entries: Callable[[int, int], Sequence[FeedEntry]]
    depends: Callable[[int, int], Dependencies]


def of_site(context: BookContext, content: FeedContent) -> Iterator[Feed]:
    """Yield the feed of all changes."""
    yield _of_lines(context, content, "", "changes", "site", _lines(context))


def of_removals(context: BookContext, content: FeedContent) -> Iterator[Feed]:
    """Yield the feed of removed permissions."""
    removals = [entry for entry in context.removals.all_entries() if entry.day]
    make = partial(_removal_entries, context, content, removals)
    url = addresses.REMOVALS.url
    depends = partial(_of_removals, removals)
    yield Feed(url, "removals", "removals", len(removals), make, depends)


def of_new_actions(context: BookContext, content: FeedContent) -> Iterator[Feed]:
    """Yield the feed of actions that AWS added or removed, if there are two action lists."""
    if context.growth.has_steps:
        steps = [step for step in context.growth.steps() if step.services]
        make = partial(_step_entries, content, steps)
        url = addresses.NEW_ACTIONS.url
        depends = partial(_of_book, steps)
        yield Feed(url, "actions added by AWS", "new-actions", len(steps), make, depends)


def of_services(context: BookContext, content: FeedContent) -> Iterator[Feed]:
    """Yield the feed of each service."""
    for prefix in context.services.prefixes():
        yield Feed(
            addresses.service(prefix).url,
            prefix,
            f"service/{prefix}",
            len(context.index.service_events.get(prefix, ())),
            partial(_service_entries, context, content, prefix),
            partial(_of_events, context.index.service_events.get(prefix, ())),
        )


def of_policies(context: BookContext, content: FeedContent) -> Iterator[Feed]:
    """Yield the feed of each policy."""
    by_policy: dict[str, list[ChangeLine]] = {name: [] for name in context.book.policies}
    for line in _lines(context):
        if line.policy:
            by_policy[line.policy].append(line)
    for name, own in by_policy.items():
        url, identity = addresses.policy(name).url, _identity(context, name)
        yield _of_lines(context, content, url, name, identity, own)


def of_groups(context: BookContext, content: FeedContent) -> Iterator[Feed]:
    """Yield the feed of each topic."""
    for slug, group in context.book.groups.items():
        found = [line for line in context.events.of_group(slug) if not line.without_effect]
        url, identity = addresses.group(slug).url, f"group/{slug}"
        yield _of_lines(context, content, url, group.title, identity, found)


def _lines(context: BookContext) -> Sequence[ChangeLine]:
    return [line for line in context.events.lines() if not line.without_effect]


def _of_lines(
    context: BookContext,
    content: FeedContent,
    url: str,
    name: str,
    identity: str,
    lines: Sequence[ChangeLine],
) -> Feed:
    make = partial(_line_entries, context, content, lines)
    return Feed(url, name, identity, len(lines), make, partial(_of_changes, lines))


def _identity(context: BookContext, name: str) -> str:
    return context.book.policies[name].facts.arn or f"policy/{name}"


# --- what entries are made from -------------------------------------------------------------------


def _of_changes(lines: Sequence[ChangeLine], start: int, end: int) -> Dependencies:
    found = lines[start:end]  # a deprecation is not in the files of its policy
    return Dependencies(_sorted(line.policy for line in found if line.policy), (found,))


def _of_events(events: Sequence[ServiceEvent], start: int, end: int) -> Dependencies:
    found = [event.transition for event in events[start:end]]
    keys = [(transition.policy, transition.key) for transition in found]
    return Dependencies(_sorted(policy for policy, _ in keys), (keys,))


def _of_removals(removals: Sequence[RemovalEntry], start: int, end: int) -> Dependencies:
    keys = [(entry.policy, entry.key) for entry in removals[start:end]]
    return Dependencies(_sorted(policy for policy, _ in keys), (keys,))


def _of_book(steps: Sequence[CatalogueStep], start: int, end: int) -> Dependencies:
    return WHOLE_BOOK


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


# --- entries --------------------------------------------------------------------------------------


def _line_entries(
    context: BookContext, content: FeedContent, lines: Sequence[ChangeLine], start: int, end: int
) -> tuple[FeedEntry, ...]:
    return tuple(_line_entry(context, content, line) for line in lines[start:end])


def _line_entry(context: BookContext, content: FeedContent, line: ChangeLine) -> FeedEntry:
    title = f"{line.title}: {', '.join(filter(None, (line.note, line.verdict)))}"
    if not line.policy:
        identity = f"group/{line.group}@tracking"
        return FeedEntry(identity, title, line.target, line.day, content.tracking(line))
    return FeedEntry(
        f"{_identity(context, line.policy)}@{line.key}",
        title,
        line.target,
        line.day,
        _html(context, content, line, context.events.transition_of(line)),
        line.policy,
        line.key,
        line.verdict,
    )


def _html(
    context: BookContext,
    content: FeedContent,
    line: ChangeLine,
    transition: Transition | None,
    prefix: str = "",
) -> str:
    """Render the content of an entry about a version; with `prefix`, for that service only.

    Several feeds have the entry, each in two formats, so that it is kept.
    """
    key = line.policy, line.key, prefix
    if key not in content.versions:
        content.versions[key] = _version(context, content, line, transition, prefix)
    return content.versions[key]


def _version(
    context: BookContext,
    content: FeedContent,
    line: ChangeLine,
    transition: Transition | None,
    prefix: str,
) -> str:
    if not (transition and transition.change):
        return content.version(line, None, ())
    rows = context.events.changed(transition)
    if prefix:
        rows = change_rows_about(rows, prefix)
    return content.version(line, transition.change, rows)


def _service_entries(
    context: BookContext, content: FeedContent, prefix: str, start: int, end: int
) -> tuple[FeedEntry, ...]:
    return tuple(
        FeedEntry(
            f"{_identity(context, line.policy)}@{line.key}/{prefix}",
            f"{line.title}: {line.verdict} on {prefix}",
            line.target,
            line.day,
            _html(context, content, line, transition, prefix),
            line.policy,
            line.key,
            line.verdict,
        )
        for line, transition in context.events.of_service(prefix, start, end)
    )


def _removal_entries(
    context: BookContext,
    content: FeedContent,
    removals: Sequence[RemovalEntry],
    start: int,
    end: int,
) -> tuple[FeedEntry, ...]:
    return tuple(
        FeedEntry(
            f"{_identity(context, entry.policy)}@{entry.key}/removed",
            f"{entry.title}: {entry.verdict}, {', '.join(entry.titles)}",
            addresses.removal(entry.policy, entry.key),
            entry.day,
            content.removal(entry),
            entry.policy,
            entry.key,
            entry.verdict,
        )
        for entry in removals[start:end]
        if entry.day
    )


def _step_entries(
    content: FeedContent, steps: Sequence[CatalogueStep], start: int, end: int
) -> tuple[FeedEntry, ...]:
    return tuple(
        FeedEntry(
            f"new-actions@{step.before.date}/{step.after.date}",
            f"AWS added {words(step.added, 'action')} and removed {number(step.gone)}",
            addresses.step(step.after.date),
            date.fromisoformat(step.after.date),
            content.step(step),
        )
        for step in steps[start:end]
    )
