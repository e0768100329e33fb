"""What each file of the site is made from: the one place that knows what depends on what.

A build that finds a file's origin as it was takes the file over instead of making it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from msgspec import Struct

from policybook.analysis.index import ConditionUse, Use
from policybook.analysis.passrole import passing_policies
from policybook.book.context import BookContext
from policybook.book.deprecated import deprecated_policies, only_deprecated
from policybook.book.events import change_lines
from policybook.book.granting import ever_granted, retired
from policybook.book.overlap import overlap_of, overlap_view
from policybook.iam.grants import EVERYTHING
from policybook.model.documents import Term


class Origin(Struct, frozen=True):
    """The policies that a file is made from, by name, and what else of the book it shows.

    `policies` of None stands for the whole data folder. What depends on the presence of other
    pages only, such as a link, is not part of it.
    """

    policies: tuple[str, ...] | None = None
    besides: tuple[object, ...] = ()


WHOLE = Origin()


class Output(Struct, frozen=True):
    """A file of the site: its path below the root, the function that makes it, and its origin."""

    path: str
    make: Callable[[], bytes]
    origin: Origin


def of_policy_page(context: BookContext, name: str) -> Origin:
    """A policy, and what its page shows of its overlap with others and of its successor."""
    return _with_successor(context, name, of_policy(context, name, overlap_view(context, name)))


def of_policy_file(context: BookContext, name: str) -> Origin:
    """A policy, all of its overlap with others, and its successor."""
    return _with_successor(context, name, of_policy(context, name, overlap_of(context, name)))


def _with_successor(context: BookContext, name: str, origin: Origin) -> Origin:
    """The origin with the policy's successor, and the names of those that it succeeds itself."""
    successor = context.successors.get(name)
    there = successor and successor.name in context.book.policies
    names = (successor.name,) if successor and there and successor.name != name else ()
    succeeded = (successor, context.succeeds.get(name, ()))
    return Origin((*(origin.policies or ()), *names), (*origin.besides, *succeeded))


def of_policy(context: BookContext, name: str, *besides: object) -> Origin:
    """A policy with its history, the groups and roles that name it, and the risk rules."""
    groups = tuple(
        (slug, group.title, name in group.not_recommended)
        for slug in context.index.groups_of.get(name, ())
        if (group := context.book.groups[slug])
    )
    roles = context.index.roles_of.get(name, ())
    rules = context.rulebook.digest
    return Origin((name,), (context.book.facts.title, groups, roles, rules, *besides))


def of_service(context: BookContext, prefix: str) -> Origin:
    """What the policies say of a service: in statements, notes and changes, and of its roles."""
    if prefix not in context.named_by:
        context.named_by[prefix] = _policies_of(context, prefix)
    return Origin(context.named_by[prefix], (context.principals.get(prefix, ()),))


def _policies_of(context: BookContext, prefix: str) -> tuple[str, ...]:
    index = context.index
    return _sorted(
        *_users(index.services.get(prefix, ())),
        *_users(index.services.get(EVERYTHING, ())),
        *(found.transition.policy for found in index.service_events.get(prefix, ())),
        *(p for name in retired(context, prefix) for p in ever_granted(context)[name].policies),
    )


def of_action(context: BookContext, name: str) -> Origin:
    """The policies that ever granted an action, a full name in lower case, or every action."""
    return Origin(_sorted(*ever_granted(context)[name].policies, *context.everything))


def of_resources(context: BookContext, terms: Iterable[Term]) -> Origin:
    """The policies with one of the resource patterns."""
    uses = (use for term in terms for use in context.index.resources[term])
    return Origin(_sorted(*_users(uses)))


def of_condition(context: BookContext, key: str) -> Origin:
    """The policies with a condition on the key."""
    return Origin(_sorted(*_users(context.index.conditions[key])))


def of_passrole(context: BookContext) -> Origin:
    """The policies that let roles be passed."""
    return Origin(passing_policies(context.index))


def of_deprecated(context: BookContext) -> Origin:
    """The deprecated policies, their successors, and the services that only they name."""
    found = context.successors
    gone = (policy.name for policy in deprecated_policies(context))
    new = (s.name for s in found.values() if s.name in context.book.policies)
    return Origin(_sorted(*gone, *new), (tuple(found.items()), only_deprecated(context)))


def of_year(context: BookContext, year: int) -> Origin:
    """The policies of which a version is dated in the year, and how many changes each year had."""
    lines = change_lines(context)
    counts = Counter(line.day.year for line in lines)
    others = [
        (line.day, line.title, line.text, line.kind)
        for line in lines
        if not line.policy and line.day.year == year
    ]
    names = (line.policy for line in lines if line.policy and line.day.year == year)
    return Origin(_sorted(*names), (sorted(counts.items()), others))


def _users(uses: Iterable[Use | ConditionUse]) -> set[str]:
    return {use.policy for use in uses}


def _sorted(*names: str) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
