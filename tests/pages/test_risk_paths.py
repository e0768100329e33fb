"""The pages and files of risk rules: who matches alone, and who allows which step."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from policybook.analysis.index import index
from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.data.loader import load
from policybook.lists.risk_paths import alone_list, steps_list
from policybook.output.files import site_files
from policybook.pages.path_drawing import path_drawing
from policybook.pages.plan import plan
from policybook.pages.risk_paths import rule_view

from tests.support.book_folders import allowing, put
from tests.support.books import small_catalogue
from tests.support.list_rows import cells_of, facets_of

RULES = """\
rules:
  - id: pass-and-write
    title: Pass a role and write
    kind: privilege-escalation
    reason: R.
    link: {title: T, url: "https://example.com/"}
    paths: [s3-001]
    steps:
      - {does: pass a role, actions: ["iam:PassRole"]}
      - {does: write an object, actions: ["s3:PutObject"]}
  - id: write
    title: Write
    kind: resource-policy
    reason: R.
    link: {title: T, url: "https://example.com/"}
    steps:
      - {does: write an object, actions: ["s3:PutObject"]}
"""
PASS, WRITE, SOME = ("iam:PassRole", "*"), ("s3:PutObject", "*"), ("s3:*", "arn:aws:s3:::one/*")
READ = ("s3:GetObject", "*")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> BookContext:
    """A book of policies that allow one step, both, or none of the rule."""
    book = tmp_path_factory.mktemp("book")
    (book / "data/policies").mkdir(parents=True)
    (book / "data/book.yml").write_text("title: T\nintroduction: []\n")
    (book / "data/rules.yml").write_text(RULES)
    put(book, "Both", allowing(PASS), allowing(PASS, WRITE), allowing(PASS, SOME))
    put(book, "Again", allowing(PASS, WRITE), allowing(PASS), allowing(PASS, WRITE))
    put(book, "Passing", allowing(PASS))
    put(book, "Writing", allowing(SOME))
    put(book, "Neither", allowing(READ))
    put(book, "Linked", allowing(PASS, WRITE), type="service-linked-role")
    put(book, "Deprecated", allowing(WRITE), deprecated={"state": "deprecated"})
    put(book, "Barred", allowing(WRITE), attachable=False)
    data = load(book / "data")
    return BookContext(data, index(data), small_catalogue())


def test_who_matches_alone_with_limits_and_since_when(context: BookContext) -> None:
    """Since the version with which the match began, whatever its limits were then."""
    table = alone_list(context, "pass-and-write")
    found = {
        name: (cells["limits"], getattr(cells["since"], "text", None))
        for name, cells in cells_of(table).items()
    }
    assert found == {
        "Again": ("no limits", "v3, 2022-03-01"),
        "Both": ("limited resources", "v2, 2021-03-01"),
        "Linked": ("no limits", "v1, 2020-03-01"),
    }
    attachable = {name: values["attachable"] for name, values in facets_of(table).items()}
    assert attachable == {"Again": ("yes",), "Both": ("yes",), "Linked": ("no",)}


def test_who_allows_which_step_if_it_can_be_attached(context: BookContext) -> None:
    """Policies of service-linked roles, deprecated ones and those that AWS bars are left out."""
    table = steps_list(context, "pass-and-write")
    found = {name: (c["steps"], c["alone"]) for name, c in cells_of(table).items()}
    assert found == {
        "Again": ((1, 1), "no limits"),
        "Both": ((1, 3), "limited resources"),
        "Passing": ((1, 0), ""),
        "Writing": ((0, 3), ""),
    }
    facets = facets_of(table)
    assert facets["Both"]["step"] == ("1", "2")
    assert facets["Both"]["open"] == ("1",)
    assert facets["Writing"] | {"type": ()} == {
        "step": ("2",),
        "open": (),
        "whole": ("no",),
        "type": (),
        "state": ("current",),
    }


def test_the_page_counts_the_policies_of_each_step(context: BookContext) -> None:
    """As the list has them."""
    view = rule_view(context, "pass-and-write")
    assert [(s.number, s.total, s.open) for s in view.steps] == [(1, 3, 3), (2, 3, 1)]
    assert view.steps_table
    assert [option.count for option in view.steps_table.options(view.steps_table.facets[0])] == [
        step.total for step in view.steps
    ]


def test_a_rule_of_one_step_has_no_list_of_steps(context: BookContext) -> None:
    """Nothing can be combined."""
    assert rule_view(context, "write").steps_table is None


def test_the_drawing_says_all_steps_in_words_too() -> None:
    """Long texts are broken; boxes do not overlap."""
    long = "open the notebook instance or give it a script that runs when it starts"
    drawing = path_drawing([("pass a role", "2 policies"), (long, "")], "Become somebody else")
    assert drawing.text == f"1. pass a role; 2. {long}. Result: Become somebody else."
    assert [box.number for box in drawing.boxes] == [1, 2, 0]
    assert [len(box.lines) for box in drawing.boxes] == [1, 2, 1]
    assert " ".join(text for _, text in drawing.boxes[1].lines) == long
    for above, below in zip(drawing.boxes, drawing.boxes[1:], strict=False):
        assert above.y + above.height < below.y
        assert (above.y + above.height, below.y) in drawing.arrows
    last = drawing.boxes[-1]
    assert drawing.height == last.y + last.height


def test_each_rule_has_a_page(context: BookContext) -> None:
    """At its id."""
    urls = {page.url for page in plan(context) if page.template == "risk"}
    assert urls == {"risks/pass-and-write/", "risks/write/"}


def files(context: BookContext) -> dict[str, Any]:
    """The files of the rule."""
    return {file.path: file.render for file in site_files(context)}


def test_json_and_csv_say_what_the_page_says(context: BookContext) -> None:
    """Who matches alone, since when, and who allows each step."""
    made = files(context)
    result = json.loads(made[f"{API_ROOT}risks/pass-and-write.json"]())["result"]
    assert result["url"] == "risks/pass-and-write/"
    assert result["rule"]["paths"] == ["s3-001"]
    assert result["alone"][1] == {
        "policy": "Both",
        "mitigation": "scoped",
        "since": {"version": "v2", "day": "2021-03-01", "first_seen": False},
        "attachable": True,
    }
    assert [one["policy"] for one in result["alone"]] == list(
        cells_of(alone_list(context, "pass-and-write"))
    )
    marked = cells_of(steps_list(context, "pass-and-write"))
    assert [list(step["policies"]) for step in result["steps"]] == [
        [name for name, cells in marked.items() if cells["steps"][place]]  # type: ignore[index]  # marks
        for place in range(2)
    ]
    table = made[f"{API_ROOT}risks/pass-and-write.csv"]().decode()
    rows = {row["policy"]: row for row in csv.DictReader(io.StringIO(table))}
    assert list(rows) == [
        *("Again", "Barred", "Both", "Deprecated", "Linked", "Passing", "Writing"),
    ]
    assert rows["Both"] == {
        "policy": "Both",
        "type": "aws-managed",
        "state": "current",
        "attachable": "yes",
        "step 1: pass a role": "none",
        "step 2: write an object": "scoped",
        "alone": "scoped",
        "since": "v2",
        "since_day": "2021-03-01",
        "first_seen": "no",
    }
    assert rows["Barred"]["attachable"] == "no"
    assert (rows["Passing"]["alone"], rows["Passing"]["since"]) == ("", "")


def test_all_policies_of_the_list_of_risks_are_on_the_pages_of_its_rules(
    context: BookContext,
) -> None:
    """And no others."""
    for rule in context.book.rules:
        expected = {name for name in context.book.policies if rule in context.risks.met(name)}
        assert set(cells_of(alone_list(context, rule))) == expected
