"""Compares condition blocks: whether one is no stricter than another.

A block holds if all of its clauses hold, and a clause holds if one of its values matches. Condition
keys are not case-sensitive (IAM User Guide, "IAM JSON policy elements: Condition"). Answers are
True, False, or None if the two forms cannot be compared.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from policybook.iam.condition_operators import Family, Operator, parsed
from policybook.iam.patterns import (
    OTHER,
    as_text,
    covers_tokens,
    is_variable,
    literal,
    overlaps_tokens,
    tokens,
)
from policybook.model.documents import Clause

Answer = bool | None


def no_stricter(one: Iterable[Clause], other: Iterable[Clause]) -> tuple[Answer, str]:
    """Whether every request that meets the block `other` also meets the block `one`.

    Condition keys are assumed to be independent of each other.

    Args:
        one: The block that must not be stricter.
        other: The block to compare it with.

    Returns:
        The answer and, if it is None, the clauses that could not be compared.
    """
    there = tuple(other)
    doubt = ""
    for clause in one:
        answer, why = _implied(clause, there)
        if answer is False:
            return False, ""
        doubt = doubt or why
    return (None if doubt else True), doubt


def _implied(clause: Clause, others: Iterable[Clause]) -> tuple[Answer, str]:
    """Whether one of the clauses implies `clause`, and why that is not known if it is None."""
    doubt = ""
    for other in others:
        if other.key.lower() != clause.key.lower():
            continue
        answer = implies(other, clause)
        if answer:
            return True, ""
        if answer is None:
            doubt = f"{other.operator} beside {clause.operator} on {clause.key}"
    return (None, doubt) if doubt else (False, "")


def implies(strong: Clause, weak: Clause) -> Answer:
    """Whether `weak` holds for every request for which `strong` holds.

    Args:
        strong: The clause that is assumed to hold.
        weak: Another clause with the same condition key.
    """
    s, w = parsed(strong.operator), parsed(weak.operator)
    if s == w and set(strong.values) == set(weak.values):
        return True
    if "null" in (s.base, w.base):
        return _null_implies(strong, s, weak, w)
    if s.quantifier != w.quantifier:
        return None
    if s.passes_absent and not w.passes_absent:
        return False
    if s.family != w.family or s.family == "other":
        return None
    return _COMPARE[s.family](strong, s, weak, w)


def _null_implies(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """Compares with a `Null` clause: the key is absent ("true") or present ("false")."""
    values = [v.lower() for v in (strong if s.base == "null" else weak).values]
    if values not in (["true"], ["false"]):
        return None
    absent = values == ["true"]
    if s.base == w.base:
        return [v.lower() for v in strong.values] == [v.lower() for v in weak.values]
    if s.base == "null":
        every = w.base == "stringlike" and tokens("*") in _languages(weak, w, False)
        return w.passes_absent if absent else every
    return not absent and not s.passes_absent


_Language = tuple[str, ...]
_Languages = Iterable[_Language]


def _languages(clause: Clause, operator: Operator, fold: bool) -> list[_Language]:
    """The clause's values as tokens; wildcards count for ARN and "like" operators only."""
    wild = operator.base.endswith("like") or operator.family == "arn"
    values = [v.lower() if fold else v for v in clause.values]
    if not clause.variables:
        values = [*map(as_text, values)]
    return [tokens(v) if wild else literal(v) for v in values]


def _blurred(clause: Clause) -> list[_Language]:
    """The values as tokens in which each letter may be of either case.

    Only a wildcard is certain to match such a letter, and only `*` matches a variable.
    """

    def blur(token: str) -> str:
        if is_variable(token):
            return f"${{{token}}}"
        return token if token.lower() == token.upper() else OTHER

    values = clause.values if clause.variables else map(as_text, clause.values)
    return [tuple(map(blur, literal(value))) for value in values]


def _by_sets(
    s: Operator,
    w: Operator,
    strong: list[_Language],
    weak: list[_Language],
    inside: Callable[[_Language, _Language], bool],
    meets: Callable[[_Language, _Language], bool],
) -> bool:
    """Whether the `strong` values imply the `weak` ones.

    `inside(a, b)` tells whether everything that `b` matches is matched by `a`, and `meets(a, b)`
    whether some text is matched by both.
    """
    if s.negated and w.negated:
        return all(any(inside(a, b) for a in strong) for b in weak)
    if w.negated:
        return not any(meets(a, b) for a in strong for b in weak)
    if s.negated:
        return any(inside(b, tokens("*")) for b in weak)
    return all(any(inside(b, a) for b in weak) for a in strong)


