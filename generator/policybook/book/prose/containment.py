"""The sentence about two sets of policies, A and B: which contains the other, and what is lacking.

The page of comparisons says the same; `tests/support/cases/containment.json` holds both to it.
"""

from __future__ import annotations

from policybook.analysis.overlap import Decided
from policybook.analysis.side_by_side import SideBySide
from policybook.model.changes import Verdict
from policybook.wording import words


def relation_of(found: SideBySide) -> str:
    """Say which side of a comparison contains the other; see `containment`."""
    return containment(
        found.change.verdict,
        found.b_contains_a,
        found.a_contains_b,
        len(found.only_a),
        len(found.only_b),
    )


def containment(
    verdict: Verdict, b_contains_a: Decided, a_contains_b: Decided, only_a: int, only_b: int
) -> str:
    """Say which side contains the other, such as `B contains A; A lacks 111 actions`.

    Args:
        verdict: The verdict on the change from A to B.
        b_contains_a: Whether B covers every grant of A.
        a_contains_b: Whether A covers every grant of B.
        only_a: The number of effective actions that B lacks.
        only_b: The number of effective actions that A lacks.
    """
    if verdict == "identical":
        return "A and B are identical"
    if verdict == "equivalent":
        return "A and B contain each other"
    lacking = (("A", only_b), ("B", only_a))
    lacks = [f"{side} lacks {words(count, 'action')}" for side, count in lacking if count]
    differ = "no" in (b_contains_a, a_contains_b)
    same = "both have the same actions" + (", with other limits" if differ else "")
    return "; ".join((_relation(b_contains_a, a_contains_b), *(lacks or (same,))))


def _relation(b_contains_a: Decided, a_contains_b: Decided) -> str:
    match b_contains_a, a_contains_b:
        case "yes", _:
            return "B contains A"
        case _, "yes":
            return "A contains B"
        case "no", "no":
            return "Neither contains the other"
        case "no", _:
            return "B does not contain A; whether A contains B is undetermined"
        case _, "no":
            return "A does not contain B; whether B contains A is undetermined"
    return "Whether A and B contain each other is undetermined"
