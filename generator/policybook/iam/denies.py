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

A grant on a resource that the action cannot have is `unsupported` (see `arn_formats.part`). A Deny
on such a resource has no effect on the action. An action without resource types has one resource,
`*`: a Deny with named ARNs leaves all of it, and a Deny with NotResource takes all of it.

Nothing here reads a catalogue. Which actions a Deny names is passed in as `DeniedActions`, and the
formats of an action's ARNs as `Formats`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Literal, Protocol, TypeVar, get_args

from policybook.iam.arn_formats import Formats, part, supported
from policybook.iam.grants import compared_term, single_terms
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.documents import Clause, Statement, Term

Certainty = Literal["yes", "conditional", "unsupported", "no"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)  # the most certain first
GRANTED: tuple[Certainty, ...] = ("yes", "conditional")  # what counts as an effective action


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
    """Whether a Deny applies to every request for the actions it names on `resources`.

    It is about actions of which the resources are not known.
    """
    return certainty_after(deny, resources) == "no"


def may_remove(deny: StatementLike, resources: Term) -> bool:
    """Whether a Deny removes some of the actions it names from a grant on `resources`."""
    return not deny.condition and (deny.resources.negated or removes(deny, resources))


def certainty_after(deny: StatementLike, resources: Term, formats: Formats = None) -> Certainty:
    """How certain a grant on `resources` is, given one Deny that names its action.

    Args:
        deny: The Deny.
        resources: What the action is granted on.
        formats: The formats of the action's ARNs.
    """
    denied = part(deny.resources, formats)
    if denied is None:
        return "yes"
    if not deny.condition and term_covers(denied, resources):
        return "no"
    return "conditional" if term_overlaps(denied, resources) else "yes"


def weakest(found: Iterable[Certainty]) -> Certainty:
    """The least certain of several restrictions on one grant; `yes` without any."""
    return max(found, key=CERTAINTIES.index, default="yes")


def surest(found: Iterable[Certainty]) -> Certainty | None:
    """The most certain of several grants of one action; None without any."""
    return min(found, key=CERTAINTIES.index, default=None)


# --- one action -----------------------------------------------------------------------------------


def certainty_with(
    denies: Iterable[Statement],
    resources: Term,
    alone: Certainty = "yes",
    formats: Formats = None,
) -> tuple[Certainty, tuple[int, ...]]:
    """How certain the grant of one action is, given the Denies that name this action.

    Args:
        denies: The Deny statements that name the action.
        resources: What the action is granted on.
        alone: How certain the grant is without any Deny: `conditional` if its own statement has
            a condition, `unsupported` if the action cannot have what its statement names.
        formats: The formats of the action's ARNs.

    Returns:
        The certainty, and the numbers of the Denies that remove or may limit the grant, in the
        order of `denies`.
    """
    effects = [(deny.number, certainty_after(deny, resources, formats)) for deny in denies]
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


def removing(denies: Iterable[P], resources: Term) -> list[P]:
    """The Denies that remove the actions they name from every grant on `resources`, in order."""
    return [deny for deny in denies if removes(deny, resources)]


class ActionList(Protocol):
    """What is known about the actions of AWS's services."""

    def denied(self, actions: Term) -> DeniedActions:
        """The actions that the Action or NotAction element of a Deny names."""

    def formats(self, name: str) -> Formats:
        """The formats of an action's ARNs, by its full name in lower case."""

    def supporting(self, actions: Term, resources: Term) -> Mapping[str, str]:
        """The named actions that can have one of the resources, by full name with their levels."""


def certainties_with(
    allow: StatementLike, denies: Iterable[StatementLike], known: ActionList
) -> Callable[[str, str], Certainty]:
    """How certain the actions of an Allow are, given the Denies of its document.

    Args:
        allow: The statement that grants the actions, or its part for one service.
        denies: The Denies that may name some of the actions.
        known: The actions of AWS's services.

    Returns:
        A function of an action's full name in lower case and its access level: what is so for the
        resource of the Allow on which the action is most certain.
    """
    alone: Certainty = "conditional" if allow.condition else "yes"
    resources = single_terms(allow.resources)
    denying = [(deny, known.denied(deny.actions)) for deny in denies]
    if not denying:
        return _undenied(alone, resources, known)
    effects: dict[int, tuple[Formats, list[Certainty], Certainty, list[list[Certainty]]]] = {}

    def certainty(name: str, level: str) -> Certainty:
        formats = known.formats(name)
        found = effects.get(id(formats))  # a digest of all formats would take longer
        if found is None:
            own = [alone if supported(one, formats) else "unsupported" for one in resources]
            found = effects[id(formats)] = (
                formats,
                own,
                surest(own) or alone,
                [[certainty_after(d, one, formats) for one in resources] for d, _ in denying],
            )
        _, own, undenied, after = found
        both = zip(after, denying, strict=True)
        limiting = [left for left, (_, denied) in both if denied.names(name, level)]
        if not limiting:
            return undenied
        return surest(list(map(weakest, zip(own, *limiting, strict=True)))) or alone

    return certainty


def _undenied(
    alone: Certainty, resources: tuple[Term, ...], known: ActionList
) -> Callable[[str, str], Certainty]:
    """What `certainties_with` says without any Deny, which is so for most documents."""
    answers: dict[int, tuple[Formats, Certainty]] = {}  # a digest of all formats would take longer

    def certainty(name: str, _level: str) -> Certainty:
        formats = known.formats(name)
        found = answers.get(id(formats))
        if found is None:
            able = not resources or any(supported(one, formats) for one in resources)
            found = answers[id(formats)] = formats, alone if able else "unsupported"
        return found[1]

    return certainty


def granted(
    allow: StatementLike,
    denies: Iterable[StatementLike],
    known: ActionList,
    actions: Term | None = None,
) -> Mapping[str, str]:
    """The actions that an Allow grants on a resource that they can have and that no Deny removes.

    This is the rule for effective actions. The result has full names in lower case with their
    access levels.

    Args:
        allow: The statement that grants the actions, or its part for one service.
        denies: The Denies of its document.
        known: The actions of AWS's services.
        actions: A part of the statement's actions. Default: all of them.
    """
    named = known.supporting(actions or allow.actions, allow.resources)
    resources = single_terms(allow.resources)
    reaching = [deny for deny in denies if any(may_remove(deny, one) for one in resources)]
    if not reaching:
        return named
    certainty = certainties_with(allow, reaching, known)
    return {name: level for name, level in named.items() if certainty(name, level) in GRANTED}
