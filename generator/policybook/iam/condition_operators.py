"""Condition operators: what they compare, whether they are negated, and what an absent key means.

The operators are those of the IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Family = Literal["string", "arn", "bool", "binary", "number", "date", "ip", "null", "other"]

BASES: dict[str, tuple[Family, bool]] = {
    # operator -> family and whether it is negated
    "stringequals": ("string", False),
    "stringequalsignorecase": ("string", False),
    "stringlike": ("string", False),
    "stringnotequals": ("string", True),
    "stringnotequalsignorecase": ("string", True),
    "stringnotlike": ("string", True),
    "arnequals": ("arn", False),
    "arnlike": ("arn", False),
    "arnnotequals": ("arn", True),
    "arnnotlike": ("arn", True),
    "bool": ("bool", False),
    "binaryequals": ("binary", False),
    "numericequals": ("number", False),
    "numericnotequals": ("number", True),
    "numericlessthan": ("number", False),
    "numericlessthanequals": ("number", False),
    "numericgreaterthan": ("number", False),
    "numericgreaterthanequals": ("number", False),
    "dateequals": ("date", False),
    "datenotequals": ("date", True),
    "datelessthan": ("date", False),
    "datelessthanequals": ("date", False),
    "dategreaterthan": ("date", False),
    "dategreaterthanequals": ("date", False),
    "ipaddress": ("ip", False),
    "notipaddress": ("ip", True),
    "null": ("null", False),
}


_QUANTIFIERS = ("ForAllValues", "ForAnyValue")
SPELLED = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Bool"),
    *("BinaryEquals", "NumericEquals", "NumericNotEquals", "NumericLessThan"),
    *("NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals"),
    *("DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan"),
    *("DateGreaterThanEquals", "IpAddress", "NotIpAddress", "Null"),
)


class Operator(Struct, frozen=True):
    """The parts of a condition operator, in lower case.

    `quantifier` is `forallvalues`, `foranyvalue` or empty; `base` is the operator without it and
    without the suffix `IfExists`, which `if_exists` stands for.
    """

    quantifier: str
    base: str
    if_exists: bool

    @property
    def family(self) -> Family:
        """The kind of values that the operator compares."""
        return BASES.get(self.base, ("other", False))[0]

    @property
    def negated(self) -> bool:
        """Whether the operator holds when no value matches."""
        return BASES.get(self.base, ("other", False))[1]

    @property
    def passes_absent(self) -> bool:
        """Whether the clause holds for a request without the condition key."""
        if self.quantifier:
            return self.quantifier == "forallvalues" or self.if_exists
        return self.if_exists or self.negated


def parsed(operator: str) -> Operator:
    """Splits an operator, in any case, into its parts."""
    quantifier, _, base = operator.lower().rpartition(":")
    return Operator(quantifier, base.removesuffix("ifexists"), base.endswith("ifexists"))


def spelled_operators(like: str) -> tuple[str, ...]:
    """IAM's operators as its guide spells them, with the quantifier and suffix that a text has."""
    quantifier = next((q for q in _QUANTIFIERS if like.lower().startswith(q[:6].lower())), "")
    names = (*SPELLED, *(f"{name}IfExists" for name in SPELLED if name != "Null"))
    return tuple(f"{quantifier}:{name}" if quantifier else name for name in names)


def is_known(operator: str) -> bool:
    """Whether IAM has this operator (IAM User Guide, "Condition operators")."""
    found = parsed(operator)
    return found.quantifier in ("", "forallvalues", "foranyvalue") and found.base in BASES
