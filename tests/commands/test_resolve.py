"""What arguments of commands stand for, where a command alone does not show it."""

from __future__ import annotations

from datetime import date

import pytest
from policybook.commands.resolve import resolve_policies, resolve_version
from policybook.commands.resolve_documents import resolve_document
from policybook.errors import PolicybookError
from policybook.model.book import Book, BookFile
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.books import SAMPLES
from tests.support.documents import bare_document as of


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


def test_a_document_without_a_number_is_named_by_its_day() -> None:
    """Its day is the version's key, and not the day of another version that was the default."""
    version = Version("2021-08-02", VersionFacts(), of())
    policy = Policy(PolicyFacts(name="P", arn=None, type="unknown"), (version,))
    found = Book(BookFile(title="B", introduction=()), {"P": policy})
    assert resolve_document(lambda: found, "P@2021-08-02") == (
        (version.document, "P", "2021-08-02", None, "")
    )


def test_a_day_after_the_data_is_not_certain() -> None:
    """Nobody knows what AWS changed since then."""
    version = Version("v1", VersionFacts(id="v1", published=date(2021, 8, 2)), of())
    policy = Policy(PolicyFacts(name="P", arn=None, type="unknown"), (version,))
    found = Book(BookFile(title="B", introduction=()), {"P": policy})
    assert resolve_document(lambda: found, "P@2021-08-02").unsure == ""
    doubt = "the data ends on 2021-08-02, and what changed after that is not known"
    assert resolve_document(lambda: found, "P@2030-01-01").unsure == doubt


def test_policies_come_in_the_order_of_their_names_and_without_names_all() -> None:
    found = book("A", "B", "C")
    assert [policy.name for policy in resolve_policies(found, ("C", "A"))] == ["C", "A"]
    assert [policy.name for policy in resolve_policies(found, ())] == ["A", "B", "C"]


def test_the_book_is_not_loaded_for_a_path() -> None:
    def unneeded() -> Book:
        raise AssertionError

    path = SAMPLES / "edges/policies/Forms/v1.yml"
    assert resolve_document(unneeded, str(path)).document.statements


# --- a policy that was re-created -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "version", "said"),
    [
        ("v1", "v1~2", "v1 is taken to be P@v1~2, not P@v1~1"),
        ("v2", "v2", "v2 is taken to be P@v2~1"),
        ("v3", "v3~2", "v3 is taken to be P@v3~2"),
        ("v1~1", "v1", ""),
        ("v1~2", "v1~2", ""),
    ],
)
def test_a_version_without_a_life_is_that_of_the_newest(
    capsys: pytest.CaptureFixture[str], key: str, version: str, said: str
) -> None:
    """And a line on standard error says so."""
    listed = (Version(id_, VersionFacts(id=id_), None) for id_ in ("v3~2", "v1~2", "v2", "v1"))
    found = Policy(PolicyFacts(name="P", arn=None, type="unknown"), tuple(listed))
    policies = Book(BookFile(title="B", introduction=()), {"P": found})
    resolved = resolve_version(policies, f"P@{key}")[1]
    assert resolved
    assert resolved.key == version
    line = f"P was deleted and re-created; {said}\n" if said else ""
    assert capsys.readouterr().err == line


def test_a_version_that_no_life_has_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(PolicybookError, match="P: expected version v1, found 'v1~2'"):
        resolve_version(book("P"), "P@v1~2")


def test_no_older_document_is_compared_in_place_of_the_current_one() -> None:
    """A name alone means the current version, whose document may not be known."""
    listed = (Version(id_, VersionFacts(id=id_), of() if id_ == "v1" else None) for id_ in KEYS)
    found = Policy(PolicyFacts(name="P", arn=None, type="unknown"), tuple(listed))
    policies = Book(BookFile(title="B", introduction=()), {"P": found})
    with pytest.raises(PolicybookError, match="P: expected a document of version v2, found none"):
        resolve_document(lambda: policies, "P")
    assert resolve_document(lambda: policies, "P@v1")


KEYS = ("v2", "v1")
