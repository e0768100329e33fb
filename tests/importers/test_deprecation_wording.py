"""What a text says of a policy's deprecation, by cases in our own words."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.importers.deprecation_wording import (
    MOST_CHARACTERS,
    MOST_SENTENCES,
    MOST_SUCCESSORS,
    deprecation_in,
)
from policybook.importers.guides import deprecations
from policybook.importers.guides.deprecations import deprecations_of
from policybook.importers.guides.guide_pages import read_guide_page
from policybook.model.deprecation import SourceDeprecation

OUT, GONE = "on-the-way-out", "deprecated"

# The text, about the policy KiteFullAccess; the state; the successors.
CASES = (
    ("Full access to kites.", None, ""),
    ("", None, ""),
    # --- states
    ("This policy is deprecated.", GONE, ""),
    ("KiteFullAccess has been deprecated since spring.", GONE, ""),
    ("DEPRECATED. Full access to kites.", GONE, ""),
    ("KiteFullAccess (deprecated)", GONE, ""),
    ("The policy was retired in May.", GONE, ""),
    ("It is on a deprecation path, see the guide. Full access.", OUT, ""),
    ("`KiteFullAccess` is on the path to deprecation", OUT, ""),
    ("This policy will soon be deprecated.", OUT, ""),
    ("This policy will be retired; it is deprecated now.", GONE, ""),
    # --- what says nothing of this policy
    ("This policy is not deprecated.", None, ""),
    ("It isn't going to be deprecated.", None, ""),
    ("There are no plans for it to be deprecated.", None, ""),
    ("StringFullAccess is deprecated.", None, ""),
    ("Lists deprecated kites and retired strings.", None, ""),
    ("Use this policy instead of StringFullAccess.", None, ""),
    ("Use RopeTieRole instead of StringFullAccess.", None, ""),
    ("KiteFullAccess replaces StringFullAccess.", None, ""),
    ("StringFullAccess has been replaced by KiteFullAccess.", None, ""),
    ("StringFullAccess was superseded by RopeFullAccess.", None, ""),
    ("Use KiteFullAccess with StringReadOnly to fly.", None, ""),
    ("Use StringReadOnly to read strings.", None, ""),
    ("Use a string instead.", None, ""),
    ("Use CloudWatch or DynamoDB instead.", None, ""),
    ("Use the console instead of KiteFullAccess.", None, ""),
    # --- successors
    ("Use KiteFlyRole instead.", OUT, "KiteFlyRole"),
    (
        "Please use the KiteFlyRole managed policy instead of KiteFullAccess.",
        OUT,
        "KiteFlyRole",
    ),
    (
        "Instead of KiteFullAccess, use the AWS managed policy KiteFlyRole.",
        OUT,
        "KiteFlyRole",
    ),
    ("Instead, attach KiteFlyRole.", OUT, "KiteFlyRole"),
    (
        "We suggest using `KiteFly_Role` and StringReadOnly instead",
        OUT,
        "KiteFly_Role StringReadOnly",
    ),
    ("KiteFullAccess has been replaced by **KiteFullAccess_v2**.", OUT, "KiteFullAccess_v2"),
    ("KiteFullAccess_v2 replaces KiteFullAccess.", OUT, "KiteFullAccess_v2"),
    ("KiteFly\\_Role supersedes it.", OUT, "KiteFly_Role"),
    (
        "Superseded by KiteFlyRole, StringTieRole or RopeTieRole.",
        OUT,
        "KiteFlyRole StringTieRole RopeTieRole",
    ),
    ("KiteFullAccess is deprecated in favor of KiteFlyRole.", GONE, "KiteFlyRole"),
    (
        "`KiteFullAccess` is deprecated. The replacement policy is `KiteFlyRole`.",
        GONE,
        "KiteFlyRole",
    ),
    (
        "This policy will soon be deprecated. Please use KiteFlyRole policy to fly.",
        OUT,
        "KiteFlyRole",
    ),
    ("Deprecated: use KiteFlyRole.", GONE, "KiteFlyRole"),
    ("It is deprecated. You can replace it with KiteFlyRole.", GONE, "KiteFlyRole"),
    (
        "It is deprecated. Migrate to KiteFlyRole / StringTieRole.",
        GONE,
        "KiteFlyRole StringTieRole",
    ),
    ("It is deprecated. Use KiteFullAccess no more.", GONE, ""),
)


@pytest.mark.parametrize(("text", "state", "successors"), CASES)
def test_a_text_says_state_and_successors(text: str, state: str | None, successors: str) -> None:
    """Or nothing, if it is about something else."""
    found = deprecation_in(text, "KiteFullAccess")
    expected = state and (state, tuple(successors.split()))
    assert (found and (found.state, found.successors)) == expected


def test_a_name_that_could_be_a_word_counts_if_it_is_known() -> None:
    """Other words never do."""
    text = "This policy is deprecated. Use Billing instead."
    assert deprecation_in(text, "KitePayer") == SourceDeprecation(state="deprecated")
    known = deprecation_in(text, "KitePayer", {"Billing"})
    assert known == SourceDeprecation(state="deprecated", successors=("Billing",))


@given(st.text(max_size=300))
def test_no_text_is_refused(text: str) -> None:
    """And what it finds are names."""
    found = deprecation_in(text, "KiteFullAccess")
    assert found is None or all(4 < len(name) <= 128 for name in found.successors)


@pytest.mark.parametrize(
    "part",
    [
        "use the ",
        "KiteFlyRole, ",
        "use KiteFlyRole or ",
        "not ",
        "replaced by the ",
        "Aa" * 70 + " ",
    ],
)
def test_a_hostile_text_comes_to_an_end(part: str) -> None:
    """Whatever is repeated: sentences are cut, and their number is."""
    found = deprecation_in(part * 200_000, "KiteFullAccess")
    many = deprecation_in((part[:MOST_CHARACTERS] + ".\n") * 200_000, "KiteFullAccess")
    for said in (found, many):
        assert said is None or len(said.successors) <= MOST_SUCCESSORS
    assert deprecation_in("\n" * MOST_SENTENCES + "It is deprecated.", "KiteFullAccess") is not None


# --- pages ----------------------------------------------------------------------------------------

PAGE = b"""\
# Managed policies for kites

