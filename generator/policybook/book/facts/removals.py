"""The list of removals: what each version removed, with the versions compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.analysis.index import Index
from policybook.analysis.removals import Enumeration, Removal, Way, removals
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.derived import Facts, derived
from policybook.book.limits import EVIDENCE_NAMES, OPEN_ELEMENTS, PART_ELEMENTS, REMOVAL_ROWS
from policybook.book.paging import in_pages, row_elements
from policybook.catalogue.catalogue import Catalogue
from policybook.model.changes import Verdict
from policybook.model.policies import Policy

WAY_TITLES: Mapping[Way, str] = {
    "removed": "removed",
    "retired": "service retired",
    "enumerated": "wildcard replaced by a list",
    "resource": "fewer resources",
    "condition": "stricter condition",
    "denied": "Deny added",
}


class RemovedPart(Struct, frozen=True):
    """What was removed of one service, for one kind of removal.

    `returned` is the key of the transition that restored all of it, or "".
    """

    way: Way
    title: str
    prefix: str
    rows: tuple[ChangeRow, ...]
    enumerations: tuple[Enumeration, ...]
    returned: str
    returned_title: str


class RemovalEntry(Struct, frozen=True):
    """Everything that one transition removed, and the two versions compared."""

    policy: str
    key: str
    before: str
    version: str
    day: date | None
    text: str
    verdict: Verdict
    parts: tuple[RemovedPart, ...]

    @property
    def anchor(self) -> str:
        """The entry's anchor on the page."""
        return f"{self.policy}-{self.key}"

    @property
    def month(self) -> str:
        """The month of the removal, such as `2026-03`; `undated` if its day is unknown."""
        return f"{self.day:%Y-%m}" if self.day else "undated"

    @property
    def title(self) -> str:
        """The policy and the version or rollback that removed it."""
        back = "" if self.key == self.version else "back to "
        return f"{self.policy} {back}{self.version}"

    @property
    def elements(self) -> int:
        """The number of elements that the entry has on a page, roughly."""
        shown = [part.rows[:REMOVAL_ROWS] for part in self.parts]
        rows = sum(row_elements(row, EVIDENCE_NAMES) for found in shown for row in found)
        return 14 + rows + sum(8 + 4 * len(part.enumerations) for part in self.parts)

    @property
    def is_long(self) -> bool:
        """Whether the evidence of each service is folded, since all of it fills many screens."""
        return self.elements > OPEN_ELEMENTS

    @property
    def ways(self) -> tuple[Way, ...]:
        """The kinds of removal, in the order of the parts."""
        return tuple(dict.fromkeys(part.way for part in self.parts))

    @property
    def services(self) -> tuple[str, ...]:
        """The prefixes of the services, sorted."""
        return tuple(sorted({part.prefix for part in self.parts}))

    @property
    def titles(self) -> tuple[str, ...]:
        """The kinds of removal in words."""
        return tuple(WAY_TITLES[way] for way in self.ways)


class RemovalFacts(Facts):
    """The removals of each policy."""

    def __init__(self, policies: Mapping[str, Policy], index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._policies = policies
        self._index = index
        self._catalogue = catalogue

    @derived(kept="policy")
    def of(self, policy: str) -> tuple[Removal, ...]:
        """The removals of a policy, newest first; none if it grants nothing."""
        if not self._policies[policy].grants:
            return ()
        return tuple(removals(self._index.histories[policy], self._catalogue))

    def entries(self, policy: str) -> Iterator[RemovalEntry]:
        """Yields the entries of a policy, newest first."""
        transitions = {transition.key: transition for transition in self._index.histories[policy]}
        for key, group in groupby(self.of(policy), lambda removal: removal.key):
            found = tuple(group)
            change = transitions[key].change
            if change:
                first = found[0]
                back = transitions[key].returned
                yield RemovalEntry(
                    first.policy,
                    key,
                    first.before,
                    first.version,
                    first.day,
                    "" if back else transitions[key].version.facts.change or "",
                    change.verdict,
                    tuple(_part(removal, transitions) for removal in found),
                )

    def all_entries(self, policies: Iterable[str] | None = None) -> tuple[RemovalEntry, ...]:
        """The entries of several policies.

        Args:
            policies: Names of policies. Default: all.

        Returns:
            The entries, newest first; those of one day in the order of the policies.

        """
        return self._of_all() if policies is None else self._sorted(policies)

    @derived
    def _of_all(self) -> tuple[RemovalEntry, ...]:
        return self._sorted(self._policies)

    def _sorted(self, policies: Iterable[str]) -> tuple[RemovalEntry, ...]:
        found = [entry for name in policies for entry in self.entries(name)]
        return tuple(sorted(found, key=lambda e: e.day or date.min, reverse=True))

    # --- pages of a month ---

    @derived
    def month_pages(self) -> Mapping[str, tuple[tuple[RemovalEntry, ...], ...]]:
        """All entries by month and by the page that has them; newest first."""
        found: dict[str, list[RemovalEntry]] = {}
        for entry in self.all_entries():
            found.setdefault(entry.month, []).append(entry)
        return {
            month: tuple(in_pages(entries, lambda entry: entry.elements, PART_ELEMENTS))
            for month, entries in found.items()
        }

    def place(self, entry: RemovalEntry) -> Target:
        """The place that shows what an entry removed."""
        return addresses.removals_of(entry.month, entry.anchor, self._entry_pages()[entry.anchor])

    @derived
    def _entry_pages(self) -> Mapping[str, int]:
        return {
            entry.anchor: number
            for pages in self.month_pages().values()
            for number, page in enumerate(pages, 1)
            for entry in page
        }


def _part(removal: Removal, transitions: Mapping[str, Transition]) -> RemovedPart:
    back = transitions.get(removal.returned)
    return RemovedPart(
        removal.way,
        WAY_TITLES[removal.way],
        removal.prefix,
        change_rows((), removal.evidence),
        removal.enumerations,
        removal.returned,
        _named(back) if back else "",
    )


def _named(transition: Transition) -> str:
    version = transition.version.key
    return f"the rollback to {version}" if transition.returned else version
