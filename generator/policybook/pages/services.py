"""The pages of services: who grants a service's actions, and which actions it has."""

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
from policybook.iam.grants import EVERYTHING, compared_term
from policybook.iam.patterns import term_covers
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

    `patterns` counts its action patterns, `statements` those that say so, `conditional` those of
    them with a condition, and `open` those that allow on every resource without one. In a long list
    there are no `rows`. `scope` is that of what is allowed on `*`, where the list is about that.
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
    """The list of services, and the policies that name every service."""

    toc: tuple[TocItem, ...]
    services: tuple[ServiceLine, ...]
    past: tuple[str, ...]
    everything: tuple[PolicyUses, ...]


class ServiceChange(Struct, frozen=True):
    """What a version changed on a service: the action patterns in gained and lost grants."""

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
        """How many of those a policy grants."""
        return sum(a.policies > 0 and a.level != UNCATALOGUED for a in self.actions)


# --- services ------------------------------------------------------------------------------------


def services_view(context: BookContext) -> ServicesView:
    """The view of all services."""
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
    """The view of one service prefix."""
    uses = context.index.services.get(prefix, ())
    service = context.catalogue.service(prefix)
    allowing = {use.policy for use in uses if use.effect == "Allow"}
    policies = by_policy(context, [u for u in uses if u.policy in allowing], BRIEF_POLICIES)
    actions = service.actions if service else {}
    lines = tuple(context.services.action_lines(prefix))
    own = {f"{prefix}:{key}" for key in actions}
    everything = {
        use.policy
        for use in context.index.services.get(EVERYTHING, ())
        if use.effect == "Allow"
        and (
            term_covers(compared_term(use.actions), Term((f"{prefix}:*",)))
            or not own.isdisjoint(context.catalogue.named(use.actions))
        )
    }
    changes = tuple(_by_month(_service_changes(context, prefix)))
    denying = by_policy(context, [u for u in uses if u.policy not in allowing])
    toc = [TocItem("policies", "Policies that grant actions of this service")] if policies else []
    toc += (
        [TocItem("denials", "Policies that only deny actions of this service")] if denying else []
    )
    toc += [TocItem("actions", "Actions")] if lines else []
    principals = context.passrole.principals().get(prefix, ())
    toc += [TocItem("roles", "Roles passed to this service")] if principals else []
    toc += [TocItem("changes", "Changes")] if changes else []
    return ServiceView(
        toc=tuple(toc),
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
        everything=tuple(sorted(everything)),
        principals=principals,
        changes=changes,
    )


def _catalogue_levels(context: BookContext, prefix: str) -> tuple[Level, ...]:
    every = Use("", prefix, "Allow", Term((f"{prefix}:*",)), Term(("*",)), (), 0)
    return levels_of(context.catalogue, (every,))


def by_policy(
    context: BookContext, uses: Iterable[Use], most: int | None = None
) -> tuple[PolicyUses, ...]:
    """The uses by policy, names in order; without rows, where there are more than `most`."""
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
    """The action patterns about the service in evidence, each once, as they are written."""
    return tuple(dict.fromkeys(p for row in rows_about(rows, prefix) for p in row.actions))


def _service_changes(context: BookContext, prefix: str) -> Iterator[ServiceChange]:
    for line, transition in context.events.of_service(prefix):
        gained, lost = context.events.rows(transition)
        yield ServiceChange(line, _names(gained, prefix), _names(lost, prefix))


def _by_month(found: Iterable[ServiceChange]) -> Iterator[tuple[str, tuple[ServiceChange, ...]]]:
    for month, group in groupby(found, lambda change: f"{change.line.day:%B %Y}"):
        yield month, tuple(group)
