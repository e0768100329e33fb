"""What one document grants beside another."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from policybook.model.documents import Grant

Verdict = Literal["identical", "equivalent", "widened", "narrowed", "mixed", "undetermined"]


EvidenceKind = Literal["action", "resource", "condition", "deny"]


class Evidence(Struct, frozen=True):
    """A grant that was gained or lost, and the part of it that made the difference."""

    kind: EvidenceKind
    grant: Grant


class Change(Struct, frozen=True):
    """What one document grants beside another: the verdict, and the grants gained and lost.

    `undecided` names what kept coverage from being decided; with evidence on both sides the verdict
    is `mixed` all the same, else it is `undetermined`. `unsure` are the service prefixes of the
    grants of which it is not decided, in order.
    """

    verdict: Verdict
    gained: tuple[Evidence, ...] = ()
    lost: tuple[Evidence, ...] = ()
    undecided: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
