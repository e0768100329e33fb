"""Tables of cases shared by the tests of the program and those of the theme's scripts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from policybook.iam.coverage import Box
from policybook.model.documents import Clause, Term

CASES = Path(__file__).parent / "cases"


def cases(file: str, table: str) -> list[tuple[Any, ...]]:
    """The cases of a table in `cases/`: the values of each, in order."""
    found = [*table_in(file, table)]
    return [tuple(case.values() if isinstance(case, dict) else case) for case in found]


def table_in(file: str, table: str) -> Any:
    """A table in `cases/` as it is written."""
    return _tables_in(file)[table]


@cache
def _tables_in(file: str) -> Any:
    text = (CASES / file).read_text("utf-8")
    return (
        json.loads(text) if file.endswith(".json") else yaml.load(text, yaml.CSafeLoader)
    )  # it is a safe loader


def clause(text: str) -> Clause:
    """The clause of a text such as `StringLike k a*|b`; there may be no values."""
    operator, key, *values = text.split(" ", 2)
    return Clause(operator, key, tuple(values[0].split("|")) if values else ())


def term(text: str, variables: bool = True) -> Term:
    """The term of a text such as `!a* b`, in which `!` stands for everything else."""
    return Term(tuple(text.removeprefix("!").split()), text.startswith("!"), variables)


def box(actions: str, resources: str, *condition: str) -> Box:
    """The grant of two terms and of clauses, each in a text."""
    return Box(term(actions), term(resources), tuple(map(clause, condition)))
