"""How a book introduces itself: its words are true of what it holds, before and after an import."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from policybook.book.context import BookContext
from policybook.book.prose.introduction import introduction
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.book import Book, BookFile, Group, ImportedSource
from policybook.model.links import SourceDays
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.html.render import Renderer
from policybook.pages.plan import plan

from tests.support.books import DATA, TEMPLATES, plain, small_catalogue
from tests.support.contexts import context_of
from tests.support.documents import granting

LIST = ImportedSource(title="A list")


def policy(name: str, days: int = 1, owner: str = "aws", actions: str = "s3:GetObject") -> Policy:
    """A policy with a version on each of so many days."""
    versions = tuple(
        Version(f"v{n}", VersionFacts(id=f"v{n}", published=date(2020, 1, n)), granting(actions))
        for n in range(days, 0, -1)
    )
    arn = f"arn:aws:iam::{owner}:policy/{name}"
    return Policy(PolicyFacts(name=name, arn=arn, type="aws-managed"), versions)


def context(*policies: Policy, **more: Any) -> BookContext:
    """A book of these policies with the small catalogue, which has three services."""
    facts = BookFile(title="B", introduction=())
    return context_of(Book(facts, {p.name: p for p in policies}, **more), small_catalogue())


def topic(title: str, *policies: str) -> Group:
    return Group(title=title, introduction=(), policies=policies)


OWN = "111122223333"


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (context(), "This site has 0 policies, with 0 versions."),
        (context(policy("P")), "This site has 1 AWS managed policy, with 1 version."),
        (
            context(policy("P", 3), policy("Q", 2)),
            "This site has 2 AWS managed policies, with 5 versions from 2020-01-01 to 2020-01-03.",
        ),
        (context(policy("P", owner=OWN)), "This site has 1 policy, with 1 version."),
        (
            context(policy("P"), policy("Q", owner=OWN)),
            "This site has 1 AWS managed policy and 1 other policy, with 2 versions.",
        ),
        (
            context(policy("P"), sources={"package": LIST}),
            "This site covers all of AWS, with every AWS managed policy that its sources list: "
            "1 AWS managed policy, with 1 version.",
        ),
        (
            context(policy("P"), sources={"package": replace(LIST, partial=True)}),
            "This site has 1 AWS managed policy, with 1 version.",
        ),
        (
            context(policy("P"), sources={"account": LIST}),
            "This site has 1 AWS managed policy, with 1 version.",
        ),
    ],
)
def test_the_first_sentence_says_how_much_there_is(book: BookContext, said: str) -> None:
    assert introduction(book)[0] == said


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"a": topic("A", "P", "Q")}, "2 AWS managed policies in the topic A, with 2 versions."),
        ({"a": topic("A", "P"), "b": topic("B", "P")}, "1 policy is in the topics A and B."),
        ({f"t{n}": topic(f"T{n}", "P") for n in range(7)}, "1 policy is in 7 topics."),
    ],
)
def test_topics_are_named_with_the_number_of_their_policies(
    groups: dict[str, Group], said: str
) -> None:
    assert said in " ".join(introduction(context(policy("P"), policy("Q"), groups=groups)))


def test_a_policy_without_arn_is_managed_by_aws_if_a_list_has_it() -> None:
    def without(source: str) -> Policy:
        found = policy("P")
        entry = VersionFacts(id="v1", sources={source: SourceDays()})
        return replace(found, facts=replace(found.facts, arn=None, versions=(entry,)))

    assert "1 AWS managed policy, " in introduction(context(without("moto")))[0]
    assert "has 1 policy, " in introduction(context(without("account")))[0]


def test_services_are_counted_among_those_that_aws_lists() -> None:
    book = context(policy("P", actions="s3:Get* sqs:* x:Gone"), policy("Q", actions="*"))
    assert introduction(book)[1:] == (
        "Current documents name 2 of the 3 services in AWS's action list.",
    )


def test_this_book_introduces_itself_as_what_it_is() -> None:
    """Six policies of three topics."""
    found = introduction(context_of(load(DATA), Catalogue()))
    assert found[0].startswith(
        "This site has 6 AWS managed policies in the topics SageMaker core, SageMaker Pipelines "
        "and SageMaker projects and JumpStart, with "
    )


def test_this_book_with_all_of_aws_speaks_of_all_of_aws() -> None:
    """Words about SageMaker are in its topics and guides, not in the introduction."""
    own = load(DATA)
    added = {f"P{n}": policy(f"P{n}") for n in range(3)}
    book = replace(own, policies={**own.policies, **added}, sources={"git": LIST})
    whole = context_of(book, Catalogue())
    pages = {page.url: page for page in plan(whole)}
    renderer = Renderer(TEMPLATES, whole, pages.values())
    home, about = (plain(renderer.body(pages[url]).html) for url in ("", "about/"))
    for text in (home, about):
        assert "This site covers all of AWS" in text
        assert "9 AWS managed policies" in text
        assert "6 policies are in the topics SageMaker core, SageMaker Pipelines and" in text
    assert pages[""].description.startswith("This site covers all of AWS")
    assert not [text for text in own.facts.introduction if "SageMaker" in text]
    assert [line for line in home.splitlines() if line == "SageMaker Pipelines"]
    assert "AWS managed policies for SageMaker Pipelines (version 3)" in about
