"""Compares condition blocks: whether one is no stricter than another.

A block holds if all of its clauses hold, and a clause holds if one of its values matches. Condition
keys are not case-sensitive (IAM User Guide, "IAM JSON policy elements: Condition"), and are taken
to be independent of each other. Answers are True, False, or None if the two forms cannot be
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.iam.clause_truths import truths
from policybook.iam.condition_operators import parsed
from policybook.model.documents import Clause

Answer = bool | None


def no_stricter(
    one: Iterable[Clause], other: Iterable[Clause], reference: AwsReference = NO_REFERENCE
) -> tuple[Answer, str]:
    """Whether every request that meets the block `other` also meets the block `one`.

    Args:
        one: The block that must not be stricter.
        other: The block to compare it with.
        reference: Tells which keys have several values.

    Returns:
        The answer and, if it is None, the clauses that could not be compared.
    """
    there = tuple(other)
    missing = [clause for clause in one if not any(_evident(clause, given) for given in there)]
    if not missing:
        return True, ""
    wanted, given = by_key(missing), by_key(there)
    doubt, answer = "", True
    for key, clauses in wanted.items():
        found = implied(clauses, given.get(key, ()), reference.is_array(key))
        answer = answer and found is not False
        if found is None:
            doubt = doubt or in_words(clauses, given[key], reference.is_array(key))
    if answer and not doubt:
        return True, ""
    if any(contradicts(clauses, reference.is_array(key)) for key, clauses in given.items()):
        return True, ""
    return (None, doubt) if answer else (False, "")


def implies(strong: Clause, weak: Clause, reference: AwsReference = NO_REFERENCE) -> Answer:
    """Whether `weak` holds for every request for which `strong` holds.

    Args:
        strong: The clause that is assumed to hold.
        weak: Another clause with the same condition key.
        reference: Tells which keys have several values.
    """
    return no_stricter((weak,), (strong,), reference)[0]


def _evident(weak: Clause, strong: Clause) -> bool:
    """Whether the values alone show that one clause implies another of the same operator.

    That holds for every operator, also for unknown ones with the same values.
    """
    if weak == strong:
        return True
    if weak.key.lower() != strong.key.lower() or weak.variables != strong.variables:
        return False
    if weak.operator.lower() != strong.operator.lower():
        return False
    inner, outer, operator = set(strong.values), set(weak.values), parsed(weak.operator)
    if operator.family in ("other", "null"):
        return inner == outer
    return inner >= outer if operator.negated else inner <= outer


def by_key(block: Iterable[Clause]) -> Mapping[str, tuple[Clause, ...]]:
    """The clauses of a block by their condition key in lower case, each once."""
    found: dict[str, dict[Clause, None]] = {}
    for clause in block:
        found.setdefault(clause.key.lower(), {})[clause] = None
    return {key: tuple(clauses) for key, clauses in found.items()}


def implied(weak: tuple[Clause, ...], strong: tuple[Clause, ...], array: bool | None) -> Answer:
    """Whether clauses hold wherever other clauses on the same key hold.

    Args:
        weak: The clauses that have to hold.
        strong: The clauses that are assumed to hold; none for a block without the key.
        array: Whether the key has several values.
    """
    assumed = (1 << len(strong)) - 1
    every = (1 << len(strong) + len(weak)) - 1
    found = truths((*strong, *weak), array, assumed)
    if found is None:
        return None if strong else False
    return all(bits == every for bits in found)


def contradicts(clauses: tuple[Clause, ...], array: bool | None) -> bool:
    """Whether no request meets all of these clauses on one key, as far as that is known."""
    return truths(clauses, array, (1 << len(clauses)) - 1) == frozenset()


def exclude(one: Iterable[Clause], other: Iterable[Clause], reference: AwsReference) -> bool:
    """Whether no request meets both blocks, as far as clauses on one key show.

    Args:
        one: A condition block.
        other: Another one.
        reference: Tells which keys have several values.
    """
    here, there = by_key(one), by_key(other)
    return any(
        contradicts((*clauses, *there[key]), reference.is_array(key))
        for key, clauses in here.items()
        if key in there
    )


def in_words(weak: Iterable[Clause], strong: Iterable[Clause], array: bool | None) -> str:
    """What could not be compared, for a reader.

    Args:
        weak: The clauses of one block on a key.
        strong: Those of the other block; at least one.
        array: Whether the key has several values.
    """
    one, other = (
        max(clauses, key=lambda clause: clause.operator.lower() != "null")
        for clauses in (weak, strong)
    )
    for clause in (one, other) if array else ():
        if not parsed(clause.operator).quantifier and parsed(clause.operator).family != "null":
            return f"{clause.operator} on {clause.key}, which has several values"
    return f"{other.operator} beside {one.operator} on {one.key}"
