"""The questions of "Ask the database": what SQL answers is what the JSON API says.

They are asked by readers that are not ours: sqlite-utils on the file, datasette over HTTP, and
DuckDB on the Parquet files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import DATA, SAMPLES
from tests.support.contexts import context_of
from tests.support.database_readers import datasette, duckdb_answers
from tests.support.databases import api, data_files, questions

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FULL = "AmazonSageMakerFullAccess"
Rows = list[tuple[Any, ...]]
Api = Mapping[str, Any]


# The repository's book, whose policies the questions name, and one with odd forms, rollbacks and
# deprecated policies.
BOOKS = {"own": DATA, "edges": SAMPLES / "edges"}


@pytest.fixture(scope="module", params=sorted(BOOKS))
def context(request: pytest.FixtureRequest) -> BookContext:
    """Each of the books."""
    return context_of(load(BOOKS[request.param]), Catalogue())


@pytest.fixture(scope="module")
def results(context: BookContext) -> Api:
    """The results of its API."""
    return api(context)


@pytest.fixture(scope="module")
def folder(context: BookContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files of data."""
    return data_files(context, tmp_path_factory.mktemp("data"))


# --- what the API says ----------------------------------------------------------------------------


def policy(found: Api, name: str) -> Any:
    """The result of a policy; one without anything if the book lacks it."""
    nothing: dict[str, Any] = {"grants": [], "levels": {}, "effective": {}, "versions": []}
    return found.get(f"policies/{name}.json", nothing)


def policies(found: Api) -> Iterator[Any]:
    """The result of each policy."""
    return (found[f"policies/{line['name']}.json"] for line in found["policies.json"])


def who_grants(found: Api) -> Rows:
    return [(p["name"],) for p in policies(found) if "DeleteObject" in p["effective"].get("s3", ())]


def how_granted(found: Api) -> Rows:
    s3 = found["actions/s3.json"]
    grants = [s3["grants"][place] for place in s3["actions"]["DeleteObject"]["granted"]]
    rows = [(s3["statements"][grant["statement"]], grant["certainty"]) for grant in grants]
    return [
        (s["policy"], s["statement"], s["resources"], s["condition"] or None, certainty)
        for s, certainty in rows
    ]


def all_grants(found: Api) -> Rows:
    keys = ("statement", "effect", "action", "resource")
    return [
        (*(g[key] for key in keys), g["condition"] or None, g["in_form_since"])
        for g in policy(found, PIPELINES)["grants"]
    ]


def levels(found: Api) -> Rows:
    return sorted(policy(found, FULL)["levels"].items())


def services(found: Api) -> Rows:
    effective = policy(found, FULL)["effective"]
    return [(prefix, len(names)) for prefix, names in sorted(effective.items())]


def conditions(found: Api) -> Rows:
    rows = {
        (p["name"], grant["statement"], operator, json.dumps(values))
        for p in policies(found)
        for grant in p["grants"]
        for operator, keys in grant["condition"].items()
        for key, values in keys.items()
        if key.lower() == "iam:passedtoservice"
    }
    return [(*row, json.loads(values)) for *row, values in sorted(rows)]


def versions(found: Api) -> Rows:
    own = policy(found, PIPELINES)["versions"]
    return [(v["key"], v["published"], v["verdict"]) for v in own]


def events(found: Api) -> Iterator[Any]:
    """Every event of every year."""
    for path, result in found.items():
        if path.startswith("changes/") and path.count("/") == 1:
            yield from result


def changes(found: Api) -> Rows:
    rows = sorted(
        (e for e in events(found) if e["verdict"] not in (None, "identical", "equivalent")),
        key=lambda e: (e["policy"], e["key"]),
    )
    rows.sort(key=lambda e: e["day"], reverse=True)
    keys = ("day", "policy", "key", "verdict", "headline")
    return [tuple(e[key] for key in keys) for e in rows if e["day"] >= "2020-01-01"]


def gained(found: Api) -> Rows:
    rows = [
        (event["day"], event["policy"], event["key"], action)
        for p in policies(found)
        for event in found[f"changes/policies/{p['name']}.json"]["changes"]
        for row in event["gained"]
        for action in row["actions"]
        if action.lower().startswith("s3:")  # LIKE and IAM ignore case
    ]
    return sorted(rows, key=lambda row: (row[0] or "", *row[1:]))


