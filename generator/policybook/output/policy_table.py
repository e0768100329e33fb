"""The table of a policy's grants, in the form that `csv_tables` describes."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.book.dependencies import of_policy
from policybook.book.site_file import file_family
from policybook.output.csv_text import Row, condition_text, pair, text_of
from policybook.output.json.conditions import condition_block


def grants(context: BookContext, policy: str) -> Iterator[Row]:
    """Yield a row for each action pattern of each statement of the current document.

    `matching` is the number of actions that the pattern matches in AWS's action list; `level` is
    their access level, empty if they have several. NotAction is one row.
    """
    facts = ("statement", "sid", "effect", "service", "action", "not_action", "level", "matching")
    yield (*facts, "resource", "not_resource", "condition")
    for use in context.index.uses.get(policy, ()):
        actions = use.actions
        condition = condition_text(use.condition and condition_block(use.condition))
        limits = (*pair(use.resources.patterns, use.resources.negated), condition)
        about = (use.statement, use.sid, use.effect, use.prefix)
        if actions.negated:
            yield (*about, *pair(actions.patterns, negated=True), "", "", *limits)
            continue
        for item in map(context.statements.item, actions.patterns):
            count = "all" if item.how == "everything" else item.count
            yield (*about, *pair((item.text,), negated=False), item.level, count, *limits)


def _render(context: BookContext, policy: str) -> bytes:
    return text_of(grants(context, policy)).encode()


FILES = (
    file_family(
        f"{API_ROOT}policies/{{name}}.csv",
        "the statements of a policy's current document as a table, a row for each action pattern",
        lambda context: context.index.uses,
        _render,
        of_policy,
    ),
)
