"""Condition blocks: whether one is no stricter than another.

A block holds when all its clauses hold, a clause when one of its values matches; keys are compared
without case (IAM guide, "IAM JSON policy elements: Condition"). Answers are True, False, or None
where the two forms cannot be compared.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from policybook.iam.condition_operators import Family, Operator, parsed
from policybook.iam.patterns import (
    OTHER,
    covers_tokens,
    is_variable,
    literal,
    overlaps_tokens,
    tokens,
)
from policybook.model.documents import Clause

Answer = bool | None


def no_stricter(one: Iterable[Clause], other: Iterable[Clause]) -> tuple[Answer, str]:
    """Whether every request that meets the block `other` meets `one`.

    Returns the answer, and for None the clauses that could not be compared. Keys are taken to be
    independent of each other.
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
    """Whether one of the clauses is sure to hold only where `clause` holds."""
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
    """Whether `weak` holds wherever `strong` does; both are about the same key."""
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
    """`Null` says that a key is absent ("true") or present ("false")."""
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
    """The clause's values as tokens: with wildcards for the "like" operators."""
    wild = operator.base.endswith("like") or operator.family == "arn"
    values = [v.lower() if fold else v for v in clause.values]
    return [tokens(v) if wild else literal(v) for v in values]


def _blurred(clause: Clause) -> list[_Language]:
    """The values as tokens that say, of what has a case, only that it is there: it may be either.

    Only a wildcard is sure to match that, and only `*` a variable.
    """

    def blur(token: str) -> str:
        if is_variable(token):
            return f"${{{token}}}"
        return token if token.lower() == token.upper() else OTHER

    return [tuple(map(blur, literal(value))) for value in clause.values]


def _by_sets(
    s: Operator,
    w: Operator,
    strong: list[_Language],
    weak: list[_Language],
    inside: Callable[[_Language, _Language], bool],
    meets: Callable[[_Language, _Language], bool],
) -> bool:
    """Compare two sets of values, given when one value lies inside another and when they meet."""
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
        # Where the side that must match less ignores case, the other has to match either case.
        if s_folds and not s.negated:
            here, there = _blurred(strong), _languages(weak, w, False)
        elif w_folds and w.negated:
            here, there = _languages(strong, s, False), _blurred(weak)
    return _by_sets(s, w, here, there, covers_tokens, overlaps_tokens)


def _arns(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """ARNs are matched part by part, so `*` never stands for a colon of the first five."""
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
    """For values of which two texts may mean the same: True where the texts decide, else None."""
    if s.negated != w.negated:
        return None
    inner, outer = (weak, strong) if s.negated else (strong, weak)
    return set(inner.values) <= set(outer.values) or None


def _exact(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """Truth values, binary values, numbers by what they count, and dates by their texts."""
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
    """The values as numbers; None where one is no number, or there is none."""
    try:
        found = [Decimal(v) for v in clause.values]
    except InvalidOperation:
        return None
    return found if found and all(number.is_finite() for number in found) else None


def _bounds(strong: Clause, s: Operator, weak: Clause, w: Operator) -> Answer:
    """Of several bounds the widest counts, since one value is enough."""
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
