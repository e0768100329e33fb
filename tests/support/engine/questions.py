"""Random questions of every form, and the program's answers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import msgspec
from policybook.iam.arn_formats import PARTITIONS, apart, as_pattern, is_open, meets, part
from policybook.iam.aws_reference import NoReference
from policybook.iam.clause_truths import truths
from policybook.iam.condition_operators import is_known, parsed
from policybook.iam.condition_values import boolean, moment, network, number
from policybook.iam.conditions import no_stricter
from policybook.iam.coverage import covered, may_cover
from policybook.iam.denies import CERTAINTIES, certainty_with
from policybook.iam.grants import single_terms
from policybook.iam.mitigation import MITIGATIONS, all_of, any_of, is_only_on, may_hold
from policybook.iam.patterns import (
    completed,
    covers,
    has_wildcard,
    literal,
    matches,
    overlaps,
    tokens,
)
from policybook.iam.term_kinds import typical_action, typical_resource
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.documents import Term

from tests.support.engine import chances
from tests.support.engine.process import Engine, Question

Case = tuple[Question, Any]
"""A question and the program's answer."""


class Known(NoReference):
    """A reference that knows a few keys, and two patterns without an ARN in common."""

    def is_array(self, key: str) -> bool | None:
        return chances.ARRAYS.get(key)

    def apart(self, one: str, other: str) -> bool:
        return sorted((one, other)) == APART


APART = ["arn:aws:s3:::*/b", "arn:aws:s3:::a*b"]
KNOWN = {"arrays": chances.ARRAYS, "apart": [APART]}


def patterns(chance: Random) -> Iterator[Case]:
    one = chances.pattern(chance)
    other = chances.near_pattern(chance, one)
    yield Question("tokens", [one]), tokens(one)
    yield Question("literal", [one]), literal(one)
    yield Question("completed", [one]), completed(one)
    yield Question("hasWildcard", [one]), has_wildcard(one)
    text = chances.matched_text(chance, one)
    yield Question("inOrder", [[one, other, text]]), sorted([one, other, text])
    for wide, narrow in ((one, other), (other, one), (one, text)):
        yield Question("covers", [wide, narrow]), covers(wide, narrow)
        yield Question("overlaps", [wide, narrow]), overlaps(wide, narrow)
        yield Question("matches", [wide, narrow]), matches(wide, narrow)


def terms(chance: Random) -> Iterator[Case]:
    pattern_of = chance.choice((chances.lower_action, chances.resource, chances.pattern))
    one, other = chances.term(chance, pattern_of), chances.term(chance, pattern_of)
    yield Question("termCovers", [one, other]), term_covers(one, other)
    yield Question("termOverlaps", [one, other]), term_overlaps(one, other)
    yield Question("typicalAction", [one]), typical_action(one)
    yield Question("typicalResource", [one]), typical_resource(one)


def values(chance: Random) -> Iterator[Case]:
    operator = chances.operator(chance)
    op = parsed(operator)
    yield (
        Question("operator", [operator]),
        {
            "quantifier": op.quantifier,
            "base": op.base,
            "ifExists": op.if_exists,
            "family": op.family,
            "negated": op.negated,
            "passesAbsent": op.passes_absent,
            "known": is_known(operator),
        },
    )
    text = chances.value(chance, op.family)
    if chance.random() < 0.5:
        text = "".join(chance.choices("0123456789.-:/+TZeEafx", k=chance.randint(0, 12)))
    for name, found in (("moment", moment(text)), ("number", number(text))):
        yield (
            Question(name, [text]),
            None if found is None else f"{found.numerator}/{found.denominator}",
        )
    block = network(text)
    ends = block and [block.version, str(int(block[0])), str(int(block[-1]))]
    yield Question("network", [text]), ends
    yield Question("boolean", [text]), boolean(text)


