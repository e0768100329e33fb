"""The output of `policybook risks`: the rules that policies match alone and together."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.commands.risk_report import risk_lines
from policybook.iam.mitigation import Mitigation
from policybook.output.own_documents.joint_results import (
    AttachedRisksResult,
    JointGrantResult,
    JointPathResult,
    JointResult,
)
from policybook.wording import all_of, words


def joint_lines(result: JointResult) -> Iterator[str]:
    """Yield the lines of the output: each document alone, then all of them together."""
    for document in result.documents:
        yield document.place
        yield from _alone_lines(document)
    read = [document.place for document in result.documents if document.risks is not None]
    if len(read) < 2:
        return
    every = all_of(read)
    new = sum(path.gain == "new" for path in result.together)
    opened = len(result.together) - new
    yield f"{every} together: {words(new, 'new risk')}, {opened} less limited than alone"
    for path in result.together:
        yield from _path_lines(path)
    for rule in result.prevented:
        yield f"  prevented by a Deny of another policy: {rule}"


def _alone_lines(document: AttachedRisksResult) -> Iterator[str]:
    if document.risks is None:
        yield "  the document cannot be read"
    elif not document.risks:
        yield "  no rule matches"
    else:
        yield from risk_lines(document.risks)


def _path_lines(path: JointPathResult) -> Iterator[str]:
    yield f"  risk: {path.title}: {_limits(path.mitigation)} [{path.kind}, {path.rule}]"
    for name, limits in path.alone.items():
        yield f"    less limited than {name} alone: {_limits(limits)}"
    for step in path.steps:
        yield f"    {step.does}: {_limits(step.mitigation)}"
        for found in step.by:
            yield f"      {_grant(found)}"
    yield "    enough: " + "; or ".join(all_of(names) for names in path.sets)


def _limits(limits: Mitigation) -> str:
    return "open" if limits == "none" else limits


def _grant(found: JointGrantResult) -> str:
    grant = found.grant
    denied = all_of([f"{deny.name} {deny.statement}" for deny in found.denied_by])
    limit = f" (Deny in {denied})" if denied else ""
    return f"{found.name} {grant.statement}: {_limits(grant.mitigation)}{limit}"
