"""The pages of services: the policies that grant a service's actions, and those actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, rows_about
from policybook.analysis.index import Use
from policybook.analysis.passrole import Principal
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.levels import Level, is_open, levels_of
from policybook.book.facts.services import ActionLine
from policybook.book.facts.statements import UseRow
from policybook.book.limits import BRIEF_POLICIES
from policybook.catalogue.catalogue import UNCATALOGUED, Scope
from policybook.iam.denies import GRANTED
from policybook.iam.grants import EVERYTHING, compared_term
from policybook.iam.terms import term_covers
from policybook.model.documents import Term
from policybook.pages.page import TocItem


class ServiceLine(Struct, frozen=True):
    """A service prefix in the list of services."""

    prefix: str
    title: str
    policies: int
    patterns: int
    levels: tuple[Level, ...]


class PolicyUses(Struct, frozen=True):
    """What one policy grants of a service, or on a resource.

    Attributes:
        policy: The name of the policy.
        levels: The number of effective actions by access level.
        patterns: The number of action patterns.
        statements: The number of statements.
        conditional: The number of statements with a condition.
        open: The number of statements that allow actions on all resources without a condition.
        rows: The statements; empty in a long list.
        scope: For the resource `*`, the number of actions that could be limited to a resource.
    """

    policy: str
    levels: tuple[Level, ...]
    patterns: int
    statements: int
    conditional: int
    open: int
    rows: tuple[UseRow, ...]
    scope: Scope | None = None


class ServicesView(Struct, frozen=True):
    """The list of services, and the policies that cover all services."""

    toc: tuple[TocItem, ...]
    services: tuple[ServiceLine, ...]
    past: tuple[str, ...]
    everything: tuple[PolicyUses, ...]


class ServiceChange(Struct, frozen=True):
    """The action patterns of a service in grants that a version gained and lost."""

    line: ChangeLine
    gained: tuple[str, ...]
    lost: tuple[str, ...]


class ServiceView(Struct, frozen=True):
    """A service prefix: the policies that grant its actions, and its actions in the catalogue."""

    toc: tuple[TocItem, ...]
    prefix: str
    title: str
    policies: tuple[PolicyUses, ...]
    denying: tuple[PolicyUses, ...]
    brief: bool
    notes: Mapping[str, str]
    catalogue_levels: tuple[Level, ...]
    actions: tuple[ActionLine, ...]
    everything: tuple[str, ...]
    principals: tuple[Principal, ...]
    changes: tuple[tuple[str, tuple[ServiceChange, ...]], ...]

    @property
    def catalogued(self) -> int:
        """How many actions the catalogue has."""
        return sum(action.level != UNCATALOGUED for action in self.actions)

    @property
    def granted(self) -> int:
        """How many actions of the catalogue at least one policy grants."""
        return sum(a.policies > 0 and a.level != UNCATALOGUED for a in self.actions)


# --- services ------------------------------------------------------------------------------------


def services_view(context: BookContext) -> ServicesView:
    """Create the view of all services."""
    lines = tuple(
        ServiceLine(
            prefix,
            context.catalogue.name(prefix) or "",
            len({use.policy for use in uses}),
            len({p.lower() for use in uses for p in use.actions.patterns}),
            context.services.levels(prefix),
        )
        for prefix, uses in context.index.services.items()
        if prefix != EVERYTHING
    )
    everything = by_policy(context, context.index.services.get(EVERYTHING, ()))
    past = tuple(p for p in context.services.prefixes() if p not in context.index.services)
    return ServicesView((), lines, past, everything)


def service_view(context: BookContext, prefix: str) -> ServiceView:
    """Create the view of one service prefix."""
    uses = context.index.services.get(prefix, ())
    service = context.catalogue.service(prefix)
    allowing = {use.policy for use in uses if use.effect == "Allow"}
    policies = by_policy(context, [u for u in uses if u.policy in allowing], BRIEF_POLICIES)
    lines = tuple(context.services.action_lines(prefix))
    changes = tuple(_by_month(_service_changes(context, prefix)))
    denying = by_policy(context, [u for u in uses if u.policy not in allowing])
    principals = context.passrole.principals().get(prefix, ())
    headings = (
        (policies, "policies", "Policies that grant actions of this service"),
        (denying, "denials", "Policies that only deny actions of this service"),
        (lines, "actions", "Actions"),
        (principals, "roles", "Roles passed to this service"),
        (changes, "changes", "Changes"),
    )
    return ServiceView(
        toc=tuple(TocItem(anchor, title) for found, anchor, title in headings if found),
        prefix=prefix,
        title=service.name if service else "",
        policies=policies,
        denying=denying,
        brief=len(policies) > BRIEF_POLICIES,
        notes={
            part.policy: note
            for part in policies
            if (note := context.book.policies[part.policy].facts.permissions.get(prefix))
        },
        catalogue_levels=_catalogue_levels(context, prefix),
        actions=lines,
        everything=tuple(sorted(_granting_everything(context, prefix))),
        principals=principals,
        changes=changes,
    )


def _granting_everything(context: BookContext, prefix: str) -> set[str]:
    """Return the policies that cover all services and allow actions of this one."""
    service = context.catalogue.service(prefix)
    own = {f"{prefix}:{key}": a.level for key, a in service.actions.items()} if service else {}
    return {
        use.policy
        for use in context.index.services.get(EVERYTHING, ())
        if use.effect == "Allow" and _grants_some(context, use, prefix, own)
    }


def _grants_some(context: BookContext, use: Use, prefix: str, own: Mapping[str, str]) -> bool:
    """Return whether the statement grants an action of the service, given with their levels."""
    if not own:
        return term_covers(compared_term(use.actions), Term((f"{prefix}:*",)))
    named, certainty = context.catalogue.named(use.actions), context.actions.certainty(use)
    return any(name in named and certainty(name, own[name]) in GRANTED for name in own)


def _catalogue_levels(context: BookContext, prefix: str) -> tuple[Level, ...]:
    every = Use("", prefix, "Allow", Term((f"{prefix}:*",)), Term(("*",)), (), 0)
    return levels_of(context.catalogue, (every,))


def by_policy(
    context: BookContext, uses: Iterable[Use], most: int | None = None
) -> tuple[PolicyUses, ...]:
    """Group uses by policy.

    Args:
        context: The book.
        uses: The statements' parts to group.
        most: The number of policies above which rows are left out; None for no limit.

    Returns:
        The policies by name, ignoring case.
    """
    found: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        found[use.policy].append(use)
    brief = most is not None and len(found) > most
    ordered = sorted(found.items(), key=lambda item: item[0].lower())
    return tuple(_policy_uses(context, name, own, brief) for name, own in ordered)


def _policy_uses(context: BookContext, name: str, uses: list[Use], brief: bool) -> PolicyUses:
    return PolicyUses(
        policy=name,
        levels=context.levels.of_part(name, uses),
        patterns=len({pattern.lower() for use in uses for pattern in use.actions.patterns}),
        statements=len(uses),
        conditional=sum(bool(use.condition) for use in uses),
        open=sum(map(is_open, uses)),
        rows=() if brief else tuple(context.statements.row(use) for use in uses),
    )


def _names(rows: Iterable[EvidenceRow], prefix: str) -> tuple[str, ...]:
    """Return the action patterns of the service in evidence, each once, as written."""
    return tuple(dict.fromkeys(p for row in rows_about(rows, prefix) for p in row.actions))


def _service_changes(context: BookContext, prefix: str) -> Iterator[ServiceChange]:
    for line, transition in context.events.of_service(prefix):
        gained, lost = context.events.rows(transition)
        yield ServiceChange(line, _names(gained, prefix), _names(lost, prefix))


def _by_month(found: Iterable[ServiceChange]) -> Iterator[tuple[str, tuple[ServiceChange, ...]]]:
    for month, group in groupby(found, lambda change: f"{change.line.day:%B %Y}"):
        yield month, tuple(group)
