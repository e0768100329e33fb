"""The output of `policybook grants` as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policybook.analysis.since import since_words
from policybook.book.prose.terms import term_text
from policybook.output.sentences import condition_text
from policybook.wording import ABOUT_UNSUPPORTED, UNSUPPORTED

if TYPE_CHECKING:
    from policybook.analysis.action_grants import ActionGrants, GrantingPolicy
    from policybook.analysis.effective_actions import Answer
    from policybook.analysis.operations import Operation


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


def _grant(answer: Answer) -> str:
    statement = answer.statement
    through = ", ".join(answer.patterns) or term_text(statement.actions)
    condition = f" if {condition_text(answer.condition)}" if answer.condition else ""
    denied = ", ".join(map(str, answer.denials))
    limit = f" (Deny in statement {denied})" if denied else ""
    return f"{through} on {term_text(answer.resource)}{condition}{limit}"
