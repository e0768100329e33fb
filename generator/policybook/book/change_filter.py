"""Which changes somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.wording import close_names, did_you_mean


class Wanted(Struct, frozen=True):
    """What is asked for: days from and to, a service prefix, names of policies, verdicts.

    What is None, "" or empty is not asked for. Versions without effect are wanted where `quiet`
    says so, or a verdict that is theirs.
    """

    since: date | None = None
    until: date | None = None
    service: str = ""
    policy: str = "*"
    verdicts: tuple[str, ...] = ()
    quiet: bool = False


def chosen(context: BookContext, wanted: Wanted) -> tuple[ChangeLine, ...]:
    """The events that are asked for, newest first.

    Where a service is, counts and verdicts are about that service alone. Raises PolicybookError,
    with near names, for a service that neither the catalogue nor a change knows.
    """
    return tuple(line for line in _lines(context, wanted) if _fits(line, wanted))


def _lines(context: BookContext, wanted: Wanted) -> Iterable[ChangeLine]:
    prefix = wanted.service.lower()
    if not prefix:
        return context.events.lines()
    known = context.index.service_events.keys() | set(context.catalogue.prefixes)
    if prefix not in known:
        hint = did_you_mean(close_names(prefix, known))
        raise PolicybookError(f"expected a service prefix, found {wanted.service!r}{hint}")
    return _of_service(context, prefix)


def _of_service(context: BookContext, prefix: str) -> Iterator[ChangeLine]:
    for line, _ in context.events.of_service(prefix):
        yield line


def _fits(line: ChangeLine, wanted: Wanted) -> bool:
    return (
        (wanted.since is None or line.day >= wanted.since)
        and (wanted.until is None or line.day <= wanted.until)
        and (not wanted.verdicts or line.verdict in wanted.verdicts)
        and (not line.quiet or wanted.quiet or bool(wanted.verdicts))
        and (wanted.policy == "*" or covers(wanted.policy, line.policy))
    )