def conditions(chance: Random) -> Iterator[Case]:
    found, array = chances.clauses_on_one_key(chance), chance.choice((None, None, True, False))
    must = (1 << chance.randint(0, len(found))) - 1
    told = truths(found, array, must)
    yield (
        Question("truths", [found, array, str(must)]),
        None if told is None else list(map(str, sorted(told))),
    )
    one = chances.block(chance)
    other = chances.varied(chance, one, chances.clause)
    for here, there in ((one, other), (other, one)):
        yield Question("noStricter", [here, there, KNOWN]), no_stricter(here, there, Known())


def grants(chance: Random) -> Iterator[Case]:
    one = chances.box(chance)
    others = [
        chances.near_box(chance, one) if chance.random() < 0.8 else chances.box(chance)
        for _ in range(chance.randint(0, 5))
    ]
    yield Question("covered", [one, others, KNOWN]), covered(one, others, Known())
    blocks = [other.condition for other in others]
    may = may_cover(one.condition, blocks, Known())
    yield Question("mayCover", [one.condition, blocks, KNOWN]), may


def limits(chance: Random) -> Iterator[Case]:
    """What takes too long is undetermined to both."""
    draw = chance.choice((chances.many_patterns, chances.many_conditions))
    one, others = draw(chance)
    yield Question("covered", [one, others, KNOWN]), covered(one, others, Known())
    found = chances.many_values(chance)
    told = truths(found, None, 0)
    yield Question("truths", [found, None, "0"]), told and list(map(str, sorted(told)))


def arns(chance: Random) -> Iterator[Case]:
    formats, one, other = (
        chances.formats(chance),
        chances.resource(chance),
        chances.resource(chance),
    )
    partition = chance.choice(PARTITIONS)
    known = formats or ()
    found = [as_pattern(form, partition) for form in known]
    yield Question("asPattern", [known, partition]), found
    yield Question("meets", [one, known]), [meets(one, form) for form in known]
    yield Question("apart", [one, other, known]), apart(one, other, known)
    resources = chances.term(chance, chances.resource)
    left = part(resources, formats)
    yield Question("part", [resources, formats]), left
    yield Question("isOpen", [resources, known]), is_open(resources, known)


def limits_of_grants(chance: Random) -> Iterator[Case]:
    denies, formats = chances.denies(chance), chances.formats(chance)
    (resources, *_) = single_terms(chances.term(chance, chances.resource)) or (Term(("*",)),)
    alone = chance.choice(CERTAINTIES)
    question = Question("certaintyWith", [denies, resources, alone, formats])
    yield question, certainty_with(denies, resources, alone, formats)
    some = chances.term(chance, chances.resource)
    yield Question("isOnlyOn", [some, resources, denies]), is_only_on(some, resources, denies)
    listed = chance.choices(MITIGATIONS, k=chance.randint(1, 3))
    yield Question("anyOf", [listed]), any_of(listed)
    yield Question("allOf", [listed]), all_of(listed)
    condition = tuple(chances.clause(chance, key="k") for _ in range(chance.randint(0, 2)))
    context = {"K": tuple(chances.value(chance, "string") for _ in range(chance.randint(0, 2)))}
    yield Question("mayHold", [condition, context]), may_hold(condition, context)


KINDS: Mapping[str, Callable[[Random], Iterator[Case]]] = {
    "patterns": patterns,
    "terms": terms,
    "values": values,
    "conditions": conditions,
    "grants": grants,
    "limits": limits,
    "arns": arns,
    "limits of grants": limits_of_grants,
}


def different(engine: Engine, cases: Sequence[Case]) -> list[tuple[Question, Any, Any]]:
    """The questions that the engine answers in another way, with both answers."""
    answers = engine.answers([question for question, _ in cases])
    return [
        (question, expected, answer)
        for (question, expected), answer in zip(cases, answers, strict=True)
        if answer != msgspec.json.decode(msgspec.json.encode(expected))
    ]
