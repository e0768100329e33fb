"""Every list of the site that may have more rows than its page, for the files of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.dependencies import (
    of_action,
    of_deprecated,
    of_passrole,
    of_resources,
    of_rule,
    of_service,
)
from policybook.book.limits import FIRST_ROWS
from policybook.book.site_file import WHOLE_BOOK, Dependencies
from policybook.lists.action_counts import action_counts, action_counts_list
from policybook.lists.changes import changes_list, removals_list
from policybook.lists.conditions import conditions_list
from policybook.lists.deprecated import deprecated_list
from policybook.lists.granting import (
    action_page,
    granted_often,
    granting_list,
    grants_of,
    list_name,
)
from policybook.lists.passrole import passrole_list
from policybook.lists.policies import boundaries_list, policies_list
from policybook.lists.resources import pairs, resource_list, resources_list
from policybook.lists.risk_paths import alone_list, granting_steps, matching, steps_list
from policybook.lists.risks import risks_list
from policybook.lists.services import (
    policies_about,
    service_actions,
    service_policies,
    services_list,
)
from policybook.lists.table import ListTable


class PlannedList(Struct, frozen=True):
    """A list, or the lists of one kind that differ by a name.

    Attributes:
        path: Returns the name of the files in `lists/` for a name.
        sizes: Returns the number of rows of each list, by its name.
        table: Creates the list of a name.
        depends: What the list of a name is made from.
        page: Where the list of a name is.
    """

    path: Callable[[str], str]
    sizes: Callable[[BookContext], Mapping[str, int]]
    table: Callable[[BookContext, str], ListTable]
    depends: Callable[[BookContext, str], Dependencies]
    page: Callable[[str], Target]

    def with_files(self, context: BookContext) -> Iterator[tuple[str, int]]:
        """Yield the lists with more rows than their page: the name and the number of rows."""
        for name, size in self.sizes(context).items():
            if size > FIRST_ROWS:
                yield name, size


def _one(
    name: str,
    page: Target,
    table: Callable[[BookContext], ListTable],
    size: Callable[[BookContext], int],
    depends: Callable[[BookContext], Dependencies] = lambda context: WHOLE_BOOK,
) -> PlannedList:
    return PlannedList(
        path=lambda _: name,
        sizes=lambda context: {name: size(context)},
        table=lambda context, _: table(context),
        depends=lambda context, _: depends(context),
        page=lambda _: page,
    )


def _of_service(
    kind: str,
    table: Callable[[BookContext, str], ListTable],
    size: Callable[[BookContext, str], int],
) -> PlannedList:
    def sizes(context: BookContext) -> Mapping[str, int]:
        return {prefix: size(context, prefix) for prefix in context.services.prefixes()}

    return PlannedList(
        path=lambda prefix: f"{kind}/{prefix}",
        sizes=sizes,
        table=table,
        depends=of_service,
        page=lambda prefix: addresses.service(prefix, "actions" if kind == "actions" else ""),
    )


def _of_rule(
    kind: str,
    table: Callable[[BookContext, str], ListTable],
    rows: Callable[[BookContext, str], Sequence[str]],
) -> PlannedList:
    def sizes(context: BookContext) -> Mapping[str, int]:
        return {rule: len(rows(context, rule)) for rule in context.book.rules}

    return PlannedList(
        path=lambda rule: f"{kind}/{rule}",
        sizes=sizes,
        table=table,
        depends=of_rule,
        page=addresses.risk,
    )


def _policies(context: BookContext, prefix: str) -> int:
    return len(policies_about(context, prefix))


def _resources(context: BookContext) -> Mapping[str, int]:
    return {s: pairs(context, terms) for s, terms in context.resources.by_service().items()}


def _not_current(context: BookContext) -> int:
    return len(context.successors.leaving()) + len(context.successors.deprecated())


def _actions(context: BookContext, prefix: str) -> int:
    return sum(1 for _ in context.services.action_lines(prefix))


LISTS = (
    _one("policies", addresses.POLICIES, policies_list, lambda context: len(context.book.granting)),
    _one(
        "boundaries",
        addresses.BOUNDARIES,
        boundaries_list,
        lambda context: len(context.book.limiting),
    ),
    _one(
        "services",
        addresses.SERVICES,
        services_list,
        lambda context: len(context.index.services.keys() - {"*"}),
    ),
    _one(
        "action-counts",
        addresses.ACTIONS,
        action_counts_list,
        lambda c: sum(1 for _ in action_counts(c)),
    ),
    _of_service("services", service_policies, _policies),
    _of_service("actions", service_actions, _actions),
    PlannedList(
        path=list_name,
        sizes=granted_often,
        table=lambda c, name: granting_list(c, name.lower(), grants_of(c, name.lower())),
        depends=lambda context, name: of_action(context, name.lower()),
        page=action_page,
    ),
    _one(
        "resources",
        addresses.RESOURCES,
        resources_list,
        lambda context: len(context.index.resources),
    ),
    PlannedList(
        path=lambda service: f"resources/{service}",
        sizes=_resources,
        table=resource_list,
        depends=lambda context, service: of_resources(
            context, context.resources.by_service()[service]
        ),
        page=addresses.resources,
    ),
    _one(
        "conditions",
        addresses.CONDITIONS,
        conditions_list,
        lambda context: len(context.index.conditions),
    ),
    _one(
        "passrole",
        addresses.PASSROLE,
        passrole_list,
        lambda c: len(c.passrole.passings()),
        of_passrole,
    ),
    _one(
        "risks",
        addresses.RISKS,
        risks_list,
        lambda c: sum(bool(c.risks.met(name)) for name in c.book.policies),
    ),
    _one("deprecated", addresses.DEPRECATED, deprecated_list, _not_current, of_deprecated),
    _one("changes", addresses.CHANGES, changes_list, lambda context: len(context.index.events)),
    _one(
        "removals",
        addresses.REMOVALS,
        removals_list,
        lambda c: sum(len(c.removals.of(p)) for p in c.book.policies),
    ),
    _of_rule("risks", alone_list, matching),
    _of_rule("risk-steps", steps_list, granting_steps),
)
