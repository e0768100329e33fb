"""Answers of the command line as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from policybook.analysis.action_grants import Found
from policybook.analysis.effective_actions import Answer, GrantedBy
from policybook.analysis.evidence import EvidenceRow, rows_about
from policybook.analysis.index import slices
from policybook.analysis.risks import Flag, flags
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext, Level, levels_of
from policybook.book.events import rows_of, told
from policybook.iam.grants import grants
from policybook.iam.mitigation import Mitigation
from policybook.model.changes import Change
from policybook.model.documents import Grant
from policybook.model.policies import Policy, Version
from policybook.model.risk_rules import Rule
from policybook.output.markdown.text import code, escaped
from policybook.output.sentences import (
    condition_text,
    evidence_line,
    grant_line,
    row_line,
    term_text,
)


def change_lines(change: Change) -> Iterator[str]:
    """The verdict, then a line for each gained and each lost grant."""
    yield change.verdict
    for reason in change.undecided:
        yield f"  ? {reason}"
    for sign, found in (("+", change.gained), ("-", change.lost)):
        for evidence in found:
            yield f"  {sign} {evidence_line(evidence, sign)}"


def shown_lines(
    context: BookContext,
    policy: Policy,
    version: Version | None,
    expanded: Mapping[str, tuple[GrantedBy, ...]],
    day: date | None,
) -> Iterator[str]:
    """A policy as the version shows it, which was its default on the day, if one is given."""
    document = version.document if version else None
    found = grants(document) if document else ()
    uses = tuple(slices(policy.name, document)) if document else ()
    yield from policy_lines(policy, version, found, levels_of(context.catalogue, uses), day)
    if document:
        rules = context.book.rules
        yield from risk_lines(flags(document, rules, context.catalogue), rules)
    yield from expanded_lines(expanded)


def policy_lines(
    policy: Policy,
    version: Version | None,
    grants: Iterable[Grant],
    levels: Iterable[Level],
    day: date | None = None,
) -> Iterator[str]:
    """What a policy is, its versions, and the grants of the version asked for."""
    facts = policy.facts
    yield facts.name
    yield f"  arn       {facts.arn or 'unknown'}"
    yield f"  type      {facts.type}"
    if facts.deprecated:
        yield f"  deprecated {_day(facts.deprecated.date)}"
    then = f", the default on {day}" if day else ""
    yield f"  version   {version.key if version else 'no document known'}{then}"
    if version:
        yield f"  published {_day(version.facts.published)}"
    if version and version.document:
        counts = ", ".join(f"{level.name} {level.count}" for level in levels)
        yield f"  effective actions: {counts or 'none'} (upper bound)"
    elif version:
        yield "  its document is not known"
    yield f"  versions  {', '.join(v.key for v in policy.versions) or 'none known'}"
    for grant in grants:
        yield f"  {grant.statement:>3} {grant_line(grant)}"


def risk_lines(found: Iterable[Flag], rules: Mapping[str, Rule]) -> Iterator[str]:
    """A line for each risk rule that is met, and for each statement that grants a step of it."""
    for flag in found:
        rule = rules[flag.rule]
        yield f"  risk: {rule.title}: {_limits(flag.mitigation)} [{rule.kind}, {rule.id}]"
        for step, granting in zip(rule.steps, flag.grants, strict=True):
            for grant in granting:
                yield f"    {grant.statement:>3} {step.does}: {_limits(grant.mitigation)}"


def _limits(mitigation: Mitigation) -> str:
    return "open" if mitigation == "none" else mitigation


def found_lines(found: Found) -> Iterator[str]:
    """How many policies grant an action, then a line for each grant and how sure it is."""
    when = f" on {found.at}" if found.at else ""
    count = len(found.granting)
    yield f"{found.action}: {count} {'policy grants' if count == 1 else 'policies grant'} it{when}"
    for granting in found.granting:
        for answer in granting.answers:
            since, on = granting.since.key, _day(granting.since.day)
            who = f"{granting.policy} {granting.version.key} (since {since}, {on})"
            yield f"  {answer.certainty:<11} {who}: {_means(answer)}"


def expanded_lines(found: Mapping[str, tuple[GrantedBy, ...]]) -> Iterator[str]:
    """The effective actions by name, each with the patterns and statements that grant it."""
    for name, granted in sorted(found.items()):
        by = ", ".join(f"{g.pattern or 'NotAction'} ({g.statement})" for g in granted)
        yield f"      {name} through {by}"


def _means(answer: Answer) -> str:
    statement = answer.statement
    through = ", ".join(answer.patterns) or term_text(statement.actions)
    condition = f" if {condition_text(answer.condition)}" if answer.condition else ""
    denied = ", ".join(map(str, answer.denials))
    beside = f" (Deny in statement {denied})" if denied else ""
    return f"{through} on {term_text(answer.resource)}{condition}{beside}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "unknown"


def event_lines(context: BookContext, lines: Iterable[ChangeLine], prefix: str) -> Iterator[str]:
    """A line for each event, and below it what it gained and lost, of one service or of all."""
    for line in lines:
        yield f"{line.day}  {_event(line)}"
        for sign, row in _signed(context, line, prefix):
            yield f"  {sign} {row_line(row, sign)}"


def event_list(
    context: BookContext, lines: Iterable[ChangeLine], prefix: str, site_url: str
) -> Iterator[str]:
    """The same as a list in Markdown, linked where the site has an address."""
    for line in lines:
        title = escaped(_event(line))
        place = f"[{title}]({site_url}{line.target.place})" if site_url else title
        yield f"- {line.day} {place}"
        for sign, row in _signed(context, line, prefix):
            yield f"  - {'gained' if sign == '+' else 'lost'} {code(row_line(row, sign))}"


def _event(line: ChangeLine) -> str:
    what = ", ".join(filter(None, (line.note, line.verdict)))
    return f"{line.title}: {what}" + (f" (after {line.against})" if line.against else "")


def _signed(
    context: BookContext, line: ChangeLine, prefix: str
) -> Iterator[tuple[str, EvidenceRow]]:
    transition = told(context, line)
    for sign, rows in zip("+-", rows_of(context, transition) if transition else (), strict=False):
        for row in rows_about(rows, prefix) if prefix else rows:
            yield sign, row
