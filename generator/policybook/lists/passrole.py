"""The list of passed roles: each statement that allows passing roles, and to which services."""

from __future__ import annotations

from collections.abc import Mapping

from policybook.analysis.passrole import Passing
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.prose.terms import term_text
from policybook.iam.denies import CERTAINTIES
from policybook.lists.cells import clauses, policy_cell, some
from policybook.lists.facets import state_facet
from policybook.lists.table import ANY_SERVICE, Facet, LinkCell, ListColumn, ListRow, ListTable
from policybook.wording import label

_TO_LABELS = {
    "any": "any service",
    "listed": "services that a condition lists",
    "except": "all except some services",
    "unread": "other conditions on the service",
}
_THROUGH_LABELS = {"named": "names iam:PassRole", "wild": "wildcard of IAM", "all": "all services"}
_OTHERS_LABELS = {"yes": "yes", "no": "no"}


def passrole_list(context: BookContext) -> ListTable:
    """Every statement that allows passing roles, by policy, then statement."""
    passings = context.passrole.passings()
    names = sorted({name for passing in passings for name in passing.services.names})
    services: Mapping[str, str] = {**dict.fromkeys(names, ""), ANY_SERVICE: "any service"}
    return ListTable(
        name="passrole",
        title="Passed roles",
        noun="statement",
        columns=(
            ListColumn("policy", "Policy", "link", "policies/{}/"),
            ListColumn("statement", "Statement", "link"),
            ListColumn("roles", "Roles", "codes"),
            ListColumn("to", "To services", "codes"),
            ListColumn("others", "Other conditions", "codes"),
            ListColumn("certainty", "Certainty"),
        ),
        facets=(
            Facet("service", "To service", "services", services),
            Facet("to", "Limited to", labels=_TO_LABELS),
            Facet("certainty", "Certainty", labels={c: label(c, "certainty") for c in CERTAINTIES}),
            Facet("others", "Other conditions", labels=_OTHERS_LABELS),
            Facet("roles", "Roles", labels={"all": "all roles", "some": "some role patterns"}),
            Facet("through", "Through", labels=_THROUGH_LABELS),
            state_facet(),
        ),
        rows=tuple(_row(context, passing) for passing in passings),
        table="api/v1/passrole.csv",
    )


def _row(context: BookContext, passing: Passing) -> ListRow:
    to = passing.services
    named = tuple(LinkCell(name, addresses.passed_to(name)) for name in to.names)
    every = to.to == "any"
    roles = tuple(map(term_text, passing.roles))
    policy = context.book.policies[passing.policy]
    return ListRow(
        cells=(
            policy_cell(context, passing.policy),
            LinkCell(
                str(passing.statement), addresses.statement(passing.policy, passing.statement)
            ),
            some(roles),
            ("any service",) if every else some(named) or clauses(to.clauses),
            clauses(to.others),
            label(passing.certainty, "certainty"),
        ),
        facets=(
            ((ANY_SERVICE, 0),) if every else tuple((name, 0) for name in to.names),
            (to.to,),
            (passing.certainty,),
            ("yes" if to.others else "no",),
            ("all" if "*" in roles else "some",),
            ("all" if passing.everything else _through(passing),),
            (policy.deprecation.state,),
        ),
        anchors=(
            addresses.passing(passing.policy).anchor,
            *(addresses.passed_to(name).anchor for name in to.names),
        ),
    )


def _through(passing: Passing) -> str:
    return "named" if any(p.lower() == "iam:passrole" for p in passing.patterns) else "wild"
