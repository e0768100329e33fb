"""The output of `policybook show` as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from policybook.analysis.index import slices
from policybook.analysis.risks import flags
from policybook.book.facts.levels import Level, levels_of, unmatched
from policybook.book.prose.policy_sentence import plain
from policybook.commands.risk_report import risk_lines
from policybook.output.json.flag_results import flag_result
from policybook.output.sentences import grant_line
from policybook.wording import label, since

if TYPE_CHECKING:
    from policybook.analysis.effective_actions import GrantedBy
    from policybook.analysis.last_change import LastChange
    from policybook.analysis.since import Start
    from policybook.book.context import BookContext
    from policybook.book.facts.successors import SuccessorPart
    from policybook.model.deprecation import Deprecation
    from policybook.model.documents import Grant
    from policybook.model.policies import Policy, Version


def shown_lines(
    context: BookContext,
    policy: Policy,
    version: Version | None,
    expanded: Mapping[str, tuple[GrantedBy, ...]],
    day: date | None,
) -> Iterator[str]:
    """Yield the lines of `policybook show`.

    Args:
        context: The book.
        policy: The policy.
        version: The version to show; None if no document of the policy is known.
        expanded: Effective actions by name, each with what grants it; empty unless `--expand` is
            given.
        day: The day on which the version was the default, if `--at` is given.
    """
    document = version.document if version else None
    found = context.history.standing(policy.name, version) if version else ()
    uses = tuple(slices(policy.name, document)) if document else ()
    sentence = plain(context.sentences.of_version(policy, version))
    last = context.policy_lines.of(policy.name).last
    levels = levels_of(context.catalogue, uses)
    successors = context.successors.parts(policy.name)
    yield from policy_lines(policy, version, sentence, last, found, levels, successors, day)
    if patterns := unmatched(context.catalogue, uses):
        yield f"  patterns that match no action: {', '.join(patterns)}"
    if document:
        rules = context.book.rules
        found_risks = flags(document, rules, context.catalogue)
        yield from risk_lines(flag_result(rules[flag.rule], flag) for flag in found_risks)
    yield from expanded_lines(expanded)


def policy_lines(
    policy: Policy,
    version: Version | None,
    sentence: str,
    last: LastChange,
    grants: Iterable[tuple[Grant, Start | None]],
    levels: Iterable[Level],
    successors: Iterable[SuccessorPart],
    day: date | None = None,
) -> Iterator[str]:
    """Yield a policy's facts, its versions, and the grants of one version.

    Args:
        policy: The policy.
        version: The version to show; None if no document of the policy is known.
        sentence: What that version does.
        last: The last change of the policy with an effect.
        grants: The grants of that version, in the order of its document, each with since when it
            stands in this form.
        levels: The number of effective actions by access level.
        successors: The policies to use instead.
        day: The day on which the version was the default, if `--at` is given.
    """
    facts = policy.facts
    yield facts.name
    yield f"  arn       {facts.arn or 'unknown'}"
    yield f"  type      {policy.type}{'' if policy.grants else ', which grants nothing'}"
    yield from _deprecation_lines(policy.deprecation)
    yield from _successor_lines(successors)
    yield from _version_lines(version, sentence, levels, day)
    yield f"  versions  {', '.join(v.key for v in policy.versions) or 'none known'}"
    yield f"  changed   {'; '.join(filter(None, (last.words, last.since_then)))}"
    for grant, start in grants:
        since = f" ({start.since})" if start else ""
        yield f"  {grant.statement:>3} {grant_line(grant)}{since}"


def _version_lines(
    version: Version | None, sentence: str, levels: Iterable[Level], day: date | None
) -> Iterator[str]:
    then = f", the default on {day}" if day else ""
    yield f"  version   {version.key if version else 'no document known'}{then}"
    if version:
        yield f"  published {_day(version.facts.published)}"
    if version and version.document:
        yield f"  in brief  {sentence}"
        counts = ", ".join(f"{level.name} {level.count}" for level in levels)
        yield f"  effective actions: {counts or 'none'} (upper bound)"
    elif version:
        yield "  its document is not known"


def _deprecation_lines(found: Deprecation) -> Iterator[str]:
    """Yield the state of a policy that is not current, who says so, and what to use instead."""
    if not found.is_current:
        yield f"  state     {label(found.state, 'state')}, {since(found.date, found.precision)}"
        for statement in found.statements:
            when = f", {since(statement.date, statement.precision)}" if statement.date else ""
            link = f" <{statement.url}>" if statement.url else ""
            yield f"    {statement.by}: {label(statement.says, 'says')}{when}{link}"


def _successor_lines(found: Iterable[SuccessorPart]) -> Iterator[str]:
    for part in found:
        of_its_own = part.state and part.state != "current"
        also = f", also {label(part.state or '', 'state')}" if of_its_own else ""
        verdict = f": {part.verdict}" if part.verdict else ""
        yield f"  use       {part.name} ({label(part.how, 'successor')}{also}){verdict}"


def expanded_lines(found: Mapping[str, tuple[GrantedBy, ...]]) -> Iterator[str]:
    """Yield the effective actions by name, with the patterns and statements that grant each."""
    for name, granted in sorted(found.items()):
        by = ", ".join(f"{g.pattern or 'NotAction'} ({g.statement})" for g in granted)
        yield f"      {name} through {by}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "unknown"
