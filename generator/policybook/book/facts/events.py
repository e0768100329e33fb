"""Events as rows of lists: versions, rollbacks, deprecations, and the start of tracking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import structs

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.analysis.compare import verdict_of
from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.analysis.index import Event, Index
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.change_lines import ChangeLine, Kind, Month, Touched, months
from policybook.book.derived import Facts, derived
from policybook.book.limits import EVIDENCE_NAMES, EVIDENCE_ROWS, PART_ELEMENTS
from policybook.book.paging import in_pages, row_elements
from policybook.book.prose.headline import headline
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import LEVELS
from policybook.iam.grants import grants, prefixes
from policybook.model.book import Book
from policybook.model.documents import Grant
from policybook.wording import DATE_AT_LATEST


class EventFacts(Facts):
    """All events, newest first."""

    def __init__(self, book: Book, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._catalogue = catalogue
        self._listed: dict[tuple[str, str], Transition] = {}  # those of the rows that were made

    @derived
    def lines(self) -> tuple[ChangeLine, ...]:
        """Every event as a row, newest first."""
        return tuple(map(self._line, self._index.events))

    def between(self, since: date | None, until: date | None) -> tuple[ChangeLine, ...]:
        """The events from one day to another as rows, newest first; None has no limit."""
        first, last = since or date.min, until or date.max
        return tuple(self._line(e) for e in self._index.events if first <= e.day <= last)

    def _line(self, event: Event) -> ChangeLine:
        if event.transition:
            return self.line(event.transition, event.day)
        if event.deprecated:
            name = event.deprecated
            exact = self._book.policies[name].deprecation.precision == "exact"
            return ChangeLine(
                event.day,
                "deprecated",
                name,
                addresses.policy(name, "deprecated"),
                policy=name,
                key="deprecated",
                text="" if exact else DATE_AT_LATEST,
            )
        slug = event.group or ""
        group = self._book.groups[slug]
        return ChangeLine(
            event.day,
            "tracking",
            group.title,
            addresses.group(slug, "updates"),
            text=group.tracking.text if group.tracking else "",
            group=slug,
        )

    def line(self, transition: Transition, day: date) -> ChangeLine:
        """A transition as a row of a list.

        Args:
            transition: The transition.
            day: The day of the event.

        Returns:
            The row, with the verdict and counts of all services.

        """
        self._listed[transition.policy, transition.key] = transition
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
            touched=self.touched(transition.policy)[transition.key],
            headline=self.headlines(transition.policy).get(transition.key, ""),
        )

    def transition_of(self, line: ChangeLine) -> Transition | None:
        """The transition that a row is about; None for other events."""
        if found := self._listed.get((line.policy, line.key)):
            return found
        histories = self._index.histories.get(line.policy, ())
        return next((transition for transition in histories if transition.key == line.key), None)

    @derived(key=lambda transition: (transition.policy, transition.key))
    def rows(
        self, transition: Transition
    ) -> tuple[tuple[EvidenceRow, ...], tuple[EvidenceRow, ...]]:
        """The grants that the transition gained and lost, as rows of evidence."""
        change = transition.change
        return (
            evidence_rows(change.gained if change else ()),
            evidence_rows(change.lost if change else ()),
        )

    @derived(key=lambda transition: (transition.policy, transition.key))
    def changed(self, transition: Transition) -> tuple[ChangeRow, ...]:
        """What the transition did to each action, for readers."""
        change = transition.change
        return change_rows(change.gained, change.lost) if change else ()

    @derived(kept="policy")
    def elements(self, policy: str) -> Mapping[str, int]:
        """The number of elements of the evidence of each transition, roughly; by its key."""
        return {
            transition.key: sum(
                row_elements(row, EVIDENCE_NAMES)
                for row in self.changed(transition)[:EVIDENCE_ROWS]
            )
            for transition in self._index.histories[policy]
        }

    @derived(kept="policy")
    def headlines(self, policy: str) -> Mapping[str, str]:
        """What each transition of a policy did, in a line; by the transition's key.

        Transitions without effect, and those whose effect is unknown, have none.
        """
        found = {
            transition.key: headline(self.changed(transition), self._catalogue.name)
            for transition in self._index.histories[policy]
        }
        return {key: text for key, text in found.items() if text}

    def of_service(
        self, prefix: str, start: int = 0, end: int | None = None
    ) -> Iterator[tuple[ChangeLine, Transition]]:
        """List the changes of one service, newest first.

        Args:
            prefix: The service prefix.
            start: The index of the first change among all changes of the service.
            end: The index after the last change. Default: no limit.

        Yields:
            The row, whose verdict and counts are about the service only, and its transition.

        """
        for found in self._index.service_events.get(prefix, ())[start:end]:
            transition = found.transition
            if transition.change:
                line = self.line(transition, found.event.day)
                unsure = prefix in transition.change.unsure
                verdict = verdict_of(bool(found.gained), bool(found.lost), unsure)
                counts = {"gained": found.gained, "lost": found.lost}
                yield structs.replace(line, verdict=verdict, **counts), transition

    def of_group(self, slug: str) -> tuple[ChangeLine, ...]:
        """A group's events: changes of its policies and the start of tracking, newest first."""
        members = self._book.groups[slug].policies
        return tuple(line for line in self.lines() if line.group == slug or line.policy in members)

    def years(self) -> tuple[int, ...]:
        """The years that have events, newest first."""
        return tuple(dict.fromkeys(event.day.year for event in self._index.events))

    # --- pages of a year ---

    @derived
    def year_pages(self, year: int) -> tuple[tuple[Month, ...], ...]:
        """The months of a year that have events, newest first, by the page that lists them."""
        own = months(line for line in self.lines() if line.day.year == year)
        return tuple(in_pages(own, lambda month: month.elements, PART_ELEMENTS))

    def month(self, first: date) -> Target:
        """The place that lists the events of a month.

        Args:
            first: The first day of the month. If it has no events, the place does not exist.
        """
        return addresses.month(first, self._month_pages().get(first, 1))

    @derived
    def _month_pages(self) -> Mapping[date, int]:
        return {
            month.first: number
            for year in self.years()
            for number, page in enumerate(self.year_pages(year), 1)
            for month in page
        }

    # --- services and levels of changes ---

    @derived(kept="policy")
    def touched(self, policy: str) -> Mapping[str, Touched]:
        """The services and levels that each transition of a policy affects, by transition key."""
        return {t.key: self._touched(t) for t in self._index.histories[policy]}

    def _touched(self, transition: Transition) -> Touched:
        services = set(transition.change.unsure if transition.change else ())
        levels: set[str] = set()
        for grant in {grant.action: grant for grant in _subjects(transition)}.values():
            services.update(prefixes(grant))
            for pattern in grant.action.patterns:
                levels.update(self._levels(pattern))
        return Touched(tuple(sorted(services)), tuple(level for level in LEVELS if level in levels))

    @derived
    def _levels(self, pattern: str) -> frozenset[str]:
        return frozenset(self._catalogue.named_by(pattern).values())


def kind_of(transition: Transition) -> Kind:
    """The kind of event that a transition is."""
    if transition.returned:
        return "rollback"
    if transition.outside_sequence:
        return "guide"
    if transition.change:
        return "recreated" if transition.recreated else "version"
    return "first" if transition.version.document else "dated"


def _subjects(transition: Transition) -> Iterator[Grant]:
    if transition.change:
        for evidence in (*transition.change.gained, *transition.change.lost):
            yield evidence.grant
    elif transition.version.document and not transition.returned:
        yield from grants(transition.version.document)
