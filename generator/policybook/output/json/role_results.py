"""The results for roles: what they can do, and what remains under their boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from policybook.analysis.role_access import RoleAccess
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.roles import PolicyLink
from policybook.iam.denies import Certainty
from policybook.model.links import Link
from policybook.model.roles import kind_of


class RolePolicyResult(Struct, frozen=True):
    """A policy that a role names.

    Attributes:
        name: Its name.
        arn: What the role's file has if that is an ARN, else null.
        in_book: Whether this book has the policy.
        of_aws: Whether AWS manages it.
        url: Its page: an address in this site, the URL in a book of AWS's policies, or null.
    """

    name: str
    arn: str | None
    in_book: bool
    of_aws: bool
    url: str | None


class RoleLineResult(Struct, frozen=True):
    """A role in the list of roles: its policies, its boundary, and where the rest is."""

    name: str
    summary: str | None
    policies: tuple[RolePolicyResult, ...]
    boundary: RolePolicyResult | None
    passes: tuple[str, ...]
    url: str
    api: str


class RoleServiceResult(Struct, frozen=True):
    """A service of a role.

    Attributes:
        prefix: The service prefix.
        remaining: The full names of the actions that remain. Under a boundary with how certain each
            is; without one, or if it is not known, null stands for the certainty.
        levels: The access level of each of them.
        removed: The full names of the actions that the boundary removes.
    """

    prefix: str
    remaining: Mapping[str, Certainty | None]
    levels: Mapping[str, str]
    removed: tuple[str, ...]


class RoleResult(Struct, frozen=True):
    """A role.

    Attributes:
        name: The name of the role.
        summary: What it is for, or null.
        policies: Its policies.
        boundary: Its permissions boundary, or null.
        passes: The roles that it passes.
        passed_by: The roles that pass it.
        kind: `role`, `group` or `user`.
        accounts: The accounts that have it as it is here.
        elsewhere: The other roles of that name, in other accounts.
        trust: The document that says who may assume it, or null.
        links: Links to documentation.
        unknown: The names of its policies whose documents are not known. They may allow more, and
            deny some of what remains.
        not_counted: The names of its policies that grant nothing, such as permissions boundaries.
        boundary_unknown: Whether it has a boundary whose document is not known. `services` then has
            what the policies allow together, the most that can remain of them.
        exact: Whether `services` is exactly what remains; else it is an upper bound, as far as the
            policies are known.
        services: What remains, and what the boundary removes, by service.
        url: The address of its page.
    """

    name: str
    summary: str | None
    policies: tuple[RolePolicyResult, ...]
    boundary: RolePolicyResult | None
    passes: tuple[str, ...]
    passed_by: tuple[str, ...]
    kind: str
    accounts: tuple[str, ...]
    elsewhere: tuple[str, ...]
    trust: Mapping[str, Any] | None
    links: tuple[Link, ...]
    unknown: tuple[str, ...]
    not_counted: tuple[str, ...]
    boundary_unknown: bool
    exact: bool
    services: tuple[RoleServiceResult, ...]
    url: str


def roles_result(context: BookContext) -> tuple[RoleLineResult, ...]:
    """Return the list of roles, in the order of their file."""
    return tuple(
        RoleLineResult(
            name,
            role.summary,
            _policies(context, name),
            _boundary(context, name),
            role.passes,
            addresses.role(name).url,
            f"{addresses.API_ROOT}roles/{addresses.slug(name)}.json",
        )
        for name, role in context.book.roles.items()
    )


def role_result(context: BookContext, slug: str) -> RoleResult:
    """Return the result for a role, by its part of an address."""
    name = context.roles.by_slug()[slug]
    role, access = context.book.roles[name], context.roles.access(name)
    return RoleResult(
        name=name,
        summary=role.summary,
        policies=_policies(context, name),
        boundary=_boundary(context, name),
        passes=role.passes,
        passed_by=context.roles.passed_by().get(name, ()),
        kind=kind_of(name),
        accounts=role.accounts,
        elsewhere=context.roles.elsewhere(name),
        trust=role.trust or None,
        links=role.links,
        unknown=tuple(policy.name for policy in access.unknown),
        not_counted=tuple(policy.name for policy in access.not_counted),
        boundary_unknown=access.boundary_unknown,
        exact=access.exact,
        services=tuple(_services(context, access)),
        url=addresses.role(name).url,
    )


def _policies(context: BookContext, name: str) -> tuple[RolePolicyResult, ...]:
    links = map(context.roles.policy_link, context.roles.access(name).policies)
    return tuple(map(_policy, links))


def _boundary(context: BookContext, name: str) -> RolePolicyResult | None:
    boundary = context.roles.access(name).boundary
    return _policy(context.roles.policy_link(boundary)) if boundary else None


def _policy(link: PolicyLink) -> RolePolicyResult:
    policy = link.policy
    url = addresses.policy(policy.name).url if policy.in_book else link.url or None
    arn = policy.reference if policy.reference.startswith("arn:") else None
    return RolePolicyResult(policy.name, arn, policy.in_book, policy.of_aws, url)


def _services(context: BookContext, access: RoleAccess) -> Iterator[RoleServiceResult]:
    def spelled(names: Iterable[str], prefix: str) -> Mapping[str, str]:
        own = (name for name in names if name.partition(":")[0] == prefix)
        return {context.catalogue.spelled(name) or name: name for name in own}

    removed = access.left.removed if access.left else ()
    certain = access.left.actions if access.left else {}
    for prefix in sorted({name.partition(":")[0] for name in (*access.remaining, *removed)}):
        kept = spelled(sorted(access.remaining), prefix)
        yield RoleServiceResult(
            prefix,
            {shown: certain.get(name) for shown, name in kept.items()},
            {shown: access.remaining[name] for shown, name in kept.items()},
            tuple(spelled(removed, prefix)),
        )
