"""Dependencies of the site's files: policies, and other values of the book that they show.

An incremental build reuses a file of the previous site if none of its dependencies has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from policybook.analysis.index import ConditionUse, Use
from policybook.analysis.passrole import passing_policies
from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies
from policybook.model.documents import Term


def of_policy(context: BookContext, name: str, *values: object) -> Dependencies:
    """A policy with its history, the groups and roles that name it, and the risk rules.

    Args:
        context: The book.
        name: The policy's name.
        *values: Further values that the file shows.

    """
    groups = tuple(
        (slug, group.title, name in group.not_recommended)
        for slug in context.index.groups_of.get(name, ())
        if (group := context.book.groups[slug])
    )
    index = context.index
    roles = (index.roles_of.get(name, ()), index.limited_by.get(name, ()))
    rules = context.risks.rulebook().digest
    accounts = context.accounts.of_policy(name)
    title = context.book.facts.title
    return Dependencies((name,), (title, groups, roles, rules, accounts, *values))


def of_policy_and_others(
    context: BookContext, name: str, overlap: object, *values: object
) -> Dependencies:
    """A policy, its overlap as shown, and its successors.

    Args:
        context: The book.
        name: The policy's name.
        overlap: The overlap as the file shows it, instead of the other policies' files.
        *values: Further values that the file shows.

    """
    found = of_policy(context, name, overlap, *values)
    successors = context.successors.successors().get(name, ())
    names = tuple(s.name for s in successors if s.name in context.book.policies and s.name != name)
    succession = (successors, context.successors.succeeds().get(name, ()))
    return Dependencies((*(found.policies or ()), *names), (*found.values, *succession))


def of_role(context: BookContext, name: str) -> Dependencies:
    """The policies of a role and its boundary, as far as the book has them."""
    access = context.roles.access(name)
    named = (*access.policies, *((access.boundary,) if access.boundary else ()))
    policies = dict.fromkeys(policy.name for policy in named if policy.in_book)
    passed = context.roles.passed_by().get(name, ())
    differing = tuple(context.accounts.differing(context.book.roles[name]))
    others = (context.roles.elsewhere(name), differing)
    return Dependencies(tuple(policies), (context.book.roles[name], named, passed, *others))


def of_policy_file(context: BookContext, name: str) -> Dependencies:
    """A policy, its full overlap with other policies, and its successors."""
    return of_policy_and_others(context, name, context.overlap.of(name))


def of_service(context: BookContext, prefix: str) -> Dependencies:
    """The policies with statements, notes or changes about a service, and roles passed to it."""
    principals = context.passrole.principals().get(prefix, ())
    return Dependencies(context.services.policies_about(prefix), (principals,))


def of_action(context: BookContext, name: str) -> Dependencies:
    """The policies that name or ever granted an action, and those about every service.

    Also when AWS listed the action, and the API operations that need it.

    Args:
        context: The book.
        name: The full name of the action, in lower case.

    """
    ever = context.actions.ever_granted()[name].policies
    listed = context.growth.last_listing().get(name)
    operations = context.operations.by_action().get(name, ())
    return Dependencies(_sorted(*ever, *context.services.policies_of_all()), (listed, operations))


def of_operations(context: BookContext, prefix: str) -> Dependencies:
    """The API operations of a service."""
    return Dependencies((), (context.operations.by_service()[prefix],))


def of_resources(context: BookContext, terms: Iterable[Term]) -> Dependencies:
    """The policies with one of the resource patterns."""
    uses = (use for term in terms for use in context.index.resources[term])
    return Dependencies(_sorted(*_users(uses)))


def of_condition(context: BookContext, key: str) -> Dependencies:
    """The policies with a condition on the key."""
    return Dependencies(_sorted(*_users(context.index.conditions[key])))


def of_passrole(context: BookContext) -> Dependencies:
    """The policies that allow passing roles."""
    return Dependencies(passing_policies(context.index))


def of_rule(context: BookContext, rule: str) -> Dependencies:
    """The policies that grant a step of a risk rule, and the rules."""
    rules = context.risks.rulebook().digest
    return Dependencies(_sorted(*context.risks.granting(rule)), (rules,))


def of_deprecated(context: BookContext) -> Dependencies:
    """The policies that are not current, their successors, and how many policies there are.

    Also the services that only deprecated policies name.
    """
    found = context.successors.successors()
    every = (*context.successors.leaving(), *context.successors.deprecated())
    deprecated = (policy.name for policy in every)
    new = (s.name for of in found.values() for s in of if s.name in context.book.policies)
    services = context.successors.services_only_deprecated_grant()
    values = (len(context.book.policies), tuple(found.items()), services)
    return Dependencies(_sorted(*deprecated, *new), values)


def of_year(context: BookContext, year: int) -> Dependencies:
    """The policies with an event in the year, and the number of events in each year."""
    lines = context.events.lines()
    counts = Counter(line.day.year for line in lines)
    others = [
        (line.day, line.title, line.text, line.kind)
        for line in lines
        if not line.policy and line.day.year == year
    ]
    names = (line.policy for line in lines if line.policy and line.day.year == year)
    return Dependencies(_sorted(*names), (sorted(counts.items()), others))


def _users(uses: Iterable[Use | ConditionUse]) -> set[str]:
    return {use.policy for use in uses}


def _sorted(*names: str) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
