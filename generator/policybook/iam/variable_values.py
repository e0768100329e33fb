"""Terms and conditions with a value in place of each policy variable.

Patterns with variables are compared as if a variable could be any text, wherever it is and whatever
conditions say about its key. So a request that seems to be left out may not exist. With one value
for each variable, the same everywhere, such a request does exist if one is still left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from policybook.iam.patterns import VARIABLE
from policybook.model.documents import Clause, Term

_ESCAPES = ("${*}", "${?}", "${$}")
Values = Mapping[str, str]
"""Values of variables by their condition keys."""
MOST_TRIED = 8  # values beside those of each variable's own
_FRESH = "\U0010fffe"  # a character that no pattern contains, and not `patterns.OTHER`


def variables(texts: Iterable[str]) -> Iterator[str]:
    """The condition keys, in lower case, whose values the variables in some texts stand for."""
    for text in texts:
        for found in VARIABLE.findall(text) if "${" in text else ():
            if found not in _ESCAPES:
                yield _key(found)


def has_variables(term: Term, condition: Iterable[Clause]) -> bool:
    """Whether a term or a condition block has variables."""
    return next(variables(_texts((term,), condition)), None) is not None


def _texts(terms: Iterable[Term], condition: Iterable[Clause]) -> Iterator[str]:
    """The texts that may have variables."""
    for term in terms:
        yield from term.patterns if term.variables else ()
    for clause in condition:
        yield from clause.values if clause.variables else ()


def assignments(terms: Iterable[Term], condition: Iterable[Clause]) -> Iterator[Values]:
    """Values for all variables in some terms and clauses, to try one after the other.

    First each has a value of its own. Then one of them has a value with which a pattern becomes
    another of the texts.
    """
    texts = list(_texts(terms, condition))
    fresh = {key: f"{_FRESH}v{key.encode().hex()}" for key in sorted({*variables(texts)})}
    yield fresh
    for key, value in islice(dict.fromkeys(_likely(texts)), MOST_TRIED):
        yield {**fresh, key: value}


def _likely(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A variable's key and a value with which one text is another one."""
    plain = [text for text in texts if "*" not in text and "?" not in text]
    for text in plain:
        found = VARIABLE.findall(text)
        if len(found) == 1:
            head, tail = text.split(found[0])
            for other in plain:
                middle = other.removeprefix(head).removesuffix(tail)
                if "${" not in other and middle and head + middle + tail == other:
                    yield _key(found[0]), middle


def term_with_values(term: Term, values: Values) -> Term:
    """The term with these values for its variables."""
    return replace(term, patterns=_with_values(term.patterns, values)) if term.variables else term


def clauses_with_values(condition: Iterable[Clause], values: Values) -> tuple[Clause, ...]:
    """The block with these values for its variables."""
    return tuple(
        replace(c, values=_with_values(c.values, values)) if c.variables else c for c in condition
    )


def clauses_of_values(values: Values) -> tuple[Clause, ...]:
    """Clauses that the keys of variables have these values."""
    return tuple(Clause("StringEquals", key, (value,), False) for key, value in values.items())


def _with_values(texts: Iterable[str], values: Values) -> tuple[str, ...]:
    return tuple(
        VARIABLE.sub(lambda m: m[0] if m[0] in _ESCAPES else values[_key(m[0])], text)
        for text in texts
    )


def _key(variable: str) -> str:
    """The condition key in a variable, which may have a default value."""
    return re.split(r"[,}]", variable[2:])[0].strip().lower()
