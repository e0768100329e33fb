"""The finder: results and their order, its boxes and its page, by mouse and by keyboard."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from policybook.analysis.default_version import default_at
from policybook.analysis.index import index
from policybook.book.addresses import Target
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.iam.arn_formats import ArnFormat, meets
from policybook.iam.patterns import covers, overlaps
from policybook.iam.terms import term_overlaps
from policybook.model.documents import Term

from tests.support.books import REPOSITORY
from tests.support.browsers import Visit, serious, served, until
from tests.support.case_tables import cases
from tests.support.sites import built

HEADER = "form[data-pb-finder=header] input"
HOME = "form[data-pb-finder=home] input"
WHOLE_BOOK = "form[data-pb-finder=page] input"
PIPELINES = "policies/AmazonSageMakerPipelinesIntegrations/"
READ_ONLY = "policies/AmazonSageMakerReadOnly/"


# The modules that search the index and show results.
MODULES = [
    f"assets/finder/{name}.js"
    for name in (
        *(
            "arn-formats",
            "arn-grants",
            "arns",
            "distance",
            "filtered",
            "fit",
            "found",
            "index",
            "items",
            "named",
            "names",
            "nearest",
        ),
        *("operations", "patterns", "results", "search", "site-pages", "versions", "wildcards"),
    )
]

# Tests import the modules of the site again; the browser loads each of them once.
_LOADED = """
  async () => (await import(new URL("assets/finder/fetching.js", __md_scope))).load().then(() => {})
"""
_ANSWERS = """
  async ({queries, kind, most}) => {
    const module = name => import(new URL(`assets/finder/${name}.js`, __md_scope));
    const read = path => fetch(new URL(path, __md_scope)).then(response => response.json());
    const [{Index}, {search}] = [await module("index"), await module("search")];
    const index = new Index(await read("search/names.json"));
    index.addPatterns(await read("search/patterns.json"));
    index.addProse((await read("search/search_index.json")).docs);
    const found = [];
    for (const text of queries) {
      let answer;
      while ((answer = search(index, text, kind, most)).needs)
        index.addFile(answer.needs, await read(`search/${answer.needs}`));
      found.push(answer);
    }
    return found;
  }
"""
_MATCHING = """
  async pairs => {
    const {covers, overlaps} = await import(new URL("assets/finder/patterns.js", __md_scope));
    return pairs.map(([one, other]) => [overlaps(one, other), covers(one, other)]);
  }
"""
_ADDRESSES = """
  async () => {
    const module = name => import(new URL(`assets/finder/${name}.js`, __md_scope));
    const read = path => fetch(new URL(path, __md_scope)).then(response => response.json());
    const [{Index}, {address}] = [await module("index"), await module("items")];
    const index = new Index(await read("search/names.json"));
    index.addPatterns(await read("search/patterns.json"));
    index.addProse((await read("search/search_index.json")).docs);
    return index.names.map((_, id) => address(index, id));
  }
"""


def options(page: Page) -> Locator:
    """The options in the list below a box."""
    return page.locator("[role=option]:visible")


def names(page: Page) -> list[str]:
    """The names in the list, from top to bottom."""
    return page.locator(".pb-option__name:visible").all_inner_texts()


def ask(page: Page, text: str, box: str = HEADER) -> None:
    """Type a text into a box after the finder is loaded."""
    page.locator(box).focus()
    page.evaluate(_LOADED)
    page.locator(box).fill(text)


def answers(page: Page, *queries: str, kind: str = "", most: float = 50) -> list[dict[str, Any]]:
    """The finder's results of each query, with everything loaded."""
    given = {"queries": queries, "kind": kind, "most": most}
    found: list[dict[str, Any]] = page.evaluate(_ANSWERS, given)
    return found


