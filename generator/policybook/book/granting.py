"""Who grants each action, now and ever, as pages and JSON show it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from policybook.analysis.effective_actions import (
    CERTAINTIES,
    Certainty,
    Span,
    Step,
    effective_levels,
    is_one_action,
    spans,
    steps,
)
from policybook.analysis.index import Use
from policybook.book.context import EverGranted, Granted, GrantRow, Level, Sources, Tally, counted
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.iam.grants import EVERYTHING, compared_term, single_terms
from policybook.iam.patterns import compiled, has_wildcard, term_covers, term_overlaps
from policybook.model.model import Policy, Term, Version

# --- now ------------------------------------------------------------------------------------------


def every_service(sources: Sources) -> tuple[str, ...]:
    """The service prefixes that current documents or past changes name, in order, without `*`."""
    index = sources.index
    return tuple(sorted({*index.services, *index.service_events} - {EVERYTHING}))


def granted(sources: Sources, prefix: str) -> Mapping[str, tuple[Granted, ...]]:
    """What grants each action of a service, by full name in lower case, policies in order.

    What statements about every service grant is left out; see `granted_by_all`.
    """
    if prefix not in sources.granted:
        found: dict[str, list[Granted]] = defaultdict(list)
        for use in sources.index.services.get(prefix, ()):
            if use.effect == "Allow":
                for name, grant in _granted(sources, use):
                    found[name].append(grant)
        sources.granted[prefix] = {name: tuple(grants) for name, grants in found.items()}
    return sources.granted[prefix]


def _granted(sources: Sources, use: Use) -> Iterator[tuple[str, Granted]]:
    certainty, known = certainties(sources, use), history(sources, use.policy)
    levels: dict[str, str] = {}
    through: dict[str, tuple[str, ...]] = {}
    for pattern in use.actions.patterns:
        alone = (pattern,)
        named = sources.catalogue.named_by(pattern)
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


def granted_by_all(sources: Sources, name: str) -> tuple[GrantRow, ...]:
    """The surest row of each policy with statements about every service that name the action."""
    lower = name.lower()
    action = sources.catalogue.action(lower)
    level = action.level if action else UNCATALOGUED
    found: dict[str, GrantRow] = {}
    for use, actions, certainty in _all_services(sources):
        if any(compiled(p).fullmatch(lower) for p in actions.patterns) != actions.negated:
            row = _row_of_all(sources, use, certainty(lower, level))
            found[use.policy] = min(found.get(use.policy, row), row, key=_doubt)
    return tuple(found.values())


def _doubt(row: GrantRow) -> int:
    return CERTAINTIES.index(row.certainty)


def _all_services(
    sources: Sources,
) -> list[tuple[Use, Term, Callable[[str, str], Certainty]]]:
    """The Allow statements about every service, each with its actions in lower case."""
    if not sources.all_services:
        for use in sources.index.services.get(EVERYTHING, ()):
            if use.effect == "Allow":
                lower = compared_term(use.actions)
                sources.all_services.append((use, lower, certainties(sources, use)))
    return sources.all_services


def _row_of_all(sources: Sources, use: Use, certainty: Certainty) -> GrantRow:
    key = (use.policy, use.statement, certainty)
    if key not in sources.rows_of_all:
        patterns = () if use.actions.negated else use.actions.patterns
        sources.rows_of_all[key] = GrantRow(use, patterns, False, certainty, None)
    return sources.rows_of_all[key]


def certainties(sources: Sources, use: Use) -> Callable[[str, str], Certainty]:
    """How sure it is that a policy grants an action through one of its Allow uses.

    Asked with a full name in lower case and its level, the answer is the best of `answers` for the
    use's statement.
    """
    sure: Certainty = "conditional" if use.condition else "yes"
    places = single_terms(use.resources)
    denials = [
        (
            sources.catalogue.denial(other.actions),
            [term_overlaps(other.resources, place) for place in places],
            [not other.condition and term_covers(other.resources, place) for place in places],
        )
        for other in sources.index.uses[use.policy]
        if other.effect == "Deny"
        and (use.prefix == EVERYTHING or other.prefix in (use.prefix, EVERYTHING))
    ]

    def certainty(name: str, level: str) -> Certainty:
        named = {name: level}
        touching = [(over, takes) for left, over, takes in denials if not left(named)]
        found = {_left_of(place, touching, sure) for place in range(len(places))}
        return next(c for c in CERTAINTIES if c in found)

    return certainty if denials else lambda name, level: sure


def _left_of(
    place: int, touching: Iterable[tuple[list[bool], list[bool]]], sure: Certainty
) -> Certainty:
    if any(takes[place] for _, takes in touching):
        return "no"
    return "conditional" if any(over[place] for over, _ in touching) else sure


# --- of services ----------------------------------------------------------------------------------


def service_levels(sources: Sources, prefix: str) -> tuple[Level, ...]:
    """How many of a service's effective actions that any policy names are of each level."""
    if prefix not in sources.service_levels:
        sources.service_levels[prefix] = counted(service_actions(sources, prefix))
    return sources.service_levels[prefix]


