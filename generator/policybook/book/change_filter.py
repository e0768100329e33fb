"""Filters for lists of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.wording import close_names, did_you_mean


class ChangeFilter(Struct, frozen=True):
    """A filter by first and last day, service prefix, policy name pattern and verdicts.

    A criterion of None, "" or () matches everything. Versions without effect match only if
    `without_effect` is set or `verdicts` names their verdict.
    """

    since: date | None = None
    until: date | None = None
    service: str = ""
    policy: str = "*"
    verdicts: tuple[str, ...] = ()
    without_effect: bool = False


def matching_changes(context: BookContext, criteria: ChangeFilter) -> tuple[ChangeLine, ...]:
    """The matching events, newest first.

    Args:
        context: The book.
        criteria: The filter.

    Returns:
        The events. If the filter has a service, counts and verdicts are about that service only.

    Raises:
        PolicybookError: Neither the catalogue nor a change has the service prefix; the message
            suggests similar prefixes.

    """
    return tuple(line for line in _lines(context, criteria) if _matches(line, criteria))


def _lines(context: BookContext, criteria: ChangeFilter) -> Iterable[ChangeLine]:
    prefix = criteria.service.lower()
    if not prefix:
        return context.events.between(criteria.since, criteria.until)
    known = context.index.service_events.keys() | set(context.catalogue.prefixes)
    if prefix not in known:
        hint = did_you_mean(close_names(prefix, known))
        raise PolicybookError(f"expected a service prefix, found {criteria.service!r}{hint}")
    return _of_service(context, prefix)


def _of_service(context: BookContext, prefix: str) -> Iterator[ChangeLine]:
    for line, _ in context.events.of_service(prefix):
        yield line


def _matches(line: ChangeLine, criteria: ChangeFilter) -> bool:
    return (
        (criteria.since is None or line.day >= criteria.since)
        and (criteria.until is None or line.day <= criteria.until)
        and (not criteria.verdicts or line.verdict in criteria.verdicts)
        and (not line.without_effect or criteria.without_effect or bool(criteria.verdicts))
        and (criteria.policy == "*" or covers(criteria.policy, line.policy))
    )
