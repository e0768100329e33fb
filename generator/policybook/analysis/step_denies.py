"""Which steps of risk rules the Denies of a document take from whatever is attached next to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from policybook.analysis.risks import is_about, step_names
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.denies import Certainty, certainty_after
from policybook.iam.grants import EVERYTHING
from policybook.model.documents import Document, Statement, Term
from policybook.model.risk_rules import Rule, Step

StepActions = Sequence[frozenset[str]]
"""The actions of each step of all rules in order: full names in lower case."""


class StepDenies(Struct, frozen=True):
    """Positions of steps among all steps of the rules.

    `removed` are the steps of which every action is denied on every resource without a condition,
    `limited` the others of which some action is denied.
    """

    removed: tuple[int, ...] = ()
    limited: tuple[int, ...] = ()


def step_actions(rules: Iterable[Rule], catalogue: Catalogue) -> StepActions:
    """Return the catalogued actions that each step is about."""
    return [_actions(step, catalogue) for rule in rules for step in rule.steps]


def _actions(step: Step, catalogue: Catalogue) -> frozenset[str]:
    if step.actions:
        return frozenset(step_names(step, catalogue))
    every = catalogue.named(Term((EVERYTHING,)))
    return frozenset(n for n in every if (found := catalogue.action(n)) and is_about(step, found))


def step_denies(document: Document, actions: StepActions, catalogue: Catalogue) -> StepDenies:
    """Find the steps that a document denies, whatever allows them.

    Args:
        document: The document.
        actions: The actions of all steps.
        catalogue: Knows which actions a Deny names.
    """
    removing: list[set[str]] = [set() for _ in actions]
    touched: set[int] = set()
    for statement in document.statements:
        if statement.effect == "Deny":
            for place, names in enumerate(actions):
                left = _left(statement, names, catalogue)
                removing[place].update(name for name, what in left.items() if what == "no")
                if any(what != "yes" for what in left.values()):
                    touched.add(place)
    removed = [place for place in sorted(touched) if actions[place] <= removing[place]]
    return StepDenies(tuple(removed), tuple(sorted(touched.difference(removed))))


def _left(deny: Statement, names: Iterable[str], catalogue: Catalogue) -> dict[str, Certainty]:
    """What a Deny leaves of grants on every resource, of those actions that it names."""
    denied = catalogue.denied(deny.actions)
    return {
        name: certainty_after(deny, _ANY, catalogue.formats(name))
        for name in names
        if denied.names(name, "")
    }


_ANY = Term((EVERYTHING,))
