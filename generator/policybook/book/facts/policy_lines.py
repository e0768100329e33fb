"""Policies as rows of lists."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policybook.analysis.index import Index
from policybook.analysis.last_change import LastChange, last_change
from policybook.book.derived import Facts, derived
from policybook.book.facts.levels import Level, LevelFacts
from policybook.book.facts.sentences import SentenceFacts
from policybook.iam.grants import EVERYTHING
from policybook.model.book import Book
from policybook.model.changes import Verdict
from policybook.model.deprecation import State
from policybook.model.fields import partition_of


class PolicyLine(Struct, frozen=True):
    """A policy as a row of a list.

    `levels` counts its effective actions, and `unmatched` its patterns that match none. `services`
    is the number of services in its Allow statements, `verdict` that of the newest compared
    version, `last` the last change with an effect, `state` whether it is deprecated, and
    `everything` says whether it has an Allow statement about all services.
    """

    name: str
    type: str
    partition: str | None
    version: str
    updated: date | None
    services: int
    levels: tuple[Level, ...]
    unmatched: int
    verdict: Verdict | None
    last: LastChange
    state: State
    summary: str
    sentence: str
    everything: bool

    @property
    def changed(self) -> date | None:
        """The day of the last change with an effect; None if it is unknown or there is none."""
        return self.last.effective.day if self.last.effective else None


class PolicyLines(Facts):
    """Policies as rows of lists."""

    def __init__(
        self, book: Book, index: Index, levels: LevelFacts, sentences: SentenceFacts
    ) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._levels = levels
        self._sentences = sentences

    @derived
    def of(self, name: str) -> PolicyLine:
        """The policy as a row of a list."""
        policy = self._book.policies[name]
        uses = self._index.uses.get(name, ())
        last = next((t for t in self._index.histories[name] if t.change), None)
        return PolicyLine(
            name=name,
            type=policy.type,
            partition=partition_of(policy.facts.arn),
            version=policy.current.key if policy.current else "",
            updated=policy.updated,
            services=len({use.prefix for use in uses if use.effect == "Allow"}),
            levels=self._levels.of_part(name, uses) if uses else (),
            unmatched=len(self._levels.unmatched(name)),
            verdict=last.change.verdict if last and last.change else None,
            last=last_change(self._index.histories[name]),
            state=policy.deprecation.state,
            summary=policy.facts.summary or "",
            sentence=self._sentences.of_policy(name),
            everything=any(u.prefix == EVERYTHING and u.effect == "Allow" for u in uses),
        )
