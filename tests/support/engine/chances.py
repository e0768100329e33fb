"""Random patterns, conditions, grants and documents: small, of every form, often nearly alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from msgspec import structs
from policybook.iam.arn_formats import ArnFormat
from policybook.iam.condition_operators import BASES
from policybook.iam.coverage import Box
from policybook.model.documents import Clause, Statement, Term

T = TypeVar("T")

_PARTS = (
    *("a", "b", "A", "B", "ab", "*", "*", "?", "**", "*?", "é", "É", "ß", "ẞ", "İ", "ς", "Σ", "🔒"),
    *("\ue000", "\ufffd", "\ufeff", ":", "/", "${", "}", "$", "${*}", "${?}", "${$}"),
    *("${aws:username}", "${AWS:UserName}", "${aws:userid , 'a b'}", "${aws:userid,'a b' }"),
    *("${aws:PrincipalTag/Team}", "arn:", "arn:aws:s3:::", "arn:aws:s3:::a", "s3:", "S3:Get"),
)
_ACTIONS = (
    *("*", "*:*", "s3:*", "S3:*", "s3:Get*", "s3:get?bject", "s3:GetObject", "s3:PutObject"),
    *("s3:*Object", "iam:*", "iam:PassRole", "IAM:passrole", "ec2:Describe*", "*:Get*", "s3", "s*"),
    *("iam:Create*", "iam:*Role*", " s3:GetObject ", "s3 :Get*", "s3:Get*:x"),
)
_RESOURCES = (
    *("*", "arn:aws:s3:::*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::?/*", "arn:*"),
    *("arn:aws:s3:::a/${aws:username}/*", "arn:aws:s3:::a/${aws:username}", "arn:aws:s3:::a/b"),
    *("arn:aws:iam::*:role/*", "arn:aws:iam::*:role/a*", "arn:aws:iam", "arn:*:s3:::*", "a/*"),
    *("arn:aws:s3:::${aws:userid}/*", "arn:aws:s3:::a*b", "arn:aws:s3:::*/b", "arn:aws:s3:::A"),
)
_KEYS = ("aws:SourceIp", "AWS:sourceip", "aws:TagKeys", "k", "K", "s3:prefix", "aws:é", "aws:É")
_TEXTS = (
    *("a", "A", "b", "ab", "a*", "*", "?", "*b", "a?", "", "ß", "SS", "${aws:username}", "é", "É"),
    *("a${aws:username}", "${aws:userid}", "${*}", "x*y", "*a*", "*b*", "true", "1", "10", "2020"),
)
_VALUES = {
    "string": _TEXTS,
    "arn": (
        *("*", "arn:aws:s3:::a", "arn:aws:s3:::*", "arn:*:s3:::a*", "arn:aws:s3:*", "a:b:c:d:e:f"),
        *("arn:aws:s3:r:1:a:b", "arn:aws:*:*:*:a", "arn:aws:s3:::a/${aws:username}", "a", "*:*"),
    ),
    "bool": ("true", "false", "True", "FALSE", "yes", "${aws:securetransport}"),
    "binary": ("YQ==", "Yg==", "", "*"),
    "number": (
        *("1", "1.0", "+1", "01", "2", "-2", "1e1", "10", ".5", "5.", "1E-3", "9" * 30, "0.1"),
        *("0.10", "-0", "0", "1e999", "ten", "", "٣", "1_0", "0x1", "1e-999"),
    ),
    "date": (
        *("2020", "2020-01", "2020-01-01", "2020-01-01T00:00Z", "2020-01-01T01:00:00+01:00"),
        *("2019-12-31T16:00-08:00", "1577836800", "2020-02-30", "0001-01-01", "9999-12-31", "20"),
        *("2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.25Z", "2021-06-01", "0", "0099-01-01"),
    ),
    "ip": (
        *("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.1.2.3/24", "0.0.0.0/0", "::/0", "::1"),
        *("2001:db8::/32", "2001:DB8::1", "::ffff:10.1.2.3", "255.255.255.255", "10.0.0.0/33", "a"),
        *("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "010.0.0.1", "1:2:3:4:5:6:7::", "::2:3/127"),
    ),
    "null": ("true", "false", "True", "maybe"),
    "other": ("a", "b"),
}
_VARIED = (
    *("${v}", "a${v}", "A${v}", "*${V}", "${v}*", "${w}", "a", "A", "*", "a*", "arn:a:s3:::${v}"),
    *("arn:a:s3:::a", "arn:A:s3:::a*", "arn:*:s3:::a", "arn:a:s3:::*:b", "a:b:c:d:e:f:g", "*:g"),
)
_WORDS = (
    *("StringEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotEquals", "StringNotLike"),
    *("StringNotEqualsIgnoreCase", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Bool"),
    *("BinaryEquals", "NumericEquals", "NumericNotEquals", "NumericLessThan", "IpAddress"),
    *("NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals"),
    *("DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "NotIpAddress"),
    *("DateGreaterThanEquals", "Null", "StringSounds"),
)
ARRAYS = {"aws:tagkeys": True, "aws:sourceip": False}
"""Whether keys have several values, for a reference that knows some."""


def pattern(chance: Random) -> str:
    """A pattern of any form, or a text."""
    return "".join(chance.choices(_PARTS, k=chance.randint(0, 5)))


def near_pattern(chance: Random, other: str) -> str:
    """A pattern that has most of another one."""
    if chance.random() < 0.2:
        return pattern(chance)
    place = chance.randint(0, len(other))
    return other[:place] + chance.choice(_PARTS) + other[place + chance.randint(0, 2) :]


def matched_text(chance: Random, wide: str) -> str:
    """A text that a pattern may match: other characters in place of its wildcards."""
    drawn = (chance.choice(("a", "🔒", ":", "ab", "")) if c in "*?" else c for c in wide)
    return "".join(drawn)


def term(chance: Random, pattern_of: Callable[[Random], str]) -> Term:
    """A term of up to three patterns, or everything but them."""
    patterns = tuple(dict.fromkeys(pattern_of(chance) for _ in range(_few(chance))))
    variables = chance.random() < 0.85 or "${" not in "".join(patterns)
    return Term(patterns, chance.random() < 0.3, variables)


def _few(chance: Random) -> int:
    return chance.choice((0, 1, 1, 1, 2, 2, 3))


def action(chance: Random) -> str:
    """An action pattern, in any case."""
    return chance.choice(_ACTIONS) if chance.random() < 0.9 else pattern(chance)


def lower_action(chance: Random) -> str:
    """An action pattern as grants have it when they are compared."""
    return action(chance).strip().lower()


def resource(chance: Random) -> str:
    """A resource pattern."""
    return chance.choice(_RESOURCES) if chance.random() < 0.85 else pattern(chance)


def operator(chance: Random) -> str:
    """A condition operator, in any case, with or without a quantifier and `IfExists`."""
    return _quantified(chance, chance.choice(_WORDS))


def _quantified(chance: Random, word: str) -> str:
    quantifier = chance.choice(("", "", "", "ForAllValues:", "ForAnyValue:", "forallvalues:"))
    found = quantifier + word + chance.choice(("", "", "", "IfExists", "ifexists"))
    return found.upper() if chance.random() < 0.05 else found


def value(chance: Random, family: str) -> str:
    """A value for operators of a family, and sometimes one for other ones."""
    if chance.random() < 0.05:
        family = chance.choice(tuple(_VALUES))
    if family == "string" and chance.random() < 0.1:
        return pattern(chance)
    return chance.choice(_VALUES[family])


def clause(chance: Random, word: str = "", key: str = "") -> Clause:
    """A clause.

    Args:
        chance: The random numbers.
        word: The operator without quantifier and suffix. Default: any.
        key: The condition key. Default: any.
    """
    word = word or chance.choice(_WORDS)
    family = BASES.get(word.lower(), ("other", False))[0]
    values = tuple(value(chance, family) for _ in range(_few(chance)))
    variables = chance.random() < 0.85 or "${" not in "".join(values)
    return Clause(_quantified(chance, word), key or chance.choice(_KEYS), values, variables)


def clauses_on_one_key(chance: Random) -> tuple[Clause, ...]:
    """Up to four clauses on one key, which mostly can be compared."""
    family = chance.choice([family for family, _ in BASES.values()])
    words = [w for w in _WORDS if BASES.get(w.lower(), ("", 0))[0] in (family, "null")]
    if chance.random() < 0.1:
        words = [*_WORDS]
    texts = chance.random() < 0.3  # with variables, and texts beside ARNs, in any case
    if texts:
        words = [w for w in _WORDS if w.startswith(("String", "Arn"))]
    quantifier = chance.choice(("", "ForAllValues:", "ForAnyValue:"))
    found = [clause(chance, chance.choice(words), "k") for _ in range(chance.randint(0, 4))]
    if texts:
        found = [
            structs.replace(c, values=tuple(chance.choices(_VARIED, k=_few(chance)))) for c in found
        ]
    if chance.random() < 0.7:
        found = [structs.replace(c, operator=_with(quantifier, c.operator)) for c in found]
    return tuple(found)


def _with(quantifier: str, word: str) -> str:
    return quantifier + word.rpartition(":")[2]


def block(chance: Random) -> tuple[Clause, ...]:
    """A condition block, mostly empty or small."""
    return tuple(clause(chance) for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))))


def box(chance: Random) -> Box:
    """A grant."""
    return Box(term(chance, lower_action), term(chance, resource), block(chance))


def varied(chance: Random, found: Sequence[T], other: Callable[[Random], T]) -> tuple[T, ...]:
    """The same in another order, with one less, one more, one twice, or one that is another."""
    left = list(found)
    match chance.choice(("same", "order", "less", "more", "twice", "other", "new")):
        case "order":
            chance.shuffle(left)
        case "less" if left:
            left.pop(chance.randrange(len(left)))
        case "more":
            left.insert(chance.randint(0, len(left)), other(chance))
        case "twice" if left:
            left.append(chance.choice(left))
        case "other" if left:
            left[chance.randrange(len(left))] = other(chance)
        case "new":
            left = [other(chance) for _ in range(_few(chance))]
    return tuple(left)


def near_box(chance: Random, other: Box) -> Box:
    """A grant that is mostly like another one."""
    actions, resources = other.actions, other.resources
    return Box(
        Term(varied(chance, actions.patterns, lower_action), _turned(chance, actions.negated)),
        Term(varied(chance, resources.patterns, resource), _turned(chance, resources.negated)),
        varied(chance, other.condition, clause),
    )


def _turned(chance: Random, negated: bool) -> bool:
    return negated if chance.random() < 0.8 else not negated


def many_patterns(chance: Random) -> tuple[Box, list[Box]]:
    """A grant, and grants with so many patterns that some cannot be told apart in time."""

    def some() -> Term:
        forms = chance.choice((("*{}*",), ("*{}*", "{}*", "*{}", "{}?*"), ("*{}*{}*",)))
        letters = chance.sample("abcdefghijklmnop", 16)
        texts = [
            chance.choice(forms).format(chance.choice(letters), chance.choice(letters))
            for _ in range(chance.randint(1, 10))
        ]
        if chance.random() < 0.2:
            texts += [f"${{{letter}}}" for letter in letters[: chance.randint(1, 10)]]
        return Term(tuple(dict.fromkeys(texts)), chance.random() < 0.4)

    every = Term(("*",))
    return Box(every, some()), [Box(every, some()) for _ in range(chance.randint(1, 6))]


def many_conditions(chance: Random) -> tuple[Box, list[Box]]:
    """A grant, and grants with so many conditions that not all combinations can be tried."""
    every, keys = Term(("*",)), "abcdefghijklmnop"[: chance.randint(1, 16)]

    def some() -> tuple[Clause, ...]:
        return tuple(
            Clause(chance.choice(("StringLike", "StringNotLike")), key, (chance.choice("xyz*"),))
            for key in keys
            if chance.random() < 0.8
        )

    blocks = [some() for _ in range(chance.randint(1, 12))]
    if chance.random() < 0.5:  # for each key a value and all others, so that every kind is covered
        words = ("StringLike", "StringNotLike")
        blocks += [(Clause(word, key, ("x",)),) for key in keys for word in words]
    return Box(every, every, some()[:2]), [Box(every, every, block) for block in blocks]


def many_values(chance: Random) -> tuple[Clause, ...]:
    """Clauses on one key with so many sets of values that some cannot be compared."""
    quantifier = chance.choice(("ForAnyValue:StringLike", "ForAllValues:StringLike"))
    letters = chance.sample("abcdefghijklmnop", chance.randint(1, 14))
    return tuple(Clause(quantifier, "k", (f"{letter}",)) for letter in letters)


_FORMATS = (
    *("arn:${Partition}:s3:::${BucketName}", "arn:${Partition}:s3:::${BucketName}/${ObjectName}"),
    *("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}", "arn:${Partition}:s3:::*"),
    *("arn:${Partition}:s3:${Region}:${Account}:accesspoint/${Name}", "arn:*:s3:*:*:a${*}/*b"),
    *(
        "arn:aws:s3:::a",
        "arn:aws:${a}-x:::${b}:${c}",
        "arn:aws:s3",
        "arn:${P}:rds:${R}:${A}:db:${D}",
    ),
)


def formats(chance: Random) -> tuple[ArnFormat, ...] | None:
    """Formats of an action's ARNs."""
    if chance.random() < 0.1:
        return None
    found = chance.sample(_FORMATS, chance.randint(0, 3))
    return tuple(ArnFormat(text, chance.choice((":", ":/", ""))) for text in found)


