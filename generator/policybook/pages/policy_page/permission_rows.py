"""What a policy grants of each service, and the pages of action names that do not fit there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from policybook.analysis.index import Use
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.facts.levels import Level, effective
from policybook.book.facts.statements import UseRow
from policybook.book.limits import POLICY_NAMES
from policybook.catalogue.services import LEVELS
from policybook.iam.grants import EVERYTHING
from policybook.iam.patterns import has_wildcard
from policybook.model.policies import Policy
from policybook.pages.page import TocItem
from policybook.pages.quotes import Quote, notes_on


class NamesOfLevel(Struct, frozen=True):
    """Names of actions of one service that have one access level, without the prefix."""

    level: Level
    names: tuple[str, ...]


class PermissionRow(Struct, frozen=True, eq=False):
    """The part of a statement for one service.

    `count` is the number of actions that its wildcards match, 0 without wildcards. `names` are
    these actions, empty if the policy has too many; then they are on the page `page`.
    """

    row: UseRow
    count: int
    names: tuple[NamesOfLevel, ...]
    page: Target | None


class PrefixPart(Struct, frozen=True):
    """What the policy grants of one service; `note` is ours, `quotes` are words of sources."""

    prefix: str
    title: str
    note: str
    quotes: tuple[Quote, ...]
    levels: tuple[Level, ...]
    rows: tuple[PermissionRow, ...]


class PolicyActionsView(Struct, frozen=True):
    """The page of one service's actions in a policy: a row for each statement with wildcards."""

    toc: tuple[TocItem, ...]
    policy: str
    version: str
    prefix: str
    title: str
    rows: tuple[PermissionRow, ...]


def prefix_parts(
    context: BookContext, policy: Policy, uses: tuple[Use, ...]
) -> Iterator[PrefixPart]:
    """Yield a part for each service, sorted by prefix; its rows are in the order of statements."""
    apart = not _fit(context, uses)
    for prefix, found in _by_prefix(uses).items():
        yield PrefixPart(
            prefix=prefix,
            title="All services" if prefix == EVERYTHING else context.catalogue.name(prefix) or "",
            note=policy.facts.permissions.get(prefix, ""),
            quotes=notes_on(policy, prefix),
            levels=context.levels.of_part(policy.name, found),
            rows=tuple(_row(context, use, uses, apart=apart) for use in found),
        )


def prefixes_apart(context: BookContext, policy: str) -> tuple[str, ...]:
    """The services whose action names are on pages of their own, sorted; mostly none."""
    uses = context.index.uses.get(policy, ())
    if _fit(context, uses):
        return ()
    return tuple(sorted({use.prefix for use in uses if _has_names(use)}))


def actions_view(context: BookContext, policy: str, prefix: str) -> PolicyActionsView:
    """Create the view of the page of a service's actions in a policy."""
    uses, current = context.index.uses[policy], context.book.policies[policy].current
    found = [use for use in uses if use.prefix == prefix and _has_names(use)]
    return PolicyActionsView(
        toc=(),
        policy=policy,
        version=current.key if current else "",
        prefix=prefix,
        title=context.catalogue.name(prefix) or "",
        rows=tuple(_row(context, use, uses, apart=False) for use in found),
    )


def _by_prefix(uses: tuple[Use, ...]) -> Mapping[str, list[Use]]:
    found: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        found[use.prefix].append(use)
    return dict(sorted(found.items()))


def _has_names(use: Use) -> bool:
    """Whether wildcards of one service match actions that the document does not name."""
    return use.prefix != EVERYTHING and any(map(has_wildcard, use.actions.patterns))


def _fit(context: BookContext, uses: tuple[Use, ...]) -> bool:
    """Whether the names of all actions that wildcards match fit on the policy's page."""
    return sum(_count(context, use) for use in uses if _has_names(use)) <= POLICY_NAMES


def _count(context: BookContext, use: Use) -> int:
    if use.effect == "Deny":
        return len(context.catalogue.named(use.actions))
    return sum(level.count for level in context.levels.of_part(use.policy, (use,)))


def _row(context: BookContext, use: Use, uses: tuple[Use, ...], *, apart: bool) -> PermissionRow:
    row = context.statements.row(use)
    if not _has_names(use):
        return PermissionRow(row, 0, (), None)
    if apart:
        page = addresses.policy_actions(use.policy, use.prefix)
        return PermissionRow(row, _count(context, use), (), page)
    names = tuple(_names(context, use, uses))
    return PermissionRow(row, sum(part.level.count for part in names), names, None)


def _names(context: BookContext, use: Use, uses: tuple[Use, ...]) -> Iterator[NamesOfLevel]:
    """Yield the actions that an Allow leaves effective, or that a Deny names, strongest first."""
    catalogue = context.catalogue
    denied = use.effect == "Deny"
    found = catalogue.named(use.actions) if denied else effective(catalogue, (use,), uses)
    by_level: dict[str, list[str]] = defaultdict(list)
    for name, level in found.items():
        by_level[level].append((catalogue.spelled(name) or name).partition(":")[2])
    order = [*reversed(LEVELS), *sorted(by_level.keys() - set(LEVELS))]
    for level in order:
        if level in by_level:
            names = tuple(sorted(by_level[level], key=str.lower))
            yield NamesOfLevel(Level(level, len(names)), names)
