"""Successors of deprecated policies: which they are, and what they drop and add."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from policybook.analysis.compare import compare
from policybook.analysis.index import index
from policybook.analysis.successors import Successor, plain_name, succession, successors
from policybook.book.context import BookContext
from policybook.book.dependencies import of_deprecated, of_policy_file
from policybook.model.book import Book, BookFile
from policybook.model.deprecation import DeprecationFacts, SourceDeprecation
from policybook.model.fields import PolicyType
from policybook.model.links import Link
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.files import site_files
from policybook.output.html.render import Renderer
from policybook.output.json.deprecated_results import deprecated_result
from policybook.pages.deprecated import deprecated_view
from policybook.pages.plan import plan
from policybook.pages.policy_page.view import policy_view

from tests.support import oracle
from tests.support.books import TEMPLATES, plain, small_catalogue

GONE = DeprecationFacts()
LEAVING = DeprecationFacts(
    state="on-the-way-out",
    successors=("LateNew", "Elsewhere"),
    source=Link(title="A guide", url="https://example.com/guide"),
)


def policy(
    name: str,
    gone: DeprecationFacts | None = None,
    created: str = "",
    kind: PolicyType = "aws-managed",
    versions: Iterable[Version] = (),
) -> Policy:
    """A policy, by default without documents."""
    day = date.fromisoformat(created) if created else None
    facts = PolicyFacts(name=name, arn=None, type=kind, created=day, deprecated=gone)
    return Policy(facts, tuple(versions))


def book(*policies: Policy) -> Book:
    """A book of these policies."""
    listed = sorted(policies, key=lambda found: found.name)
    return Book(BookFile(title="B", introduction=()), {p.name: p for p in listed})


def found(*policies: Policy) -> dict[str, str]:
    """The successors by name."""
    return {name: one.name for name, (one,) in successors(book(*policies)).items()}


# --- which it is ----------------------------------------------------------------------------------


def test_the_data_names_a_successor() -> None:
    """Whatever its name suggests, and whether or not the book has it."""
    named = DeprecationFacts(successors=("Other",))
    assert successors(book(policy("A", named), policy("AV2"))) == {
        "A": (Successor("Other", "named"),),
    }


def test_there_may_be_several() -> None:
    """In the order in which they are named."""
    named = DeprecationFacts(successors=("One", "Other"))
    assert successors(book(policy("A", named))) == {
        "A": (Successor("One", "named"), Successor("Other", "named"))
    }


def test_a_policy_on_the_way_out_has_a_successor_and_is_none() -> None:
    """Like a deprecated one."""
    leaving = DeprecationFacts(state="on-the-way-out")
    assert found(policy("A", leaving), policy("AV2", leaving), policy("AV3")) == {
        "A": "AV3",
        "AV2": "AV3",
    }


def test_a_policy_that_the_data_calls_current_has_none() -> None:
    """Whatever an imported source says."""
    sources = {"git": SourceDeprecation(state="deprecated")}
    kept = DeprecationFacts(state="current", sources=sources)
    assert found(policy("A", kept), policy("AV2")) == {}


@pytest.mark.parametrize("later", ["AbcV2", "Abc_v2", "Abc-v2", "ABC_V2", "A_bcV3", "a-b-c_v12"])
def test_the_same_name_with_a_higher_number_is_the_successor(later: str) -> None:
    """In any case, with `_` and `-` anywhere; days do not matter."""
    assert successors(
        book(policy("Abc", GONE, "2020-01-01"), policy(later, None, "2019-01-01"))
    ) == {"Abc": (Successor(later, "evident"),)}


def test_numbers_are_counted_up_to_the_next_that_is_not_deprecated() -> None:
    """Only higher ones, compared as numbers."""
    names = ("A", "AV2", "AV9", "AV10", "AV11")
    assert found(
        *(policy(name, GONE if name not in ("AV9", "AV11") else None) for name in names)
    ) == {
        "A": "AV9",
        "AV2": "AV9",
        "AV10": "AV11",
    }
    assert found(policy("AV2", GONE), policy("A")) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Abc", ("abc", 1)),
        ("AB_c-d", ("abcd", 1)),
        ("AbcV2", ("abc", 2)),
        ("Abc_V02", ("abc", 2)),
        ("Abc-v13", ("abc", 13)),
        ("AbcDev2", ("abcdev2", 1)),
        ("AbcV", ("abcv", 1)),
        ("AbcV2Access", ("abcv2access", 1)),
        ("Inspector2FullAccess", ("inspector2fullaccess", 1)),
        ("V2", ("", 2)),
    ],
)
def test_a_name_is_read_as_its_text_and_its_number(name: str, expected: tuple[str, int]) -> None:
    """A lower-case `v` counts only if it is separated from the word before it."""
    assert plain_name(name) == expected


@pytest.mark.parametrize(
    ("other", "created", "expected"),
    [
        ("A_BC", "2020-01-01", True),
        ("a-bc", "2020-01-02", True),
        ("ABc", "2019-12-31", False),
        ("A_Bc", "", False),
    ],
)
def test_the_same_number_spelled_otherwise_has_to_be_no_older(
    other: str, created: str, expected: bool
) -> None:
    """And its day must be known."""
    listed = found(policy("Abc", GONE, "2020-01-01"), policy(other, None, created))
    assert listed == ({"Abc": other} if expected else {})


def test_days_of_versions_stand_in_for_that_of_creation() -> None:
    """The day of the first version counts too; any version shows that an old policy existed."""

    def version(key: str, day: str) -> Version:
        facts = VersionFacts(id=key, published=date.fromisoformat(day))
        return Version(key, facts, None)

    old = policy("Abc", GONE, versions=[version("v9", "2021-01-01"), version("v7", "2020-01-01")])
    first = policy("A_bc", versions=[version("v2", "2022-01-01"), version("v1", "2020-02-01")])
    assert found(old, first) == {"Abc": "A_bc"}
    assert found(old, policy("A_bc", versions=[version("v2", "2022-01-01")])) == {}
    assert found(policy("Abc", GONE), first) == {}


def test_of_two_that_fit_none_is_the_successor() -> None:
    """Although a single one with a higher number would be."""
    new = [policy("A_b", None, "2020-01-01"), policy("A-b", None, "2020-01-01")]
    assert found(policy("Ab", GONE, "2019-01-01"), *new, policy("AbV2")) == {}
    assert found(policy("Ab", GONE), policy("AbV2"), policy("Ab_v2"), policy("AbV3")) == {}


def test_a_customer_s_policy_does_not_succeed_aws_s() -> None:
    """Nor the reverse; other types do not matter."""
    assert found(policy("A", GONE), policy("AV2", kind="customer-managed")) == {}
    assert found(policy("A", GONE, kind="customer-managed"), policy("AV2")) == {}
    assert found(policy("A", GONE, kind="unknown"), policy("AV2", kind="service-role")) == {
        "A": "AV2"
    }


def test_only_deprecated_policies_have_successors() -> None:
    """A V2 of a policy that is not deprecated is no successor."""
    assert found(policy("A"), policy("AV2")) == {}


def slow(listed: Book) -> Iterator[tuple[str, str]]:
    """Evident successors, comparing each policy with each other one, literally by the rule."""
    every = listed.policies.values()

    def fits(old: Policy, new: Policy, number: int) -> bool:
        (text, own), (other, its) = plain_name(old.name), plain_name(new.name)
        if new.facts.deprecated or text != other or its != number or number < own:
            return False
        days = (old.facts.created, new.facts.created)
        return number > own or (None not in days and days[0] <= days[1])  # type: ignore[operator]  # neither is None

    for old in every:
        if old.facts.deprecated:
            for number in range(1, 6):
                fitting = [new.name for new in every if fits(old, new, number)]
                if len(fitting) == 1:
                    yield old.name, fitting[0]
                if fitting:
                    break


@given(
    listed=st.lists(
        st.builds(
            policy,
            st.sampled_from(["Ab", "A_b", "a-b", "AbV2", "Ab_v2", "A_bV3", "AbV4", "Abv2", "B"]),
            st.sampled_from([None, GONE]),
            st.sampled_from(["", "2020-01-01", "2020-01-02"]),
        ),
        unique_by=lambda found: found.name,
    )
)
def test_the_successors_are_those_that_trying_all_finds(listed: list[Policy]) -> None:
    """In any order of the book."""
    whole = book(*listed)
    assert {n: s.name for n, (s,) in successors(whole).items()} == dict(slow(whole))


# --- what it lacks and adds -----------------------------------------------------------------------


def document(*statements: tuple[str, str, str]) -> Any:
    """A document of statements, each with an effect, actions and a resource."""
    listed = [{"Effect": e, "Action": a.split(), "Resource": r} for e, a, r in statements]
    return oracle.document({"Version": "2012-10-17", "Statement": listed})


def test_what_the_successor_lacks_and_adds_are_grants_and_effective_actions() -> None:
    """Grants by comparing the documents, actions with the catalogue."""
    old = document(("Allow", "s3:GetObject sqs:*", "*"), ("Allow", "sqs:Retired", "*"))
    new = document(
        ("Allow", "s3:GetObject", "arn:aws:s3:::a/*"), ("Allow", "sqs:List* new:Do", "*")
    )
    made = succession(old, new, small_catalogue())
    assert made.change == compare(old, new)
    assert made.adds == ("new:do",)
    assert made.lacks == ("sqs:retired", "sqs:sendmessage")
    assert [e.kind for e in made.change.lost] == ["resource", "action", "action"]


def test_a_name_that_the_catalogue_lacks_is_not_lacking_where_a_pattern_covers_it() -> None:
    """Unless it is denied on all resources."""
    old = document(("Allow", "sqs:Retired", "*"))
    wide = document(("Allow", "sqs:*", "*"))
    assert succession(old, wide, small_catalogue()).lacks == ()
    denied = document(("Allow", "sqs:*", "*"), ("Deny", "sqs:Ret*", "*"))
    assert succession(old, denied, small_catalogue()).lacks == ("sqs:retired",)


def test_an_action_is_lacking_where_a_statement_names_it_on_what_it_cannot_have() -> None:
    """It is no effective action there."""
    old, queue = document(("Allow", "s3:GetObject", "*")), "arn:aws:sqs:*:*:a"
    new = document(("Allow", "s3:GetObject", queue))
    assert succession(old, new, small_catalogue()).lacks == ("s3:getobject",)


def test_swapping_the_documents_swaps_what_is_lacking_and_added() -> None:
    """For every pair of a few documents."""
    bodies = ("s3:Get*", "s3:GetObject gone:Do", "*", "gone:*", "sqs:SendMessage s3:GetObject")
    documents = [document(("Allow", body, "*")) for body in bodies]
    for old, new in permutations(documents, 2):
        one, other = (succession(*pair, small_catalogue()) for pair in ((old, new), (new, old)))
        assert (one.lacks, one.adds) == (other.adds, other.lacks)


# --- pages and files ------------------------------------------------------------------------------


def granting(name: str, actions: str, gone: DeprecationFacts | None = None) -> Policy:
    """A policy with one version that allows the actions."""
    facts = VersionFacts(id="v3", published=date(2020, 1, 1))
    version = Version("v3", facts, document(("Allow", actions, "*")))
    return policy(name, gone, versions=[version])


def context_of(*policies: Policy) -> BookContext:
    """The context that pages are made from."""
    whole = book(*policies)
    return BookContext(whole, index(whole), small_catalogue())


@pytest.fixture(scope="module")
def made() -> BookContext:
    """A book of each case."""
    return context_of(
        granting(
            "Late", "s3:GetObject", DeprecationFacts(date=date(2022, 1, 1), successors=("LateNew",))
        ),
        granting("LateNew", "s3:GetObject sqs:*"),
        granting("Early", "old:Do sqs:SendMessage", DeprecationFacts(date=date(2021, 1, 1))),
        granting("EarlyV2", "sqs:SendMessage"),
        granting("alone", "old:Do lost:Do", GONE),
        granting("Broken", "s3:GetObject", DeprecationFacts(successors=("Bare",))),
        policy("Bare", GONE),
        granting("Leaving", "s3:GetObject sqs:*", LEAVING),
        granting("All", "*"),
    )


def test_dated_policies_come_first_and_the_newest_of_them(made: BookContext) -> None:
    """Then the others by name, without case."""
    view = deprecated_view(made)
    assert [(p.name, p.version) for p in view.deprecated] == [
        ("Late", "v3"),
        ("Early", "v3"),
        ("alone", "v3"),
        ("Bare", ""),
        ("Broken", "v3"),
    ]
    assert [part.name for part in view.leaving] == ["Leaving"]
    assert (view.dated, view.current) == (2, 3)
    assert [part.name for part in view.succeeded] == ["Leaving", "Late", "Early", "Broken"]


def test_each_is_shown_with_its_successors_and_the_difference(made: BookContext) -> None:
    """Named or evident; without both documents nothing is compared."""
    view = deprecated_view(made)
    late, early, alone, _, broken = view.deprecated
    assert alone.successors == ()
    late_new, early_new, bare = (part.successors[0].successor for part in (late, early, broken))
    assert (late_new.name, late_new.how, late_new.verdict) == ("LateNew", "named", "widened")
    assert (late_new.lost, late_new.gained, late_new.lacks, late_new.adds) == (0, 1, 0, 2)
    assert (early_new.name, early_new.how, early_new.verdict) == ("EarlyV2", "evident", "narrowed")
    assert (early_new.lost, early_new.gained, early_new.lacks, early_new.adds) == (1, 0, 1, 0)
    assert (bare.compared, bare.verdict, bare.state) == (False, None, "deprecated")
    several = [(c.successor.name, c.successor.verdict) for c in view.leaving[0].successors]
    assert several == [("LateNew", "identical"), ("Elsewhere", None)]


def test_services_that_only_deprecated_policies_name(made: BookContext) -> None:
    """Those that grant every action do not count, nor does a Deny."""
    assert made.successors.services_only_deprecated_grant() == (
        ("lost", ("alone",)),
        ("old", ("Early", "alone")),
    )
    denying = policy(
        "D", versions=[Version("v1", VersionFacts(id="v1"), document(("Deny", "old:*", "*")))]
    )
    both = context_of(granting("A", "old:Do", GONE), denying)
    assert both.successors.services_only_deprecated_grant() == (("old", ("A",)),)


def texts(made: BookContext) -> dict[str, str]:
    """Every page as text."""
    pages = tuple(plan(made))
    renderer = Renderer(TEMPLATES, made, pages)
    return {page.url: plain(renderer.body(page).html) for page in pages}


def test_the_pages_tell_of_both_sides(made: BookContext) -> None:
    """The pages of the old and the new policy, and that of all deprecated ones."""
    read = texts(made)
    assert (
        "Use EarlyV2 instead (inferred from the name). Compared with this policy, it is narrowed. "
        "You lose 1 grant and gain 0. What you lose and gain" in read["policies/Early/"]
    )
    assert "Use LateNew instead (documented)." in read["policies/Leaving/"]
    assert "Use Elsewhere instead (documented)." in read["policies/Leaving/"]
    assert (
        "Who says that it is on the way out\nA guide: on the way out" in read["policies/Leaving/"]
    )
    assert "Use LateNew instead (documented: A guide)." in read["deprecated/"]
    assert (
        "5 managed policies are deprecated, 1 is on the way out, and 3 are current."
        " Of those that are not current, the date is known for 2, a successor for 4."
    ) in read["deprecated/"]
    assert "This policy replaces Early (what you lose and gain)." in read["policies/EarlyV2/"]
    assert "Successor unknown." in read["policies/alone/"]
    assert "The two policies cannot be compared: a document is missing." in read["policies/Broken/"]
    assert (
        "Use Bare instead (documented, also deprecated: this site's data)." in read["deprecated/"]
    )
    assert "You lose 1 effective action and gain 0." in read["deprecated/"]
    assert "successor" not in read["policies/All/"]


def test_programs_get_the_same(made: BookContext) -> None:
    """The list has counts; the complete evidence is in the policy's own file."""
    result = deprecated_result(made)
    assert [(line.state, line.name) for line in result.policies] == [
        ("on-the-way-out", "Leaving"),
        *(("deprecated", name) for name in ("Late", "Early", "alone", "Bare", "Broken")),
    ]
    leaving, late, early, *_ = result.policies
    assert (late.date, late.date_precision) == (date(2022, 1, 1), "exact")
    (said,) = leaving.sources
    assert (said.says, said.by, said.url) == (
        *("on-the-way-out", "A guide"),
        "https://example.com/guide",
    )
    assert [(s.name, s.how, s.sources, s.state) for s in leaving.successors] == [
        ("LateNew", "named", ("A guide",), "current"),
        ("Elsewhere", "named", ("A guide",), None),
    ]
    (new,) = early.successors
    assert (new.lost, new.lacks, new.difference) == (1, 1, "deprecated/Early/")
    assert (early.url, early.api) == ("deprecated/#policy-Early", "api/v1/policies/Early.json")
    assert [(found.prefix, found.policies) for found in result.services] == list(
        made.successors.services_only_deprecated_grant()
    )
    own = {file.path: file for file in site_files(made)}["api/v1/policies/Early.json"].render()
    assert b'"successors":[{"name":"EarlyV2","how":"evident"' in own
    assert b'"lacks":["old:do"]' in own


