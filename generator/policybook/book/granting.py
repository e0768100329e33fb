"""Who grants each action, now and ever, as pages and JSON show it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from policybook.analysis.effective_actions import (
    Span,
    VersionActions,
    effective_levels,
    is_one_action,
    spans,
    version_actions,
)
from policybook.analysis.index import Use
from policybook.book.context import (
    BookContext,
    EverGranted,
    Granted,
    GrantRow,
    Level,
    Tally,
    counted,
)
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.iam.denies import CERTAINTIES, Certainty, certainties_with
from policybook.iam.grants import EVERYTHING, compared_term
from policybook.iam.patterns import compiled, has_wildcard
from policybook.model.documents import Term
from policybook.model.policies import Policy, Version

# --- now ------------------------------------------------------------------------------------------


def every_service(context: BookContext) -> tuple[str, ...]:
    """The service prefixes that current documents or past changes name, in order, without `*`."""
    index = context.index
    return tuple(sorted({*index.services, *index.service_events} - {EVERYTHING}))


def granted(context: BookContext, prefix: str) -> Mapping[str, tuple[Granted, ...]]:
    """What grants each action of a service, by full name in lower case, policies in order.

    What statements about every service grant is left out; see `granted_by_all`.
    """
    if prefix not in context.granted:
        found: dict[str, list[Granted]] = defaultdict(list)
        for use in context.index.services.get(prefix, ()):
            if use.effect == "Allow":
                for name, grant in _granted(context, use):
                    found[name].append(grant)
        context.granted[prefix] = {name: tuple(grants) for name, grants in found.items()}
    return context.granted[prefix]


def _granted(context: BookContext, use: Use) -> Iterator[tuple[str, Granted]]:
    certainty, known = certainties(context, use), history(context, use.policy)
    levels: dict[str, str] = {}
    through: dict[str, tuple[str, ...]] = {}
    for pattern in use.actions.patterns:
        alone = (pattern,)
        named = context.catalogue.named_by(pattern)
        levels.update(named)
        for name in named:
            through[name] = (*through[name], pattern) if name in through else alone
    grants: dict[tuple[tuple[str, ...], Certainty, str], Granted] = {}
    rows: dict[tuple[tuple[str, ...], bool, Certainty, str], GrantRow] = {}
    for name, patterns in through.items():
        sure, first = certainty(name, levels[name]), _since(known.get(name, ()))
        since = first.key if first else ""
        grant = grants.get((patterns, sure, since))
        if not grant:
            wild = tuple(filter(has_wildcard, patterns))
            key = (wild, len(wild) < len(patterns), sure, since)
            if key not in rows:
                rows[key] = GrantRow(use, wild, key[1], sure, first)
            grant = grants[patterns, sure, since] = Granted(rows[key], patterns)
        yield name, grant


def granted_by_all(context: BookContext, name: str) -> tuple[GrantRow, ...]:
    """The surest row of each policy with statements about every service that name the action."""
    lower = name.lower()
    action = context.catalogue.action(lower)
    level = action.level if action else UNCATALOGUED
    found: dict[str, GrantRow] = {}
    for use, actions, certainty in _all_services(context):
        if any(compiled(p).fullmatch(lower) for p in actions.patterns) != actions.negated:
            row = _row_of_all(context, use, certainty(lower, level))
            found[use.policy] = min(found.get(use.policy, row), row, key=_doubt)
    return tuple(found.values())


def _doubt(row: GrantRow) -> int:
    return CERTAINTIES.index(row.certainty)


def _all_services(
    context: BookContext,
) -> list[tuple[Use, Term, Callable[[str, str], Certainty]]]:
    """The Allow statements about every service, each with its actions in lower case."""
    if not context.all_services:
        for use in context.index.services.get(EVERYTHING, ()):
            if use.effect == "Allow":
                lower = compared_term(use.actions)
                context.all_services.append((use, lower, certainties(context, use)))
    return context.all_services


def _row_of_all(context: BookContext, use: Use, certainty: Certainty) -> GrantRow:
    key = (use.policy, use.statement, certainty)
    if key not in context.rows_of_all:
        patterns = () if use.actions.negated else use.actions.patterns
        context.rows_of_all[key] = GrantRow(use, patterns, False, certainty, None)
    return context.rows_of_all[key]


def certainties(context: BookContext, use: Use) -> Callable[[str, str], Certainty]:
    """How certain it is that a policy grants an action through one of its Allow uses.

    Returns a function of a full name in lower case and its level; see `certainties_with`. Its
    answer is the best of `answers` for the use's statement.
    """
    denies = (
        other
        for other in context.index.uses[use.policy]
        if other.effect == "Deny"
        and (use.prefix == EVERYTHING or other.prefix in (use.prefix, EVERYTHING))
    )
    return certainties_with(use, denies, context.catalogue.denied)


# --- of services ----------------------------------------------------------------------------------


def service_levels(context: BookContext, prefix: str) -> tuple[Level, ...]:
    """How many of a service's effective actions that any policy names are of each level."""
    if prefix not in context.service_levels:
        context.service_levels[prefix] = counted(service_actions(context, prefix))
    return context.service_levels[prefix]


