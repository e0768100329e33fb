"""How certain a grant is, given the Deny statements of its document.

A Deny that applies to a request overrides every Allow (IAM User Guide, "Policy evaluation logic":
an explicit deny overrides any allow). Given one Deny that names its action, the certainty of a
grant is

| Resources of the Deny              | Deny without condition | Deny with condition |
| ---------------------------------- | ---------------------- | ------------------- |
| include all resources of the grant | no                     | conditional         |
| overlap with those of the grant    | conditional            | conditional         |
| share nothing with the grant       | yes                    | yes                 |

With several Denies, the least certain answer counts. Each Deny is judged by itself: if two Denies
include the grant's resources only together, the grant is `conditional`. An action with several
grants is as certain as the most certain of them.

Nothing here reads a catalogue. Which actions a Deny names is passed in as `DeniedActions`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Literal, Protocol, TypeVar, get_args

from policybook.iam.grants import compared_term, single_terms
from policybook.iam.patterns import term_covers, term_overlaps
from policybook.model.documents import Clause, Statement, Term

Certainty = Literal["yes", "conditional", "no"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)  # the most certain first


class StatementLike(Protocol):
    """A statement, or the part of one that is about a single service."""

    @property
    def actions(self) -> Term:
        """The Action or NotAction element."""

    @property
    def resources(self) -> Term:
        """The Resource or NotResource element."""

    @property
    def condition(self) -> tuple[Clause, ...]:
        """The clauses of the condition block; empty without one."""


P = TypeVar("P", bound=StatementLike)


# --- the rule -------------------------------------------------------------------------------------


def removes(deny: StatementLike, resources: Term) -> bool:
    """Whether a Deny applies to every request for the actions it names on `resources`."""
    return not deny.condition and term_covers(deny.resources, resources)


def certainty_after(deny: StatementLike, resources: Term) -> Certainty:
    """How certain a grant on `resources` is, given one Deny that names its action."""
    if removes(deny, resources):
        return "no"
    return "conditional" if term_overlaps(deny.resources, resources) else "yes"


def weakest(found: Iterable[Certainty]) -> Certainty:
    """The least certain of several restrictions on one grant; `yes` without any."""
    return max(found, key=CERTAINTIES.index, default="yes")


def surest(found: Iterable[Certainty]) -> Certainty | None:
    """The most certain of several grants of one action; None without any."""
    return min(found, key=CERTAINTIES.index, default=None)


# --- one action -----------------------------------------------------------------------------------


def certainty_with(
    denies: Iterable[Statement], resources: Term, alone: Certainty = "yes"
) -> tuple[Certainty, tuple[int, ...]]:
    """How certain the grant of one action is, given the Denies that name this action.

    Args:
        denies: The Deny statements that name the action.
        resources: What the action is granted on.
        alone: How certain the grant is without any Deny: `conditional` if its own statement has
            a condition.

    Returns:
        The certainty, and the numbers of the Denies that remove or may limit the grant, in the
        order of `denies`.
    """
    effects = [(deny.number, certainty_after(deny, resources)) for deny in denies]
    if not effects:
        return alone, ()
    limiting = tuple(number for number, left in effects if left != "yes")
    return weakest((alone, *(left for _, left in effects))), limiting


# --- sets of actions ------------------------------------------------------------------------------


class DeniedActions:
    """The actions that the Action or NotAction element of a Deny names.

    Args:
        actions: The element.
        expanded: The full names, in lower case, of the catalogued actions that its patterns match.
            For NotAction too these are the actions that the patterns match.
        uncatalogued: The access level of names that the catalogue lacks. The patterns are matched
            with the text of these names.
    """

    def __init__(self, actions: Term, expanded: Container[str], uncatalogued: str) -> None:
        self._actions = compared_term(actions)
        self._expanded = expanded
        self._uncatalogued = uncatalogued

    def names(self, name: str, level: str) -> bool:
        """Whether the Deny names an action.

        Args:
            name: The full name in lower case. A pattern for which the catalogue has no action
                stands for itself; the Deny has to cover all of it.
            level: The action's access level.
        """
        if level == self._uncatalogued:
            return term_covers(self._actions, Term((name,)))
        return (name in self._expanded) != self._actions.negated

    def without(self, named: Mapping[str, str]) -> Mapping[str, str]:
        """The actions, full names in lower case with their levels, that the Deny does not name."""
        return {name: level for name, level in named.items() if not self.names(name, level)}


Expand = Callable[[Term], DeniedActions]


def removing(denies: Iterable[P], resources: Term) -> list[P]:
    """The Denies that remove the actions they name from every grant on `resources`, in order."""
    return [deny for deny in denies if removes(deny, resources)]


def remaining(
    named: Mapping[str, str], denies: Iterable[StatementLike], expand: Expand
) -> Mapping[str, str]:
    """The actions that no Deny of `removing` names.

    Args:
        named: Full names in lower case with their access levels.
        denies: The Denies, each of which removes the actions that it names.
        expand: Gives the actions that the element of a Deny names.
    """
    for deny in denies:
        named = expand(deny.actions).without(named)
    return named


def certainties_with(
    allow: StatementLike, denies: Iterable[StatementLike], expand: Expand
) -> Callable[[str, str], Certainty]:
    """How certain the actions of an Allow are, given the Denies of its document.

    Args:
        allow: The statement that grants the actions, or its part for one service.
        denies: The Denies that may name some of the actions.
        expand: Gives the actions that the element of a Deny names.

    Returns:
        A function of an action's full name in lower case and its access level. Its answer is that
        for the resource of the Allow on which the action is most certain.
    """
    alone: Certainty = "conditional" if allow.condition else "yes"
    resources = single_terms(allow.resources)
    effects = [
        (expand(deny.actions), [certainty_after(deny, resource) for resource in resources])
        for deny in denies
    ]

    def certainty(name: str, level: str) -> Certainty:
        limiting = [by_resource for actions, by_resource in effects if actions.names(name, level)]
        if not limiting:
            return alone
        return surest(weakest((alone, *left)) for left in zip(*limiting, strict=True)) or alone

    return certainty
