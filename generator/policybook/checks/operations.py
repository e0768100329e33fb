"""Checks of the API operations in `operations.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.analysis.unknown_actions import action_hint
from policybook.checks.context import CheckContext
from policybook.errors import Finding, KeyPath


def listed_operations(context: CheckContext) -> Iterator[Finding]:
    """Operations need actions of the catalogue; others are warnings, since it may change.

    An operation that has an action of its own name is a warning, too: it is left out then.
    """
    expected = f"an action in AWS's action list of {context.catalogue.date}"
    for place, group in enumerate(context.book.operations):
        at: KeyPath = ("groups", place)
        for number, name in enumerate(group.operations):
            if context.catalogue.action(name):
                without = "an operation without an action of the same name"
                yield _warning((*at, "operations", number), "same-name", without, name)
        for number, name in enumerate(group.actions):
            if not context.catalogue.action(name):
                hint = action_hint(name, context.catalogue)
                path: KeyPath = (*at, "actions", number)
                yield _warning(path, "uncatalogued-action", expected, name, hint)
        for number, case in enumerate(group.sometimes):
            if not context.catalogue.action(case.action):
                path = (*at, "sometimes", number, "action")
                hint = action_hint(case.action, context.catalogue)
                yield _warning(path, "uncatalogued-action", expected, case.action, hint)


def _warning(path: KeyPath, kind: str, expected: str, found: str, hint: str = "") -> Finding:
    return Finding(
        file="operations.yml",
        path=path,
        kind=kind,
        expected=expected,
        found=repr(found),
        level="warning",
        hint=hint,
    )
