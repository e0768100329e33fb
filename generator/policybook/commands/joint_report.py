"""The output of `policybook risks`: the rules that policies match alone and together."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.iam.mitigation import Mitigation
from policybook.output.joint_results import (
    JointGrantResult,
    JointPathResult,
    JointResult,
)
from policybook.output.json.risk_results import FlagResult
from policybook.wording import all_of, words


def joint_lines(result: JointResult) -> Iterator[str]:
    """Yield the lines of the output: each document alone, then all of them together."""
    for document in result.documents:
        yield f"{document.name} alone: {words(len(document.risks), 'rule')}"
        for flag in document.risks:
            yield f"  risk: {_headline(flag, flag.mitigation)}"
    if len(result.documents) < 2:
        return
    every = all_of([document.name for document in result.documents])
    new = sum(path.gain == "new" for path in result.together)
    opened = len(result.together) - new
    yield f"{every} together: {words(new, 'new risk')}, {opened} less limited than alone"
    for path in result.together:
        yield from _path_lines(path)
    for rule in result.prevented:
        yield f"  prevented by a Deny of another policy: {rule}"


def _path_lines(path: JointPathResult) -> Iterator[str]:
    yield f"  risk: {_headline(path, path.mitigation)}"
    for name, limits in path.alone.items():
        yield f"    less limited than {name} alone: {_limits(limits)}"
    for step in path.steps:
        yield f"    {step.does}: {_limits(step.mitigation)}"
        for found in step.by:
            yield f"      {_grant(found)}"
    yield "    enough: " + "; or ".join(all_of(names) for names in path.sets)


def _headline(found: FlagResult | JointPathResult, limits: Mitigation) -> str:
    return f"{found.title}: {_limits(limits)} [{found.kind}, {found.rule}]"


def _limits(limits: Mitigation) -> str:
    return "open" if limits == "none" else limits


def _grant(found: JointGrantResult) -> str:
    grant = found.grant
    denied = all_of([f"{deny.name} {deny.statement}" for deny in found.denied_by])
    limit = f" (Deny in {denied})" if denied else ""
    return f"{found.name} {grant.statement}: {_limits(grant.mitigation)}{limit}"