def denies(chance: Random) -> tuple[Statement, ...]:
    """Deny statements that all name one action."""
    action = Term(("*",))
    return tuple(
        Statement(n, None, "Deny", action, term(chance, resource), block(chance))
        for n in range(1, _few(chance) + 1)
    )


# --- documents ------------------------------------------------------------------------------------


def document(chance: Random) -> dict[str, Any]:
    """A document as a file has it, with statements of every form."""
    found = [statement(chance) for _ in range(_few(chance))]
    whole: dict[str, Any] = {"Version": chance.choice(("2012-10-17",) * 5 + ("2008-10-17",))}
    if chance.random() < 0.1:
        del whole["Version"]
    whole["Statement"] = found[0] if len(found) == 1 and chance.random() < 0.3 else found
    return whole


def statement(chance: Random) -> dict[str, Any]:
    """A statement as a file has it."""
    found: dict[str, Any] = {
        "Effect": chance.choice(("Allow", "Allow", "Deny")),
        chance.choice(("Action",) * 4 + ("NotAction",)): _written(chance, action),
        chance.choice(("Resource",) * 4 + ("NotResource",)): _written(chance, resource),
    }
    if chance.random() < 0.2:
        found["Sid"] = chance.choice(("A", "B"))
    if chance.random() < 0.02:
        found["Principal"] = "*"
    condition: dict[str, dict[str, Any]] = {}
    for one in block(chance):
        condition.setdefault(one.operator, {})[one.key] = _scalars(chance, one.values)
    return {**found, "Condition": condition} if condition or chance.random() < 0.1 else found


