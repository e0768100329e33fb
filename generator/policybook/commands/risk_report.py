"""Risk rules that documents match, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policybook.iam.mitigation import Mitigation
    from policybook.output.json.flag_results import FlagResult


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