def test_the_list_has_the_form_of_its_schema(made: BookContext) -> None:
    """Both are published."""
    files = {
        file.path: json.loads(file.render()) for file in site_files(made) if "deprec" in file.path
    }
    schema, content = files["schemas/api/deprecated.json"], files["api/v1/deprecated.json"]
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    validator.validate(content)
    line = schema["$defs"]["DeprecatedResult"]
    assert line["description"].startswith("A policy that is deprecated or on the way out.")
    content["result"]["policies"][0]["state"] = "gone"
    assert not validator.is_valid(content)


def test_the_pages_are_made_again_where_the_successor_changes(made: BookContext) -> None:
    """They are made from it: the old policy's and that of all; and from the names of those."""
    assert of_policy_file(made, "Early").policies == ("Early", "EarlyV2")
    assert of_policy_file(made, "EarlyV2").policies == ("EarlyV2",)
    assert of_policy_file(made, "EarlyV2").values[-1] == ("Early",)
    assert of_deprecated(made).policies == (
        *("Bare", "Broken", "Early", "EarlyV2", "Late", "LateNew", "Leaving", "alone"),
    )


def test_a_book_without_deprecated_policies_has_the_page_too() -> None:
    """It says so, and no page links to it."""
    read = texts(context_of(granting("A", "s3:GetObject")))
    assert "No policy on this site is deprecated or on the way out." in read["deprecated/"]
    assert "eprecated" not in read["policies/"]
    view = policy_view(context_of(granting("A", "s3:GetObject")), "A")
    assert (view.succession.successors, view.succession.succeeds) == ((), ())
