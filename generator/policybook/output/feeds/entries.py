"""What the feeds tell: each feed's changes as notices, with the verdict and the evidence.

Versions without effect are left out. Where a feed is about one service, so are its notices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from html import escape

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, rows_about
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.dependencies import of_policy, of_service_feed
from policybook.book.facts.removals import RemovalEntry, RemovedPart
from policybook.book.limits import FEED_ROWS
from policybook.book.site_file import WHOLE_BOOK, Dependencies
from policybook.iam.grants import EVERYTHING
from policybook.model.changes import Verdict
from policybook.output.sentences import row_line


class Notice(Struct, frozen=True):
    """An entry of a feed: what makes it itself for ever, and what it says, as HTML."""

    identity: str
    title: str
    target: Target
    day: date
    html: str
    policy: str = ""
    version: str = ""
    verdict: Verdict | None = None


class Channel(Struct, frozen=True):
    """A feed: the page that it belongs to, what makes it itself, and its notices, newest first.

    There are `count` of them; `notices` makes those between two places.
    """

    url: str
    name: str
    identity: str
    count: int
    notices: Callable[[int, int], Sequence[Notice]]
    depends: Dependencies


def of_site(context: BookContext) -> Iterator[Channel]:
    """Yields the feed of all changes."""
    yield _of_lines(context, "", "changes", "site", _lines(context), WHOLE_BOOK)


def of_removals(context: BookContext) -> Iterator[Channel]:
    """Yields the feed of what was removed."""
    entries = [entry for entry in context.removals.ledger() if entry.day]
    make = partial(_removals, context, entries)
    url = addresses.REMOVALS.url
    yield Channel(url, "removals", "removals", len(entries), make, WHOLE_BOOK)


def of_services(context: BookContext) -> Iterator[Channel]:
    """Yields the feed of each service."""
    for prefix in context.services.prefixes():
        yield Channel(
            addresses.service(prefix).url,
            prefix,
            f"service/{prefix}",
            len(context.index.service_events.get(prefix, ())),
            partial(_of_service, context, prefix),
            of_service_feed(context, prefix),
        )


def of_policies(context: BookContext) -> Iterator[Channel]:
    """Yields the feed of each policy."""
    by_policy: dict[str, list[ChangeLine]] = {name: [] for name in context.book.policies}
    for line in _lines(context):
        if line.policy:
            by_policy[line.policy].append(line)
    for name, own in by_policy.items():
        url, identity = addresses.policy(name).url, _identity(context, name)
        yield _of_lines(context, url, name, identity, own, of_policy(context, name))


def of_groups(context: BookContext) -> Iterator[Channel]:
    """Yields the feed of each group."""
    for slug, group in context.book.groups.items():
        found = [line for line in context.events.of_group(slug) if not line.quiet]
        url = addresses.group(slug).url
        yield _of_lines(context, url, group.title, f"group/{slug}", found, WHOLE_BOOK)


def _lines(context: BookContext) -> Sequence[ChangeLine]:
    return [line for line in context.events.lines() if not line.quiet]


def _of_lines(
    context: BookContext,
    url: str,
    name: str,
    identity: str,
    lines: Sequence[ChangeLine],
    depends: Dependencies,
) -> Channel:
    make = partial(_notices, context, lines)
    return Channel(url, name, identity, len(lines), make, depends)


def _identity(context: BookContext, name: str) -> str:
    return context.book.policies[name].facts.arn or f"policy/{name}"


# --- notices --------------------------------------------------------------------------------------


def _notices(
    context: BookContext, lines: Sequence[ChangeLine], start: int, end: int
) -> tuple[Notice, ...]:
    return tuple(_notice(context, line) for line in lines[start:end])


def _notice(context: BookContext, line: ChangeLine) -> Notice:
    title = f"{line.title}: {line.note or line.verdict}"
    if line.kind == "rollback" and line.verdict:
        title = f"{line.title}: rollback, {line.verdict}"
    if not line.policy:
        identity = f"group/{line.group}@tracking"
        return Notice(identity, title, line.target, line.day, _paragraph(line.text or line.note))
    identity = f"{_identity(context, line.policy)}@{line.key}"
    html = _html(context, line, context.events.transition_of(line))
    return Notice(identity, title, line.target, line.day, html, line.policy, line.key, line.verdict)


def _html(
    context: BookContext, line: ChangeLine, transition: Transition | None, prefix: str = ""
) -> str:
    change = transition.change if transition else None
    text = _paragraph(line.text.replace("`", "")) if line.text else ""
    if not (transition and change):
        return text + _paragraph(line.note.capitalize() + ".")
    beside = _paragraph(f"Compared with {line.against}.") if line.against else ""
    doubts = _paragraph(f"Undetermined: {'; '.join(change.undecided)}.") if change.undecided else ""
    gained, lost = context.events.rows(transition)
    if prefix:
        gained, lost = rows_about(gained, prefix), rows_about(lost, prefix)
    return text + beside + doubts + _evidence("Gained", "+", gained) + _evidence("Lost", "-", lost)


def _evidence(title: str, sign: str, rows: Sequence[EvidenceRow]) -> str:
    if not rows:
        return ""
    items = "".join(f"<li>{escape(row_line(row, sign))}</li>" for row in rows[:FEED_ROWS])
    more = f"<li>and {len(rows) - FEED_ROWS} more</li>" if len(rows) > FEED_ROWS else ""
    return f"<p>{title}:</p><ul>{items}{more}</ul>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _of_service(context: BookContext, prefix: str, start: int, end: int) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            f"{_identity(context, line.policy)}@{line.key}/{prefix}",
            f"{line.title}: {line.verdict} on {prefix}",
            line.target,
            line.day,
            _html(context, line, transition, prefix),
            line.policy,
            line.key,
            line.verdict,
        )
        for line, transition in context.events.of_service(prefix, start, end)
    )


def _removals(
    context: BookContext, entries: Sequence[RemovalEntry], start: int, end: int
) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            f"{_identity(context, entry.policy)}@{entry.key}/removed",
            f"{entry.title}: {entry.verdict}, {', '.join(entry.titles)}",
            addresses.removal(entry.policy, entry.key),
            entry.day,
            _paragraph(f"Compared with {entry.before}.") + "".join(map(_part, entry.parts)),
            entry.policy,
            entry.key,
            entry.verdict,
        )
        for entry in entries[start:end]
        if entry.day
    )


def _part(part: RemovedPart) -> str:
    service = "all services" if part.prefix == EVERYTHING else part.prefix
    return _evidence(f"{part.title.capitalize()}, {escape(service)}", "-", part.rows)
