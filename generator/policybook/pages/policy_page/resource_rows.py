"""What a policy allows and denies on each resource pattern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.index import Use, term_order
from policybook.book.context import BookContext
from policybook.book.facts.levels import ANY
from policybook.book.limits import SCOPED_ROWS
from policybook.catalogue.scope import Scope
from policybook.iam.grants import EVERYTHING, single_terms
from policybook.model.documents import Clause, Term
from policybook.model.fields import Effect


class ServicePatterns(Struct, frozen=True):
    """The action patterns of a statement for one service, without the prefix, as written."""

    prefix: str
    negated: bool
    patterns: tuple[str, ...]


class ResourceRow(Struct, frozen=True, eq=False):
    """A statement on a resource pattern.

    For `*`, `scope` counts the actions that could be limited to a resource, unless there is only
    one row or more than `SCOPED_ROWS`.
    """

    statement: int
    effect: Effect
    services: tuple[ServicePatterns, ...]
    condition: tuple[Clause, ...]
    scope: Scope | None

    @property
    def count(self) -> int:
        """The number of action patterns."""
        return sum(len(found.patterns) for found in self.services)


class ResourcePart(Struct, frozen=True):
    """Resource patterns that the same statements have, and these statements.

    For `*`, `scope` counts the actions of all of them that could be limited to a resource.
    """

    terms: tuple[Term, ...]
    rows: tuple[ResourceRow, ...]
    scope: Scope | None


def resource_parts(context: BookContext, uses: tuple[Use, ...]) -> Iterator[ResourcePart]:
    """Yield the parts in the order of their first pattern: `*` first, then NotResource."""
    by_statement: dict[int, list[Use]] = defaultdict(list)
    statements: dict[Term, set[int]] = defaultdict(set)
    for use in uses:
        by_statement[use.statement].append(use)
        for term in single_terms(use.resources):
            statements[term].add(use.statement)
    groups: dict[tuple[int, ...], list[Term]] = defaultdict(list)
    for term in sorted(statements, key=term_order):
        groups[(-1,) if term == ANY else tuple(sorted(statements[term]))].append(term)
    for terms in groups.values():
        found = [by_statement[number] for number in sorted(statements[terms[0]])]
        star = terms[0] == ANY
        yield ResourcePart(
            tuple(terms),
            tuple(
                _row(context, own, scoped=star and 1 < len(found) <= SCOPED_ROWS) for own in found
            ),
            context.levels.scope_on_any(uses[0].policy) if star else None,
        )


def _row(context: BookContext, uses: list[Use], *, scoped: bool) -> ResourceRow:
    first = uses[0]
    return ResourceRow(
        first.statement,
        first.effect,
        tuple(_patterns(uses)),
        first.condition,
        context.levels.scope_of(first.policy, uses) if scoped else None,
    )


def _patterns(uses: Iterable[Use]) -> Iterator[ServicePatterns]:
    for use in uses:
        cut = 0 if use.prefix == EVERYTHING else len(use.prefix) + 1
        names = tuple(pattern[cut:] for pattern in use.actions.patterns)
        yield ServicePatterns(use.prefix, use.actions.negated, names)