## Managed policy: KiteFullAccess

You can attach KiteFullAccess.

## Managed policy: OldString

This policy is on a deprecation path. Use StringTieRole instead.

## Updates to managed policies

| Change | Description | Date |
| --- | --- | --- |
| **KiteFullAccess** - Deprecated | It has been replaced by `KiteFlyRole`. | March 4, 2021 |
| KiteFlyRole - New policy | This new policy replaces KiteFullAccess. | March 2, 2021 |
| RopeFullAccess is deprecated | `RopeFullAccess` is deprecated. Use `RopeTieRole`. | May 1, 2021 |
| StringTieRole - Update | Reads deprecated strings. | May 2, 2021 |
"""


def test_a_page_tells_of_each_policy_with_the_day_of_the_row() -> None:
    """Rows that say which policy a new one replaces, too; sections have no day."""
    found = deprecations_of(read_guide_page(PAGE))
    assert found == {
        "KiteFullAccess": SourceDeprecation(
            state="deprecated", date=date(2021, 3, 4), successors=("KiteFlyRole",)
        ),
        "OldString": SourceDeprecation(state="on-the-way-out", successors=("StringTieRole",)),
        "RopeFullAccess": SourceDeprecation(
            state="deprecated", date=date(2021, 5, 1), successors=("RopeTieRole",)
        ),
    }


def test_a_text_is_read_for_the_policies_that_it_may_be_about_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that a page of thousands of rows about as many policies comes to an end."""
    read: list[str] = []

    def counted(text: str, policy: str, known: Set[str]) -> SourceDeprecation | None:
        read.append(policy)
        return deprecation_in(text, policy, known)

    monkeypatch.setattr(deprecations, "deprecation_in", counted)
    row = "| Kite{0}FullAccess - Update | Use Rope{0}TieRole instead. | May 1, 2021 |\n"
    rows = "".join(row.format(number) for number in range(300))
    head, _, _ = PAGE.partition(b"| **Kite")
    found = deprecations_of(read_guide_page(head + rows.encode()))
    assert len(found) == 301
    assert len(read) < 2 * 300 + 10
