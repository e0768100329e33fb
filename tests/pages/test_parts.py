"""Lists that have several pages: what is on which, and that old addresses lead on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.book import addresses, paging
from policybook.book.context import BookContext
from policybook.data.loader import load
from policybook.lists.changes import removals_list
from policybook.lists.table import LinkCell
from policybook.output.html.links import broken
from policybook.output.html.render import Renderer
from policybook.output.list_files import plain_file, plain_pages, plain_path
from policybook.pages.plan import plan

from tests.support.books import DATA, SAMPLES, TEMPLATES, older_catalogue, small_catalogue
from tests.support.contexts import context_of
from tests.support.html import Element, read_html
from tests.support.list_rows import target_of

USERS = ("policybook.book.facts.events", "policybook.book.facts.removals")
CONDITIONS = "policybook.pages.conditions"


def edges() -> BookContext:
    """The book of unusual documents."""
    return context_of(load(SAMPLES / "edges"), small_catalogue(), older_catalogue())


@pytest.fixture
def split(monkeypatch: pytest.MonkeyPatch) -> BookContext:
    """The book with one item on each page of a list, which is the smallest page."""
    for module in (*USERS, CONDITIONS):
        monkeypatch.setattr(f"{module}.PART_ELEMENTS", 1)
    return edges()


def pages_of(context: BookContext, url: str) -> Mapping[str, Element]:
    """The pages at an address and below it; every link of the whole site leads somewhere."""
    pages = tuple(plan(context))
    renderer = Renderer(TEMPLATES, context, pages)
    bodies = {page.url: renderer.body(page) for page in pages}
    assert broken({place: body.linked for place, body in bodies.items()}) == ()
    return {place: read_html(body.html) for place, body in bodies.items() if place.startswith(url)}


@given(st.lists(st.integers(0, 9)), st.integers(1, 20))
def test_pages_have_every_item_once_in_order_and_no_more_than_fits(
    items: list[int], room: int
) -> None:
    """Only an item that is too large itself is more than the room, and stands alone."""
    pages = list(paging.in_pages(items, lambda item: item, room))
    assert [item for page in pages for item in page] == items
    assert all(page and (sum(page) <= room or len(page) == 1) for page in pages)
    for page, following in pairwise(pages):
        assert sum(page) + following[0] > room


def test_a_year_has_each_month_open_on_one_page_and_linked_on_the_others(
    split: BookContext,
) -> None:
    """So that an old link to a month leads to its line, and from there to its events."""
    year = next(y for y in split.events.years() if len(split.events.year_pages(y)) > 1)
    found = pages_of(split, f"changes/{year}/")
    months = [month for page in split.events.year_pages(year) for month in page]
    assert list(found) == [
        f"changes/{year}/" + (f"{number}/" if number > 1 else "")
        for number in range(1, len(months) + 1)
    ]
    for page in found.values():
        assert [e.get("id") for e in page if e.get("id").startswith("m2")] == [
            month.anchor for month in months
        ]
    whole = Counter(e.get("id") for page in found.values() for e in page.all("details", "pb-month"))
    assert whole == Counter(month.anchor for month in months)
    events = sum(len(month.lines) + len(month.without_effect) for month in months)
    lists = [e for page in found.values() for e in page.all("ol")]
    assert sum(len(e.all("li")) for e in lists) == events


def test_the_plot_leads_to_the_page_of_a_month(split: BookContext) -> None:
    """From every page that has a plot."""
    plot = pages_of(split, "changes/")["changes/"].all("figure", "pb-months")[0]
    links = {bar.get("data-m"): bar.get("href") for bar in plot.all("a")}
    places = {
        f"{month.first:%Y-%m}": addresses.month(month.first, number).place
        for year in split.events.years()
        for number, page in enumerate(split.events.year_pages(year), 1)
        for month in page
    }
    assert links
    assert all(f"../{places[month]}" == link for month, link in links.items())


def test_removals_of_a_month_are_each_on_one_page_and_linked_on_the_others(
    split: BookContext,
) -> None:
    """The list of removals leads to the page that has the entry."""
    found = pages_of(split, "changes/removals/")
    entries = split.removals.all_entries()
    assert any(len(pages) > 1 for pages in split.removals.month_pages().values())
    for entry in entries:
        first = found[f"changes/removals/{entry.month}/"]
        assert entry.anchor in {e.get("id") for e in first}
        own = found[split.removals.place(entry).url]
        assert entry.anchor in {e.get("id") for e in own.all("details")}
    every = Counter(
        e.get("id")
        for url, page in found.items()
        if url != "changes/removals/"
        for e in page.all("details")
        if e.get("id")
    )
    assert every == Counter(entry.anchor for entry in entries)
    targets = {target_of(row.cells[0]) for row in removals_list(split).rows}
    assert targets == {split.removals.place(entry) for entry in entries}


@pytest.mark.usefixtures("split")
@pytest.mark.parametrize("key", ["iam:passedtoservice", "iam:awsservicename"])
def test_a_key_has_every_operator_on_each_page_and_says_where_the_others_are(key: str) -> None:
    """Each page has its own conditions, whether of one operator or of several."""
    context = context_of(load(DATA), small_catalogue())
    first = addresses.condition(key).url
    found = pages_of(context, first)
    assert list(found) == [first, f"{first}2/"]
    for page, other in zip(found.values(), (2, 1), strict=True):
        heads = [head.get("id") for head in page.all("h2")]
        operators = {use.clause.operator for use in context.index.conditions[key]}
        assert heads == [f"operator-{n}" for n in range(1, len(operators) + 1)]
        assert [len(table.all("tr")) for table in page.all("table")] == [2]
        assert f" on page {other}." in page.text


def test_plain_links_have_pages_that_together_list_every_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each leads to the others, without a script."""
    monkeypatch.setattr("policybook.output.list_files.PLAIN_LINES", 2)
    table = removals_list(edges())
    count = plain_pages(len(table.rows))
    page = addresses.REMOVALS
    pages = [read_html(plain_file(table, page, n).decode()) for n in range(1, count + 1)]
    assert count > 1
    links = [link for part in pages for link in part.all("p")[-1].all("a")]
    names = [cell.text for row in table.rows if isinstance(cell := row.cells[0], LinkCell)]
    assert [link.text for link in links] == names
    assert [link.get("href") for link in pages[0].all("p")[1].all("a")] == [
        plain_path("removals", n).removeprefix("lists/") for n in range(2, count + 1)
    ]
    assert plain_path("removals") == "lists/removals.html"
