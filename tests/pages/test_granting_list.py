"""The list of the statements that grant an action, on the pages of actions that many grant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest
from policybook.analysis.index import index
from policybook.book.context import BookContext
from policybook.book.limits import FIRST_ROWS, GRANT_ROWS
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.lists.granting import granted_often, grants_of
from policybook.lists.registry import LISTS
from policybook.lists.table import ListTable
from policybook.model.book import Book, BookFile
from policybook.model.links import Link
from policybook.model.operations import OperationGroup
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.html.render import Renderer
from policybook.pages.actions import ActionView, action_view
from policybook.pages.plan import plan

from tests.support import oracle
from tests.support.books import DATA, TEMPLATES, plain, small_catalogue
from tests.support.list_rows import named, only, target_of

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
SPECIAL: Mapping[str, list[Mapping[str, object]]] = {
    "Everything": [{**READ, "Action": "*"}],
    "Limited": [{**READ, "Condition": {"StringEquals": {"aws:ResourceTag/team": ["a", "b"]}}}],
    "Scoped": [{**READ, "Action": "s3:Get*", "Resource": "arn:aws:s3:::one/*"}],
    "Taken": [READ, {**READ, "Effect": "Deny"}],
    "Twice": [READ, {**READ, "Resource": "arn:aws:s3:::one/*"}],
}


OPERATIONS = (
    OperationGroup(("s3:HeadObject",), Link("A page", "https://example.org/x"), ("s3:GetObject",)),
)


def book_of(count: int) -> BookContext:
    """So many policies that allow an action on everything, and those of `SPECIAL`."""
    statements = {**{f"Plain{n}": [READ] for n in range(count)}, **SPECIAL}
    policies = {}
    for name, found in statements.items():
        document = oracle.document({"Version": "2012-10-17", "Statement": found})
        version = Version("v1", VersionFacts(id="v1", published=date(2024, 5, 10)), document)
        scoped = name == "Scoped"
        facts = PolicyFacts(
            name=name,
            arn=None,
            type="service-role" if scoped else "aws-managed",
            attachable=False if scoped else None,
        )
        policies[name] = Policy(facts, (version,))
    book = Book(BookFile(title="Book", introduction=()), policies, operations=OPERATIONS)
    return BookContext(book, index(book), small_catalogue())


STATEMENTS = sum(s["Effect"] == "Allow" for found in SPECIAL.values() for s in found)


def shown(view: ActionView) -> ListTable:
    """The list of a page that has one."""
    assert view.table
    return view.table


@pytest.mark.parametrize("more", [0, 1])
def test_only_many_statements_are_a_list(more: int) -> None:
    """Fewer are written out in groups."""
    view = action_view(book_of(GRANT_ROWS - STATEMENTS + more), "s3:getobject")
    assert (view.table is not None) == bool(more)


@pytest.mark.parametrize("statements", [1, GRANT_ROWS])
def test_the_page_names_the_operations_that_need_the_action(statements: int) -> None:
    """With a list and without one."""
    context = book_of(statements)
    pages = tuple(plan(context))
    (page,) = (page for page in pages if page.url == "actions/s3/GetObject.html")
    text = plain(Renderer(TEMPLATES, context, pages).body(page).html)
    assert "Also authorizes\ns3:HeadObject\nSource: A page" in text


def test_every_statement_has_a_row_and_the_widest_are_first() -> None:
    """Also those about all services; numbers of policies are those of the page."""
    view = action_view(book_of(GRANT_ROWS), "s3:getobject")
    table = shown(view)
    assert len(table.rows) == GRANT_ROWS + STATEMENTS
    kinds = [only(row.facets[0]) for row in table.rows]
    assert list(dict.fromkeys(kinds)) == ["open", "scoped", "conditional", "denied"]
    names = [named(row) for row in table.rows]
    assert names[0] == "Everything"
    assert [name for name in names if not name.startswith("Plain")] == [
        *("Everything", "Twice", "Scoped", "Twice", "Limited", "Taken")
    ]
    assert {group.openness: group.policies for group in view.groups} == {
        "open": GRANT_ROWS + 2,
        "scoped": 2,
        "conditional": 1,
        "denied": 1,
    }


def test_a_row_has_its_statement_pattern_resources_condition_and_day() -> None:
    table = shown(action_view(book_of(GRANT_ROWS), "s3:getobject"))
    rows = {named(row): row for row in table.rows}
    assert rows["Limited"].cells[2:] == (
        ("named explicitly",),
        ("*",),
        ("aws:ResourceTag/team StringEquals a or b",),
        "conditional",
        "2024-05-10, v1",
    )
    assert rows["Scoped"].cells[2:6] == (("s3:Get*",), ("arn:aws:s3:::one/*",), (), "always")
    assert rows["Everything"].cells[2:] == (("*",), ("*",), (), "always", None)
    target = target_of(rows["Limited"].cells[1])
    assert target
    assert target.place == "policies/Limited/#statement-1"


def test_rows_have_the_values_of_their_filters() -> None:
    """How surely, under which kind of condition, through what, and what policy it is."""
    table = shown(action_view(book_of(GRANT_ROWS), "s3:getobject"))
    keys = [facet.key for facet in table.stored]
    rows = {
        named(row): dict(zip(keys, map(only_or_none, row.facets), strict=True))
        for row in table.rows
    }
    assert rows["Limited"]["condition"] == "tag"
    assert rows["Plain0"]["condition"] == "none"
    assert rows["Scoped"] == {
        "grant": "scoped",
        "certainty": "yes",
        "condition": "none",
        "through": "pattern",
        "type": "service-role",
        "state": "current",
        "attachable": "no",
        "year": "2024",
    }
    assert rows["Everything"]["through"] == "all"
    assert rows["Taken"]["certainty"] == "no"
    without = Counter(only(row.facets[keys.index("certainty")]) for row in table.rows)
    assert without["yes"] == GRANT_ROWS + 4


def only_or_none(value: object) -> str:
    """The one value, or "" if there is none."""
    assert isinstance(value, tuple)
    return str(value[0]) if value else ""


@pytest.mark.parametrize("more", [0, 1])
def test_rows_that_do_not_fit_have_a_file(more: int) -> None:
    """Its list is planned exactly if the page has not all rows."""
    context = book_of(FIRST_ROWS - STATEMENTS + more)
    assert list(granted_often(context)) == (["s3:GetObject"] if more else [])
    table = shown(action_view(context, "s3:getobject"))
    assert table.has_file == bool(more)
    for planned in [one for one in LISTS if "s3:GetObject" in dict(one.with_files(context))]:
        assert planned.path("s3:GetObject") == table.name == "granting/s3/GetObject"
        assert planned.table(context, "s3:GetObject").rows == table.rows


def test_the_number_of_statements_is_known_without_making_their_rows() -> None:
    """For every action of the repository's book."""
    book = load(DATA)
    context = BookContext(book, index(book), Catalogue())
    for name in context.actions.ever_granted():
        counted = context.services.statement_counts(name.partition(":")[0])[name]
        every = counted + len(context.actions.granted_by_all(name))
        assert every == len(grants_of(context, name)), name
