"""The results for a policy with all versions, and for a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.effective_actions import GrantedBy, effective_names
from policybook.analysis.nearest_version import Nearest
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.documents import detached, documents_file
from policybook.book.facts.levels import Level
from policybook.book.prose.policy_sentence import plain
from policybook.model.changes import Change
from policybook.model.fields import partition_of
from policybook.model.policies import Policy, Version
from policybook.output.json.account_results import accounts_result
from policybook.output.json.deprecated_results import statement_results
from policybook.output.json.evidence_results import (
    evidence_results,
    standing_results,
    statement_rows,
)
from policybook.output.json.flag_results import FlagResult, flag_result
from policybook.output.json.history_results import last_change_result, start_result
from policybook.output.json.results import (
    ChangeResult,
    ComparedVersionResult,
    DeprecationResult,
    NearestResult,
    PolicyResult,
    SuccessionResult,
    VersionResult,
)


class ExpandedResult(Struct, frozen=True):
    """The output of `policybook show --expand`: effective actions, each with what grants it."""

    policy: PolicyResult
    effective: Mapping[str, tuple[GrantedBy, ...]]


class ShownResult(Struct, frozen=True):
    """The output of `policybook show --at`.

    Attributes:
        at: The day.
        version: The key of the default version on that day.
        unsure: Why that version is uncertain, or "".
        policy: The policy.
        effective: The effective actions, each with what grants it; empty without `--expand`.
    """

    at: date
    version: str
    unsure: str
    policy: PolicyResult
    effective: Mapping[str, tuple[GrantedBy, ...]]


def policy_result(
    context: BookContext, policy: Policy, version: Version | None = None
) -> PolicyResult:
    """Return the result for a policy.

    Args:
        context: The book.
        policy: The policy.
        version: The version whose grants and risks to list; None for the current one.
    """
    facts, current, shown = policy.facts, policy.current, version or policy.current
    standing = context.history.standing(facts.name, shown) if shown else ()
    return PolicyResult(
        name=facts.name,
        arn=facts.arn,
        path=policy.path,
        type=policy.type,
        limits_only=not policy.grants,
        boundary_source=policy.boundary.source if policy.boundary else None,
        of_customer=policy.is_of_customer,
        partition=partition_of(facts.arn),
        summary=facts.summary,
        sentence=plain(context.sentences.of_version(policy, shown)),
        created=facts.created,
        attachable=facts.attachable,
        deprecation=_deprecation(context, policy),
        succeeds=context.successors.succeeds().get(facts.name, ()),
        tags=policy.tags,
        default=policy.named_default,
        unknown_default=policy.unknown_default.key if policy.unknown_default else None,
        current=current.key if current else None,
        updated=policy.updated,
        last_effective_change=last_change_result(context.policy_lines.of(facts.name).last),
        permissions=facts.permissions,
        descriptions=facts.descriptions,
        grants=standing_results(standing),
        starts={start.key: start_result(start) for _, start in standing if start},
        levels=level_counts(context.levels.of_version(policy, shown) if shown else ()),
        unmatched=context.levels.unmatched_of(policy, shown) if shown else (),
        effective=_effective(context, shown),
        groups=context.index.groups_of.get(facts.name, ()),
        roles=context.index.roles_of.get(facts.name, ()),
        limits_roles=context.index.limited_by.get(facts.name, ()),
        accounts=accounts_result(context, facts.name),
        links=facts.links,
        overlap=context.overlap.of(facts.name),
        risks=_flags(context, facts.name, shown) if shown else (),
        versions=tuple(_versions(context, facts.name)),
        url=addresses.policy(facts.name).url,
    )


def shown_result(
    context: BookContext,
    policy: Policy,
    version: Version | None,
    expanded: Mapping[str, tuple[GrantedBy, ...]] | None,
    day: date | None,
    unsure: str,
) -> PolicyResult | ExpandedResult | ShownResult:
    """Return the result of `policybook show`.

    Args:
        context: The book.
        policy: The policy.
        version: The version to show; None if no document of the policy is known.
        expanded: Effective actions by name, each with what grants it; None without `--expand`.
        day: The day of `--at`, or None.
        unsure: Why the default version on that day is uncertain, or "".
    """
    result = policy_result(context, policy, version)
    if day and version:
        return ShownResult(day, version.key, unsure, result, dict(sorted((expanded or {}).items())))
    return result if expanded is None else ExpandedResult(result, dict(sorted(expanded.items())))


def _effective(context: BookContext, version: Version | None) -> Mapping[str, tuple[str, ...]]:
    """Return the names of a version's effective actions by prefix, both in order."""
    found: dict[str, list[str]] = defaultdict(list)
    document = version.document if version else None
    for name in sorted(effective_names(document, context.catalogue) if document else ()):
        prefix, _, rest = name.partition(":")
        found[prefix].append(rest)
    services = {prefix: context.catalogue.service(prefix) for prefix in found}
    known = {prefix: service.actions if service else {} for prefix, service in services.items()}
    return {
        prefix: tuple(known[prefix][rest].name if rest in known[prefix] else rest for rest in names)
        for prefix, names in found.items()
    }


