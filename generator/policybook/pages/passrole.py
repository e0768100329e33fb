"""The page of passed roles: which policies pass which roles to which services."""

from __future__ import annotations

from msgspec import Struct

from policybook.book.context import BookContext
from policybook.lists.passrole import passrole_list
from policybook.lists.table import ListTable
from policybook.pages.page import TocItem
from policybook.wording import ABOUT_UNSUPPORTED


class PassRoleView(Struct, frozen=True):
    """Passed roles by statement.

    `total` is the number of policies that allow passing roles, without those whose statements name
    no role, `services` that of the services that conditions name.
    """

    toc: tuple[TocItem, ...]
    table: ListTable
    total: int
    roles: int
    services: int
    unsupported: str


def passrole_view(context: BookContext) -> PassRoleView:
    """Create the view of all passed roles."""
    passings = context.passrole.passings()
    found = [passing for passing in passings if passing.certainty != "unsupported"]
    return PassRoleView(
        toc=(),
        table=passrole_list(context),
        total=len({passing.policy for passing in found}),
        roles=len({role for passing in found for role in passing.roles}),
        services=len({name for passing in found for name in passing.services.names}),
        unsupported=ABOUT_UNSUPPORTED if len(found) < len(passings) else "",
    )
