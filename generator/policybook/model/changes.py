"""The difference between what two documents grant."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from policybook.model.documents import Grant

Verdict = Literal["identical", "equivalent", "widened", "narrowed", "mixed", "undetermined"]

WITH_EFFECT = ("widened", "narrowed", "mixed", "undetermined")
"""The verdicts of changes with an effect, and of those that may have one."""

WITHOUT_EFFECT = ("identical", "equivalent")
"""The verdicts of changes without an effect: each document covers the other."""

EvidenceKind = Literal["action", "resource", "condition", "deny"]


def in_newer(kind: EvidenceKind, *, gained: bool) -> bool:
    """Whether the newer document has the grant of a piece of evidence, like a Deny that is lost.

    Args:
        kind: The kind of the evidence.
        gained: Whether the grant was gained, and not lost.
    """
    return gained != (kind == "deny")


class Evidence(Struct, frozen=True):
    """A grant that was gained or lost, and which part of it made the difference.

    `beside` are the grants of the other document that may be about the same requests, in its order.
    `kept` is what both documents grant of these: a part of `grant` with fewer values of one
    condition key, and grants that are `beside`, whole or in part. `rest` is `grant` without its
    part that is kept. Of a grant that is `beside`, but not kept, a part is granted by both.
    """

    kind: EvidenceKind
    grant: Grant
    rest: Grant
    kept: tuple[Grant, ...] = ()
    beside: tuple[Grant, ...] = ()


class Change(Struct, frozen=True):
    """How a newer document differs from an older one: the verdict, and the grants gained and lost.

    `undecided` says why coverage could not be decided. The verdict is then `mixed` if there are
    gained and lost grants, else `undetermined`. `unsure` are the service prefixes of the undecided
    grants, in order. `formats_date` is the day of AWS's action list if its ARN formats decided the
    answer, else "".
    """

    verdict: Verdict
    gained: tuple[Evidence, ...] = ()
    lost: tuple[Evidence, ...] = ()
    undecided: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    formats_date: str = ""

    @property
    def has_effect(self) -> bool:
        """Whether it has an effect, or may have one: the verdict is undetermined."""
        return self.verdict not in WITHOUT_EFFECT
