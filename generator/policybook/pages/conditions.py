"""The pages of condition keys: operators, values, policies that use them, and services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.index import ConditionUse
from policybook.book.context import BookContext
from policybook.book.facts.catalogue import display_key
from policybook.lists.conditions import conditions_list
from policybook.lists.table import ListTable
from policybook.model.documents import Clause
from policybook.model.fields import Effect
from policybook.pages.page import TocItem


class ConditionsView(Struct, frozen=True):
    """All condition keys."""

    toc: tuple[TocItem, ...]
    table: ListTable


class PolicyUse(Struct, frozen=True):
    """The statements of a policy that have a clause, and the service prefixes of their actions."""

    policy: str
    statements: tuple[int, ...]
    prefixes: tuple[str, ...]


class ClauseUse(Struct, frozen=True):
    """A clause in statements with one effect, and the policies that have it."""

    clause: Clause
    effect: Effect
    policies: tuple[PolicyUse, ...]


class OperatorUse(Struct, frozen=True):
    """An operator with its clauses, ordered by the number of policies, most first."""

    operator: str
    anchor: str
    policies: int
    statements: int
    clauses: tuple[ClauseUse, ...]


class ConditionView(Struct, frozen=True):
    """A condition key with every operator and value, and the policies that use them.

    `services` are the prefixes of the services with an action that supports the key, according to
    the catalogue.
    """

    toc: tuple[TocItem, ...]
    key: str
    title: str
    operators: tuple[OperatorUse, ...]
    policies: int
    statements: int
    services: tuple[str, ...]

    @property
    def is_global(self) -> bool:
        """Whether the key is a global one, which belongs to no service."""
        return self.key.startswith("aws:")


def conditions_view(context: BookContext) -> ConditionsView:
    """Create the view of all condition keys."""
    return ConditionsView((), conditions_list(context))


def condition_view(context: BookContext, key: str) -> ConditionView:
    """Create the view of one condition key, operators in alphabetical order.

    Args:
        context: The book.
        key: The condition key as the index has it, in lower case.
    """
    uses = context.index.conditions[key]
    by_operator: dict[str, list[ConditionUse]] = defaultdict(list)
    for use in uses:
        by_operator[use.clause.operator].append(use)
    operators = tuple(
        _operator(number, operator, own)
        for number, (operator, own) in enumerate(sorted(by_operator.items()), 1)
    )
    toc = tuple(TocItem(found.anchor, found.operator) for found in operators)
    title = display_key(use.clause.key for use in uses)
    return ConditionView(
        toc,
        key,
        title,
        operators,
        _policies(uses),
        _statements(uses),
        context.catalogue_facts.services_with(key),
    )


def _operator(number: int, operator: str, uses: list[ConditionUse]) -> OperatorUse:
    clauses: dict[tuple[Clause, Effect], list[ConditionUse]] = defaultdict(list)
    for use in uses:
        clauses[use.clause, use.effect].append(use)
    found = [ClauseUse(*key, tuple(_by_policy(own))) for key, own in clauses.items()]
    found.sort(key=lambda use: (-len(use.policies), use.clause, use.effect))
    return OperatorUse(
        operator, f"operator-{number}", _policies(uses), _statements(uses), tuple(found)
    )


def _by_policy(uses: Iterable[ConditionUse]) -> Iterator[PolicyUse]:
    found: dict[str, list[ConditionUse]] = defaultdict(list)
    for use in uses:
        found[use.policy].append(use)
    for policy, own in found.items():
        numbers = dict.fromkeys(use.statement for use in own)
        prefixes = sorted({prefix for use in own for prefix in use.prefixes})
        yield PolicyUse(policy, tuple(numbers), tuple(prefixes))


def _policies(uses: Iterable[ConditionUse]) -> int:
    return len({use.policy for use in uses})


def _statements(uses: Iterable[ConditionUse]) -> int:
    return len({(use.policy, use.statement) for use in uses})