def service_actions(context: BookContext, prefix: str) -> Mapping[str, str]:
    """The effective actions of a service that any policy names, with their levels.

    Left out is what the same policy's Deny takes away wherever it is allowed.
    """
    if prefix not in context.services:
        found: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for _, uses in groupby(context.index.services.get(prefix, ()), lambda use: use.policy):
            own: dict[str, str] = {}
            for use in uses:
                if use.effect == "Allow":
                    certainty = certainties(context, use)
                    named = context.catalogue.named(use.actions).items()
                    own |= {name: level for name, level in named if certainty(name, level) != "no"}
            found |= own
            counts.update(own.keys())
        context.services[prefix], context.granting[prefix] = found, counts
    return context.services[prefix]


def policies_granting(context: BookContext, prefix: str) -> Mapping[str, int]:
    """How many policies that name the service grant each of its actions."""
    service_actions(context, prefix)
    return context.granting[prefix]


# --- through time ---------------------------------------------------------------------------------


def _since(found: tuple[Span, ...]) -> Version | None:
    """The version since which an action is granted; None where it is not now."""
    return found[-1].since if found and not found[-1].until else None


def history(context: BookContext, policy: str) -> Mapping[str, tuple[Span, ...]]:
    """`spans` of the policy, remembered."""
    if policy not in context.spans:
        counts = context.tallies.setdefault(policy, {})
        changed = context.actions_changed.setdefault(policy, {})
        told = _defaults(context, policy)
        found = version_actions((version for _, version in told), context.catalogue)
        keys = (key for key, version in told if version.document)
        context.spans[policy] = spans(_counted(zip(keys, found, strict=True), counts, changed))
    return context.spans[policy]


def _defaults(context: BookContext, name: str) -> Sequence[tuple[str, Version]]:
    """The versions as they became the default, oldest first, each with its transition's key.

    The last is the current one, also where the data names it without a rollback.
    """
    told = [
        (t.key, t.version)
        for t in reversed(context.index.histories[name])
        if not t.outside_sequence
    ]
    current = context.book.policies[name].current
    known = [version for _, version in told if version.document]
    return [*told, ("", current)] if current and known and known[-1] is not current else told


def tallies(context: BookContext, policy: str) -> Mapping[str, Tally]:
    """How many effective actions each version and rollback of the policy has, by its key."""
    history(context, policy)
    return context.tallies[policy]


def tally_alone(context: BookContext, version: Version) -> Tally | None:
    """The effective actions of a version beside nothing; None without a document."""
    if not version.document:
        return None
    return Tally(counted(effective_levels(version.document, context.catalogue)), (), ())


def _tally(found: VersionActions) -> Tally:
    return Tally(counted(found.actions), counted(found.gained), counted(found.lost))


def actions_changed(
    context: BookContext, policy: str
) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The effective actions that versions of the policy gained and lost, by their keys, in order.

    Versions with the same ones as before are left out.
    """
    history(context, policy)
    return context.actions_changed[policy]


def _counted(
    found: Iterable[tuple[str, VersionActions]],
    tallies: dict[str, Tally],
    changed: dict[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Iterator[VersionActions]:
    """The same steps, while what each changed is kept."""
    for key, one in found:
        tallies[key] = _tally(one)
        if one.gained or one.lost:
            changed[key] = (tuple(sorted(one.gained)), tuple(sorted(one.lost)))
        yield one


def ever_granted(context: BookContext) -> Mapping[str, EverGranted]:
    """Every action that a policy names now or that its documents once granted, in order.

    By full name in lower case; names with wildcards that the catalogue has nothing for are none.
    """
    if not context.ever:
        found: dict[str, list[str]] = defaultdict(list)
        spelled: dict[str, str] = {}
        for policy in context.book.policies:
            for name in named_ever(context, policy):
                lower = name.lower()
                found[lower].append(policy)
                spelled.setdefault(lower, name)
        context.ever.update(
            {name: EverGranted(spelled[name], tuple(found[name])) for name in sorted(found)}
        )
    return context.ever


def retired(context: BookContext, prefix: str) -> tuple[str, ...]:
    """The full names, in lower case, of a service's ever granted actions that nobody catalogues."""
    if not context.retired:
        found: dict[str, list[str]] = defaultdict(list)
        for name in ever_granted(context):
            if not context.catalogue.action(name):
                found[name.partition(":")[0]].append(name)
        context.retired.update({prefix: tuple(names) for prefix, names in found.items()})
    return context.retired.get(prefix, ())


def named_ever(context: BookContext, name: str) -> tuple[str, ...]:
    """The actions that a policy's known documents ever granted, spelled to be shown, in order.

    Of a policy with a statement about every service, only those that its current document names.
    """
    if name not in context.named_ever:
        policy = context.book.policies[name]
        uses = context.index.uses.get(name, ())
        if any(use.prefix == EVERYTHING and use.effect == "Allow" for use in uses):
            actions = [u.actions for u in uses if u.prefix != EVERYTHING and u.effect == "Allow"]
            lower = {found for term in actions for found in context.catalogue.named(term)}
        else:
            lower = set(history(context, name))
        context.named_ever[name] = tuple(sorted(_spelled(context, policy, lower)))
    return context.named_ever[name]


def _spelled(context: BookContext, policy: Policy, names: Iterable[str]) -> Iterator[str]:
    others = set()
    for name in names:
        action = context.catalogue.action(name)
        if action:
            yield f"{name.partition(':')[0]}:{action.name}"
        elif is_one_action(name):
            others.add(name)
    for version in policy.versions if others else ():
        for statement in version.document.statements if version.document else ():
            for pattern in statement.actions.patterns:
                if pattern.lower() in others:
                    others.remove(pattern.lower())
                    prefix, _, rest = pattern.partition(":")
                    yield f"{prefix.lower()}:{rest}"