def _written(chance: Random, pattern_of: Callable[[Random], str]) -> str | list[str]:
    listed = [pattern_of(chance) for _ in range(_few(chance))]
    return listed[0] if len(listed) == 1 and chance.random() < 0.5 else listed


def _scalars(chance: Random, values: Sequence[str]) -> Any:
    listed = [
        v == "true" if v in ("true", "false") and chance.random() < 0.5 else v for v in values
    ]
    return listed[0] if len(listed) == 1 and chance.random() < 0.5 else listed


def near_document(chance: Random, other: dict[str, Any]) -> dict[str, Any]:
    """A document that is mostly like another one."""
    listed = other["Statement"] if isinstance(other["Statement"], list) else [other["Statement"]]
    found = list(varied(chance, listed, statement))
    if found and chance.random() < 0.8:
        place = chance.randrange(len(found))
        found[place] = _near_statement(chance, found[place])
    return {**other, "Statement": found}


def _near_statement(chance: Random, other: dict[str, Any]) -> dict[str, Any]:
    """The statement with one element of another one in its place."""
    new = statement(chance)
    key = chance.choice(list(new))
    rivals = ({"Action", "NotAction"}, {"Resource", "NotResource"})
    gone: set[str] = next((pair for pair in rivals if key in pair), set())
    return {**{k: v for k, v in other.items() if k not in gone}, key: new[key]}
