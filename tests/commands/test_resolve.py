"""What arguments of commands stand for, where a command alone does not show it."""

from __future__ import annotations

from policybook.commands.resolve import resolve_document, resolve_policies, resolve_version
from policybook.model.book import Book, BookFile
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.books import SAMPLES


def book(*names: str) -> Book:
    """A book of policies with these names, each with a version v1."""
    version = Version("v1", VersionFacts(id="v1"), None)
    policies = {
        name: Policy(PolicyFacts(name=name, arn=None, type="unknown"), (version,)) for name in names
    }
    return Book(BookFile(title="B", introduction=()), policies)


def test_the_name_of_a_policy_may_contain_an_at_sign() -> None:
    """As IAM allows; the version stands after the last one."""
    found = book("team", "team@v1")
    assert resolve_version(found, "team@v1")[0].name == "team@v1"
    policy, version = resolve_version(found, "team@v1@v1")
    assert (policy.name, version) == ("team@v1", policy.versions[0])


def test_policies_come_in_the_order_of_their_names_and_without_names_all() -> None:
    found = book("A", "B", "C")
    assert [policy.name for policy in resolve_policies(found, ("C", "A"))] == ["C", "A"]
    assert [policy.name for policy in resolve_policies(found, ())] == ["A", "B", "C"]


def test_the_book_is_not_loaded_for_a_path() -> None:
    def unneeded() -> Book:
        raise AssertionError

    path = SAMPLES / "edges/policies/Forms/v1.yml"
    assert resolve_document(unneeded, str(path)).statements