def _strings(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    s_folds, w_folds = s.base.endswith("ignorecase"), w.base.endswith("ignorecase")
    fold = s_folds or w_folds
    here, there = _languages(strong, s, fold), _languages(weak, w, fold)
    if s_folds != w_folds and s.negated == w.negated:
        # If the side that must match less ignores case, the other must match both cases.
        if s_folds and not s.negated:
            here, there = _blurred(strong), _languages(weak, w, False)
        elif w_folds and w.negated:
            here, there = _languages(strong, s, False), _blurred(weak)
    return _by_sets(s, w, here, there, covers_tokens, overlaps_tokens)


def _arns(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """Compares ARNs part by part, as `*` does not match any of the first five colons."""
    here, there = _languages(strong, s, False), _languages(weak, w, False)
    if any(language.count(":") < 5 for language in (*here, *there)):
        return _by_text(strong, s, weak, w)

    def parts(language: _Language) -> list[_Language]:
        found: list[list[str]] = [[]]
        for token in language:
            if token == ":" and len(found) < 6:
                found.append([])
            else:
                found[-1].append(token)
        return [tuple(part) for part in found]

    def inside(wide: _Language, narrow: _Language) -> bool:
        return all(map(covers_tokens, parts(wide), parts(narrow)))

    def meets(one: _Language, other: _Language) -> bool:
        return all(map(overlaps_tokens, parts(one), parts(other)))

    if s.negated and not w.negated:
        return False
    return _by_sets(s, w, here, there, inside, meets)


def _by_text(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """For values that have several spellings: True if the spellings decide, else None."""
    if s.negated != w.negated:
        return None
    inner, outer = (weak, strong) if s.negated else (strong, weak)
    return set(inner.values) <= set(outer.values) or None


def _exact(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """Compares booleans, binary values, numbers by their value, and dates by their spelling."""
    base = s.base.replace("not", "")
    if base != w.base.replace("not", ""):
        return None
    if base == "dateequals":
        return _by_text(strong, s, weak, w)
    if s.negated and not w.negated:
        return False
    numeric = base == "numericequals"
    if numeric and not (_numbers(strong) and _numbers(weak)):
        return None

    def plain(clause: Clause) -> list[_Language]:
        return [(v.lower() if base == "bool" else v,) for v in clause.values]

    def same(one: _Language, other: _Language) -> bool:
        return Decimal(one[0]) == Decimal(other[0]) if numeric else one == other

    return _by_sets(s, w, plain(strong), plain(weak), same, same)


def _numbers(clause: Clause) -> list[Decimal] | None:
    """The values as numbers; None if one is not a finite number, or there are none."""
    try:
        found = [Decimal(v) for v in clause.values]
    except InvalidOperation:
        return None
    return found if found and all(number.is_finite() for number in found) else None


def _bounds(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """Compares the widest bounds of both clauses, since one matching value is enough."""
    here, there = _numbers(strong), _numbers(weak)
    if here is None or there is None:
        return None
    widest = max if s.family == "less" else min
    inner, outer = widest(here), widest(there)
    if inner == outer:
        return s.base == w.base or w.base.endswith("equals")
    return inner < outer if s.family == "less" else inner > outer


def _addresses(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    try:
        ranges = [[ipaddress.ip_network(v, strict=False) for v in c.values] for c in (strong, weak)]
    except ValueError:
        return None
    if s.negated != w.negated:
        return False if s.negated else not any(a.overlaps(b) for a in ranges[0] for b in ranges[1])
    inner, outer = reversed(ranges) if s.negated else ranges
    return all(
        any(a.version == b.version and a.subnet_of(b) for b in outer)  # type: ignore[arg-type]  # the versions are equal
        for a in inner
    )


_COMPARE: dict[Family, Callable[[Clause, Operator, Clause, Operator], Answer]] = {
    "string": _strings,
    "arn": _arns,
    "exact": _exact,
    "less": _bounds,
    "greater": _bounds,
    "ip": _addresses,
}
