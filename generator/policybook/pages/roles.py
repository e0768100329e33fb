"""The pages of roles: their policies, and what remains of them under a permissions boundary."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from policybook.analysis.role_access import RoleAccess
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.dependencies import of_role
from policybook.book.facts.levels import Level, counted
from policybook.book.facts.roles import PolicyLink
from policybook.book.limits import ROLE_NAMES
from policybook.model.roles import Role, kind_of
from policybook.pages.page import Page, TocItem


class RoleLine(Struct, frozen=True):
    """A role in the list of roles. `removed` counts the actions that its boundary takes away."""

    role: Role
    policies: tuple[PolicyLink, ...]
    boundary: PolicyLink | None
    access: RoleAccess
    remaining: int
    removed: int
    passed_by: tuple[str, ...]


class RolesView(Struct, frozen=True):
    """The list of roles."""

    toc: tuple[TocItem, ...]
    roles: tuple[RoleLine, ...]


class RoleService(Struct, frozen=True):
    """A service of a role: what remains and what the boundary removes.

    `conditional` is the number of remaining actions that are not certain under the boundary. The
    names are empty if the page would have too many.
    """

    prefix: str
    levels: tuple[Level, ...]
    conditional: int
    removed: tuple[Level, ...]
    names: tuple[str, ...]
    removed_names: tuple[str, ...]


class RoleView(Struct, frozen=True):
    """A role's page.

    `kind` says whether it is a role, a group or a user, `trust` is its trust policy as JSON, and
    `elsewhere` are other roles of that name in other accounts. `differing` are policies with the
    accounts in which their documents are others than the page counts with. `with_names` says
    whether the page has the names of actions.
    """

    toc: tuple[TocItem, ...]
    role: Role
    kind: str
    trust: str
    elsewhere: tuple[str, ...]
    differing: tuple[tuple[str, tuple[str, ...]], ...]
    policies: tuple[PolicyLink, ...]
    boundary: PolicyLink | None
    passed_by: tuple[str, ...]
    access: RoleAccess
    unknown: tuple[PolicyLink, ...]
    levels: tuple[Level, ...]
    remaining: int
    removed: int
    services: tuple[RoleService, ...]
    with_names: bool
    json: str


def roles_view(context: BookContext) -> RolesView:
    """Create the view of all roles."""
    return RolesView((), tuple(_line(context, role) for role in context.book.roles.values()))


def role_pages(context: BookContext) -> Iterator[Page]:
    """Yield the page of each role."""
    for name in context.book.roles:
        yield Page(
            addresses.role(name).url,
            name,
            f"The {kind_of(name)} {name}: its policies, and what remains under its boundary.",
            "role",
            addresses.ROLES.url,
            partial(role_view, context, name),
            crumbs=(("Roles", addresses.ROLES.url),),
            source=context.book.place_of_role(name)[0],
            depends=of_role(context, name),
        )


def role_view(context: BookContext, name: str) -> RoleView:
    """Create the view of one role."""
    role, access = context.book.roles[name], context.roles.access(name)
    line = _line(context, role)
    with_names = line.remaining + line.removed <= ROLE_NAMES
    services = tuple(_services(context, access, with_names))
    title = "What remains under the boundary" if access.boundary else "What its policies allow"
    toc = [TocItem("remains", title)]
    return RoleView(
        toc=(*toc, TocItem("services", "By service")) if services else tuple(toc),
        role=role,
        kind=kind_of(name),
        trust=json.dumps(role.trust, indent=2, ensure_ascii=False) if role.trust else "",
        elsewhere=context.roles.elsewhere(name),
        differing=tuple(context.accounts.differing(role)),
        policies=line.policies,
        boundary=line.boundary,
        passed_by=line.passed_by,
        access=access,
        unknown=tuple(map(context.roles.policy_link, access.unknown)),
        levels=counted(access.remaining),
        remaining=line.remaining,
        removed=line.removed,
        services=services,
        with_names=with_names,
        json=f"{addresses.API_ROOT}roles/{addresses.slug(name)}.json",
    )


def _line(context: BookContext, role: Role) -> RoleLine:
    access, link = context.roles.access(role.name), context.roles.policy_link
    return RoleLine(
        role,
        tuple(map(link, access.policies)),
        link(access.boundary) if access.boundary else None,
        access,
        len(access.remaining),
        len(access.left.removed) if access.left else 0,
        context.roles.passed_by().get(role.name, ()),
    )


def _services(context: BookContext, access: RoleAccess, with_names: bool) -> Iterator[RoleService]:
    left = access.left
    remaining = _by_service(access.remaining)
    removed = _by_service({name: access.levels[name] for name in left.removed} if left else {})
    certain = left.actions if left else {}
    for prefix in sorted({*remaining, *removed}):
        kept, gone = remaining.get(prefix, {}), removed.get(prefix, {})
        yield RoleService(
            prefix,
            counted(kept),
            sum(certain.get(name) == "conditional" for name in kept),
            counted(gone),
            _spelled(context, kept) if with_names else (),
            _spelled(context, gone) if with_names else (),
        )


def _by_service(levels: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, level in levels.items():
        found[name.partition(":")[0]][name] = level
    return found


def _spelled(context: BookContext, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(context.catalogue.spelled(name) or name for name in sorted(names))
