"""The result for policies that are deprecated or on the way out: a list for linters."""

from __future__ import annotations

from msgspec import Struct

from policybook.analysis.successors import HowKnown
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.successors import SuccessorPart
from policybook.model.changes import Verdict
from policybook.model.deprecation import Deprecation, Leaving, Precision, State
from policybook.model.fields import Day
from policybook.model.policies import Policy
from policybook.output.json.results import Envelope, StatementResult


class SuccessorResult(Struct, frozen=True, kw_only=True):
    """A successor of a policy, with numbers only.

    Attributes:
        name: The name of the successor.
        arn: Its ARN; null if it is unknown, or this site does not have the policy.
        how: `named` by a source, or `evident` (inferred from its name).
        sources: Who names it, as in `by` of the policy's sources.
        state: The successor's own state; null if this site does not have it.
        verdict: The verdict on the change to the successor; null if a document is unknown.
        undecided: Why grants could not be compared.
        lost: The number of grants that the successor lacks.
        gained: The number of grants that it adds.
        lacks: The number of effective actions that it lacks.
        adds: The number of effective actions that it adds.
        difference: The address of the comparison in the site.
    """

    name: str
    arn: str | None
    how: HowKnown
    sources: tuple[str, ...]
    state: State | None
    verdict: Verdict | None
    undecided: tuple[str, ...]
    lost: int
    gained: int
    lacks: int
    adds: int
    difference: str


class DeprecatedResult(Struct, frozen=True, kw_only=True):
    """A policy that is deprecated or on the way out.

    Attributes:
        name: The name of the policy.
        arn: Its ARN, or null.
        type: Its type.
        state: `deprecated` or `on-the-way-out`.
        date: Since when it has that state, or null.
        date_precision: `exact`, `at-latest` if it got there on that day or before, or `unknown`.
        sources: What each source says.
        successors: The policies to use instead.
        version: The key of its last version, or null.
        published: The publication date of that version, or null.
        url: The address of its entry on the page of deprecated policies.
        api: The address of its own JSON file.
    """

    name: str
    arn: str | None
    type: str
    state: Leaving
    date: Day | None
    date_precision: Precision
    sources: tuple[StatementResult, ...]
    successors: tuple[SuccessorResult, ...]
    version: str | None
    published: Day | None
    url: str
    api: str


class OnlyDeprecatedResult(Struct, frozen=True):
    """A service prefix that only deprecated policies name, and those policies."""

    prefix: str
    policies: tuple[str, ...]


class DeprecatedListResult(Struct, frozen=True):
    """All policies that are not current, and the services that only deprecated ones name.

    `policies` are first those on the way out, then the deprecated ones: of each, those with a date,
    newest first, then those without.
    """

    policies: tuple[DeprecatedResult, ...]
    services: tuple[OnlyDeprecatedResult, ...]


class DeprecatedFile(Envelope, frozen=True):
    """The file `api/v1/deprecated.json`."""

    result: DeprecatedListResult


def deprecated_result(context: BookContext) -> DeprecatedListResult:
    """Return the policies that are not current, in the order of their page."""
    policies = (*context.successors.leaving(), *context.successors.deprecated())
    return DeprecatedListResult(
        tuple(_deprecated(context, policy) for policy in policies),
        tuple(
            OnlyDeprecatedResult(*found)
            for found in context.successors.services_only_deprecated_grant()
        ),
    )


def _deprecated(context: BookContext, policy: Policy) -> DeprecatedResult:
    newest = policy.versions[0] if policy.versions else None
    gone = policy.deprecation
    return DeprecatedResult(
        name=policy.name,
        arn=policy.facts.arn,
        type=policy.type,
        state="deprecated" if gone.state == "deprecated" else "on-the-way-out",
        date=gone.date,
        date_precision=gone.precision,
        sources=statement_results(gone),
        successors=tuple(
            _successor(context, policy.name, part) for part in context.successors.parts(policy.name)
        ),
        version=newest.key if newest else None,
        published=newest.facts.published if newest else None,
        url=addresses.deprecated(policy.name).place,
        api=f"{addresses.API_ROOT}policies/{policy.name}.json",
    )


def statement_results(found: Deprecation) -> tuple[StatementResult, ...]:
    """Return what each source says of a policy."""
    return tuple(
        StatementResult(
            says=statement.says,
            by=statement.by,
            url=statement.url or None,
            date=statement.date,
            date_precision=statement.precision,
            successors=statement.successors,
            note=statement.note or None,
        )
        for statement in found.statements
    )


def _successor(context: BookContext, policy: str, found: SuccessorPart) -> SuccessorResult:
    there = context.book.policies.get(found.name)
    return SuccessorResult(
        name=found.name,
        arn=there.facts.arn if there else None,
        how=found.how,
        sources=tuple(statement.by for statement in found.sources),
        state=found.state,
        verdict=found.verdict,
        undecided=found.undecided,
        lost=found.lost,
        gained=found.gained,
        lacks=found.lacks,
        adds=found.adds,
        difference=addresses.succession(policy).place,
    )