@pytest.fixture(scope="module")
def finder(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the finder loaded, for queries that change nothing."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "about/")
    ask(page, "")
    yield page
    context.close()


# --- results --------------------------------------------------------------------------------------


def test_the_best_result_is_first(finder: Page) -> None:
    """By name with and without prefix, its start, its words, or as a pattern, in any case."""
    expected = dict(cases("finder-answers.json", "first"))
    found = zip(expected, answers(finder, *expected), strict=True)
    assert {query: answer["items"][0]["text"] for query, answer in found} == expected


def test_results_are_in_order(finder: Page) -> None:
    """Exact names, then starts, words and parts; each with the most granted first."""
    (found,) = answers(finder, "GetObject")
    actions = [item for item in found["items"] if item["kind"] == "action"]
    exact = [item["exact"] for item in actions]
    assert exact == sorted(exact, reverse=True)
    names = [item["text"].partition(":")[2].lower() for item in actions]
    starting = [name.startswith("getobject") for name in names]
    assert starting == sorted(starting, reverse=True)
    (found,) = answers(finder, "sagemaker:create")
    counts = [
        int(re.findall(r"\d+|named by no", i["detail"])[0].replace("named by no", "0"))
        for i in found["items"]
        if i["text"].startswith("sagemaker:Create")
    ]
    assert len(set(counts)) > 1
    assert counts == sorted(counts, reverse=True)


def test_each_result_has_its_facts(finder: Page) -> None:
    """Its kind, its access level and the number of policies that grant it."""
    (found,) = answers(finder, "iam:passrole")
    first = found["items"][0]
    assert (first["kind"], first["href"]) == ("action", "actions/iam/PassRole.html")
    assert re.fullmatch(r"Write, \d+ policies", first["detail"])
    kinds = {item["kind"] for found in answers(finder, "role", "s3") for item in found["items"]}
    assert kinds >= {"action", "policy", "service", "pattern", "key"}


def matching(pattern: str, text: str) -> bool:
    """A simple, slow implementation of IAM's wildcards."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matching(pattern[1:], text) or (bool(text) and matching(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and matching(pattern[1:], text[1:])


def test_a_pattern_matches_as_in_iam(finder: Page) -> None:
    """Every action that it matches, and no other, compared with the slow implementation."""
    (found,) = answers(finder, "*:*", kind="action", most=1e6)
    everything = [item["text"] for item in found["items"]]
    assert len(everything) > 20_000
    queries = ("sqs:*Queue*", "sqs:?e*", "*:GetQueue?rl", "iam:*Role")
    for pattern, found in zip(queries, answers(finder, *queries), strict=True):
        prefix = pattern.partition(":")[0]
        expected = [
            name
            for name in everything
            if (prefix == "*" or name.startswith(prefix))
            and matching(pattern.lower(), name.lower())
        ]
        assert found["counts"]["action"] == len(expected) > 0
        assert f"matches {len(expected):,} action" in found["say"]


def chance_patterns(number: int) -> Iterator[tuple[str, str]]:
    """Random pairs of patterns of few characters, so that they often overlap."""
    chance = random.Random(7)
    parts = (
        "a",
        "b",
        ":",
        "*",
        "?",
        "**",
        "??*",
        "${x}",
        "${*}",
        "${?}",
        "${",
        "}",
        "é",
        "\U0001f512",
    )
    for _ in range(number):
        one, other = ("".join(chance.choices(parts, k=chance.randrange(9))) for _ in range(2))
        yield one, other


def test_patterns_match_as_in_the_generator(finder: Page) -> None:
    """Overlapping and covering, for random pairs and those of the repository."""
    terms = [
        pattern for term in index(load(REPOSITORY / "data")).resources for pattern in term.patterns
    ]
    chance = random.Random(8)
    real = [(chance.choice(terms), chance.choice(terms)) for _ in range(1500)]
    real += [(p, p.replace("*", "x").replace("${aws:username}", "me")) for p in terms]
    pairs = [*chance_patterns(6000), *real]
    found = finder.evaluate(_MATCHING, pairs)
    expected = [[overlaps(one, other), covers(one, other)] for one, other in pairs]
    different = [(pair, f, e) for pair, f, e in zip(pairs, found, expected, strict=True) if f != e]
    assert different == []
    assert sum(over for over, _ in expected) > 500
    assert sum(cover for _, cover in expected) > 200


FORMATS = """
  async cases => {
    const {fits} = await import(new URL("assets/finder/arn-formats.js", __md_scope));
    return cases.map(([arn, format, never]) => fits(arn, format, never));
  }
"""


def test_an_arn_fits_a_format_as_in_the_generator(finder: Page) -> None:
    """ARNs of several services with every format of them, and with wildcards."""
    services = [
        Catalogue().service(prefix) for prefix in ("s3", "iam", "ec2", "sagemaker", "apigateway")
    ]
    formats = [
        ArnFormat(text, never)
        for service in services
        if service
        for kind in service.resource_types.values()
        for text in kind.arns
        for never in (":", ":/", "")
    ]
    fill = ("x", "a/b", "a:b", "*", "?", "")
    chance = random.Random(9)
    arns = [re.sub(r"\$\{[^}]*\}|\*", lambda _: chance.choice(fill), f.text) for f in formats]
    arns = [arn for arn in arns if arn.count(":") >= 5]
    cases = [(arn, form) for arn in arns for form in chance.sample(formats, 12)]
    found = finder.evaluate(FORMATS, [(arn, form.text, form.never) for arn, form in cases])
    expected = [meets(arn, form) for arn, form in cases]
    assert [c for c, f, e in zip(cases, found, expected, strict=True) if f != e] == []
    assert sum(expected) > 100


def allowed_on(arn: str) -> dict[str, set[str]]:
    """The policies that allow an action that AWS has with the ARN, by pattern."""
    catalogue = Catalogue()
    loaded = index(load(REPOSITORY / "data"))
    found: dict[str, set[str]] = {}
    for term, uses in loaded.resources.items():
        for use in uses if term_overlaps(term, Term((arn,))) else ():
            named = catalogue.named(use.actions) if use.effect == "Allow" else {}
            formats = [form for action in named for form in catalogue.formats(action) or ()]
            if any(meets(arn, form) for form in set(formats)):
                found.setdefault(" ".join(term.patterns), set()).add(use.policy)
    return found


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:::sagemaker-eu-west-1/model",
        "arn:aws:s3:::my-bucket",
        "arn:aws:sqs:us-east-1:123456789012:pipelines",
        "arn:aws:iam::123456789012:role/service-role/x",
    ],
)
def test_an_arn_leads_to_the_patterns_that_match_it(finder: Page, arn: str) -> None:
    """With the policies that allow an action on it, as the documents say; `*` after named ones."""
    (found,) = answers(finder, arn)
    items = [
        i for i in found["items"] if i["kind"] == "pattern" and i["detail"].startswith("Allow")
    ]
    granting = {
        i["text"]: {p["name"] for p in i["policies"]}
        for i in items
        if "no action that" not in i["detail"]
    }
    assert granting == allowed_on(arn)
    assert found["say"].startswith("On this ARN, ")
    granted = [item for item in items if item["text"] in granting]
    named = [item["text"] != "*" and not item.get("negated") for item in granted]
    assert named == sorted(named, reverse=True)


def test_an_action_with_an_arn_leads_to_who_allows_it(finder: Page) -> None:
    """Every policy that is listed names the action, in the same order of patterns."""
    (found,) = answers(finder, "s3:GetObject arn:aws:s3:::sagemaker-eu-west-1/model")
    assert found["total"] > 1
    assert all(item["detail"].endswith("s3:GetObject") for item in found["items"])
    assert all("s3:GetObject" in p["actions"] for i in found["items"] for p in i["policies"])


def test_a_version_and_a_day_lead_to_a_place_in_the_policys_page(finder: Page, site: Path) -> None:
    """The anchor is there for every version that the data knows."""
    book = load(REPOSITORY / "data")
    for name, policy in list(book.policies.items())[:20]:
        text = (site / f"policies/{name}/index.html").read_text()
        keys = [version.key for version in policy.versions if version.number]
        for key, found in zip(keys, answers(finder, *(f"{name} {k}" for k in keys)), strict=True):
            assert found["items"][0]["href"] == f"policies/{name}/#{key}"
            assert f'id="{key}"' in text
        (found,) = answers(finder, f"{name}@2024-01-01")
        version, _ = default_at(policy, date(2024, 1, 1))
        first = next(iter(found["items"]), {"href": "#"})
        assert first["href"].partition("#")[2] == (version.key if version else "")


def test_the_arn_of_a_policy_leads_to_it(finder: Page) -> None:
    (found,) = answers(finder, "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly")
    assert found["items"][0]["href"] == READ_ONLY


def test_an_unknown_name_has_suggestions(finder: Page) -> None:
    """A message, and similar names."""
    asked = cases("finder-answers.json", "near")
    all_found = answers(finder, *(query for query, *_ in asked))
    for (query, message, near), found in zip(asked, all_found, strict=True):
        assert found["total"] == 0, query
        assert found["say"].startswith(message), query
        assert found["say"].endswith("Did you mean one of these?"), query
        assert near in [item["text"] for item in found["near"]], query


def test_invalid_queries_get_a_message(finder: Page) -> None:
    """And no JavaScript error."""
    asked = cases("finder-answers.json", "sentences")
    all_found = answers(finder, *(query for query, _ in asked))
    for (query, message), found in zip(asked, all_found, strict=True):
        assert found["say"].startswith(message), query


def test_an_empty_query_has_no_results(finder: Page) -> None:
    queries = ("", "   ", '"', "\n")
    for query, found in zip(queries, answers(finder, *queries), strict=True):
        assert (found["total"], found["say"], found["items"]) == (0, "", []), query


def test_no_query_is_slow(finder: Page) -> None:
    """Names and patterns designed to be slow are as fast as others."""
    slow = (
        "a" * 2000,
        "*a" * 900,
        "?*" * 900,
        "arn:" + "*?" * 900,
        "arn:a:b:c:d:" + "?*x" * 600,
        "${" * 900,
        ":" * 2000,
        "a b " * 500,
        "arn:aws:ec2:a:b:" + "?*x" * 600,
        "s3:*a*a*a arn:aws:s3:::" + "a/" * 900,
        "@ v" * 600 + " v3",
    )
    assert len(answers(finder, *slow)) == len(slow)


def test_every_address_exists_in_the_site(finder: Page, site: Path) -> None:
    """As the browser derives it, for every entry."""
    found: list[str] = finder.evaluate(_ADDRESSES)
    assert len(found) > 22_000
    texts: dict[str, str] = {}
    for place in sorted(set(found)):
        page, _, anchor = place.partition("#")
        if page not in texts:
            texts[page] = (site / Target(page).file).read_text()
        assert not anchor or f'id="{anchor}"' in texts[page], place


# --- the box in the header ------------------------------------------------------------------------


def test_typing_lists_names_and_a_name_opens_its_page(page: Page, address: str) -> None:
    """The list has the number of results, and a click opens one."""
    page.goto(address + PIPELINES)
    ask(page, "sagemaker read")
    expect(options(page).first).to_contain_text("AmazonSageMakerReadOnly")
    expect(page.locator("[role=status]:visible")).to_have_text(re.compile(r"^\d+ results?$"))
    options(page).first.click()
    page.wait_for_url(f"**/{READ_ONLY}")


def test_arrows_select_and_enter_opens(page: Page, address: str) -> None:
    """Up and down move through the list and the box; screen readers get the selection."""
    page.goto(address)
    box = page.locator(HEADER)
    ask(page, "sagemaker")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(page.locator("[aria-selected=true]")).to_have_count(1)
    expect(box).to_be_focused()
    target = chosen.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(str(target))


def test_a_service_and_a_level_open_the_list_of_policies_that_have_both(
    page: Page, address: str
) -> None:
    """The filters are on: their chips, the number of rows, and levels in every row."""
    page.goto(address)
    ask(page, "iam write access")
    expect(options(page).first).to_contain_text("Policies with Write access to iam")
    page.locator(HEADER).press("Enter")
    page.wait_for_url("**/policies/?service=iam&level=Write")
    expect(page.locator(".pb-chip")).to_have_text(
        ["Service: iam", "Grants level: Write", "Clear all"]
    )
    expect(page.locator(".pb-unknown")).to_be_hidden()
    rows = page.locator(".pb-rows tbody tr:visible")
    assert 0 < rows.count() < int(page.locator("[data-pb-list]").get_attribute("data-all") or 0)
    for count in rows.locator(".pb-l[data-label=Write]").all_inner_texts():
        assert count


@pytest.mark.parametrize("query", ["mixed", "rss feed", "keyboard", "permission boundary"])
def test_a_word_of_the_site_opens_its_meaning(page: Page, address: str, query: str) -> None:
    """On the page about the site, at the place that has it."""
    page.goto(address)
    ask(page, query)
    page.locator(HEADER).press("Enter")
    page.wait_for_url("**/about/#*")
    target = page.locator(f"[id={page.url.partition('#')[2]}]")
    expect(target).to_be_in_viewport()


def test_enter_opens_the_first_result_everywhere(page: Page, address: str) -> None:
    """In the header, on the home page and on the page of results; it is marked as selected."""
    for path, box in (("about/", HEADER), ("", HOME), ("search/", WHOLE_BOOK)):
        page.goto(address + path)
        ask(page, "sagemaker readonly", box)
        if box == WHOLE_BOOK:
            expect(page.locator(".pb-found__name").first).to_be_visible()
        else:
            expect(options(page).first).to_have_attribute("aria-selected", "true")
        page.locator(box).press("Enter")
        page.wait_for_url(f"**/{READ_ONLY}")


def test_enter_on_an_arn_opens_all_of_the_answer(page: Page, address: str) -> None:
    """Who may do what on it are many rows; the ARN of a policy leads to that policy."""
    for path, box in (("about/", HEADER), ("", HOME)):
        page.goto(address + path)
        ask(page, "arn:aws:s3:::my-sagemaker-bucket/file", box)
        expect(options(page).first).to_have_attribute("aria-selected", "true")
        page.locator(box).press("Enter")
        page.wait_for_url("**/search/#q=arn*")


def test_enter_waits_for_the_index_and_for_what_the_answer_needs(page: Page, address: str) -> None:
    """So that a fast reader gets the same page; a version needs one file more."""
    page.goto(address + "about/")
    page.locator(HEADER).fill("AmazonSageMakerPipelinesIntegrations v3")
    page.locator(HEADER).press("Enter")
    page.wait_for_url(f"**/{PIPELINES}#v3")


def test_enter_does_not_open_a_name_that_is_only_similar(page: Page, address: str) -> None:
    """It has to be selected."""
    page.goto(address + "about/")
    ask(page, "AmazonSageMakerReadOnyl")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(address + "about/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{READ_ONLY}")


def test_the_list_ends_with_a_link_to_all_results(page: Page, address: str) -> None:
    """If there are more than it shows."""
    page.goto(address)
    ask(page, "get")
    last = options(page).last
    expect(last).to_have_text(re.compile(r"^All \d+(,\d+)* results$"))
    last.click()
    page.wait_for_url("**/search/#q=get")


def test_escape_gives_the_focus_back(page: Page, address: str) -> None:
    """To where it was before the box had it, and to the box from its results."""
    page.goto(address + "policies/")
    before = page.get_by_role("link", name="Services").first
    before.focus()
    page.keyboard.press("/")
    page.keyboard.type("sagemaker")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(before).to_be_focused()
    page.goto(address + "search/#q=sagemaker")
    page.locator(".pb-found__name").nth(2).focus()
    page.keyboard.press("Escape")
    expect(page.locator(WHOLE_BOOK)).to_be_focused()


def test_escape_and_tab_close_the_list(page: Page, address: str) -> None:
    """The page does not change."""
    page.goto(address)
    for key in ("Escape", "Tab"):
        ask(page, "sagemaker")
        expect(options(page).first).to_be_visible()
        page.keyboard.press(key)
        expect(page.locator("[role=option]:visible")).to_have_count(0)
        expect(page.locator(HEADER)).to_have_attribute("aria-expanded", "false")
        expect(page.locator("#__search")).not_to_be_checked()
        expect(page.locator(HEADER)).not_to_be_focused()


def test_a_slash_moves_to_the_box(page: Page, address: str) -> None:
    """From anywhere except a field, where it is a character; nothing else opens."""
    page.goto(address + "policies/")
    page.keyboard.press("/")
    expect(page.locator(HEADER)).to_be_focused()
    expect(page.locator(HEADER)).to_have_value("")
    page.keyboard.press("Escape")
    page.get_by_label("Find", exact=True).focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Find", exact=True)).to_have_value("/")
    page.goto(address + "search/")
    page.keyboard.press("/")
    expect(page.locator(WHOLE_BOOK)).to_be_focused()
    for key in ("f", "s"):
        page.goto(address)
        page.keyboard.press(key)
        expect(page.locator(HEADER)).not_to_be_focused()


def test_the_box_of_the_home_page_works(page: Page, address: str) -> None:
    """With a list of its own."""
    page.goto(address)
    ask(page, "sagemakerread", HOME)
    assert names(page)[0] == "AmazonSageMakerReadOnly"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{READ_ONLY}")


def test_nothing_is_fetched_before_the_first_use(page: Page, address: str) -> None:
    """Then the names, and with the first query the rest; each once."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url.removeprefix(address)))
    page.goto(address + READ_ONLY, wait_until="networkidle")
    assert [url for url in requested if "search/" in url or url in MODULES] == []
    requested.clear()
    page.locator(HEADER).focus()
    page.evaluate(_LOADED)
    assert sorted(requested) == [*MODULES, "search/names.json"]
    requested.clear()
    ask(page, "s3")
    expect(options(page).first).to_be_visible()
    ask(page, "s3:")
    page.wait_for_load_state("networkidle")
    assert sorted(requested) == ["search/patterns.json", "search/search_index.json"]
    for query, needed in (
        ("AmazonSageMakerReadOnly v3", "search/versions.json"),
        ("arn:aws:s3:::bucket/key", "search/arns/s3.json"),
    ):
        requested.clear()
        ask(page, query)
        page.wait_for_load_state("networkidle")
        ask(page, f"{query}0")
        expect(page.locator("[role=status]:visible")).not_to_contain_text("Loading")
        assert requested == [needed]


def test_a_missing_index_is_reported(page: Page, address: str) -> None:
    """And loaded again with the next character."""
    page.goto(address)
    page.route("**/search/names.json", lambda route: route.abort())
    page.locator(HEADER).focus()
    page.locator(HEADER).fill("s")
    expect(page.locator("[role=status]:visible")).to_contain_text("could not be loaded")
    page.unroute("**/search/names.json")
    page.locator(HEADER).fill("s3")
    expect(options(page).first).to_be_visible()


def test_on_a_phone_the_box_covers_the_page(context: BrowserContext, address: str) -> None:
    """The button opens it, the arrow back closes it, and nothing is wider than the screen."""
    visit = Visit(context, address + READ_ONLY, "dark", width=390)
    page = visit.page
    page.locator("label.md-header__button[for=__search]").click()
    expect(page.locator(HEADER)).to_be_focused()
    page.locator(HEADER).fill("arn:aws:s3:::sagemaker-x")
    expect(options(page).first).to_be_visible()
    until(page, "document.documentElement.scrollWidth <= 390")
    box = page.locator(".pb-results:visible").bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    page.locator(".md-search__icon[for=__search]").click()
    expect(options(page)).to_have_count(0)
    expect(page.locator("h1")).to_be_in_viewport()
    assert visit.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_list_is_accessible_and_without_errors(
    context: BrowserContext, address: str, scheme: Any
) -> None:
    """In the header and on the home page, with a selection."""
    visit = Visit(context, address, scheme)
    page = visit.page
    for box in (HOME, HEADER):
        ask(page, "sagemaker", box)
        page.keyboard.press("ArrowDown")
        expect(options(page).first).to_be_visible()
        page.wait_for_timeout(600)  # Material fades it in
        assert serious(page) == []
        page.keyboard.press("Escape")
    assert visit.errors == []
    assert page.evaluate("window.violations") == []


# --- the page -------------------------------------------------------------------------------------


def test_a_shared_query_shows_its_results(page: Page, address: str) -> None:
    """Nothing opens over the page, and the results are links."""
    page.goto(address + "search/#q=s3:getobj")
    expect(page.locator(".pb-found__name").first).to_have_text("s3:GetObject")
    expect(page.locator("#__search")).not_to_be_checked()
    expect(page.locator("[data-pb-say]")).to_have_text(re.compile(r"^\d+ results$"))
    page.locator(".pb-found__name").first.click()
    page.wait_for_url("**/actions/s3/GetObject.html")


def test_the_query_is_in_the_address(page: Page, address: str) -> None:
    """It changes with the text, and Back from a result shows the same results."""
    page.goto(address + "about/")
    page.goto(address + "search/")
    ask(page, "sagemaker read", WHOLE_BOOK)
    page.wait_for_url("**/search/#q=sagemaker+read")
    page.get_by_label("Kind").select_option("policy")
    page.wait_for_url("**/search/#q=sagemaker+read&kind=policy")
    found = page.locator(".pb-found__name").all_inner_texts()
    assert found
    page.locator(".pb-found__name").first.click()
    page.wait_for_url("**/policies/**")
    page.go_back()
    expect(page.locator(WHOLE_BOOK)).to_have_value("sagemaker read")
    expect(page.get_by_label("Kind")).to_have_value("policy")
    assert page.locator(".pb-found__name").all_inner_texts() == found
    page.go_back()
    page.wait_for_url("**/about/")


def test_an_arn_shows_its_policies_as_links(page: Page, address: str) -> None:
    """Next to each pattern, which links to its entry on the resource page."""
    page.goto(address + "search/#q=arn:aws:s3:::sagemaker-x/y")
    first = page.locator(".pb-found__item", has_text="arn:aws:s3").first
    expect(first.locator(".pb-found__policies a").first).to_be_visible()
    target = first.locator(".pb-found__name").get_attribute("href") or ""
    assert re.search(r"/resources/s3/#r-[0-9a-f]{10}$", target)
    first.locator(".pb-found__policies a").first.click()
    page.wait_for_url("**/policies/**")


def test_only_the_first_of_many_results_are_shown(page: Page, address: str) -> None:
    """With the number of all results, and a button for the others."""
    page.goto(address + "search/#q=describe&kind=action")
    items = page.locator(".pb-found__name")
    expect(items).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(items).to_have_count(250)
    expect(items.nth(50)).to_be_focused()


def test_arrows_move_through_the_results(page: Page, address: str) -> None:
    """From the box down and back."""
    page.goto(address + "search/#q=s3:getobj")
    items = page.locator(".pb-found__name")
    expect(items.first).to_be_visible()
    page.locator(WHOLE_BOOK).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(WHOLE_BOOK)).to_be_focused()


