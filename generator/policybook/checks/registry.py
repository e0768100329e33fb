"""All checks, in the order in which they run."""

from __future__ import annotations

from policybook.checks.accounts import accounts
from policybook.checks.catalogues import later_catalogues
from policybook.checks.condition_keys import condition_keys
from policybook.checks.context import Check, CheckContext
from policybook.checks.days import age_of_data, future_days, order_of_days
from policybook.checks.descriptions import quotations
from policybook.checks.documents import documents
from policybook.checks.guides import claims, notes, snippets
from policybook.checks.operations import listed_operations
from policybook.checks.references import references, successors
from policybook.checks.risk_rules import risk_rules
from policybook.checks.roles import roles
from policybook.checks.versions import (
    arns,
    known_default,
    named_versions,
    rollbacks,
    version_order,
)
from policybook.errors import Finding

CHECKS: tuple[Check, ...] = (
    version_order,
    order_of_days,
    future_days,
    age_of_data,
    known_default,
    named_versions,
    rollbacks,
    arns,
    references,
    roles,
    accounts,
    successors,
    notes,
    claims,
    quotations,
    documents,
    condition_keys,
    snippets,
    risk_rules,
    listed_operations,
    later_catalogues,
)


def check(context: CheckContext) -> tuple[Finding, ...]:
    """The errors and warnings of every check, without lines; see `data.loader.placed`."""
    return tuple(finding for run in CHECKS for finding in run(context))
