"""The page of catalogue growth: escaping, limits, order, and when the page exists."""

from __future__ import annotations

from collections.abc import Mapping

from policybook.book.limits import GROWTH_NAMES, GROWTH_PATTERNS, GROWTH_POLICY_PATTERNS
from policybook.build.planner import plan_site
from policybook.data.loader import load
from policybook.model.book import Book, BookFile
from policybook.output.html.render import Renderer
from policybook.output.markdown.convert import to_markdown
from policybook.pages.growth import widening_view
from policybook.pages.plan import plan

from tests.support.books import SAMPLES, TEMPLATES, listed, older_catalogue, small_catalogue
from tests.support.contexts import context_of
from tests.support.documents import allow_each as allow
from tests.support.documents import document_of as of
from tests.support.policies import policy_with as policy

EDGES = SAMPLES / "edges"


def test_names_of_documents_and_catalogues_never_become_markup() -> None:
    """Neither in HTML nor in Markdown."""
    before = listed("2020-01-01", {"s3:Get": "Read"})
    after = listed("2021-01-01", {"s3:Get": "Read", "s3:Get<b>x": "Read"})
    found = of(allow("s3:*t<*"), {"Effect": "Allow", "NotAction": "<i>:*", "Resource": "*"})
    book = Book(BookFile(title="B", introduction=()), {"P": policy("P", found)})
    context = context_of(book, after, before)
    planned = tuple(plan(context))
    (page,) = (page for page in planned if page.template == "widening")
    html = Renderer(TEMPLATES, context, planned).body(page).html
    assert "s3:Get&lt;b&gt;x" in html
    assert "<b>x" not in html
    assert "<i>" not in html
    text = to_markdown(html)
    assert "`s3:Get<b>x`" in text


def many(count: int) -> Mapping[str, str]:
    """Create this number of actions."""
    return {f"s3:Get{number:03}": "Read" for number in range(count)}


def test_names_and_patterns_above_the_limit_are_counted() -> None:
    """The page has the number of those not shown; every policy is listed."""
    patterns = [f"s3:Get{number:03}*" for number in range(GROWTH_POLICY_PATTERNS + 2)]
    count = GROWTH_PATTERNS // GROWTH_POLICY_PATTERNS + 2
    policies = {f"P{n:03}": policy(f"P{n:03}", of(allow(*patterns, "s3:*"))) for n in range(count)}
    book = Book(BookFile(title="B", introduction=()), policies)
    before, after = listed("2020-01-01", {"s3:Put": "Write"}), listed("2021-01-01", many(40))
    view = widening_view(context_of(book, after, before))
    assert len(view.grown) == count
    assert [len(p.patterns) for p in view.grown] == [GROWTH_POLICY_PATTERNS] * (count - 2) + [0, 0]
    assert all(p.more + len(p.patterns) == GROWTH_POLICY_PATTERNS + 3 for p in view.grown)
    (part,) = view.services[0].actions
    assert (len(part.names), part.more) == (GROWTH_NAMES, 40 - GROWTH_NAMES)


def test_policies_are_ordered_by_the_number_of_gained_actions() -> None:
    """Policies that only lost actions are listed separately."""
    context = context_of(load(EDGES), small_catalogue(), older_catalogue())
    assert [part.growth.policy for part in widening_view(context).grown] == ["Everything"]
    policies = {
        "A": policy("A", of(allow("s3:*Mark"))),
        "B": policy("B", of(allow("s3:*Tagging"))),
        "C": policy("C", of(allow("*"))),
    }
    book = Book(BookFile(title="B", introduction=()), policies)
    view = widening_view(context_of(book, small_catalogue(), older_catalogue()))
    assert [part.growth.policy for part in view.grown] == ["C", "B"]
    assert [part.growth.policy for part in view.lost] == ["A"]


def test_a_plan_has_the_page_only_with_an_older_catalogue() -> None:
    """In a section of its own."""
    pages_of_two = plan_site(EDGES, catalogue=small_catalogue(), before=older_catalogue()).pages
    assert [p.section for p in pages_of_two if p.url == "widening/"] == ["widening/"]
    pages_of_one = plan_site(EDGES, catalogue=small_catalogue()).pages
    assert "widening/" not in {page.url for page in pages_of_one}
