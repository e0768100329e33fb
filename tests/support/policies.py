"""Policies with versions defined in tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Rollback, Version, VersionFacts


def policy_with(name: str, document: Document | None, **facts: Any) -> Policy:
    """A policy with one version."""
    version = Version("v1", VersionFacts(id="v1", **facts), document)
    return Policy(PolicyFacts(name=name, arn=None, type="unknown"), (version,))


def day(number: int) -> date:
    """A day of January 2020."""
    return date(2020, 1, number)


def policy_of_days(
    *versions: tuple[int, int, Document | None], backs: tuple[tuple[int, int], ...] = ()
) -> Policy:
    """Versions by number, day and document, the oldest first; rollbacks by version and day."""
    facts = PolicyFacts(
        name="P",
        arn=None,
        type="aws-managed",
        rollbacks=tuple(Rollback(to=f"v{to}", observed=day(on)) for to, on in backs),
    )
    listed = tuple(
        Version(f"v{number}", VersionFacts(id=f"v{number}", published=day(on)), document)
        for number, on, document in reversed(versions)
    )
    return Policy(facts, listed)