def removed(found: Api) -> Rows:
    keys = ("policy", "key", "kind", "service")
    return sorted(
        tuple(r[key] for key in keys) for r in found["removals.json"] if not r["restored_by"]
    )


def deprecated(found: Api) -> Rows:
    none: Mapping[str, Any] = {"name": None, "verdict": None}
    return sorted(
        (p["name"], p["state"], p["date"], s["name"], s["verdict"])
        for p in found["deprecated.json"]["policies"]
        for s in p["successors"] or (none,)
    )


def risks(found: Api) -> Rows:
    return sorted(
        (rule["rule"]["id"], policy)
        for rule in found["risks.json"]["rules"]
        for policy, mitigation in rule["policies"].items()
        if mitigation == "none"
    )


def contained(found: Api) -> Rows:
    return sorted(
        (p["name"], line["name"], line["more"])
        for p in policies(found)
        if p["overlap"]
        for line in p["overlap"]["contained_in"]
    )


# What the API says to each question, and how many of the answer's columns it is about.
ANSWERS = {
    "Which policies grant an action?": (who_grants, 1),
    "Through which statement, on which resources, under which condition?": (how_granted, 5),
    "What does a policy say, grant by grant?": (all_grants, 6),
    "How many actions of each access level does it grant?": (levels, 2),
    "In which services?": (services, 2),
    "Which statements use a condition key?": (conditions, 4),
    "Which versions has a policy, and what is the verdict on each?": (versions, 3),
    "What changed with an effect since a day?": (changes, 5),
    "Which changes gained an action pattern?": (gained, 4),
    "What was removed and never restored?": (removed, 4),
    "Which policies are deprecated or on the way out, and what is used instead?": (deprecated, 5),
    "Which policies match a risk rule that nothing limits?": (risks, 2),
    "Which policies are contained in others?": (contained, 3),
}
# Answers that are lists in JSON in the file.
AS_JSON = {"resources", "condition", "key_values"}
# SQLite's way to take lists apart, which the other has differently.
NOT_IN_DUCKDB = {"Which changes gained an action pattern?"}


def read(rows: list[dict[str, Any]], columns: int) -> Rows:
    """The rows as values, with JSON read."""
    return [
        tuple(
            json.loads(value) if key in AS_JSON and value is not None else value
            for key, value in list(row.items())[:columns]
        )
        for row in rows
    ]


def test_the_page_has_these_questions() -> None:
    """Twelve and one more."""
    assert set(questions()) == set(ANSWERS)


def test_each_question_has_an_answer_in_one_of_the_books() -> None:
    """So that no comparison is about nothing."""
    every = [api(context_of(load(path), Catalogue())) for path in BOOKS.values()]
    assert [q for q, (answer, _) in ANSWERS.items() if not any(map(answer, every))] == []


@pytest.mark.parametrize("question", sorted(ANSWERS))
def test_sqlite_utils_reads_what_the_api_says(folder: Path, results: Api, question: str) -> None:
    """From the file."""
    from sqlite_utils import Database

    answer, columns = ANSWERS[question]
    database = Database(folder / "book.sqlite")
    try:
        found = list(database.query(questions()[question]))
    finally:
        database.close()
    assert read(found, columns) == answer(results)


def test_datasette_serves_what_the_api_says(folder: Path, results: Api) -> None:
    """Over HTTP, from the file that it opens unchanged."""
    with datasette(folder / "book.sqlite") as ask:
        for question, (answer, columns) in ANSWERS.items():
            assert read(ask(questions()[question]), columns) == answer(results), question


def test_duckdb_reads_what_the_api_says(folder: Path, results: Api) -> None:
    """From the Parquet files, through the same views."""
    asked = {q: sql for q, sql in questions().items() if q not in NOT_IN_DUCKDB}
    for question, rows in duckdb_answers(folder / "parquet", asked).items():
        answer, columns = ANSWERS[question]
        assert read(rows, columns) == answer(results), question
