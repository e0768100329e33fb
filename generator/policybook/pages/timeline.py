"""The timeline of a policy: its versions newest first, gaps, rollbacks, and what they changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.change_lines import NOTES, days
from policybook.book.context import BookContext
from policybook.book.documents import as_json, detached, documents_file, policy_file
from policybook.book.facts.events import kind_of
from policybook.book.facts.history import Tally
from policybook.book.facts.removals import RemovalEntry
from policybook.book.limits import OLD_STATEMENTS, OPENED_VERSIONS
from policybook.model.deprecation import Deprecation
from policybook.model.descriptions import Description
from policybook.model.policies import Policy, Version
from policybook.model.version_ids import version_id
from policybook.pages.nearest import NearestPart, nearest_parts
from policybook.pages.policy_page.version_pages import is_long, version_pages
from policybook.pages.risks import RiskLine, risk_lines
from policybook.pages.step_plot import StepPlot, StepPoint, step_plot


class VersionPart(Struct, frozen=True):
    """A version in the timeline, or a rollback to one, with what it changed.

    `removed` is its entry in the list of removals. `nearest` is the archived version that is
    nearest to a document without an id. `pages` show its document without a number. `tally` counts
    the effective actions, and those gained and lost. A rollback has no document of its own.
    `opened` says whether its evidence is shown at once: that of the newest ones with an effect is.
    `page` is the number of the page of older versions that has its evidence, 0 for the policy's.
    `kept` are the anchors of its statements that were permalinks while it was the current version.
    """

    transition: Transition
    note: str
    headline: str
    changed: tuple[ChangeRow, ...]
    removed: RemovalEntry | None
    nearest: NearestPart | None
    pages: tuple[Description, ...]
    tally: Tally | None
    document: str
    document_file: str
    current: bool
    risks: tuple[RiskLine, ...]
    opened: bool
    page: int
    kept: tuple[str, ...]

    @property
    def version(self) -> Version:
        """The version that the entry is about."""
        return self.transition.version

    @property
    def missing(self) -> tuple[int, ...]:
        """The missing version numbers between it and the older version, the highest first."""
        return tuple(reversed(self.transition.missing))

    @property
    def missing_ids(self) -> tuple[str, ...]:
        """The ids of these versions."""
        return tuple(version_id(number, self.version.life or 1) for number in self.missing)

    @property
    def without_effect(self) -> bool:
        """Whether it is a version without effect and with nothing else to show."""
        return self.transition.reissued and not (self.current or self.risks)

    @property
    def size(self) -> int:
        """The number of effective actions."""
        return sum(level.count for level in self.tally.actions) if self.tally else 0


class Stretch(Struct, frozen=True):
    """One entry of the timeline, or several versions without effect under one label."""

    parts: tuple[VersionPart, ...]
    title: str = ""


class Timeline(Struct, frozen=True):
    """The timeline, newest first, with the deprecation and a plot of effective actions."""

    stretches: tuple[Stretch, ...]
    deprecation: Deprecation
    plot: StepPlot | None


def timeline_of(context: BookContext, policy: Policy) -> Timeline:
    """Create the timeline of a policy."""
    parts = version_parts(context, policy)
    return Timeline(
        tuple(stretches(parts)),
        policy.deprecation,
        _plot(context, policy.name, parts),
    )


def version_parts(
    context: BookContext, policy: Policy, page: int | None = None
) -> tuple[VersionPart, ...]:
    """Create an entry for each version and rollback of a policy, newest first.

    Args:
        context: The book.
        policy: The policy.
        page: The number of a page of older versions, whose entries alone are created. Default: all.
    """
    return tuple(_parts(context, policy, page))


def _parts(context: BookContext, policy: Policy, page: int | None) -> Iterator[VersionPart]:
    risks, pages = context.risks.history(policy.name), version_pages(context, policy.name)
    kept = _kept(policy, OLD_STATEMENTS // 4 if is_long(context, policy.name) else OLD_STATEMENTS)
    unlinked = {version.key for version in detached(policy)}
    removed = {entry.key: entry for entry in context.removals.entries(policy.name)}
    nearest = nearest_parts(context.history.nearest(policy.name))
    said = policy.facts.descriptions
    effects = 0
    for transition in context.index.histories[policy.name]:
        effects += bool(transition.change and transition.change.has_effect)
        if page is not None and pages[transition.key] != page:
            continue
        version, change = transition.version, transition.change
        own = None if transition.returned else version
        document = own.document if own else None
        found = risks.get(version.key) if own else None
        yield VersionPart(
            transition,
            note="" if change else NOTES[kind_of(transition)],
            headline=context.events.headlines(policy.name).get(transition.key, ""),
            changed=context.events.changed(transition),
            removed=removed.get(transition.key),
            nearest=nearest.get(version.key) if own else None,
            pages=tuple(said[name] for name in (own.shown_by if own else ()) if name in said),
            tally=_tally(context, transition),
            document=as_json(document) if document and version.key not in unlinked else "",
            document_file=_file(policy, own, unlinked),
            current=own is not None and own is policy.current,
            risks=risk_lines(context, found) if found else (),
            opened=effects <= OPENED_VERSIONS,
            page=pages[transition.key],
            kept=kept.get(version.key, ()) if own else (),
        )


def _file(policy: Policy, version: Version | None, unlinked: Container[str]) -> str:
    """The path of the file that the page takes a long document from; "" if it has it itself."""
    if version is None or version.key not in unlinked:
        return ""
    return policy_file(policy) if version is policy.current else documents_file(policy)


def _kept(policy: Policy, room: int) -> Mapping[str, tuple[str, ...]]:
    """The anchors of that many statements of older versions, the newest first, by version."""
    found: dict[str, tuple[str, ...]] = {}
    for version in policy.versions:
        if version.document and version is not policy.current:
            room -= len(version.document.statements)
            if room >= 0:
                numbers = [statement.number for statement in version.document.statements]
                found[version.key] = tuple(
                    addresses.permalink(policy.name, version.key, n).anchor for n in numbers
                )
    return found


def _tally(context: BookContext, transition: Transition) -> Tally | None:
    if transition.outside_sequence:
        return context.history.tally_alone(transition.version)
    return context.history.tallies(transition.policy).get(transition.key)


def stretches(parts: Iterable[VersionPart]) -> Iterator[Stretch]:
    """Yields the entries of a timeline; consecutive versions without effect become one.

    A missing version ends a group.
    """
    unchanged: list[VersionPart] = []
    for part in parts:
        if part.without_effect:
            unchanged.append(part)
        if unchanged and (part.missing or not part.without_effect):
            yield _stretch(unchanged)
            unchanged = []
        if not part.without_effect:
            yield Stretch((part,))
    if unchanged:
        yield _stretch(unchanged)


def _stretch(parts: list[VersionPart]) -> Stretch:
    count = f"{parts[0].version.key}:" if len(parts) == 1 else f"{len(parts)} versions"
    when = [day for part in parts if (day := part.transition.day)]
    return Stretch(
        tuple(parts), f"{count} reissued without change" + (f", {days(when)}" if when else "")
    )


# --- the plot -------------------------------------------------------------------------------------


def _plot(context: BookContext, name: str, parts: Sequence[VersionPart]) -> StepPlot | None:
    day = context.catalogue.date
    title = f"Effective actions of {name} (AWS's action list of {day})"
    points = [_point(part) for part in reversed(parts) if _is_drawn(part)]
    return step_plot(points, title)


def _is_drawn(part: VersionPart) -> bool:
    """Whether a version is in the plot: not one that was reissued without change."""
    transition = part.transition
    return not transition.outside_sequence and bool(part.missing or not transition.reissued)


def _point(part: VersionPart) -> StepPoint:
    transition, change = part.transition, part.transition.change
    return StepPoint(
        key=transition.key,
        name=f"{part.version.key} again" if transition.returned else part.version.key,
        day=transition.day,
        value=part.size if part.tally else None,
        verdict=change.verdict if change else "",
        gained=bool(change and change.gained),
        lost=bool(change and change.lost),
        missing=bool(part.missing),
    )
