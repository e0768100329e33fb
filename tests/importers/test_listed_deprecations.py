"""What an archive's lists tell of deprecations, and how it is kept beside what others say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policybook.importers.records import ArchivedPolicy
from policybook.importers.writing.deprecation_entries import deprecation_line, merged, stated_by
from policybook.model.deprecation import SourceDeprecation
from policybook.model.descriptions import Description

from tests.support.git_archives import Archive, imported, listing, one, policy, snapshot

DAY = {number: date(2020, 2, number) for number in range(1, 10)}


def lists(*names: str, **facts: Any) -> dict[str, bytes | str]:
    """A list of all policies, each with the facts."""
    return {"policies-list.json": listing(*names, **facts)}


def told(data: Path, name: str = "P") -> SourceDeprecation | None:
    """What the data keeps of the archive."""
    facts = policy(data, name).facts.deprecated
    return facts.sources.get("git") if facts else None


@pytest.fixture
def two() -> dict[str, bytes | str]:
    """The files of two policies."""
    return {f"policies/{name}": snapshot(1) for name in "PQ"}


def test_a_policy_that_the_newest_list_lacks_is_not_listed(
    archive: Archive, data: Path, two: dict[str, bytes | str]
) -> None:
    """Since the first list without it."""
    archive.commit("2020-02-01", {**two, **lists("P", "Q")})
    archive.commit("2020-02-02", lists("Q"))
    archive.commit("2020-02-03", lists("Q", "R"))
    imported(archive, data)
    assert told(data) == SourceDeprecation(not_listed=DAY[2])
    assert told(data, "Q") is None
    found = policy(data).deprecation
    assert (found.state, found.date, found.precision) == ("deprecated", DAY[2], "at-latest")


def test_a_policy_that_came_back_is_listed(
    archive: Archive, data: Path, two: dict[str, bytes | str]
) -> None:
    """And if it goes again, the first absence does not count."""
    archive.commit("2020-02-01", {**two, **lists("P", "Q")})
    archive.commit("2020-02-02", lists("Q"))
    imported(archive, data)
    archive.commit("2020-02-03", lists("P", "Q"))
    imported(archive, data)
    assert "deprecated" not in (data / "policies/P/policy.yml").read_text()
    archive.commit("2020-02-04", lists("Q"))
    imported(archive, data)
    assert told(data) == SourceDeprecation(not_listed=DAY[4])


def test_an_older_state_of_the_archive_takes_nothing_back(
    archive: Archive, data: Path, two: dict[str, bytes | str]
) -> None:
    """And it brings back nothing that a newer one no longer says."""
    archive.commit("2020-02-01", {**two, **lists("P", "Q")})
    archive.git("branch", "none")
    archive.commit("2020-02-02", lists("Q"))
    archive.git("branch", "one")
    imported(archive, data)
    imported(archive, data, "--branch", "none")
    assert told(data) == SourceDeprecation(not_listed=DAY[2])
    archive.commit("2020-02-03", lists("P", "Q"))
    imported(archive, data)
    imported(archive, data, "--branch", "one")
    assert told(data) is None


def test_a_policy_that_no_list_ever_had_is_not_said_to_be_gone(
    archive: Archive, data: Path
) -> None:
    """The list of an account may lack it for another reason."""
    archive.commit("2020-02-01", {**one(1), **lists("Q")})
    imported(archive, data)
    assert told(data) is None


def test_a_list_that_was_cut_off_says_nothing_of_what_it_lacks(
    archive: Archive, data: Path, two: dict[str, bytes | str]
) -> None:
    """IAM's `IsTruncated`."""
    archive.commit("2020-02-01", {**two, **lists("P", "Q")})
    cut = {**json.loads(listing("Q")), "IsTruncated": True}
    archive.commit("2020-02-02", {"policies-list.json": json.dumps(cut)})
    imported(archive, data)
    assert told(data) is None


def test_a_policy_that_cannot_be_attached_is_deprecated(archive: Archive, data: Path) -> None:
    """Since the first list that says so and is followed by none that does not."""
    for day, attachable in ((1, False), (2, True), (3, False), (4, False)):
        archive.commit(f"2020-02-0{day}", {**one(1), **lists("P", IsAttachable=attachable)})
    imported(archive, data)
    assert told(data) == SourceDeprecation(not_attachable=DAY[3])


