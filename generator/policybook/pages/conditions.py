"""The pages of condition keys: operators, values, policies that use them, and services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from policybook.analysis.index import ConditionUse
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.dependencies import of_condition
from policybook.book.facts.catalogue import display_key
from policybook.book.limits import PART_ELEMENTS
from policybook.book.paging import in_pages
from policybook.lists.conditions import conditions_list
from policybook.lists.table import ListTable
from policybook.model.documents import Clause
from policybook.model.fields import Effect
from policybook.pages.page import Page, TocItem


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

    @property
    def elements(self) -> int:
        """The number of elements of its row, roughly."""
        policies = sum(6 + 2 * len(use.statements) for use in self.policies)
        return 12 + 2 * len(self.clause.values) + policies


class OperatorUse(Struct, frozen=True):
    """An operator with its clauses, ordered by the number of policies, most first.

    `policies` and `statements` are the numbers of those with any of them.
    """

    operator: str
    anchor: str
    policies: int
    statements: int
    clauses: tuple[ClauseUse, ...]


class OperatorPart(Struct, frozen=True):
    """An operator on one page of a key: the clauses there, and the pages that have others."""

    of: OperatorUse
    clauses: tuple[ClauseUse, ...]
    elsewhere: tuple[int, ...]


class ConditionView(Struct, frozen=True):
    """A page of a condition key: its operators and values, and the policies that use them.

    `number` is the page, counted from 1, of `pages`; `first` is the address of the first one.
    `services` are the prefixes of the services with an action that supports the key, according to
    the catalogue.
    """

    toc: tuple[TocItem, ...]
    key: str
    title: str
    first: Target
    number: int
    pages: int
    operators: tuple[OperatorPart, ...]
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


def condition_pages(context: BookContext, key: str) -> Iterator[Page]:
    """Yield the pages of one condition key: one, or more if it has very many uses.

    Args:
        context: The book.
        key: The condition key as the index has it, in lower case.
    """
    uses = context.index.conditions[key]
    title = display_key(use.clause.key for use in uses)
    for number in range(1, len(_pages(_operators(uses))) + 1):
        yield Page(
            addresses.part(addresses.condition(key), number).url,
            title + (f", page {number}" if number > 1 else ""),
            f"Managed policies that use the condition key {title}.",
            "condition",
            addresses.CONDITIONS.url,
            partial(condition_view, context, key, number),
            crumbs=(("Condition keys", addresses.CONDITIONS.url),),
            depends=of_condition(context, key),
        )


def condition_view(context: BookContext, key: str, number: int = 1) -> ConditionView:
    """Create the view of a page of one condition key, operators in alphabetical order.

    Args:
        context: The book.
        key: The condition key as the index has it, in lower case.
        number: The page, counted from 1.
    """
    uses = context.index.conditions[key]
    operators = _operators(uses)
    pages = _pages(operators)
    return ConditionView(
        tuple(TocItem(found.anchor, found.operator) for found in operators),
        key,
        display_key(use.clause.key for use in uses),
        addresses.condition(key),
        number,
        len(pages),
        tuple(_part(found, pages, number) for found in operators),
        _policies(uses),
        _statements(uses),
        context.catalogue_facts.services_with(key),
    )


def _pages(operators: Iterable[OperatorUse]) -> tuple[tuple[tuple[str, ClauseUse], ...], ...]:
    """The clauses of each page, with the anchors of their operators."""
    clauses = ((found.anchor, use) for found in operators for use in found.clauses)
    return tuple(in_pages(clauses, lambda item: item[1].elements, PART_ELEMENTS))


def _part(
    operator: OperatorUse, pages: Sequence[Sequence[tuple[str, ClauseUse]]], number: int
) -> OperatorPart:
    own = [tuple(use for anchor, use in page if anchor == operator.anchor) for page in pages]
    others = tuple(n for n, clauses in enumerate(own, 1) if clauses and n != number)
    return OperatorPart(operator, own[number - 1], others)


def _operators(uses: Iterable[ConditionUse]) -> tuple[OperatorUse, ...]:
    by_operator: dict[str, list[ConditionUse]] = defaultdict(list)
    for use in uses:
        by_operator[use.clause.operator].append(use)
    return tuple(
        _operator(number, operator, own)
        for number, (operator, own) in enumerate(sorted(by_operator.items()), 1)
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
