"""The rows of pages of actions and condition keys, and simple listings to compare them with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby

from policybook.analysis.action_grants import who_grants
from policybook.analysis.effective_actions import best
from policybook.analysis.index import folded
from policybook.book.context import BookContext
from policybook.model.book import Book
from policybook.pages.actions import ActionView
from policybook.pages.conditions import condition_view


def action_rows(view: ActionView) -> set[tuple[object, ...]]:
    """The values that the page shows for each grant."""
    return {
        (row.use.policy, row.use.statement, row.patterns, row.by_name, row.certainty)
        for group in view.groups
        for row in group.rows
    }


def action_answers(context: BookContext, name: str) -> set[tuple[object, ...]]:
    """The same from `policybook grants`, without statements about every service."""
    found = who_grants(context.book, context.catalogue, name).granting
    return {
        (granting.policy, number, wild, len(wild) < len(own[0].patterns), best(own))
        for granting in found
        for number, group in groupby(granting.answers, lambda a: a.statement.number)
        for own in [tuple(group)]
        for wild in [tuple(p for p in own[0].patterns if "*" in p or "?" in p)]
        if own[0].patterns and set(own[0].patterns).isdisjoint(("*", "*:*"))
    }


ClauseLine = tuple[str, int, str, str, tuple[str, ...], str]


def clauses_in(book: Book) -> Mapping[str, set[ClauseLine]]:
    """Every clause of a current document with its statement, by normalised key."""
    found: dict[str, set[ClauseLine]] = defaultdict(set)
    for name, policy in book.policies.items():
        if policy.current and policy.current.document:
            for s in policy.current.document.statements:
                for clause in s.condition:
                    line = (name, s.number, clause.operator, clause.key, clause.values, s.effect)
                    found[folded(clause.key)].add(line)
    return found


def clauses_shown(context: BookContext, key: str) -> Iterator[ClauseLine]:
    """Yields each clause that the pages of a key show."""
    pages = condition_view(context, key).pages
    for page in (condition_view(context, key, number) for number in range(1, pages + 1)):
        for part in page.operators:
            for use in part.clauses:
                assert use.clause.operator == part.of.operator
                for own in use.policies:
                    for number in own.statements:
                        yield (
                            own.policy,
                            number,
                            use.clause.operator,
                            use.clause.key,
                            use.clause.values,
                            use.effect,
                        )