def test_without_a_list_the_removal_of_the_file_counts(
    archive: Archive, data: Path, two: dict[str, bytes | str]
) -> None:
    """Where there is a list, that one counts."""
    archive.commit("2020-02-01", two)
    archive.commit("2020-02-02", {"policies/P": None})
    imported(archive, data)
    assert told(data) == SourceDeprecation(not_listed=DAY[2])
    archive.commit("2020-02-03", lists("P", "Q"))
    imported(archive, data)
    assert told(data) is None


def test_a_name_is_deprecated_since_the_list_that_named_it(archive: Archive, data: Path) -> None:
    """If all later lists do; and a day that the list states is kept, too."""
    archive.commit("2020-02-01", {**one(1), "DEPRECATED.json": '["P"]'})
    archive.commit("2020-02-02", {"DEPRECATED.json": "[]"})
    archive.commit("2020-02-03", {"DEPRECATED.json": '["P"]'})
    archive.commit("2020-02-04", {"DEPRECATED.json": '{"P": "2020-01-30"}'})
    imported(archive, data)
    assert told(data) == SourceDeprecation(
        state="deprecated", date=date(2020, 1, 30), observed=DAY[3]
    )


# --- what is kept ---------------------------------------------------------------------------------

GIT = SourceDeprecation(state="deprecated", observed=DAY[3], not_listed=DAY[3])
GUIDE = SourceDeprecation(state="on-the-way-out", date=DAY[1], successors=("A-B", "C"))


def test_the_order_of_imports_does_not_matter() -> None:
    """The line is the same."""
    one_way = merged(merged({}, GIT, "git"), GUIDE, "guide")
    assert one_way == merged(merged({}, GUIDE, "guide"), GIT, "git")
    assert deprecation_line(one_way) == (
        "deprecated: {sources: {"
        "git: {state: deprecated, observed: 2020-02-03, not_listed: 2020-02-03}, "
        'guide: {state: on-the-way-out, date: 2020-02-01, successors: ["A-B","C"]}}}'
    )


def test_the_first_observation_is_kept() -> None:
    """A shallow clone knows a later one only."""
    later = SourceDeprecation(state="deprecated", observed=DAY[5], not_listed=DAY[5])
    assert merged({"git": GIT}, later, "git") == {"git": GIT}
    assert merged({"git": later}, GIT, "git") == {"git": GIT}


def test_a_source_that_says_nothing_stays_and_one_that_takes_back_goes() -> None:
    """A guide's page need not tell of every policy; a list does."""
    both = {"git": GIT, "guide": GUIDE}
    assert merged(both, None, "git") == both
    assert merged(both, SourceDeprecation(), "git") == {"guide": GUIDE}
    assert merged({"git": GIT}, SourceDeprecation(), "git") == {}


def test_a_description_tells_of_a_deprecation() -> None:
    """If the importer found nothing else."""
    words = Description(text="This policy is deprecated. Use KiteFlyRole instead.")
    found = stated_by(ArchivedPolicy("Kite", (), description=words))
    assert found == SourceDeprecation(state="deprecated", successors=("KiteFlyRole",))
    assert stated_by(ArchivedPolicy("Kite", (), description=words, deprecation=GIT)) == GIT
    assert (
        stated_by(ArchivedPolicy("Kite", (), description=Description(text="Flies kites."))) is None
    )


@pytest.mark.parametrize(
    "own",
    [
        "deprecated: {successors: [Q]}",
        "deprecated: {state: current}  # it is in use",
        "deprecated: {date: 2020-01-01, sources: {git: {state: deprecated}}}",
    ],
)
def test_what_a_person_wrote_stays(archive: Archive, data: Path, own: str) -> None:
    """Beside the sources, too."""
    archive.commit("2020-02-01", one(1))
    imported(archive, data)
    main = data / "policies/P/policy.yml"
    main.write_text(main.read_text() + own + "\n")
    archive.commit("2020-02-02", {"DEPRECATED.json": '["P"]'})
    imported(archive, data)
    assert own in main.read_text().splitlines()


def test_a_line_of_an_importer_says_more_when_the_archive_does(
    archive: Archive, data: Path
) -> None:
    """Also the empty mapping, which importers wrote before they named sources."""
    archive.commit("2020-02-01", one(1))
    imported(archive, data)
    main = data / "policies/P/policy.yml"
    main.write_text(main.read_text().replace("versions:", "deprecated: {}\nversions:"))
    archive.commit("2020-02-02", {"DEPRECATED.json": '["P"]'})
    imported(archive, data)
    line = "deprecated: {sources: {git: {state: deprecated, observed: 2020-02-02}}}"
    assert line in main.read_text().splitlines()
    before = main.read_bytes()
    imported(archive, data)
    assert main.read_bytes() == before
