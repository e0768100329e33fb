"""Days that cannot be right are warnings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from policybook.build.planner import findings

from tests.support.books import BOOK, facts, write

TODAY = date(2024, 3, 1)
DOCUMENT = '{"Version": "2012-10-17", "Statement": []}'


def warned(folder: Path, rest: str, arn: str = "") -> list[tuple[str, str, str]]:
    """The findings about a policy: level and kind, key path, and what was found."""
    text = facts("P", rest)
    if arn:
        text = text.replace("arn:aws:iam::aws:policy/P\ntype: aws-managed", arn)
    ids = [part.partition(",")[0].partition("}")[0] for part in rest.split("{id: ")[1:]]
    documents = {f"policies/P/{id_}.json": DOCUMENT for id_ in ids if "unknown" not in rest}
    write(folder, {"book.yml": BOOK, "policies/P/policy.yml": text, **documents})
    found = findings(folder, today=TODAY)
    return [(f"{f.level} {f.kind}", ".".join(map(str, f.path)), f.found) for f in found]


@pytest.mark.parametrize(
    ("rest", "place", "found"),
    [
        ("created: 2020-01-02\nversions: [{id: v1, published: 2020-01-01}]", "created", "02"),
        ("created: 2020-01-02\nversions: [{id: v4, published: 2020-01-01}]", "created", "02"),
        (
            "versions: [{id: v1, published: 2020-01-02, observed: 2020-01-01}]",
            "versions.0.observed",
            "01",
        ),
        (
            "versions: [{id: v1, published: 2020-01-02, default_since: 2020-01-01}]",
            "versions.0.default_since",
            "01",
        ),
    ],
)
def test_days_in_the_wrong_order_are_warnings(
    tmp_path: Path, rest: str, place: str, found: str
) -> None:
    """A policy before its versions, and a publication before all else."""
    assert warned(tmp_path, rest) == [("warning time-order", place, f"2020-01-{found}")]


def test_days_of_publication_are_in_order_across_a_version_without_one(tmp_path: Path) -> None:
    """The day of an older version is compared with that of the next version that has one."""
    days = "versions: [{id: v3, published: 2020-01-05}, {id: v2}, {id: v1, published: 2020-01-09}]"
    assert warned(tmp_path, days) == [("error time-order", "versions.2.published", "2020-01-09")]


def test_ids_are_in_order_across_a_version_without_one(tmp_path: Path) -> None:
    """The id of an older version is compared with that of the next version that has one."""
    source = "{title: x, url: 'https://example.com', as_of: 2020-01-05}"
    guide = f"{{published: 2020-01-05, document: guide, source: {source}}}"
    write(tmp_path, {"policies/P/guide.json": DOCUMENT})
    ids = f"versions: [{{id: v2}}, {guide}, {{id: v3}}]"
    assert warned(tmp_path, ids) == [("error version-order", "versions.2.id", "v3")]


@pytest.mark.parametrize(
    "rest",
    [
        "created: 2020-01-01\nversions: [{id: v1, published: 2020-01-01, observed: 2020-01-01}]",
        "created: 2020-01-01\nversions: [{id: v5, published: 2020-03-01}]",
        "versions: [{id: v1, observed: 2020-03-01}]",
        # The day of creation is that of the last life.
        "created: 2020-05-01\nversions: [{id: v1~2, published: 2020-05-01}, "
        "{id: v1, published: 2020-01-01}]",
        f"created: {TODAY}\nversions: [{{id: v1, published: {TODAY}}}]",
    ],
)
def test_days_in_their_order_are_none(tmp_path: Path, rest: str) -> None:
    """One day for several events is in order."""
    assert warned(tmp_path, rest) == []


@pytest.mark.parametrize(
    ("rest", "place"),
    [
        ("created: 2024-03-02", "created"),
        ("deprecated: {date: 2024-03-02}", "deprecated.date"),
        ("versions: [{id: v1, published: 2024-03-02}]", "versions.0.published"),
        ("versions: [{id: v1, observed: 2024-03-02}]", "versions.0.observed"),
        ("versions: [{id: v1, default_since: 2024-03-02}]", "versions.0.default_since"),
        (
            "rollbacks: [{to: v1, observed: 2024-03-02}]\nversions: [{id: v1}]",
            "rollbacks.0.observed",
        ),
    ],
)
def test_days_in_the_future_are_warnings(tmp_path: Path, rest: str, place: str) -> None:
    """Of every kind."""
    assert warned(tmp_path, rest) == [("warning future-day", place, "2024-03-02")]


@pytest.mark.parametrize(
    ("state", "future"), [("2024-03", 0), ("2024-03-01", 0), ("2024-04", 1), ("2024-03-02", 1)]
)
def test_months_of_sources_may_be_in_the_future_too(
    tmp_path: Path, state: str, future: int
) -> None:
    """A month that has begun is not."""
    source = f"{{title: x, url: 'https://example.com/', as_of: {state}}}"
    write(tmp_path, {"book.yml": f"{BOOK}sources: [{source}]\n"})
    assert [f.kind for f in findings(tmp_path, today=TODAY)] == ["future-day"] * future


def test_a_default_version_without_its_document_is_a_warning(tmp_path: Path) -> None:
    """Older documents may be known."""
    rest = "versions: [{id: v2, published: 2020-02-01}]  # unknown"
    assert warned(tmp_path, rest) == [("warning unknown-default", "versions.0", "no file")]


@pytest.mark.parametrize("kind", ["customer-managed", "aws-managed", "unknown"])
def test_an_unknown_arn_goes_with_every_type(tmp_path: Path, kind: str) -> None:
    """As the reference of the data says."""
    assert warned(tmp_path, "", arn=f"null\ntype: {kind}") == []


SOURCES = "sources:\n  git: {title: Archive, first: 2015-02-06, last: %s}\n"


@pytest.mark.parametrize(
    ("files", "file", "found"),
    [
        ({"sources.yml": SOURCES % "2024-02-20"}, "", ""),
        (
            {"sources.yml": SOURCES % "2024-02-19"},
            "sources.yml",
            "2024-02-19, 11 days ago",
        ),
        ({"sources.yml": SOURCES % "2024-03-02"}, "", ""),
        (
            {"sources.yml": SOURCES % "2999-01-01"},
            "sources.yml",
            "2999-01-01, which is in the future",
        ),
        ({}, "policies", "2023-05-01, 305 days ago"),
        ({"policies/P/policy.yml": facts("P", "versions: [{id: v1}]")}, "policies", "no day"),
    ],
)
def test_data_that_is_too_old_is_an_error_if_a_limit_is_given(
    tmp_path: Path, files: dict[str, str], file: str, found: str
) -> None:
    """The last day is that of the imported sources, else that of the newest version."""
    policy = facts("P", "versions: [{id: v1, published: 2023-05-01}]")
    write(tmp_path, {"book.yml": BOOK, "policies/P/policy.yml": policy})
    write(tmp_path, {"policies/P/v1.json": DOCUMENT, **files})
    old = [f for f in findings(tmp_path, today=TODAY, max_age=10) if f.kind == "old-data"]
    assert [(f.level, f.found) for f in old] == ([("error", found)] if found else [])
    assert [Path(f.file).name for f in old] == ([file] if file else [])
    assert not [f for f in findings(tmp_path, today=TODAY) if f.kind == "old-data"]


def test_a_source_with_a_day_in_the_future_is_a_warning(tmp_path: Path) -> None:
    """As every day of the data."""
    write(tmp_path, {"book.yml": BOOK, "sources.yml": SOURCES % "2024-03-02"})
    found = [f for f in findings(tmp_path, today=TODAY) if f.kind == "future-day"]
    assert [(Path(f.file).name, f.found) for f in found] == [("sources.yml", "2024-03-02")]
