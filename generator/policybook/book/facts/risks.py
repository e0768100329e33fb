"""The matches of risk rules in each policy and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.risks import Rulebook, VersionRisks, risks
from policybook.analysis.since import Start, held_since, last_start
from policybook.analysis.step_denies import StepActions, StepDenies, step_actions, step_denies
from policybook.book.derived import Facts, derived
from policybook.book.facts.history import HistoryFacts
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.mitigation import Mitigation, all_of
from policybook.model.book import Book
from policybook.model.documents import Document

StepLimits = tuple[Mitigation | None, ...]
"""What limits each step of a rule, in the order of the steps; None if a step is not granted."""


class RiskStart(Struct, frozen=True):
    """Since when a policy matches a rule without interruption.

    `version` is the key of the version, `linked` that of the timeline's entry. `day` is the day on
    which it became the default. If that is only `first_seen`, an older version may have matched.
    `label` is the version and its day in words.
    """

    version: str
    linked: str
    day: date | None
    first_seen: bool
    label: str


class RiskFacts(Facts):
    """Risks of policies and their versions."""

    def __init__(self, book: Book, catalogue: Catalogue, history: HistoryFacts) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue
        self._history = history

    @derived
    def rulebook(self) -> Rulebook:
        """The book's risk rules, prepared for the catalogue."""
        return Rulebook(self._book.rules, self._catalogue)

    @derived
    def history(self, policy: str) -> Mapping[str, VersionRisks]:
        """The matches of each version with a document, and how they changed, by version key.

        Empty for a policy that grants nothing, as are the other answers about one.
        """
        found = self._book.policies[policy]
        return risks(found, self.rulebook()) if self._book.rules and found.grants else {}

    @derived(kept="rules")
    def steps(self, policy: str) -> Mapping[str, StepLimits]:
        """The rules of which the policy's current version grants a step, by id: the limits of each.

        A rule is matched if every step is granted.
        """
        document = self._document(policy)
        if not document:
            return {}
        rulebook = self.rulebook()
        granted = rulebook.steps(document)
        limits = {rule: tuple(map(granted.get, of)) for rule, of in rulebook.places.items()}
        return {rule: of for rule, of in limits.items() if any(of)}

    @derived
    def met(self, policy: str) -> Mapping[str, Mitigation]:
        """The rules that match the policy's current version, by id, and how each is limited."""
        found: dict[str, Mitigation] = {}
        for rule, steps in self.steps(policy).items():
            limits = [step for step in steps if step is not None]
            if len(limits) == len(steps):
                found[rule] = all_of(limits)
        return found

    @derived
    def granting(self, rule: str) -> Mapping[str, StepLimits]:
        """The policies that grant a step of a rule, by name, ignoring case; the limits of each."""
        names = sorted(self._book.policies, key=str.lower)
        return {name: found for name in names if (found := self.steps(name).get(rule))}

    @derived
    def _step_actions(self) -> StepActions:
        return step_actions(self._book.rules.values(), self._catalogue)

    @derived(kept="rules")
    def denied_steps(self, policy: str) -> StepDenies:
        """The steps of all rules that the Denies of the policy's current version take away."""
        document = self._document(policy)
        if not document:
            return StepDenies()
        return step_denies(document, self._step_actions(), self._catalogue)

    def _document(self, policy: str) -> Document | None:
        """The current document of a policy that grants something; else None."""
        found = self._book.policies[policy]
        return found.current.document if found.grants and found.current else None

    @derived(kept="rules")
    def since(self, policy: str) -> Mapping[str, RiskStart]:
        """Since when the policy matches each rule that its current version matches, by id.

        Empty if the current version is not part of the version sequence.
        """
        current, starts = self._book.policies[policy].current, self._history.starts(policy)
        last = last_start(starts, current) if current and self.met(policy) else None
        if not last:
            return {}
        history, rules = self.history(policy), self.met(policy)
        matched: dict[int, set[str]] = {}
        for start in starts:
            if start.version.document and start.version.key in history:
                found = history[start.version.key].flags
                matched[id(start.version.document)] = {flag.rule for flag in found}

        def since(rule: str) -> RiskStart:
            def holds(document: Document) -> bool:
                return rule in matched[id(document)]

            return _risk_start(held_since(starts, last, holds))

        return {rule: since(rule) for rule in rules}


def _risk_start(start: Start) -> RiskStart:
    return RiskStart(start.version.key, start.linked, start.day, start.first_seen, start.label)
