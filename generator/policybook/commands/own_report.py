"""What is known of a reader's own policy documents, as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from policybook.analysis.overlap import Line, Overlap
from policybook.analysis.unsupported import Unsupported
from policybook.analysis.wildcards import Wildcard
from policybook.book.limits import OVERLAP_LINES, SENTENCE_NAMES
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.catalogue.services import LEVELS
from policybook.commands.risk_report import risk_lines
from policybook.data.own_documents import TRUST_POLICY
from policybook.errors import place
from policybook.output.own_documents.document_results import (
    DocumentResult,
    EffectiveServiceResult,
    LeftResult,
)
from policybook.wording import all_of, did_you_mean, words


def own_lines(result: DocumentResult, *, expand: bool) -> Iterator[str]:
    """Yield the lines of `policybook show FILE` about one document.

    Args:
        result: The result.
        expand: Whether to list the effective actions.
    """
    yield place(result.file, result.path, result.line)
    for finding in result.findings:
        yield f"  {finding.level}: {finding}"
    answers = result.answers
    if not answers:
        yield from _unread(result)
        return
    yield from _effective(answers.services, expand=expand)
    for unknown in answers.unknown:
        hint = did_you_mean(unknown.nearest)
        yield f"  not in AWS's action list: {unknown.action} ({_in(unknown.statements)}){hint}"
    for part in answers.unsupported:
        yield f"  without effect: {_without_effect(part)}"
    for wildcard in answers.wildcards:
        yield f"  wildcard: {_wildcard(wildcard)}"
    yield from risk_lines(answers.risks)
    if answers.overlap:
        yield from _overlap(answers.overlap)
    if answers.left:
        yield from _left(answers.left, expand=expand)


def _unread(result: DocumentResult) -> Iterator[str]:
    trust = any(finding.kind == TRUST_POLICY for finding in result.findings)
    yield "  a trust policy grants nothing" if trust else "  the document cannot be read"


def _effective(services: Iterable[EffectiveServiceResult], *, expand: bool) -> Iterator[str]:
    found = tuple(services)
    counts = Counter[str]()
    for service in found:
        counts.update({level.level: len(level.actions) for level in service.levels})
    yield f"  effective actions: {_levels(counts)} (upper bound)"
    for service in found:
        own = Counter({level.level: len(level.actions) for level in service.levels})
        yield f"    {service.prefix}: {_levels(own)}"
        for action in (a for level in service.levels for a in level.actions if expand):
            by = ", ".join(f"{g.pattern or 'NotAction'} ({g.statement})" for g in action.by)
            yield f"      {action.name} through {by}"


def _levels(counts: Counter[str]) -> str:
    known = (f"{level} {counts[level]}" for level in (*LEVELS, UNCATALOGUED) if counts[level])
    return ", ".join(known) or "none"


def _in(statements: tuple[int, ...]) -> str:
    several = "s" if len(statements) > 1 else ""
    return f"statement{several} {', '.join(map(str, statements))}"


def _without_effect(part: Unsupported) -> str:
    of = (
        "no action of the statement has such a resource"
        if part.element == "Resource"
        else "it has no resource of the statement"
    )
    return f"{part.pattern} in the {part.element} of statement {part.statement}: {of}"


def _wildcard(wildcard: Wildcard) -> str:
    where = f"{wildcard.pattern} ({_in(wildcard.statements)})"
    if wildcard.every:
        return f"{where} names every action of every service"
    listed = wildcard.actions
    names = f": {all_of(listed)}" if 0 < len(listed) <= SENTENCE_NAMES else ""
    shorter = f"; {wildcard.shortest} names the same" if wildcard.shortest else ""
    return f"{where} names {words(len(listed), 'action')}{names}{shorter}"


_LISTS = (
    ("equal", "equal to"),
    ("contained_in", "contained in"),
    ("contains", "contains"),
    ("near", "near"),
)


def _overlap(overlap: Overlap) -> Iterator[str]:
    if overlap.kind != "some":
        grants = "nothing" if overlap.kind == "none" else "every action"
        yield f"  grants {grants}, and is not compared with policies that do not"
    for key, title in _LISTS:
        lines: tuple[Line, ...] = getattr(overlap, key)
        for line in lines[:OVERLAP_LINES]:
            grants = "" if line.covers == "yes" else " (by its actions alone)"
            of_grants = grants if key in ("equal", "contained_in") else ""
            more = f"{words(line.more, 'action')} more, {line.less} less"
            yield f"  {title} {line.name}: {more}{of_grants}"
        if len(lines) > OVERLAP_LINES:
            yield f"  {title} {words(len(lines) - OVERLAP_LINES, 'other policy')}"


def _left(left: LeftResult, *, expand: bool) -> Iterator[str]:
    kind = "exact" if left.exact else "upper bound"
    count = sum(len(service.actions) for service in left.services)
    yield f"  left by the boundary: {words(count, 'action')} ({kind}); {len(left.removed)} removed"
    for service in left.services:
        yield f"    {service.prefix}: {words(len(service.actions), 'action')}"
        for name, certainty in service.actions.items() if expand else ():
            yield f"      {name}: {'certain' if certainty == 'yes' else 'upper bound'}"
