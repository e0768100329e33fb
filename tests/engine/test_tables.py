"""The engine in the browser gives the answers of the tables that the program's tests read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from msgspec import structs
from policybook.iam.arn_formats import ArnFormat
from policybook.model.documents import Statement

from tests.support.case_tables import box, cases, clause, table_in, term
from tests.support.engine.process import Engine, Question

NOTHING: Mapping[str, Any] = {"arrays": {}, "apart": []}


class Table(NamedTuple):
    """A table: its file and name, what the engine is asked for the values of a case, the answer."""

    file: str
    name: str
    question: Callable[..., Question]
    answer: Callable[[Any], Any] = lambda answer: answer


def formats(*names: str) -> list[ArnFormat]:
    known = table_in("arns.yml", "formats")
    return [ArnFormat(*known[name]) for name in names]


def formats_or_none(names: Sequence[str] | None) -> list[ArnFormat] | None:
    return None if names is None else formats(*names)


def after_deny(granted: str, denied: str, names: Sequence[str] | None) -> Question:
    deny = Statement(1, None, "Deny", term("s:a"), term(denied), ())
    return Question("certaintyWith", [[deny], term(granted), "yes", formats_or_none(names)])


def block(texts: Sequence[str]) -> list[Any]:
    return [structs.asdict(clause(text)) for text in texts]


def value(name: str) -> Callable[[str], Question]:
    return lambda text: Question(name, [text])


def whole(found: str | None) -> str | None:
    """A number as tables have it: without a denominator of 1."""
    return found and found.removesuffix("/1")


TABLES = (
    Table("patterns.json", "tokens", lambda pattern: Question("tokens", [pattern])),
    *(
        Table("patterns.json", name, lambda *both: Question("covers", both))
        for name in ("covers", "covers with variables", "covers with escapes")
    ),
    Table("patterns.json", "overlaps", lambda *both: Question("overlaps", both)),
    Table(
        "terms.yml",
        "overlapping terms",
        lambda one, other: Question("termOverlaps", [term(one), term(other)]),
    ),
    Table(
        "conditions.yml",
        "known operators",
        lambda text: Question("operator", [text]),
        lambda answer: answer["known"],
    ),
    Table(
        "conditions.yml",
        "absent keys",
        lambda text: Question("operator", [text]),
        lambda answer: answer["passesAbsent"],
    ),
    Table(
        "conditions.yml",
        "implications",
        lambda strong, weak: Question("noStricter", [block([weak]), block([strong]), NOTHING]),
        lambda answer: answer[0],
    ),
    Table("condition-values.yml", "moments", value("moment"), whole),
    Table("condition-values.yml", "numbers", value("number"), whole),
    Table("condition-values.yml", "booleans", value("boolean")),
    Table(
        "coverage.yml",
        "covered",
        lambda _, one, others: Question("covered", [box(*one), [box(*o) for o in others], NOTHING]),
        lambda answer: answer[0],
    ),
    Table(
        "arns.yml",
        "meets",
        lambda pattern, form: Question("meets", [pattern, formats(form)]),
        lambda answer: answer[0],
    ),
    Table(
        "arns.yml",
        "parts",
        lambda resources, names: Question("part", [term(resources), formats_or_none(names)]),
        lambda answer: answer and "!" * answer["negated"] + " ".join(answer["patterns"]),
    ),
    Table("arns.yml", "after a Deny", after_deny, lambda answer: answer[0]),
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_engine_gives_the_answers_of_a_table(engine: Engine, table: Table) -> None:
    """The last value of a case is the answer to the other ones."""
    rows = cases(table.file, table.name)
    answers = engine.answers(table.question(*row[:-1]) for row in rows)
    found = [(row[:-1], table.answer(answer)) for row, answer in zip(rows, answers, strict=True)]
    assert found == [(row[:-1], row[-1]) for row in rows]


def test_the_engine_names_what_cannot_be_compared(engine: Engine) -> None:
    """The blocks of the table, each with an answer and a reason."""
    for one, other, expected, doubt in cases("conditions.yml", "blocks"):
        found = engine.ask("noStricter", block(one), block(other), NOTHING)
        assert found == [expected, doubt]


def test_the_engine_reads_networks(engine: Engine) -> None:
    """With and without bits behind the prefix."""
    for text, plain in cases("condition-values.yml", "networks"):
        found = engine.ask("network", text)
        assert found == (plain and engine.ask("network", plain)), text
        assert bool(found) == bool(plain)
