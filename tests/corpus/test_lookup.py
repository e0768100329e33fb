"""The lookup pages of all of AWS: nothing is missing or listed twice."""

from __future__ import annotations

from collections import Counter

from policybook.analysis.effective_actions import expansion
from policybook.book.addresses import resource, resource_anchor
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.scope import Scope
from policybook.iam.patterns import has_wildcard
from policybook.lists.resources import resource_list, resources_list
from policybook.model.policies import Policy
from policybook.pages.passrole import passrole_view

from tests.support.list_rows import target_of
from tests.support.page_rows import clauses_in as listed
from tests.support.page_rows import clauses_shown as shown
from tests.support.passrole import assert_sure, assert_whole


def test_every_grant_of_passrole_is_on_the_page(aws: BookContext) -> None:
    """By policy and by service, with the certainty of `policybook grants`."""
    assert_whole(aws, passrole_view(aws))
    assert_sure(aws)


def test_every_resource_pattern_is_listed_once(aws: BookContext) -> None:
    """In the list of all, and on its service's page once for each policy that uses it."""
    expected = Counter(map(resource, aws.index.resources))
    assert expected == Counter(target_of(row.cells[0]) for row in resources_list(aws).rows)
    shown: Counter[str] = Counter()
    for service in aws.resources.by_service():
        for row in resource_list(aws, service).rows:
            shown[row.anchors[0]] += 1
    assert shown == Counter(
        {
            resource_anchor(term): len({use.policy for use in uses})
            for term, uses in aws.index.resources.items()
        }
    )


def test_most_patterns_have_one_type(aws: BookContext) -> None:
    """A new catalogue should not make the facet useless."""
    table = resources_list(aws)
    place = [facet.key for facet in table.stored].index("matches")
    kinds = Counter(row.facets[place] for row in table.rows)
    assert kinds["type",] > 0.6 * kinds.total()
    assert kinds["none",] < 0.1 * kinds.total()


def test_every_clause_is_on_the_page_of_its_key(aws: BookContext) -> None:
    """Once, with its statement."""
    for key, lines in listed(aws.book).items():
        assert Counter(shown(aws, key)) == Counter(lines), key


def slow_scope(catalogue: Catalogue, policy: Policy) -> Scope:
    """The scope computed from the expanded actions and other patterns of statements on `*`."""
    assert policy.current
    document = policy.current.document
    assert document
    on_any = {
        s.number
        for s in document.statements
        if not s.resources.negated and "*" in s.resources.patterns
    }
    found = [0, 0, 0]
    for name, granted in expansion(document, catalogue).items():
        if any(by.statement in on_any for by in granted):
            action = catalogue.action(name)
            found[2 if not action else 0 if action.resource_types else 1] += 1
    found[2] += len(
        {
            pattern.lower()
            for s in document.statements
            for pattern in s.actions.patterns
            if s.effect == "Allow" and s.number in on_any and not s.actions.negated
            if has_wildcard(pattern) and ":" in pattern and not catalogue.expand(pattern)
        }
    )
    return Scope(*found)


def test_the_scope_agrees_with_the_expanded_actions(aws: BookContext) -> None:
    """For every policy."""
    for name, policy in aws.book.policies.items():
        if policy.current and policy.current.document:
            assert aws.levels.scope_on_any(name) == slow_scope(aws.catalogue, policy), name
