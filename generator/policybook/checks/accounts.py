"""Checks of what the files of accounts name."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.checks.context import CheckContext
from policybook.errors import Finding, KeyPath


def accounts(context: CheckContext) -> Iterator[Finding]:
    """The policies of accounts, and the versions that are the same as theirs, are in the book.

    Imports write these files, and people may remove a policy since then: both are warnings.
    """
    policies = context.book.policies
    path: KeyPath = ("policies",)
    for id_, account in context.book.accounts.items():
        for name, entry in account.facts.policies.items():
            policy = policies.get(name)
            if policy is None and name not in context.unread:
                at, expected, found = (*path, name), "a policy of the book", repr(name)
            elif policy and entry.same_as and not policy.version(entry.same_as):
                at = (*path, name, "same_as")
                expected, found = "a listed version", repr(entry.same_as)
            else:
                continue
            yield Finding(
                file=f"accounts/{id_}/account.yml",
                path=at,
                kind="unknown-reference",
                expected=expected,
                found=found,
                level="warning",
            )
