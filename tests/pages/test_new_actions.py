"""The page of new actions: escaping, limits, order, and when the page exists."""

from __future__ import annotations

from collections.abc import Mapping

from policybook.book.limits import (
    GROWTH_PATTERNS,
    GROWTH_POLICIES,
    GROWTH_POLICY_PATTERNS,
    NEW_ACTIONS,
    NEW_ACTIONS_OF_ROW,
)
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.book import Book, BookFile
from policybook.model.policies import Policy
from policybook.output.html.render import Renderer
from policybook.output.markdown.convert import to_markdown
from policybook.pages.new_actions import CatalogueStepPart, new_actions_view
from policybook.pages.plan import plan

from tests.support.books import (
    SAMPLES,
    TEMPLATES,
    listed,
    older_catalogue,
    plain,
    small_catalogue,
)
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
    (page,) = (page for page in planned if page.template == "new_actions")
    html = Renderer(TEMPLATES, context, planned).body(page).html
    assert "s3:Get&lt;b&gt;x" in html
    assert "<b>x" not in html
    assert "<i>" not in html
    text = to_markdown(html)
    assert "`s3:Get<b>x`" in text


def many(count: int) -> Mapping[str, str]:
    """Create this number of actions."""
    return {f"s3:Get{number:04}": "Read" for number in range(count)}


def of_policies(
    policies: Mapping[str, Policy], *catalogues: Catalogue
) -> tuple[CatalogueStepPart, ...]:
    """The steps on the page of a book with these policies; the last catalogue is in use."""
    book = Book(BookFile(title="B", introduction=()), policies)
    *older, in_use = catalogues
    return new_actions_view(context_of(book, in_use, *older)).steps


def granting(name: str, *patterns: str) -> tuple[str, Policy]:
    """A policy that allows these patterns, by its name."""
    return name, policy(name, of(allow(*patterns)))


def test_names_and_patterns_above_the_limit_are_counted() -> None:
    """The page has the number of those not shown; every policy is listed."""
    patterns = [f"s3:Get{number:04}*" for number in range(GROWTH_POLICY_PATTERNS + 2)]
    count = GROWTH_PATTERNS // GROWTH_POLICY_PATTERNS + 2
    policies = dict(granting(f"P{n:03}", *patterns, "s3:*") for n in range(count))
    before, after = listed("2020-01-01", {"s3:Put": "Write"}), listed("2021-01-01", many(400))
    (part,) = of_policies(policies, before, after)
    assert [len(p.patterns) for p in part.grown] == [GROWTH_POLICY_PATTERNS] * (count - 2) + [0, 0]
    assert all(p.more + len(p.patterns) == GROWTH_POLICY_PATTERNS + 3 for p in part.grown)
    (row,) = part.services[0].rows
    assert (len(row.policies), row.others) == (GROWTH_POLICIES, count - GROWTH_POLICIES)
    (level,) = row.actions
    assert (len(level.names), level.more) == (NEW_ACTIONS_OF_ROW, 400 - NEW_ACTIONS_OF_ROW)


def test_the_newest_steps_get_the_room_of_the_page() -> None:
    """The oldest ones only have numbers once it is used up."""
    steps = NEW_ACTIONS // NEW_ACTIONS_OF_ROW + 2
    names = [f"s3:Get{number:05}" for number in range(steps * NEW_ACTIONS_OF_ROW)]
    lists = (names[: n * NEW_ACTIONS_OF_ROW] or ["s3:Put"] for n in range(steps + 1))
    catalogues = [
        listed(f"20{20 + n // 12}-{n % 12 + 1:02}-01", dict.fromkeys([*known, "s3:Put"], "Read"))
        for n, known in enumerate(lists)
    ]
    found = of_policies({}, *catalogues)
    assert [part.step.added for part in found] == [NEW_ACTIONS_OF_ROW] * steps
    shown = [len(level.names) for part in found for level in part.services[0].rows[0].actions]
    assert shown == [NEW_ACTIONS_OF_ROW] * (steps - 2) + [0, 0]
    assert [part.anchor for part in found] == [f"to-{c.date}" for c in catalogues[:0:-1]]


def test_actions_of_a_service_are_in_one_row_if_the_same_policies_granted_them() -> None:
    """Policies that cover all services are named once, apart."""
    policies = dict(
        (granting("All", "*"), granting("Gets", "s3:Get*"), granting("Both", "s3:*", "*"))
    )
    before, after = listed("2020-01-01", {}), listed("2021-01-01", {**many(2), "s3:Put": "Write"})
    (part,) = of_policies(policies, before, after)
    assert part.covering_all == ("All",)
    assert [
        (row.policies, [name for level in row.actions for name in level.names])
        for row in part.services[0].rows
    ] == [(("Both",), ["s3:Put"]), (("Both", "Gets"), ["s3:Get0000", "s3:Get0001"])]


def test_policies_are_ordered_by_the_number_of_gained_actions() -> None:
    """Policies that only lost actions are listed separately."""
    context = context_of(load(EDGES), small_catalogue(), older_catalogue())
    (part,) = new_actions_view(context).steps
    assert [p.growth.policy for p in part.grown] == ["Everything"]
    policies = dict((granting("A", "s3:*Mark"), granting("B", "s3:*Tagging"), granting("C", "*")))
    (part,) = of_policies(policies, older_catalogue(), small_catalogue())
    assert [p.growth.policy for p in part.grown] == ["C", "B"]
    assert [p.growth.policy for p in part.lost] == ["A"]


def test_lists_of_different_kinds_are_marked() -> None:
    """They may differ without a change by AWS."""
    (part,) = of_policies({}, listed("2019-01-01", {}), small_catalogue())
    assert part.kinds_differ
    (part,) = of_policies({}, listed("2019-01-01", {}), listed("2020-01-01", {}))
    assert not part.kinds_differ


def test_a_plan_has_the_page_only_with_two_catalogues() -> None:
    """One of the same day as the one in use is no second one."""
    urls = {
        count: {page.url for page in plan(context_of(load(EDGES), small_catalogue(), *older))}
        for count, older in enumerate(((), (small_catalogue(),), (older_catalogue(),)))
    }
    assert [count for count, found in urls.items() if "actions/new/" in found] == [2]


def test_an_actions_page_says_when_aws_added_or_removed_it() -> None:
    """The last time, with a link to the step; without an older list it says nothing."""
    actions = {"s3:GetMark": "Read"}
    lists = (
        listed("2019-01-01", {}),
        listed("2020-01-01", actions),
        listed("2021-01-01", {}),
        listed("2022-01-01", {**actions, "s3:Put": "Write"}),
    )
    book = Book(
        BookFile(title="B", introduction=()), dict([granting("P", "s3:GetMark", "s3:Put*")])
    )

    def said(*catalogues: Catalogue) -> str:
        *older, in_use = catalogues
        context = context_of(book, in_use, *older)
        planned = tuple(plan(context))
        (page,) = (page for page in planned if page.url == "actions/s3/GetMark.html")
        html = Renderer(TEMPLATES, context, planned).body(page).html
        return plain(html).partition("AWS ")[2].partition("\n")[0] if "AWS " in html else ""

    assert "added this action to its list between 2021-01-01 and 2022-01-01" in said(*lists)
    assert "removed this action from its list between 2020" in said(*lists[:3])
    assert "its list" not in said(lists[1])
