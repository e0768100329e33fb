"""Policies that grant nothing: in no answer about who grants what, and shown apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec
import pytest
from policybook.data.loader import load

from tests.support.books import facts, write
from tests.support.cli import answer, refusal, run
from tests.support.kinds_book import AWS_ARN, GRANTING, LIMITING, kinds_book
from tests.support.sites import built, contents, once

# What says who grants, what is risky, or what was removed; each is as if the book had no others.
WHO_GRANTS = re.compile(
    r"api/v1/(actions|services|risks|operations)/.*"
    r"|api/v1/(risks|passrole|removals|statements|conditions)\.(json|csv)"
    r"|lists/(services|actions|resources|risks|risk-steps|conditions|passrole|removals).*"
    r"|engine/policies\.json"
)
PAGES = re.compile(
    r"(actions|services|resources|conditions|passrole|risks|changes/removals)/.*html"
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with each kind."""
    return once(tmp_path_factory, "kinds-book", kinds_book)


@pytest.fixture(scope="module")
def found(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files of its site."""
    return contents(once(tmp_path_factory, "kinds", lambda to: built(to, cwd=book)))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files of the site of the same book without the policies that grant nothing."""

    def make(folder: Path) -> None:
        built(folder / "site", cwd=kinds_book(folder / "book", limiting=False))

    return contents(once(tmp_path_factory, "kinds-without", make) / "site")


def result(found: Mapping[str, bytes], path: str) -> Any:
    """What a file of the API has."""
    return json.loads(found[f"api/v1/{path}.json"])["result"]


def test_who_grants_is_as_if_they_were_not_there(
    found: Mapping[str, bytes], without: Mapping[str, bytes]
) -> None:
    """The same files with the same bytes: the API, tables, lists, and what the browser reads."""
    named = {path for path in (*found, *without) if WHO_GRANTS.fullmatch(path)}
    assert len(named) > 15
    assert {path: found.get(path) for path in named} == {p: without.get(p) for p in named}


def test_no_page_about_grants_names_them(
    found: Mapping[str, bytes], without: Mapping[str, bytes]
) -> None:
    """Neither do they have pages that only these policies would make."""
    pages = {path for path in found if PAGES.fullmatch(path)}
    assert pages == {path for path in without if PAGES.fullmatch(path)}
    assert len(pages) > 15
    for path in pages:
        named = [name for name in LIMITING if f"policies/{name}/".encode() in found[path]]
        assert named == [], path


def test_choosing_and_the_finder_know_that_they_grant_nothing(
    found: Mapping[str, bytes], without: Mapping[str, bytes]
) -> None:
    """The finder finds them by name with their type; no action counts them."""
    index, bare = (json.loads(of["search/names.json"]) for of in (found, without))
    assert index["policies"] == sorted((*GRANTING, *LIMITING))
    assert "permissions-boundary" in index["rows"]["types"]
    counted = ("counts", "fewest", "keys", "resources")
    assert [index[key] for key in counted] == [bare[key] for key in counted]
    members = json.loads(found["search/membership.json"])
    places = [index["policies"].index(name) for name in LIMITING]
    for place in places:
        assert (members["grants"][place], members["steps"][place]) == ("", "")
        assert place in members["unattachable"]
    assert not {str(place) for place in places} & members["denies"].keys()
    patterns, others = (json.loads(of["search/patterns.json"]) for of in (found, without))
    assert patterns["patterns"] == others["patterns"]
    for distances in patterns["policies"]:
        steps = (int(distance or 0) + 1 for distance in distances.split(","))
        assert not {at - 1 for at in accumulate(steps)} & set(places)
    assert not named_in(found["engine/risk-steps.json"].decode())


def test_the_commands_do_not_count_them(book: Path) -> None:
    """`grants`, `covers`, `choose` and `risks`."""
    config = ("-f", book / "mkdocs.yml")
    for action in ("s3:GetObject", "kms:Decrypt", "iam:PassRole"):
        text = run("grants", *config, action).output
        assert not [name for name in LIMITING if name in text], action
    assert "Reader" in answer("grants", *config, "s3:GetObject")
    chosen = run("choose", *config, "--customer-managed", "s3:GetObject").output
    assert "Reader" in chosen
    assert not named_in(chosen)


def named_in(text: str) -> list[str]:
    """The policies that grant nothing and are named in a text."""
    return [name for name in LIMITING if name in text]


@pytest.mark.parametrize(
    "arguments",
    [
        ("risks", "Edge"),
        ("risks", "Reader", "OrgGuard"),
        ("covers", "--policy", "Edge", "s3:GetObject"),
        ("choose", "--instead-of", "Edge", "s3:GetObject"),
    ],
)
def test_nothing_is_said_to_be_granted_by_one(arguments: tuple[str, ...], book: Path) -> None:
    """A command that is about what policies grant refuses it, and says why."""
    command, *others = arguments
    status, message = refusal(command, "-f", book / "mkdocs.yml", *others)
    assert status == 2
    assert re.search(r"(Edge|OrgGuard): expected a policy that grants something, found a ", message)


def test_they_are_shown_compared_and_listed(found: Mapping[str, bytes], book: Path) -> None:
    """Each has a page with its history, and the list of boundaries has all of them, no other."""
    for name in LIMITING:
        page = found[f"policies/{name}/index.html"].decode()
        assert "This policy grants nothing." in page
        assert f"policies/{name}/" in found["boundaries/index.html"].decode()
    for name in GRANTING:
        assert f'policies/{name}/"' not in found["boundaries/index.html"].decode()
    listed = found["policies/index.html"].decode()
    assert not [name for name in LIMITING if f"/{name}/" in listed or f'"{name}/' in listed]
    verdicts = {
        name: result(found, f"policies/{name}")["versions"][0]["verdict"]
        for name in ("Edge", "OrgGuard", "DataPerimeter")
    }
    assert verdicts == {"Edge": "mixed", "OrgGuard": "narrowed", "DataPerimeter": "widened"}
    assert "which grants nothing" in answer("show", "-f", book / "mkdocs.yml", "OrgGuard")


def test_they_are_counted_apart(found: Mapping[str, bytes]) -> None:
    """On the home page, in the introduction and in the API's index."""
    index = result(found, "index")
    assert (index["policies"], index["limiting"], index["versions"]) == (2, 4, 2)
    home = found["index.html"].decode()
    assert "This site has 2 policies, with 2 versions." in home
    assert (
        "It also has 2 permissions boundaries, 1 service control policy and 1 resource control "
        "policy, which grant nothing and are counted apart." in home
    )
    lines = {line["name"]: line["limits_only"] for line in result(found, "policies")}
    assert lines == {**dict.fromkeys(GRANTING, False), **dict.fromkeys(LIMITING, True)}


def test_a_policy_of_aws_is_a_boundary_if_the_reviewed_list_says_so(tmp_path: Path) -> None:
    """A customer's own policy of that name is not."""
    entry = "{name: P, source: {title: T, url: https://example.org/}}"
    files = {
        "boundaries.yml": f"policies: [{entry}]\n",
        "policies/P/policy.yml": facts("P", "versions: []"),
    }
    (policy,) = load(write(tmp_path / "a", files)).policies.values()
    assert (policy.type, policy.grants, policy.is_of_customer) == (
        "permissions-boundary",
        False,
        False,
    )
    files["policies/P/policy.yml"] = facts("P", "versions: []", "customer-managed").replace(
        "::aws:", "::111122223333:"
    )
    (own,) = load(write(tmp_path / "b", files)).policies.values()
    assert (own.type, own.grants) == ("customer-managed", True)


def test_a_policy_is_read_again_when_the_list_names_it(book: Path, tmp_path: Path) -> None:
    """A rebuild takes nothing from the cache that says otherwise."""
    whole = kinds_book(tmp_path / "book")
    built(tmp_path / "site", cwd=whole)
    (whole / "data/boundaries.yml").write_text("policies: []\n")
    built(tmp_path / "site", cwd=whole)
    again = contents(tmp_path / "site")
    assert result(again, "index")["limiting"] == 3
    assert b"policies/AwsEdge/" in again["services/index.html"]


# --- roles ----------------------------------------------------------------------------------------


def role(found: Mapping[str, bytes], name: str) -> Any:
    """What the API says of a role."""
    return result(found, f"roles/{name}")


def remaining(found: Mapping[str, bytes], name: str) -> Iterator[str]:
    """The actions that remain of a role."""
    for service in role(found, name)["services"]:
        yield from service["remaining"]


def test_a_role_has_what_its_boundary_leaves(found: Mapping[str, bytes]) -> None:
    """By service, and what the boundary removes."""
    bounded = role(found, "bounded")
    assert list(remaining(found, "bounded")) == [
        "lambda:InvokeFunction",
        "s3:GetObject",
        "s3:PutObject",
    ]
    removed = [name for service in bounded["services"] for name in service["removed"]]
    assert removed == ["s3:ListBucket", "sqs:SendMessage"]
    assert (bounded["exact"], bounded["unknown"], bounded["boundary_unknown"]) == (True, [], False)
    page = found["roles/bounded/index.html"].decode()
    assert "3 of the 5 actions that the policies allow together remain" in page
    assert "This is exact" in page


def test_without_a_boundary_all_of_it_remains(found: Mapping[str, bytes]) -> None:
    """Nothing is said to be exact."""
    assert len(list(remaining(found, "free"))) == 5
    assert role(found, "free")["exact"] is False


def test_what_is_outside_the_book_is_said_to_be_unknown(found: Mapping[str, bytes]) -> None:
    """A policy, or the boundary."""
    outside = role(found, "outside")
    assert (outside["unknown"], outside["exact"]) == (["ReadOnlyAccess"], False)
    assert outside["policies"][1] == {
        "name": "ReadOnlyAccess",
        "arn": AWS_ARN,
        "in_book": False,
        "of_aws": True,
        "url": None,
    }
    page = found["roles/outside/index.html"].decode()
    assert "managed by AWS, not in this book" in page
    assert "unknown in part" in page
    bounded = role(found, "boundedoutside")
    assert (bounded["boundary_unknown"], bounded["exact"]) == (True, False)
    assert "it is unknown what it leaves" in found["roles/boundedoutside/index.html"].decode()


def test_policies_of_aws_are_in_a_book_of_aws(tmp_path: Path) -> None:
    """If mkdocs.yml gives its address, with or without a slash at the end."""
    book = kinds_book(tmp_path / "book", aws_book="https://aws.example.org/book")
    found = contents(built(tmp_path / "site", cwd=book))
    url = "https://aws.example.org/book/policies/ReadOnlyAccess/"
    assert role(found, "outside")["policies"][1]["url"] == url
    assert f'href="{url}"' in found["roles/outside/index.html"].decode()


@pytest.mark.parametrize("url", ["http://example.org/", "example.org", "https://", "https://a b/"])
def test_the_address_of_a_book_of_aws_is_https(url: str, tmp_path: Path) -> None:
    """Any other is an error that names the setting."""
    book = kinds_book(tmp_path / "book", aws_book=f'"{url}"')
    status, message = refusal("build", "-f", book / "mkdocs.yml", "-d", tmp_path / "site")
    assert status == 2
    assert "aws_book" in message
    assert "expected the https URL of a book of AWS's policies" in message


def test_a_policy_page_says_whose_boundary_it_is(found: Mapping[str, bytes]) -> None:
    """As it says which roles have a policy."""
    assert result(found, "policies/Edge")["limits_roles"] == ["Bounded", "Outside"]
    assert result(found, "policies/Reader")["roles"] == [
        "Bounded",
        "Free",
        "Outside",
        "BoundedOutside",
    ]
    assert msgspec.json.decode(found["api/v1/policies/AwsEdge.json"])["result"]["boundary_source"]
