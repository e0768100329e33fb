"""Since when each grant of a document stands in its form, through the versions of a policy."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.since import Start
from policybook.iam.grants import compared_all, possible
from policybook.model.documents import Clause, Document, Statement, Term
from policybook.model.fields import Effect

_What = str | frozenset[str]
"""A pattern; for NotAction and NotResource, all of its patterns."""

_Where = tuple[Effect, _What, bool, frozenset[tuple[object, ...]]]
"""Effect, resource and condition of a grant. What is not said in it makes no other form."""


class Forms(Struct, frozen=True):
    """Since when the grants of a document stand in their form.

    The form is effect, action pattern, resource and condition. Other forms are made neither by the
    order of patterns, clauses and values, nor by the case of actions and condition keys, nor by the
    statement that has the grant.
    """

    starts: Sequence[Start]
    places: Mapping[_Where, Mapping[_What, int]]

    def of(
        self, effect: Effect, actions: Term, resources: Term, condition: Sequence[Clause]
    ) -> Mapping[str, Start]:
        """Since when each action pattern stands in this form on all of the resources.

        Args:
            effect: The effect of a statement of the document.
            actions: Action patterns of the statement, or its NotAction.
            resources: Resource patterns of the statement, or its NotResource.
            condition: The condition of the statement.

        Returns:
            The starts by pattern as written; NotAction has one entry, under "".
        """
        held = [self.places[where] for where in _wheres(effect, resources, condition)]
        written = ("",) if actions.negated else actions.patterns
        return {
            pattern: self.starts[max(places[what] for places in held)]
            for pattern, what in zip(written, _whats(actions), strict=True)
        }

    def of_grants(self, document: Document) -> Iterator[Start]:
        """Since when each grant of the document stands in its form, in the order of `grants`."""
        for s in document.statements:
            held = [self.places[where] for where in _wheres(s.effect, s.resources, s.condition)]
            for what in _whats(s.actions):
                for places in held:
                    yield self.starts[places[what]]


def forms(found: Sequence[Start], last: Start, action: str | None = None) -> Forms:
    """Since when each grant of the document of `last` stands in its form.

    Args:
        found: The starts of the policy.
        last: A start whose document is known.
        action: The full name of an action; grants that cannot be of it are left out. None for all.
    """
    newer = last.version.document
    left = _by_where(newer, action) if newer else {}
    places: dict[_Where, dict[_What, int]] = {where: {} for where in left}
    since = last.place
    for start in reversed(found[: last.place]):
        document = start.version.document
        if start.life != last.life or not left:
            break
        if not document or not newer:
            continue
        if _words_about(document, action) != _words_about(newer, action):
            older = _by_where(document, action)
            for where in tuple(left):
                gone = left[where].difference(older.get(where, ()))
                places[where].update(dict.fromkeys(gone, since))
                left[where] -= gone
                if not left[where]:
                    del left[where]
        since, newer = start.place, document
    for where, whats in left.items():
        places[where].update(dict.fromkeys(whats, since))
    return Forms(found, places)


def _about(document: Document, action: str | None) -> Sequence[Statement]:
    return document.about(action.partition(":")[0].lower()) if action else document.statements


def _words_about(document: Document, action: str | None) -> Hashable:
    if not action:
        return document.statements
    return document.words_about(action.partition(":")[0].lower())


def _by_where(document: Document, action: str | None) -> dict[_Where, set[_What]]:
    found: dict[_Where, set[_What]] = {}
    for s in _about(document, action):
        whats = _whats(possible(s.actions, action) if action else s.actions)
        if not whats:
            continue
        for where in _wheres(s.effect, s.resources, s.condition):
            found.setdefault(where, set()).update(whats)
    return found


def _whats(actions: Term) -> Sequence[_What]:
    found = compared_all(actions.patterns)
    return [frozenset(found)] if actions.negated else found


def _wheres(effect: Effect, resources: Term, condition: Sequence[Clause]) -> Iterator[_Where]:
    clauses = frozenset(
        (c.operator.lower(), c.key.lower(), frozenset(c.values), c.variables) for c in condition
    )
    alone = (frozenset(resources.patterns),) if resources.negated else resources.patterns
    for resource in alone:
        yield effect, resource, resources.variables, clauses
