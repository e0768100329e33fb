"""What limits a grant: a resource narrower than all resources of a type, and a condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Literal

from msgspec.structs import replace

from policybook.iam.condition_operators import parsed
from policybook.iam.patterns import as_text, covers_tokens, literal, overlaps_tokens, tokens
from policybook.iam.terms import term_covers
from policybook.model.documents import Clause, Statement, Term

Mitigation = Literal[
    "none", "scoped or conditional", "scoped", "conditional", "scoped and conditional"
]

# The limits under which a caller can act, as bits: 0 for no limit, 1 for a scope, 2 for a
# condition, 3 for both. Alternatives combine with "or", as any of them is enough; steps combine
# with "and".
WITHIN: Mapping[Mitigation, int] = {
    "none": 0b1111,
    "scoped or conditional": 0b1110,
    "scoped": 0b1010,
    "conditional": 0b1100,
    "scoped and conditional": 0b1000,
}
MITIGATIONS: tuple[Mitigation, ...] = tuple(WITHIN)  # the weakest first
_NAMED = {within: name for name, within in WITHIN.items()}


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
    return _NAMED[reduce(or_, map(WITHIN.__getitem__, found))]


def all_of(found: Iterable[Mitigation]) -> Mitigation:
    """The mitigation of several steps, all of which are needed."""
    return _NAMED[reduce(and_, map(WITHIN.__getitem__, found))]


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
