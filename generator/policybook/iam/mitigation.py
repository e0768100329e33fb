"""What limits a grant: a resource narrower than all resources of a type, and a condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Literal

from msgspec.structs import replace

from policybook.iam.condition_operators import parsed
from policybook.iam.patterns import (
    ANY,
    STAR,
    as_text,
    covers,
    covers_tokens,
    is_variable,
    literal,
    overlaps,
    overlaps_tokens,
    term_covers,
    tokens,
)
from policybook.model.documents import Clause, Statement, Term

Mitigation = Literal[
    "none", "scoped or conditional", "scoped", "conditional", "scoped and conditional"
]

# The limits under which a caller can act, as bits: 0 for no limit, 1 for a scope, 2 for a
# condition, 3 for both. Alternatives combine with "or", as any of them is enough; steps combine
# with "and".
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
    """The mitigation of one action on one resource.

    Args:
        scoped: Whether the resource is narrower than all resources of the action's types.
        conditional: Whether the statement has a condition or a Deny may apply.
    """
    if scoped and conditional:
        return "scoped and conditional"
    return "scoped" if scoped else "conditional" if conditional else "none"


def any_of(found: Iterable[Mitigation]) -> Mitigation:
    """The mitigation of several alternatives, of which any is enough; there is at least one."""
    return _NAMED[reduce(or_, map(_WITHIN.__getitem__, found))]


def all_of(found: Iterable[Mitigation]) -> Mitigation:
    """The mitigation of several steps, all of which are needed."""
    return _NAMED[reduce(and_, map(_WITHIN.__getitem__, found))]


@lru_cache(maxsize=65_536)
def is_open(term: Term, arns: tuple[str, ...]) -> bool:
    """Whether a resource term includes all resources of one of an action's types.

    Args:
        term: The resources of a statement.
        arns: The ARN formats of the action's resource types, with `*` for each part that varies.
            Empty for an action that does not support resource-level permissions.

    The partition of an ARN does not count as a limit. An action without resource types is open
    only on `*` and on NotResource. NotResource is open if it excludes nothing of one type.
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
    """Whether the pattern may match an ARN of a type.

    A `*` in the pattern may match colons (IAM User Guide, "IAM JSON policy elements: Resource").
    The variable parts of an ARN contain no colon, except in its last segment.
    """
    segments = pattern.split(":", 5)
    alike = len(segments) == 6 and all(map(overlaps, segments, arn.split(":", 5)))
    return alike or _meet_without_colons(tokens(pattern), tokens(arn))


def _meet_without_colons(pattern: tuple[str, ...], arn: tuple[str, ...]) -> bool:
    """Whether some text matches both, where no `*` of the second matches a colon."""
    waiting, seen = [(0, 0)], {(0, 0)}
    while waiting:
        at, place = waiting.pop()
        mine, theirs = (*pattern[at : at + 1], ""), (*arn[place : place + 1], "")
        if not mine[0] and not theirs[0]:
            return True
        loose = mine[0] == STAR or is_variable(mine[0])
        steps = {
            (at + 1, place): loose or (theirs[0] == STAR and mine[0] not in ("", ":")),
            (at, place + 1): theirs[0] == STAR or (loose and bool(theirs[0])),
            (at + 1, place + 1): bool(mine[0]) and (mine[0] == theirs[0] or mine[0] == ANY),
        }
        reached = {step for step, possible in steps.items() if possible} - seen
        seen |= reached
        waiting += reached
    return False


def is_only_on(some: Term, resources: Term, denying: Iterable[Statement]) -> bool:
    """Whether a grant reaches no resources but some.

    Either its own resources are among those, or a Deny takes away everything else, as one with
    NotResource does.

    Args:
        some: Patterns of resources.
        resources: The resources of the grant.
        denying: The Deny statements that name the action.
    """
    return term_covers(some, resources) or any(
        deny.resources.negated
        and not deny.condition
        and term_covers(some, replace(deny.resources, negated=False))
        for deny in denying
    )


def may_hold(condition: Iterable[Clause], context: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the condition may hold for a request with given values of some condition keys.

    Args:
        condition: The clauses of a condition block.
        context: For each key the values of which the request may have any one.

    Clauses on other keys, and operators that do not compare strings, are assumed to hold.
    """
    return not context or all(
        any(_allows(clauses, value) for value in values)
        for key, values in context.items()
        if (clauses := [c for c in condition if c.key.lower() == key.lower()])
    )


def _allows(clauses: Iterable[Clause], value: str) -> bool:
    return all(_possible(clause, value) for clause in clauses)


def _possible(clause: Clause, value: str) -> bool:
    """Whether the clause can hold for a request in which its key has this one value.

    `StringLike` compares with patterns, the other operators with texts, `IgnoreCase` in any case. A
    policy variable may have any value. With one value, quantifiers change nothing.
    """
    operator = parsed(clause.operator)
    if operator.family == "null":
        return any(v.lower() != "true" for v in clause.values)
    if operator.family != "string":
        return True
    fold = str.lower if operator.base.endswith("ignorecase") else str
    read = tokens if operator.base.endswith("like") else literal
    wanted = literal(as_text(fold(value)))
    listed = [read(fold(v if clause.variables else as_text(v))) for v in clause.values]
    if operator.negated:
        return not any(covers_tokens(named, wanted) for named in listed)
    return any(overlaps_tokens(named, wanted) for named in listed)