def _versions(context: BookContext, name: str) -> Iterator[VersionResult]:
    risks = context.risks.history(name)
    policy = context.book.policies[name]
    elsewhere = {version.key for version in detached(policy)}
    nearest = {found.key: _nearest(found) for found in context.history.nearest(name)}
    for transition in context.index.transitions[name]:
        version = transition.version
        in_own_file = version.key in elsewhere
        change = transition.change
        yield VersionResult(
            id=version.facts.id,
            key=version.key,
            published=version.facts.published,
            observed=version.facts.observed,
            sources=version.facts.sources,
            default_since=version.facts.default_since,
            change=version.facts.change,
            source=version.facts.source,
            shown_by=version.shown_by,
            verdict=change.verdict if change else None,
            compared_with=transition.before.key if transition.before else None,
            gained=statement_rows(change.gained, "gained") if change else (),
            lost=statement_rows(change.lost, "lost") if change else (),
            undecided=change.undecided if change else (),
            formats_date=(change.formats_date or None) if change else None,
            nearest=nearest.get(version.key),
            missing=transition.missing,
            recreated=transition.recreated,
            risks=risks[version.key].changes if version.key in risks else (),
            document=version.document.source
            if version.document and (not in_own_file or version is policy.current)
            else None,
            document_file=documents_file(policy) if in_own_file else None,
        )


def _flags(context: BookContext, name: str, version: Version) -> tuple[FlagResult, ...]:
    if not version.document or not context.book.rules:
        return ()
    # A document that is not part of the version sequence has no history of risks.
    known = context.risks.history(name).get(version.key)
    found = known.flags if known else context.risks.rulebook().flags(version.document)
    return tuple(flag_result(context.book.rules[flag.rule], flag) for flag in found)


def _deprecation(context: BookContext, policy: Policy) -> DeprecationResult:
    found = policy.deprecation
    return DeprecationResult(
        state=found.state,
        date=found.date,
        date_precision=found.precision,
        sources=statement_results(found),
        successors=tuple(_successions(context, policy.name)),
    )


def _successions(context: BookContext, name: str) -> Iterator[SuccessionResult]:
    for part in context.successors.parts(name):
        found = context.successors.succession(name, part.name)
        change = found.change if found else None
        yield SuccessionResult(
            name=part.name,
            how=part.how,
            sources=tuple(statement.by for statement in part.sources),
            state=part.state,
            verdict=part.verdict,
            undecided=part.undecided,
            lost=statement_rows(change.lost, "lost") if change else (),
            gained=statement_rows(change.gained, "gained") if change else (),
            lacks=found.lacks if found else (),
            adds=found.adds if found else (),
        )


def _nearest(found: Nearest) -> NearestResult:
    return NearestResult(
        found.nearest.key,
        tuple(tie.key for tie in found.ties),
        tuple(
            ComparedVersionResult(
                version=shown.key,
                verdict=shown.change.verdict,
                reverse=shown.reverse,
                gained=statement_rows(shown.change.gained, "gained"),
                lost=statement_rows(shown.change.lost, "lost"),
                undecided=shown.change.undecided,
            )
            for shown in found.shown
        ),
    )


def change_result(change: Change) -> ChangeResult:
    """Return the result for a comparison."""
    return ChangeResult(
        change.verdict,
        evidence_results(change.gained, "gained"),
        evidence_results(change.lost, "lost"),
        change.undecided,
        change.formats_date or None,
    )


def level_counts(levels: Iterable[Level]) -> Mapping[str, int]:
    """Return the number of actions by the name of their access level."""
    return {level.name: level.count for level in levels}