def service_actions(sources: Sources, prefix: str) -> Mapping[str, str]:
    """The effective actions of a service that any policy names, with their levels.

    Left out is what the same policy's Deny takes away wherever it is allowed.
    """
    if prefix not in sources.services:
        found: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for _, uses in groupby(sources.index.services.get(prefix, ()), lambda use: use.policy):
            own: dict[str, str] = {}
            for use in uses:
                if use.effect == "Allow":
                    certainty = certainties(sources, use)
                    named = sources.catalogue.named(use.actions).items()
                    own |= {name: level for name, level in named if certainty(name, level) != "no"}
            found |= own
            counts.update(own.keys())
        sources.services[prefix], sources.granting[prefix] = found, counts
    return sources.services[prefix]


def policies_granting(sources: Sources, prefix: str) -> Mapping[str, int]:
    """How many policies that name the service grant each of its actions."""
    service_actions(sources, prefix)
    return sources.granting[prefix]


# --- through time ---------------------------------------------------------------------------------


def _since(found: tuple[Span, ...]) -> Version | None:
    """The version since which an action is granted; None where it is not now."""
    return found[-1].since if found and not found[-1].until else None


def history(sources: Sources, policy: str) -> Mapping[str, tuple[Span, ...]]:
    """`spans` of the policy, remembered."""
    if policy not in sources.spans:
        counts = sources.tallies.setdefault(policy, {})
        changed = sources.actions_changed.setdefault(policy, {})
        told = _defaults(sources, policy)
        found = steps((version for _, version in told), sources.catalogue)
        keys = (key for key, version in told if version.document)
        sources.spans[policy] = spans(_counted(zip(keys, found, strict=True), counts, changed))
    return sources.spans[policy]


def _defaults(sources: Sources, name: str) -> Sequence[tuple[str, Version]]:
    """The versions as they became the default, oldest first, each with its transition's key.

    The last is the current one, also where the data names it without a rollback.
    """
    told = [(t.key, t.version) for t in reversed(sources.index.stories[name]) if not t.aside]
    current = sources.book.policies[name].current
    known = [version for _, version in told if version.document]
    return [*told, ("", current)] if current and known and known[-1] is not current else told


def tallies(sources: Sources, policy: str) -> Mapping[str, Tally]:
    """How many effective actions each version and rollback of the policy has, by its key."""
    history(sources, policy)
    return sources.tallies[policy]


def tally_alone(sources: Sources, version: Version) -> Tally | None:
    """The effective actions of a version beside nothing; None without a document."""
    if not version.document:
        return None
    return Tally(counted(effective_levels(version.document, sources.catalogue)), (), ())


def _tally(found: Step) -> Tally:
    return Tally(counted(found.actions), counted(found.gained), counted(found.lost))


def actions_changed(
    sources: Sources, policy: str
) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The effective actions that versions of the policy gained and lost, by their keys, in order.

    Versions with the same ones as before are left out.
    """
    history(sources, policy)
    return sources.actions_changed[policy]


def _counted(
    found: Iterable[tuple[str, Step]],
    tallies: dict[str, Tally],
    changed: dict[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Iterator[Step]:
    """The same steps, while what each changed is kept."""
    for key, one in found:
        tallies[key] = _tally(one)
        if one.gained or one.lost:
            changed[key] = (tuple(sorted(one.gained)), tuple(sorted(one.lost)))
        yield one


def ever_granted(sources: Sources) -> Mapping[str, EverGranted]:
    """Every action that a policy names now or that its documents once granted, in order.

    By full name in lower case; names with wildcards that the catalogue has nothing for are none.
    """
    if not sources.ever:
        found: dict[str, list[str]] = defaultdict(list)
        spelled: dict[str, str] = {}
        for policy in sources.book.policies:
            for name in named_ever(sources, policy):
                lower = name.lower()
                found[lower].append(policy)
                spelled.setdefault(lower, name)
        sources.ever.update(
            {name: EverGranted(spelled[name], tuple(found[name])) for name in sorted(found)}
        )
    return sources.ever


def retired(sources: Sources, prefix: str) -> tuple[str, ...]:
    """The full names, in lower case, of a service's ever granted actions that nobody catalogues."""
    if not sources.retired:
        found: dict[str, list[str]] = defaultdict(list)
        for name in ever_granted(sources):
            if not sources.catalogue.action(name):
                found[name.partition(":")[0]].append(name)
        sources.retired.update({prefix: tuple(names) for prefix, names in found.items()})
    return sources.retired.get(prefix, ())


def named_ever(sources: Sources, name: str) -> tuple[str, ...]:
    """The actions that a policy's known documents ever granted, spelled to be shown, in order.

    Of a policy with a statement about every service, only those that its current document names.
    """
    if name not in sources.named_ever:
        policy = sources.book.policies[name]
        uses = sources.index.uses.get(name, ())
        if any(use.prefix == EVERYTHING and use.effect == "Allow" for use in uses):
            actions = [u.actions for u in uses if u.prefix != EVERYTHING and u.effect == "Allow"]
            lower = {found for term in actions for found in sources.catalogue.named(term)}
        else:
            lower = set(history(sources, name))
        sources.named_ever[name] = tuple(sorted(_spelled(sources, policy, lower)))
    return sources.named_ever[name]


def _spelled(sources: Sources, policy: Policy, names: Iterable[str]) -> Iterator[str]:
    others = set()
    for name in names:
        action = sources.catalogue.action(name)
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