def test_the_focused_result_keeps_the_focus_when_more_are_added(page: Page, address: str) -> None:
    """Patterns are loaded after names; a new search must not move the focus to the top."""
    page.goto(address + "search/#q=s3:getobj")
    items = page.locator(".pb-found__name")
    items.nth(1).focus()
    focused = items.nth(1).get_attribute("href")
    page.evaluate("window.dispatchEvent(new HashChangeEvent('hashchange'))")
    until(page, "focused => document.activeElement.getAttribute('href') === focused", focused)


def test_without_javascript_the_pages_link_to_lists(browser: Browser, address: str) -> None:
    """Instead of a box that would not work; the box of the home page opens the policies."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "search/#q=s3")
    expect(page.locator("form[data-pb-finder]:visible")).to_have_count(0)
    expect(page.locator("article")).to_contain_text("needs JavaScript")
    page.get_by_role("link", name="Services").last.click()
    page.goto(address)
    page.locator(HOME).fill("ReadOnly")
    page.locator(HOME).press("Enter")
    page.wait_for_url("**/policies/?find=ReadOnly")
    context.close()


# --- text with markup, and books without Material's search ----------------------------------------


def test_hostile_names_are_text(page: Page, hostile_site: Path) -> None:
    """In lists and messages, for patterns and titles."""
    happened: list[str] = []
    page.on("dialog", lambda dialog: happened.append(dialog.message))
    page.on("console", lambda message: happened.append(message.text))
    with served(hostile_site) as address:
        for query in ("arn:aws:s3:::<script>", "script", "hostile", "aws:requesttag", "<b>"):
            page.goto(address + "about/")
            ask(page, query)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(100)
            found = page.locator(".pb-results")
            assert found.locator("img, script, b, [onerror]").count() == 0
        ask(page, "script")
        expect(page.locator(".pb-option__name", has_text="<script>").first).to_be_visible()
        page.goto(address + "search/#q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
        expect(page.locator("[data-pb-say]")).to_contain_text("<img src=x")
    assert happened == []


def test_a_book_without_the_themes_search_has_the_finder(page: Page, book: Path) -> None:
    """It then finds everything except prose."""
    config = book / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - search\n", ""))
    folder = built(book / "site", cwd=book)
    assert not (folder / "search/search_index.json").exists()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    with served(folder) as address:
        page.goto(address)
        ask(page, "s3:getobj")
        expect(options(page).first).to_contain_text("s3:GetObject")
        page.wait_for_load_state("networkidle")
    assert failed == []
