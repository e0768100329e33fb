"""Every kind of page in a browser: no errors, no external requests, accessible, responsive."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.pages.plan import plan

from tests.support.books import DATA, small_catalogue
from tests.support.browsers import Scheme, Visit, serious
from tests.support.contexts import context_of

# Kinds of pages, each with an address. The 404 page is tested separately: its links need the
# address of the site, and the browser reports its status.
KINDS = {
    "home": "",
    "policies": "policies/",
    "deprecated policies": "deprecated/",
    "policy": "policies/AmazonSageMakerPipelinesIntegrations/",
    "large policy": "policies/AmazonSageMakerFullAccess/",
    "policy without document": "policies/DataScientist/",
    "services": "services/",
    "service": "services/iam/",
    "actions": "actions/",
    "action": "actions/iam/PassRole.html",
    "action nobody catalogues": "actions/elastic-inference/Connect.html",
    "resources": "resources/",
    "resource": "resources/s3/",
    "resources of any service": "resources/any/",
    "conditions": "conditions/",
    "condition": "conditions/iam_passedtoservice/",
    "passed roles": "passrole/",
    "risks": "risks/",
    "risk": "risks/pass-role-sagemaker-notebook/",
    "changes": "changes/",
    "changes of a year": "changes/2021/",
    "removals": "changes/removals/",
    "groups": "groups/",
    "group": "groups/sagemaker-core/",
    "guides": "guides/",
    "guide": "guides/pipelines-access/",
    "roles": "roles/",
    "role": "roles/amazonsagemaker-executionrole/",
    "about": "about/",
    "search": "search/",
    "choose": "choose/",
    "choices": "choose/#actions=iam:PassRole",
    "search with results": "search/#q=s3:get",
    "search for an ARN": "search/#q=arn:aws:s3:::sagemaker-x/y",
    "comparison": "compare/",
    "comparison of two": "compare/?a=AmazonSageMakerReadOnly&b=AmazonSageMakerFullAccess",
    "check": "check/",
    "check of a policy": "check/?policy=AmazonSageMakerPipelinesIntegrations@v1",
    "written by hand": "reference/data/",
}
# Pages of a kind that another one has too, which `make test` leaves out.
VARIANTS = {
    *("large policy", "policy without document"),
    *("action nobody catalogues", "resources of any service"),
}
# Three pages that are built of different parts; `make test` leaves out the other dark ones.
DARK = {"policy", "service", "changes", "check of a policy"}
# Pages of many parts; `make test` leaves out the contrast of texts on the other ones.
COLOURFUL = {
    *(*DARK, "home", "risk", "risks", "search with results", "comparison of two"),
    "written by hand",
}
MISSING = "no/such/page/"
NEW_ACTIONS = "actions/new/"  # of a site with two catalogues


def headings(page: Page) -> tuple[int, str]:
    """The number of first-level headings, and the title."""
    return page.locator("h1").count(), page.title()


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.exhaustive)])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    """The preferred colour scheme of the system."""
    found: Scheme = request.param
    return found


EVERY_KIND = [
    pytest.param(colours, kind, True, marks=() if usual else pytest.mark.exhaustive)
    for kind in KINDS
    for colours, usual in (("light", kind in COLOURFUL), ("dark", kind in DARK))
] + [pytest.param("light", kind, False) for kind in KINDS if kind not in COLOURFUL | VARIANTS]


@pytest.mark.parametrize(("colours", "kind", "contrast"), EVERY_KIND)
def test_a_page_is_accessible_and_without_errors(
    context: BrowserContext, address: str, kind: str, colours: Scheme, contrast: bool
) -> None:
    """No console messages, failed or external requests, or findings of axe."""
    visit = Visit(context, address + KINDS[kind], colours)
    count, title = headings(visit.page)
    assert visit.errors == []
    assert count == 1
    assert title.endswith("policybook")
    assert serious(visit.page, contrast) == []


def test_the_404_page_is_accessible_and_without_errors(
    context: BrowserContext, placed_address: str, scheme: Scheme
) -> None:
    """At any depth; the console only has its own status."""
    visit = Visit(context, placed_address + MISSING, scheme)
    own = f"{placed_address}{MISSING}"
    assert [error for error in visit.errors if own not in error] == []
    assert headings(visit.page)[0] == 1
    assert serious(visit.page) == []
    visit.page.locator("nav.md-tabs a").first.click()
    visit.page.wait_for_url(f"{placed_address}**")
    assert "404" not in visit.page.locator("h1").inner_text()


def test_the_page_of_new_actions_is_without_errors(
    context: BrowserContext, address_of_two: str, scheme: Scheme
) -> None:
    """It fits a phone, and the page of a policy links to its entry."""
    visit = Visit(
        context, f"{address_of_two}policies/AmazonSageMakerFullAccess/", scheme, width=320
    )
    visit.page.locator("a[href*='actions/new/#']").click()
    visit.page.wait_for_url(f"{address_of_two}{NEW_ACTIONS}#to-*-AmazonSageMakerFullAccess")
    place = visit.page.locator("[id$='-AmazonSageMakerFullAccess']")
    assert place.is_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 320
    assert visit.errors == []
    assert headings(visit.page)[0] == 1


@pytest.mark.exhaustive  # axe takes half a minute for a page of this length
def test_the_page_of_new_actions_is_accessible(
    context: BrowserContext, address_of_two: str, scheme: Scheme
) -> None:
    """In each scheme, on a phone."""
    visit = Visit(context, f"{address_of_two}{NEW_ACTIONS}", scheme, width=320)
    assert serious(visit.page) == []


def test_a_page_fits_the_narrowest_phone(context: BrowserContext, address: str) -> None:
    """At 320 pixels only the boxes of tables scroll horizontally."""
    visit = Visit(context, address, "light", width=320)
    wide = {}
    for kind, path in KINDS.items():
        visit.page.goto(address + path)
        width = visit.page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[kind] = width
    assert wide == {}


# What of a page is wider than its place: the page, a table, or a name, verdict or day in a list.
_WIDE = """() => {
  const wide = element => element.scrollWidth > element.clientWidth + 1;
  const tables = document.querySelectorAll(".pb-tablewrap, .md-typeset__table");
  const names = document.querySelectorAll(
    ".pb-rows tbody th, .pb-rows td:has(> :is(a, .pb-verdict, .pb-flag))");
  return [document.documentElement, ...tables, ...names].filter(wide).map(
    element => element.tagName + " " + element.textContent.trim().slice(0, 40));
}"""


@pytest.mark.parametrize(
    "width", [1024, *(pytest.param(w, marks=pytest.mark.exhaustive) for w in (1440, 1920))]
)
def test_no_table_scrolls_and_no_name_is_cut(page: Page, address: str, width: int) -> None:
    """From 1024 pixels on."""
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for kind, path in KINDS.items():
        page.goto(address + path)
        if wide := page.evaluate(_WIDE):
            found[kind] = wide
    assert found == {}


def test_every_template_is_tested() -> None:
    """A new kind of page must be added to these tests."""
    planned = tuple(plan(context_of(load(DATA), Catalogue(), small_catalogue())))
    shown = {page.template for page in planned if page.url in (*KINDS.values(), NEW_ACTIONS)}
    assert {page.template for page in planned} == shown


_SHIFT = """
  window.shift = 0;
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) window.shift += one.value;
  }).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("path", ["compare/", "choose/", "check/"])
def test_nothing_moves_when_a_tool_is_ready(page: Page, address: str, path: str) -> None:
    """Its forms have their place before scripts have run, and can be used only after that."""
    page.add_init_script(_SHIFT)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{address}{path}", wait_until="networkidle")
    assert page.get_by_role("textbox").or_(page.get_by_role("combobox")).count() > 1
    assert page.evaluate("window.shift") < 0.05


@pytest.mark.parametrize("path", ["search/#q=s3:get", KINDS["comparison of two"], MISSING])
def test_nothing_moves_when_an_answer_comes(page: Page, placed_address: str, path: str) -> None:
    """An address with a question, or of no page, has the place of its answer from the beginning."""
    page.add_init_script(_SHIFT)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{placed_address}{path}", wait_until="networkidle")
    expect(page.locator("[data-pb-found] li, .pb-compared").first).to_be_visible()
    assert page.evaluate("window.shift") < 0.05
