"""The JSON files of the site, each with the same envelope."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from policybook import __version__
from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.book.dependencies import (
    of_deprecated,
    of_operations,
    of_passrole,
    of_policy,
    of_policy_file,
    of_role,
    of_rule,
    of_service,
    of_year,
)
from policybook.book.site_file import (
    WHOLE_BOOK,
    Dependencies,
    FileFamily,
    file_family,
    one_file,
)
from policybook.output.json.change_results import (
    EventResult,
    history_result,
    removals_result,
    year_result,
)
from policybook.output.json.deprecated_results import deprecated_result
from policybook.output.json.history_results import defaults_result
from policybook.output.json.list_results import (
    lines_result,
    new_actions_result,
    passrole_result,
    risks_result,
)
from policybook.output.json.operation_results import operations_result
from policybook.output.json.packed_documents import documents_result, names_with_documents
from policybook.output.json.policy_results import policy_result
from policybook.output.json.results import Envelope, PolicyResult
from policybook.output.json.risk_results import rule_path_result
from policybook.output.json.role_results import role_result, roles_result
from policybook.output.json.service_results import actions_result, service_result

SCHEMA_VERSION = "2.0"


def in_envelope(context: BookContext, result: object) -> bytes:
    """Encode a result as a file of the API, in the envelope and with a newline at the end."""
    generator = f"policybook {__version__}"
    whole = Envelope(SCHEMA_VERSION, generator, context.catalogue.date, result)
    return msgspec.json.encode(whole) + b"\n"


def _one(
    name: str,
    title: str,
    result: Callable[[BookContext], object],
    depends: Callable[[BookContext], Dependencies] = lambda context: WHOLE_BOOK,
    present: Callable[[BookContext], bool] = lambda context: True,
) -> FileFamily:
    def render(context: BookContext) -> bytes:
        return in_envelope(context, result(context))

    return one_file(f"{API_ROOT}{name}.json", title, render, depends, present, result)


def _family(
    name: str,
    title: str,
    names: Callable[[BookContext], Iterable[str]],
    result: Callable[[BookContext, str], object],
    depends: Callable[[BookContext, str], Dependencies],
) -> FileFamily:
    def render(context: BookContext, name: str) -> bytes:
        return in_envelope(context, result(context, name))

    return file_family(f"{API_ROOT}{name}.json", title, names, render, depends, result)


def _policy(context: BookContext, name: str) -> PolicyResult:
    return policy_result(context, context.book.policies[name])


def _year(context: BookContext, year: str) -> tuple[EventResult, ...]:
    return year_result(context, int(year))


DOCUMENTS = _family(
    "documents/{name}",
    "the older documents of a policy that its own file does not have",
    names_with_documents,
    documents_result,
    of_policy,
)

FILES = (
    _one("policies", "all policies", lines_result),
    _one("risks", "the risk rules, each with the policies that match", risks_result),
    _family(
        "risks/{rule}",
        "a risk rule with the policies that match it alone, and those that allow each step",
        lambda context: context.book.rules,
        rule_path_result,
        of_rule,
    ),
    _family(
        "policies/{name}",
        "a policy with its grants, versions and documents",
        lambda context: context.book.policies,
        _policy,
        of_policy_file,
    ),
    _family(
        "versions/{name}",
        "the default versions of a policy by day, with the effective actions of each",
        lambda context: context.book.policies,
        defaults_result,
        of_policy,
    ),
    DOCUMENTS,
    _family(
        "services/{prefix}",
        "the policies that grant a service's actions",
        lambda context: context.services.prefixes(),
        service_result,
        of_service,
    ),
    _family(
        "actions/{prefix}",
        "a service's actions with the statements that grant each, certainty and first version",
        lambda context: context.services.prefixes(),
        actions_result,
        of_service,
    ),
    _family(
        "operations/{prefix}",
        "a service's API operations without an action of their name, with the actions they need",
        lambda context: context.operations.by_service(),
        operations_result,
        of_operations,
    ),
    _one(
        "roles",
        "the roles with their policies and permissions boundaries",
        roles_result,
        present=lambda context: bool(context.book.roles),
    ),
    _family(
        "roles/{role}",
        "a role with what remains of its policies under its boundary, by service",
        lambda context: context.roles.by_slug(),
        role_result,
        lambda context, slug: of_role(context, context.roles.by_slug()[slug]),
    ),
    _one(
        "deprecated",
        "policies that are deprecated or on the way out, with sources and successors",
        deprecated_result,
        of_deprecated,
    ),
    _one(
        "passrole",
        "statements that allow passing roles, and to which services",
        passrole_result,
        of_passrole,
    ),
    _family(
        "changes/{year}",
        "the changes of a year, with gained and lost grants",
        lambda context: map(str, context.events.years()),
        _year,
        lambda context, year: of_year(context, int(year)),
    ),
    _family(
        "changes/policies/{name}",
        "the changes of a policy, with gained and lost grants",
        lambda context: context.book.policies,
        history_result,
        of_policy,
    ),
    _one("removals", "every permission that was removed", removals_result),
)

NEW_ACTIONS = _one(
    "new-actions",
    "actions that AWS added, and policies that granted them at once through a wildcard",
    new_actions_result,
    present=lambda context: context.growth.has_steps,
)
