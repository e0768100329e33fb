"""What limits a grant: a resource narrower than all of a type, and a condition that may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Literal

from generator.model import Clause, Term
from generator.patterns import covers, overlaps, term_covers

Mitigation = Literal[
    "none", "scoped or conditional", "scoped", "conditional", "scoped and conditional"
]

# Within which limits a caller can do it: bit 0 stands for none, 1 for a scope, 2 for a condition,
# 3 for both. A caller within more limits can do no more, so of ways any will do, of steps all must.
_WITHIN: Mapping[Mitigation, int] = {
    "none": 0b1111,
    "scoped or conditional": 0b1110,
    "scoped": 0b1010,
    "conditional": 0b1100,
    "scoped and conditional": 0b1000,
}
MITIGATIONS: tuple[Mitigation, ...] = tuple(_WITHIN)  # the weakest first
_NAMED = {within: name for name, within in _WITHIN.items()}


def mitigated(scoped: bool, conditional: bool) -> Mitigation:
    """The mitigation of one action on one resource."""
    if scoped and conditional:
        return "scoped and conditional"
    return "scoped" if scoped else "conditional" if conditional else "none"


def any_of(found: Iterable[Mitigation]) -> Mitigation:
    """What limits one who may take any of several ways, of which there is at least one."""
    return _NAMED[reduce(or_, map(_WITHIN.__getitem__, found))]


def all_of(found: Iterable[Mitigation]) -> Mitigation:
    """What limits one who needs all of several steps."""
    return _NAMED[reduce(and_, map(_WITHIN.__getitem__, found))]


@lru_cache(maxsize=65_536)
def is_open(term: Term, arns: tuple[str, ...]) -> bool:
    """Whether a resource term names everything of one of the types with these ARNs.

    The partition of an ARN is no limit. An action without resource types is open on `*` alone, and
    on "everything but". "Everything but" is open where it leaves out nothing of a type.
    """
    if term.negated:
        return not arns or any(not any(_meet(p, arn) for p in term.patterns) for arn in arns)
    if any(covers(pattern, "*") for pattern in term.patterns):
        return True
    return any(term_covers(term, Term((_in(place, arn),))) for arn in arns for place in PARTITIONS)


PARTITIONS = ("*", "aws", "aws-cn", "aws-us-gov")


def _in(partition: str, arn: str) -> str:
    return arn.replace("arn:*:", f"arn:{partition}:", 1)


def _meet(pattern: str, arn: str) -> bool:
    """Whether both may name one ARN; segments are compared one by one, those not given are `*`.

    (IAM guide, "IAM JSON policy elements: Resource": wildcards do not reach across segments.)
    """
    given = (pattern.split(":", 5) + ["*"] * 6)[:6]
    return all(map(overlaps, given, arn.split(":", 5)))


def may_hold(condition: Iterable[Clause], context: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the condition may hold for a request that carries one of the values of each key.

    Clauses on other keys, and operators that do not compare texts, are taken to be possible.
    """
    return not context or all(
        any(_allows(clauses, value) for value in values)
        for key, values in context.items()
        if (clauses := [c for c in condition if c.key.lower() == key.lower()])
    )


def _allows(clauses: Iterable[Clause], value: str) -> bool:
    return all(_possible(clause, value) for clause in clauses)


def _possible(clause: Clause, value: str) -> bool:
    operator = clause.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    match operator:
        case "stringequals":
            return any(v == value or "${" in v for v in clause.values)
        case "stringequalsignorecase":
            return any(v.lower() == value.lower() or "${" in v for v in clause.values)
        case "stringlike":
            return any(overlaps(v, value) for v in clause.values)
        case "stringnotequals":
            return value not in clause.values
        case "stringnotequalsignorecase":
            return value.lower() not in map(str.lower, clause.values)
        case "stringnotlike":
            return not any(covers(v, value) for v in clause.values)
        case "null":
            return {v.lower() for v in clause.values} != {"true"}
        case _:
            return True
