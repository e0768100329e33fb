"""What happened, as lines of lists: versions, rollbacks, deprecations, the start of tracking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import structs

from policybook.analysis.compare import verdict_of
from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.analysis.index import Event
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.change_lines import ChangeLine, Kind, Touched
from policybook.book.context import BookContext
from policybook.catalogue.services import LEVELS
from policybook.iam.grants import grants, prefixes
from policybook.model.documents import Grant

# --- lines ----------------------------------------------------------------------------------------


def change_lines(context: BookContext) -> tuple[ChangeLine, ...]:
    """Every event as a line, newest first."""
    if not context.lines:
        context.lines.extend(_line(context, event) for event in context.index.events)
    return tuple(context.lines)


def _line(context: BookContext, event: Event) -> ChangeLine:
    if event.transition:
        return change_line(context, event.transition, event.day)
    if event.deprecated:
        name = event.deprecated
        target = addresses.policy(name, "deprecated")
        return ChangeLine(event.day, "deprecated", name, target, policy=name, key="deprecated")
    slug = event.group or ""
    group = context.book.groups[slug]
    return ChangeLine(
        event.day,
        "tracking",
        group.title,
        addresses.group(slug, "updates"),
        text=group.tracking.text if group.tracking else "",
        group=slug,
    )


def change_line(context: BookContext, transition: Transition, day: date) -> ChangeLine:
    """A transition as a line of a list."""
    change = transition.change
    version = transition.version.key
    back = transition.returned is not None
    return ChangeLine(
        day=day,
        kind=kind_of(transition),
        title=f"{transition.policy} {'back to ' if back else ''}{version}",
        target=addresses.policy(transition.policy, transition.key),
        policy=transition.policy,
        key=transition.key,
        against=transition.before.key if transition.before else "",
        verdict=change.verdict if change else None,
        text="" if back else transition.version.facts.change or "",
        gained=len(change.gained) if change else 0,
        lost=len(change.lost) if change else 0,
        touched=touched(context, transition.policy)[transition.key],
    )


def told(context: BookContext, line: ChangeLine) -> Transition | None:
    """The transition that the line tells; None for other events."""
    stories = context.index.stories.get(line.policy, ())
    return next((transition for transition in stories if transition.key == line.key), None)


def kind_of(transition: Transition) -> Kind:
    """What kind of event a transition is."""
    if transition.returned:
        return "rollback"
    if transition.aside:
        return "guide"
    if transition.change:
        return "version"
    return "first" if transition.version.document else "dated"


def rows_of(
    context: BookContext, transition: Transition
) -> tuple[tuple[EvidenceRow, ...], tuple[EvidenceRow, ...]]:
    """What the transition gained and lost, in rows, remembered."""
    key = (transition.policy, transition.key)
    if key not in context.evidence:
        change = transition.change
        context.evidence[key] = (
            evidence_rows(change.gained if change else ()),
            evidence_rows(change.lost if change else ()),
        )
    return context.evidence[key]


def service_lines(
    context: BookContext, prefix: str, start: int = 0, end: int | None = None
) -> Iterator[tuple[ChangeLine, Transition]]:
    """What changed on one service, newest first, counted and judged by its grants alone.

    Of all that did, those between the two places.
    """
    for found in context.index.service_events.get(prefix, ())[start:end]:
        transition = found.transition
        if transition.change:
            line = change_line(context, transition, found.event.day)
            unsure = prefix in transition.change.unsure
            verdict = verdict_of(bool(found.gained), bool(found.lost), unsure)
            counts = {"gained": found.gained, "lost": found.lost}
            yield structs.replace(line, verdict=verdict, **counts), transition


# --- what changes are about -----------------------------------------------------------------------


def touched(context: BookContext, name: str) -> Mapping[str, Touched]:
    """What each transition of a policy is about, by its key."""
    if name not in context.touched:
        context.touched[name] = {
            transition.key: _touched(context, transition)
            for transition in context.index.stories[name]
        }
    return context.touched[name]


def _subjects(transition: Transition) -> Iterator[Grant]:
    if transition.change:
        for evidence in (*transition.change.gained, *transition.change.lost):
            yield evidence.grant
    elif transition.version.document and not transition.returned:
        yield from grants(transition.version.document)


def _touched(context: BookContext, transition: Transition) -> Touched:
    services = set(transition.change.unsure if transition.change else ())
    levels: set[str] = set()
    for grant in {grant.action: grant for grant in _subjects(transition)}.values():
        services.update(prefixes(grant))
        for pattern in grant.action.patterns:
            levels.update(_levels(context, pattern))
    return Touched(tuple(sorted(services)), tuple(level for level in LEVELS if level in levels))


def _levels(context: BookContext, pattern: str) -> frozenset[str]:
    if pattern not in context.pattern_levels:
        named = context.catalogue.named_by(pattern)
        context.pattern_levels[pattern] = frozenset(named.values())
    return context.pattern_levels[pattern]
