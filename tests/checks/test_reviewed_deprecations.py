"""`successors.yml`: what is read, every error with its place, and what it makes of a policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from policybook.build.planner import findings
from policybook.data.loader import load, read

from tests.support.books import BOOK, DATA, facts, write

SOURCE = "    source: {title: A page, url: 'https://example.com/'}\n"
ENTRY = f"policies:\n  - name: P\n    state: on-the-way-out\n    successors: [Q]\n{SOURCE}"


def book(folder: Path, successors: str = ENTRY, **policies: str) -> Path:
    """A data folder with that file and these policies, by what their `policy.yml` has more."""
    files = {f"policies/{name}/policy.yml": facts(name, more) for name, more in policies.items()}
    return write(folder, {"book.yml": BOOK, "successors.yml": successors, **files})


def lines(data: Path) -> list[str]:
    """The findings with their level, without the folder."""
    return [f"{found.level}: {found}".replace(f"{data}/", "") for found in findings(data)]


def test_an_entry_is_about_the_policy_of_that_name(tmp_path: Path) -> None:
    """Whatever its own file says, unless that says something of it."""
    data = book(tmp_path, P="", Q="")
    found = load(data).policies["P"].deprecation
    assert (found.state, found.successors) == ("on-the-way-out", ("Q",))
    assert findings(data) == ()
    own = book(tmp_path, P="deprecated: {state: current}\n", Q="")
    assert load(own).policies["P"].deprecation.is_current


def test_a_customer_s_policy_of_that_name_is_another_one(tmp_path: Path) -> None:
    """The list is of AWS's."""
    own = facts("P", kind="customer-managed").replace(":aws:policy", ":123456789012:policy")
    data = write(book(tmp_path), {"policies/P/policy.yml": own})
    assert load(data).policies["P"].deprecation.is_current


def test_a_book_need_not_have_the_policies(tmp_path: Path) -> None:
    """Neither the old ones nor the new ones."""
    assert findings(book(tmp_path, R="")) == ()


def test_a_successor_that_the_book_lacks_is_a_warning(tmp_path: Path) -> None:
    """If it has the old policy; also one that an imported source names."""
    said = "deprecated: {sources: {guide: {state: deprecated, successors: [R]}}}\n"
    data = book(tmp_path, P=said)
    assert lines(data) == [
        "warning: policies/P/policy.yml:4: deprecated.sources.guide.successors[0]: expected a "
        "policy of the book, found 'R' [unknown-reference]",
        "warning: successors.yml:4: policies[0].successors[0]: expected a policy of the book, "
        "found 'Q' [unknown-reference]",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ENTRY + ENTRY.removeprefix("policies:\n"),
            "successors.yml:6: policies[1].name: expected a unique name, found 'P' [bad-name]",
        ),
        (
            ENTRY.replace("on-the-way-out", "current"),
            "successors.yml:3: policies[0].state: expected one of deprecated, on-the-way-out, "
            "found 'current' [wrong-value]",
        ),
        (
            ENTRY.replace(SOURCE, ""),
            "successors.yml:2: policies[0]: expected the key source, found none [missing-key]",
        ),
    ],
)
def test_errors_have_their_place(tmp_path: Path, text: str, expected: str) -> None:
    """One line each."""
    assert lines(book(tmp_path, text, Q="")) == [f"error: {expected}"]


def test_a_policy_is_read_again_if_its_entry_changes(tmp_path: Path) -> None:
    """So that every page about it is made again; other policies are not."""
    before = read(book(tmp_path, P="", Q=""))
    after = read(book(tmp_path, ENTRY.replace("[Q]", "[]"), P="", Q=""), before.parsed)
    assert after.parsed["P"].policy.deprecation.successors == ()
    assert after.parsed["P"].digest != before.parsed["P"].digest
    assert after.parsed["Q"] is before.parsed["Q"]


def test_the_reviewed_list_of_the_repository_is_sound() -> None:
    """Each policy once, each with a page; a policy is no successor of itself."""
    found = load(DATA).reviewed
    assert len(found) >= 30
    for name, entry in found.items():
        assert entry.source.url.startswith("https://")
        assert name not in entry.successors
        assert entry.successors or entry.note
    for name in ("AmazonEC2RoleforSSM", "AWSConfigRole", "AmazonGuardDutyFullAccess"):
        assert found[name].successors
