"""The output of commands as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from policybook.analysis.action_grants import ActionGrants, GrantingPolicy
from policybook.analysis.change_rows import ChangeRow, change_rows, change_rows_about
from policybook.analysis.effective_actions import Answer, GrantedBy
from policybook.analysis.index import slices
from policybook.analysis.last_change import LastChange
from policybook.analysis.operations import Operation
from policybook.analysis.risks import flags
from policybook.analysis.side_by_side import SideBySide
from policybook.analysis.since import Start, since_words
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.levels import Level, levels_of, unmatched
from policybook.book.facts.successors import SuccessorPart
from policybook.book.prose.containment import relation_of
from policybook.book.prose.headline import NameOf, headline
from policybook.book.prose.policy_sentence import plain
from policybook.book.prose.terms import term_text
from policybook.iam.mitigation import Mitigation
from policybook.model.deprecation import Deprecation
from policybook.model.documents import Grant
from policybook.model.policies import Policy, Version
from policybook.output.json.policy_results import flag_result
from policybook.output.json.risk_results import FlagResult
from policybook.output.sentences import (
    condition_text,
    grant_line,
    row_lines,
    sign_of,
)
from policybook.wording import ABOUT_UNSUPPORTED, UNSUPPORTED, label, relies_on_formats, since


def comparison_lines(found: SideBySide, name_of: NameOf) -> Iterator[str]:
    """Yield the verdict, the relation of the two sides, the headline, then what differs.

    Args:
        found: The comparison.
        name_of: How AWS calls a service.
    """
    change = found.change
    rows = change_rows(change.gained, change.lost)
    yield change.verdict
    if change.verdict != "identical":
        yield f"  {relation_of(found)}."
    if rows:
        yield f"  {plain(headline(rows, name_of))}."
    for reason in change.undecided:
        yield f"  ? {reason}"
    if change.formats_date:
        yield f"  {relies_on_formats(change.formats_date)}"
    for row in rows:
        yield from _row_lines(row)


def _row_lines(row: ChangeRow) -> Iterator[str]:
    first, *others = row_lines(row)
    yield f"  {sign_of(row)} {first}"
    yield from (f"    {line}" for line in others)


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


def risk_lines(found: Iterable[FlagResult]) -> Iterator[str]:
    """Yield a line for each matching risk rule, and for each statement that grants a step of it.

    Args:
        found: The results for the matching rules.
    """
    for flag in found:
        yield f"  risk: {flag.title}: {_limits(flag.mitigation)} [{flag.kind}, {flag.rule}]"
        for step in flag.steps:
            for grant in step.grants:
                yield f"    {grant.statement:>3} {step.does}: {_limits(grant.mitigation)}"


def _limits(mitigation: Mitigation) -> str:
    return "open" if mitigation == "none" else mitigation


def operation_lines(operation: Operation) -> Iterator[str]:
    """Yield what an API operation without an action of its name needs, and who says so."""
    yield f"{operation.name} is an API operation. It needs {operation.words}."
    yield f"  source: {operation.source}" + (f", {operation.url}" if operation.url else "")


def found_lines(found: ActionGrants) -> Iterator[str]:
    """Yield the number of policies that grant an action, then a line for each grant.

    Grants on a resource that the action does not have come last.
    """
    when = f" on {found.at}" if found.at else ""
    count = found.policies
    yield f"{found.action}: {count} {'policy grants' if count == 1 else 'policies grant'} it{when}"
    lines = [(granting, answer) for granting in found.granting for answer in granting.answers]
    yield from (_found_line(*line) for line in lines if line[1].certainty != "unsupported")
    apart = [_found_line(*line) for line in lines if line[1].certainty == "unsupported"]
    if apart:
        yield f"{UNSUPPORTED}: {ABOUT_UNSUPPORTED}"
        yield from apart


def _found_line(granting: GrantingPolicy, answer: Answer) -> str:
    since = since_words(granting.since, granting.in_form_since(answer))
    who = f"{granting.policy} {granting.version.key} ({since})"
    return f"  {answer.certainty:<11} {who}: {_grant(answer)}"


def expanded_lines(found: Mapping[str, tuple[GrantedBy, ...]]) -> Iterator[str]:
    """Yield the effective actions by name, with the patterns and statements that grant each."""
    for name, granted in sorted(found.items()):
        by = ", ".join(f"{g.pattern or 'NotAction'} ({g.statement})" for g in granted)
        yield f"      {name} through {by}"


def _grant(answer: Answer) -> str:
    statement = answer.statement
    through = ", ".join(answer.patterns) or term_text(statement.actions)
    condition = f" if {condition_text(answer.condition)}" if answer.condition else ""
    denied = ", ".join(map(str, answer.denials))
    limit = f" (Deny in statement {denied})" if denied else ""
    return f"{through} on {term_text(answer.resource)}{condition}{limit}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "unknown"


def event_lines(context: BookContext, lines: Iterable[ChangeLine], prefix: str) -> Iterator[str]:
    """Yield a line for each change, followed by what happened to each action.

    Args:
        context: The book.
        lines: The changes, in the order to print.
        prefix: The service to which gains and losses are limited; "" for all.
    """
    for line in lines:
        yield f"{line.day}  {_event(line)}"
        for row in _rows(context, line, prefix):
            yield from _row_lines(row)


def event_list(
    context: BookContext, lines: Iterable[ChangeLine], prefix: str, site_url: str
) -> Iterator[str]:
    """Yield each change, with what happened to each action, as a Markdown list.

    Args:
        context: The book.
        lines: The changes, in the order to print.
        prefix: The service to which gains and losses are limited; "" for all.
        site_url: The URL of the site with a slash at its end, for links; "" for none.
    """
    from policybook.output.markdown.text import (  # imports Jinja, which is slow
        code,
        escaped,
    )

    for line in lines:
        title = escaped(_event(line))
        link = f"[{title}]({site_url}{line.target.place})" if site_url else title
        yield f"- {line.day} {link}"
        for row in _rows(context, line, prefix):
            first, *others = row_lines(row)
            yield f"  - {code(first)}"
            yield from (f"    - {code(part.strip())}" for part in others)


def _event(line: ChangeLine) -> str:
    what = ", ".join(filter(None, (line.note, line.verdict)))
    return f"{line.title}: {what}" + (f" (after {line.against})" if line.against else "")


def _rows(context: BookContext, line: ChangeLine, prefix: str) -> Iterable[ChangeRow]:
    transition = context.events.transition_of(line)
    rows = context.events.changed(transition) if transition else ()
    return change_rows_about(rows, prefix) if prefix else rows
