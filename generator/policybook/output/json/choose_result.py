"""The result of `policybook choose`: the policies that cover some actions with the least excess."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.asked_actions import AskedActions
from policybook.analysis.attached import LEVEL_WEIGHTS, RISK_WEIGHTS
from policybook.analysis.chosen import Chosen, ChosenPolicies
from policybook.analysis.instead_of import Unused
from policybook.output.json.covers_result import UnknownResult, unknown_results
from policybook.output.json.operation_results import OperationResult, operation_result

Spelled = Callable[[str], str]
"""Returns the full name of an action as AWS spells it."""


class NamesOfLevelResult(Struct, frozen=True):
    """The actions of one access level."""

    level: str
    actions: tuple[str, ...]


class ChoiceRiskResult(Struct, frozen=True):
    """A risk rule whose steps the policies allow together; `open` if nothing limits them."""

    rule: str
    open: bool


class RankResult(Struct, frozen=True):
    """How a choice was ranked: the lowest score comes first.

    Attributes:
        score: The sum of the weights of the excess and of the risks.
        excess: The weight of the excess.
        risks: The weight of the risks.
    """

    score: int
    excess: int
    risks: int


class ChoiceResult(Struct, frozen=True):
    """Policies that together grant all actions that were asked for.

    Attributes:
        policies: Their names.
        conditional: The actions that they grant only under a condition, on some resources, or
            limited by a Deny.
        excess: The other actions that they grant, by access level.
        risks: The risk rules that match them together.
        rank: How the choice was ranked.
    """

    policies: tuple[str, ...]
    conditional: tuple[str, ...]
    excess: tuple[NamesOfLevelResult, ...]
    risks: tuple[ChoiceRiskResult, ...]
    rank: RankResult


class WeightsResult(Struct, frozen=True):
    """What an action of each access level weighs, a risk that is limited, and one that is not."""

    levels: Mapping[str, int]
    limited_risk: int
    open_risk: int


class UnusedResult(Struct, frozen=True):
    """What is not used of the documents of `--instead-of`.

    Attributes:
        unused: The actions that they grant and that are not used, by access level.
        not_granted: The actions that are used and that they do not grant; no choice is asked for
            them.
    """

    unused: tuple[NamesOfLevelResult, ...]
    not_granted: tuple[str, ...]


class ChooseResult(Struct, frozen=True):
    """The output of `policybook choose`.

    Attributes:
        actions: The actions that the choices grant.
        uncovered: The actions that no policy grants; the choices are without them.
        choices: The choices, the best first.
        complete: Whether all combinations were looked at.
        weights: The weights behind the ranking.
        instead_of: What is not used of the documents of `--instead-of`, or null.
        operations: The API operations that were asked about and have no action of their name; the
            actions that they always need are among the others.
        unknown: What is no action.
    """

    actions: tuple[str, ...]
    uncovered: tuple[str, ...]
    choices: tuple[ChoiceResult, ...]
    complete: bool
    weights: WeightsResult
    instead_of: UnusedResult | None
    operations: tuple[OperationResult, ...]
    unknown: tuple[UnknownResult, ...]


def choose_result(
    asked: AskedActions, needed: Sequence[str], found: Chosen, unused: Unused | None, of: Spelled
) -> ChooseResult:
    """Return the result for actions that are needed.

    Args:
        asked: What was asked about.
        needed: The actions of it that are needed, full names in lower case.
        found: The choices.
        unused: What is not used of other documents, if they were given.
        of: How an action is spelled.
    """
    return ChooseResult(
        tuple(of(name) for name in needed if name not in found.uncovered),
        tuple(map(of, found.uncovered)),
        tuple(_choice(choice, of) for choice in found.choices),
        found.complete,
        WeightsResult(LEVEL_WEIGHTS, *RISK_WEIGHTS),
        _unused(unused, of) if unused else None,
        tuple(map(operation_result, asked.operations)),
        unknown_results(asked.unknown),
    )


def _choice(choice: ChosenPolicies, of: Spelled) -> ChoiceResult:
    return ChoiceResult(
        choice.policies,
        tuple(map(of, choice.in_part)),
        _levels(choice.excess, of),
        tuple(ChoiceRiskResult(rule, is_open) for rule, is_open in choice.risks.items()),
        RankResult(choice.score, choice.score - choice.risk_score, choice.risk_score),
    )


def _unused(unused: Unused, of: Spelled) -> UnusedResult:
    return UnusedResult(_levels(unused.by_level(), of), tuple(map(of, unused.not_granted)))


def _levels(by_level: Mapping[str, Iterable[str]], of: Spelled) -> tuple[NamesOfLevelResult, ...]:
    return tuple(NamesOfLevelResult(level, tuple(map(of, own))) for level, own in by_level.items())
