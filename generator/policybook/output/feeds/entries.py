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
from policybook.book.dependencies import WHOLE, Origin, of_policy, of_service
from policybook.book.events import change_lines, rows_of, service_lines, told
from policybook.book.granting import every_service
from policybook.book.limits import FEED_ROWS
from policybook.book.removals import Entry, Part, ledger
from policybook.iam.grants import EVERYTHING
from policybook.model.changes import Verdict
from policybook.output.sentences import row_line
from policybook.pages.topics import group_changes


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
    origin: Origin


def channels(context: BookContext) -> Iterator[Channel]:
    """Every feed: of the site, of removals, of each service, policy and group."""
    lines = [line for line in change_lines(context) if not line.quiet]
    yield _of_lines(context, "", "changes", "site", lines, WHOLE)
    entries = [entry for entry in ledger(context) if entry.day]
    yield Channel(
        addresses.REMOVALS.url,
        "removals",
        "removals",
        len(entries),
        partial(_removals, context, entries),
        WHOLE,
    )
    for prefix in every_service(context):
        events = context.index.service_events.get(prefix, ())
        yield Channel(
            addresses.service(prefix).url,
            prefix,
            f"service/{prefix}",
            len(events),
            partial(_of_service, context, prefix),
            _with_title(context, of_service(context, prefix)),
        )
    by_policy: dict[str, list[ChangeLine]] = {name: [] for name in context.book.policies}
    for line in lines:
        if line.policy:
            by_policy[line.policy].append(line)
    for name, own in by_policy.items():
        url, identity = addresses.policy(name).url, _identity(context, name)
        yield _of_lines(context, url, name, identity, own, of_policy(context, name))
    for slug, group in context.book.groups.items():
        found = [line for line in group_changes(context, slug) if not line.quiet]
        url = addresses.group(slug).url
        yield _of_lines(context, url, group.title, f"group/{slug}", found, WHOLE)


def _with_title(context: BookContext, origin: Origin) -> Origin:
    """The origin of a feed, which names the book."""
    return Origin(origin.policies, (context.book.facts.title, *origin.besides))


def _of_lines(
    context: BookContext,
    url: str,
    name: str,
    identity: str,
    lines: Sequence[ChangeLine],
    origin: Origin,
) -> Channel:
    make = partial(_notices, context, lines)
    return Channel(url, name, identity, len(lines), make, origin)


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
    html = _html(context, line, told(context, line))
    return Notice(identity, title, line.target, line.day, html, line.policy, line.key, line.verdict)


def _html(
    context: BookContext, line: ChangeLine, transition: Transition | None, prefix: str = ""
) -> str:
    change = transition.change if transition else None
    text = _paragraph(line.text.replace("`", "")) if line.text else ""
    if not (transition and change):
        return text + _paragraph(line.note.capitalize() + ".")
    beside = _paragraph(f"Compared with {line.against}.") if line.against else ""
    doubts = _paragraph(f"Not decided: {'; '.join(change.undecided)}.") if change.undecided else ""
    gained, lost = rows_of(context, transition)
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
        for line, transition in service_lines(context, prefix, start, end)
    )


def _removals(
    context: BookContext, entries: Sequence[Entry], start: int, end: int
) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            f"{_identity(context, entry.policy)}@{entry.key}/removed",
            f"{entry.title}: {entry.verdict}, {', '.join(entry.titles)}",
            addresses.removal(entry.policy, entry.key),
            entry.day,
            _paragraph(f"Lost since {entry.before}.") + "".join(map(_part, entry.parts)),
            entry.policy,
            entry.key,
            entry.verdict,
        )
        for entry in entries[start:end]
        if entry.day
    )


def _part(part: Part) -> str:
    service = "every service" if part.prefix == EVERYTHING else part.prefix
    return _evidence(f"{part.title.capitalize()}, {escape(service)}", "-", part.rows)
