"""What an archive says twice: policies re-created under a name, documents changed silently."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policybook.build.planner import findings
from policybook.data.loader import load
from policybook.importers.git_archives.history import fits

from tests.support.books import BOOK, facts, write
from tests.support.git_archives import (
    ARN,
    Archive,
    current,
    document,
    entry_of,
    imported,
    listing,
    one,
    policy,
    rollbacks,
    run,
    snapshot,
    versions,
)
from tests.support.policies import day
from tests.support.sites import contents


def again(number: int, on: int, action: str = "") -> dict[str, str]:
    """The file of a policy of which a version was created on that day of January."""
    created = f"2020-01-{on:02}T08:00:00+00:00"
    return {"policies/P": snapshot(number, action or f"s3:Again{number}", created=created)}


def recreated(archive: Archive) -> Archive:
    """An archive of a policy with two versions, which is deleted and created anew."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    archive.commit("2020-02-03", {"policies/P": None, "README.md": "x"})
    archive.commit("2020-02-10", again(1, 20))
    return archive


# --- A second life --------------------------------------------------------------------------------


def test_a_known_id_of_another_day_is_a_second_life(archive: Archive, data: Path) -> None:
    """It is no rollback: the newest document is current, and each has a file of its own."""
    recreated(archive)
    archive.commit("2020-02-11", again(3, 22))
    assert len(imported(archive, data)) == 1
    found = policy(data)
    assert versions(found) == [
        ("v3~2", "2020-01-22", "2020-02-11"),
        ("v1~2", "2020-01-20", "2020-02-10"),
        ("v2", "2020-01-02", "2020-02-02"),
        ("v1", "2020-01-01", "2020-02-01"),
    ]
    assert (rollbacks(found), current(data)) == ([], "v3~2")
    assert "s3:Again1" in (data / "policies/P/v1~2.json").read_text()
    assert "s3:Version1" in (data / "policies/P/v1.json").read_text()
    assert [f for f in findings(data) if f.level == "error"] == []


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        # A lower number of a later day than a higher one is of another life, too.
        ([(2, 2), (1, 20)], ["v1~2", "v2"]),
        ([(1, 1), (1, 5), (1, 9)], ["v1~3", "v1~2", "v1"]),
        ([(1, 1), (2, 9), (1, 9)], ["v1~2", "v2", "v1"]),
        ([(1, 1), (2, 1), (3, 1)], ["v3", "v2", "v1"]),
        ([(1, 1), (3, 9), (2, 5)], ["v3", "v2", "v1"]),
    ],
)
def test_a_life_is_what_days_and_numbers_allow(
    archive: Archive, data: Path, shown: list[tuple[int, int]], expected: list[str]
) -> None:
    """In one life a higher number never has an earlier day."""
    for place, (number, on) in enumerate(shown, 1):
        archive.commit(f"2020-02-{place:02}", again(number, on))
    imported(archive, data)
    assert [key for key, *_ in versions(policy(data))] == expected


def test_a_rollback_is_one_within_a_life(archive: Archive, data: Path) -> None:
    """Its target is a version of that life."""
    recreated(archive)
    archive.commit("2020-02-11", again(2, 22))
    archive.commit("2020-02-12", again(1, 20))
    archive.commit("2020-02-13", again(3, 25))
    imported(archive, data)
    assert rollbacks(policy(data)) == [("v1~2", "2020-02-12")]
    assert current(data) == "v3~2"


def test_a_rollback_on_the_day_of_a_new_life_is_forgotten(archive: Archive, data: Path) -> None:
    """Of several default versions on one day, the last one counts."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    archive.commit("2020-02-03T01:00:00+00:00", one(1))
    archive.commit("2020-02-03T02:00:00+00:00", again(1, 20))
    imported(archive, data)
    assert (rollbacks(policy(data)), current(data)) == ([], "v1~2")


def test_a_state_of_the_policy_before_it_was_recreated_is_named(
    archive: Archive, data: Path
) -> None:
    """It changes nothing."""
    recreated(archive)
    archive.commit("2020-02-11", one(2))
    skipped, _ = imported(archive, data)
    assert skipped.endswith(": v2 of 2020-01-02 is of the policy before it was re-created")
    assert (rollbacks(policy(data)), current(data)) == ([], "v1~2")


def test_a_state_that_no_life_has_room_for_is_named(archive: Archive, data: Path) -> None:
    """A higher number of an earlier day, of which no life is known."""
    archive.commit("2020-02-01", again(2, 10))
    archive.commit("2020-02-02", again(3, 5))
    skipped, _ = imported(archive, data)
    assert skipped.endswith(
        ": v3 of 2020-01-05 does not go with the days of the versions that the archive showed "
        "before"
    )
    assert [key for key, *_ in versions(policy(data))] == ["v2"]


def test_versions_fit_by_number_and_day() -> None:
    """Days are as fine as the data is, so one day fits any order."""
    known = [(1, day(1)), (3, day(9))]
    assert fits(2, day(5), known)
    assert fits(2, day(1), known)
    assert fits(2, day(9), known)
    assert fits(1, day(1), known)
    assert not fits(1, day(2), known)
    assert not fits(2, day(10), known)
    assert not fits(4, day(8), known)


def test_a_second_import_changes_nothing(archive: Archive, data: Path) -> None:
    """Of a policy with two lives either."""
    imported(recreated(archive), data)
    before = contents(data)
    imported(archive, data)
    assert contents(data) == before


def test_the_second_life_is_added_to_data_that_has_the_first(archive: Archive, data: Path) -> None:
    """In the file of versions above the first life."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    imported(archive, data)
    archive.commit("2020-02-10", again(1, 20))
    imported(archive, data)
    assert [key for key, *_ in versions(policy(data))] == ["v1~2", "v2", "v1"]


def test_an_archive_that_knows_the_second_life_alone_finds_its_place(
    archive: Archive, data: Path
) -> None:
    """By its days: it is added after the first life, and found again there."""
    first = Archive(data.with_name("first"))
    first.commit("2020-02-01", one(1))
    first.commit("2020-02-02", one(2))
    imported(first, data)
    archive.commit("2020-02-10", again(1, 20))
    for _ in range(2):
        assert len(imported(archive, data)) == 1
        assert [key for key, *_ in versions(policy(data))] == ["v1~2", "v2", "v1"]
    archive.commit("2020-02-11", again(2, 21))
    imported(archive, data)
    assert [key for key, *_ in versions(policy(data))] == ["v2~2", "v1~2", "v2", "v1"]


def test_an_older_life_that_is_imported_later_is_numbered_as_if_it_came_first(
    archive: Archive, data: Path
) -> None:
    """The versions in the data are those of the second life then."""
    later = Archive(data.with_name("later"))
    later.commit("2020-02-10", again(1, 20))
    imported(later, data)
    imported(recreated(archive), data)
    whole = data.with_name("whole")
    imported(archive, whole)
    imported(later, whole)
    assert contents(data)["policies/P/policy.yml"] == contents(whole)["policies/P/policy.yml"]
    assert [key for key, *_ in versions(policy(data))] == ["v1~2", "v2", "v1"]


def test_two_archives_of_one_life_each_give_the_same_in_any_order(
    archive: Archive, data: Path
) -> None:
    """Neither knows the life of the other; their days and documents tell them apart."""
    first = Archive(data.with_name("first"))
    first.commit("2020-02-01", one(1))
    first.commit("2020-02-02", one(2))
    archive.commit("2020-02-10", again(1, 20))
    other = data.with_name("other")
    for folder, order in ((data, (first, archive)), (other, (archive, first))):
        for source in (*order, *order):
            imported(source, folder)
        assert [key for key, *_ in versions(policy(folder))] == ["v1~2", "v2", "v1"]
    assert contents(data / "policies") == contents(other / "policies")


def test_a_life_before_what_people_wrote_is_left_out_with_a_line(
    archive: Archive, data: Path
) -> None:
    """Its ids are taken by the later life."""
    text = facts("P", "versions:\n  - {id: v1, published: 2020-01-20}  # by hand\n")
    write(data, {"book.yml": BOOK, "policies/P/policy.yml": text})
    write(data, {"policies/P/v1.json": json.dumps(document("s3:Again1"))})
    before = contents(data)
    *lines, _ = imported(recreated(archive), data)
    assert lines == [
        f"P: v{number} of 2020-01-0{number} is left out, since the data begins with a later life "
        "of the policy; without that policy's folder it can be imported whole"
        for number in (2, 1)
    ]
    after = contents(data)
    assert {name: after[name] for name in before if name.endswith(".json")} == {
        name: before[name] for name in before if name.endswith(".json")
    }


def test_a_day_that_people_wrote_makes_no_second_life(archive: Archive, data: Path) -> None:
    """The document is the same; the day is named, and stays."""
    text = facts("P", "versions:\n  - {id: v1, published: 2019-12-20}\n")
    write(data, {"book.yml": BOOK, "policies/P/policy.yml": text})
    write(data, {"policies/P/v1.json": json.dumps(document("s3:Version1"))})
    archive.commit("2020-02-01", one(1))
    line, _ = imported(archive, data)
    assert line == (
        "P: v1 was published on 2020-01-01 by the source, and on 2019-12-20 by the data"
    )
    assert versions(policy(data)) == [("v1", "2019-12-20", "None")]


def test_a_name_that_ends_in_json_is_that_of_the_policy(archive: Archive, data: Path) -> None:
    """It is not a second policy."""
    archive.commit("2020-02-01", {"policies/P.json": snapshot(1)})
    archive.commit("2020-02-02", one(2))
    imported(archive, data)
    assert list(load(data).policies) == ["P"]
    assert [key for key, *_ in versions(policy(data))] == ["v2", "v1"]


def test_an_earlier_day_of_another_document_makes_no_second_life(
    archive: Archive, data: Path
) -> None:
    """A life comes after the one before it."""
    text = facts("P", "versions:\n  - {id: v1, published: 2020-01-20, observed: 2020-09-01}\n")
    write(data, {"book.yml": BOOK, "policies/P/policy.yml": text})
    write(data, {"policies/P/v1.json": json.dumps(document("s3:Mine"))})
    archive.commit("2020-02-01", one(1))
    imported(archive, data)
    assert versions(policy(data)) == [("v1", "2020-01-20", "2020-09-01")]


# --- Silent changes -------------------------------------------------------------------------------


def test_a_document_that_changed_silently_is_named_and_the_newest_used(
    archive: Archive, data: Path
) -> None:
    """Id and day are the same; it is one version, observed when it was first."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", {"policies/P": snapshot(1, "s3:Other")})
    commit = archive.git("rev-parse", "HEAD")[:10]
    for _ in range(2):
        line, _ = imported(archive, data)
        assert line == (
            f"P: v1 of 2020-01-01 has another document since 2020-02-02 (commit {commit}), "
            "which is used"
        )
        assert versions(policy(data)) == [("v1", "2020-01-01", "2020-02-01")]
        assert "s3:Other" in (data / "policies/P/v1.json").read_text()


def test_the_newest_document_replaces_the_one_that_the_archive_had(
    archive: Archive, data: Path
) -> None:
    """But not one that people have edited."""
    archive.commit("2020-02-01", one(1))
    imported(archive, data)
    edited = data.with_name("edited")
    imported(archive, edited)
    own = json.dumps(document("s3:Mine"))
    write(edited, {"policies/P/v1.json": own})
    archive.commit("2020-02-02", {"policies/P": snapshot(1, "s3:Other")})
    imported(archive, data)
    imported(archive, edited)
    assert "s3:Other" in (data / "policies/P/v1.json").read_text()
    assert (edited / "policies/P/v1.json").read_text() == own


def test_a_document_that_turned_bad_is_skipped_by_name(archive: Archive, data: Path) -> None:
    """The one before it stays."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", {"policies/P": snapshot(1, Document={"Statement": [{}]})})
    skipped, _ = imported(archive, data)
    assert "the document has errors" in skipped
    assert "s3:Version1" in (data / "policies/P/v1.json").read_text()


# --- Days and lists -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"CreateDate": "2020-01-01"}, "`$.PolicyVersion.CreateDate`"),
        ({"CreateDate": None}, "`$.PolicyVersion.CreateDate`"),
        ({"VersionId": 1}, "`$.PolicyVersion.VersionId`"),
    ],
)
def test_the_field_that_is_wrong_is_named(
    archive: Archive, data: Path, changed: dict[str, Any], said: str
) -> None:
    """And not one that another form of snapshot would need."""
    archive.commit("2020-02-01", {"policies/P": snapshot(1, **changed)})
    assert said in imported(archive, data, status=1)[0]


def test_a_field_that_is_missing_is_named(archive: Archive, data: Path) -> None:
    """With its name."""
    found = json.loads(snapshot(1))
    del found["PolicyVersion"]["CreateDate"]
    archive.commit("2020-02-01", {"policies/P": json.dumps(found)})
    assert "missing required field `CreateDate`" in imported(archive, data, status=1)[0]


def test_a_byte_order_mark_is_passed_over(archive: Archive, data: Path) -> None:
    """In front of a snapshot and of a list."""
    files = {
        **one(1),
        "policies-list.json": listing("P"),
        "DEPRECATED.json": '{"P": "2020-01-15"}',
    }
    archive.commit("2020-02-01", {n: b"\xef\xbb\xbf" + f.encode() for n, f in files.items()})
    assert len(imported(archive, data)) == 1
    found = policy(data).facts
    assert (found.arn, bool(found.deprecated)) == (f"{ARN}/P", True)


def test_a_list_of_names_deprecates_policies_on_an_unknown_day(
    archive: Archive, data: Path
) -> None:
    """As the archive had it until 2021; a later mapping has the day."""
    archive.commit("2020-02-01", {**one(1), "DEPRECATED.json": '["P"]'})
    imported(archive, data)
    gone = policy(data).deprecation
    assert (gone.state, gone.date, gone.precision) == ("deprecated", date(2020, 2, 1), "at-latest")
    archive.commit("2020-02-02", {"DEPRECATED.json": '{"P": "2020-01-15"}'})
    imported(archive, data)
    gone = policy(data).deprecation
    assert (gone.date, gone.precision) == (date(2020, 1, 15), "exact")


def test_lists_that_cannot_be_read_and_names_without_a_file_are_named(
    archive: Archive, data: Path
) -> None:
    """Nothing of an archive is dropped without a line."""
    lists = {"policies-list.json": listing("P", "Q"), "DEPRECATED.json": '{"Old": "2020-01-15"}'}
    archive.commit("2020-02-01", {**one(1), **lists})
    archive.commit("2020-02-02", {"policies-list.json": "{"})
    unread, listed, gone, _ = imported(archive, data)
    assert unread.startswith("policies-list.json at ")
    assert unread.endswith(", passed over")
    without = ".json: expected a file below policies/ for each policy, found none for "
    assert listed == f"policies-list{without}'Q'"
    assert gone == f"DEPRECATED{without}'Old'"


# --- Since when a version is the default ----------------------------------------------------------


def updated(number: int, on: int) -> dict[str, str]:
    """A list in which that version is the default, and the last update on a day of January."""
    update = f"2020-01-{on:02}T12:00:00+00:00"
    version = f"v{number}"
    changed = {"UpdateDate": update, "DefaultVersionId": version}
    return {"policies-list.json": listing("P", **changed)}


def entry(data: Path, key: str) -> str:
    """The line of a version or of a rollback."""
    lines = (data / "policies/P/policy.yml").read_text().splitlines()
    return next(line for line in lines if f": {key}," in line)


@pytest.mark.parametrize(
    ("update", "seen", "since"),
    [
        (2, "2020-01-09", ""),  # the update is the creation
        (5, "2020-01-09", "2020-01-05"),
        (9, "2020-01-09", "2020-01-09"),
        (10, "2020-01-09", ""),  # something else was updated later
    ],
)
def test_a_version_is_the_default_since_the_update_that_made_it_so(
    archive: Archive, data: Path, update: int, seen: str, since: str
) -> None:
    """That is one between its creation and the first commit that shows it."""
    archive.commit("2020-01-01", {**one(1), **updated(1, 1)})
    archive.commit(seen, {**one(2), **updated(2, update)})
    imported(archive, data)
    assert entry(data, "v2") == f"  - {entry_of('v2', '2020-01-02', seen, since)}"


def test_a_rollback_has_the_day_of_its_update(archive: Archive, data: Path) -> None:
    """Also where lists of other days say of older updates of the same version."""
    archive.commit("2020-01-01", {**one(1), **updated(1, 1)})
    archive.commit("2020-01-02", {**one(2), **updated(2, 2)})
    archive.commit("2020-01-08", updated(1, 6))
    archive.commit("2020-01-09", {**one(1), **updated(1, 7)})
    archive.commit("2020-01-12", {**one(2), **updated(2, 11)})
    archive.commit("2020-01-15", {**one(1)})
    imported(archive, data)
    text = (data / "policies/P/policy.yml").read_text()
    assert (
        "rollbacks:\n"
        "  - {to: v1, observed: 2020-01-09, default_since: 2020-01-07}\n"
        "  - {to: v2, observed: 2020-01-12, default_since: 2020-01-11}\n"
        "  - {to: v1, observed: 2020-01-15}\n"
    ) in text


# --- What an importer wrote, and a later source knows better --------------------------------------


def test_what_an_importer_did_not_know_is_filled_in(archive: Archive, data: Path) -> None:
    """ARN and type, since when a version is the default, and the day of a deprecation."""
    archive.commit("2020-01-01", {**one(1), "DEPRECATED.json": '["P"]'})
    archive.commit("2020-01-09", one(2))
    archive.commit("2020-01-10", one(1))
    imported(archive, data)
    archive.commit("2020-01-11", updated(1, 10))
    imported(archive, data)
    archive.commit("2020-01-12", {"DEPRECATED.json": '{"P": "2020-01-12"}'})
    imported(archive, data)
    assert (data / "policies/P/policy.yml").read_text() == (
        "name: P\n"
        f"arn: {ARN}/P\n"
        "type: aws-managed\n"
        "created: 2019-06-01\n"
        "attachable: true\n"
        "deprecated: {sources: {git: {state: deprecated, date: 2020-01-12,"
        " observed: 2020-01-01}}}\n"
        "rollbacks:\n"
        "  - {to: v1, observed: 2020-01-10, default_since: 2020-01-10}\n"
        "versions:\n"
        f"  - {entry_of('v2', '2020-01-02', '2020-01-09')}\n"
        f"  - {entry_of('v1', '2020-01-01', '2020-01-01')}\n"
    )


OWN = """\
name: P
arn: null  # AWS has never said
type: unknown  # neither
summary: >-
  As it is:
  - {id: v1, published: 2020-01-01, observed: 2020-09-01}
deprecated: {}  # since when?
versions:
  # observed by ourselves
  - {id: v1, published: 2020-01-01, observed: 2020-09-01}  # then
"""


def test_a_line_that_people_touched_stays(archive: Archive, data: Path) -> None:
    """Also one that looks like an importer's, in a text."""
    own = OWN
    write(data, {"book.yml": BOOK, "policies/P/policy.yml": own})
    write(data, {"policies/P/v1.json": json.dumps(document("s3:Version1"))})
    files = {**one(1), "policies-list.json": listing("P"), "DEPRECATED.json": '{"P": "2020-02-02"}'}
    archive.commit("2020-02-01", files)
    run(archive.folder, "--data", data)
    text = (data / "policies/P/policy.yml").read_text()
    added = "created: 2019-06-01\nattachable: true\n"
    assert text == own.replace("deprecated:", f"{added}deprecated:")


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_earlier_day_of_observation_counts(archive: Archive, data: Path, ending: str) -> None:
    """Where the line is as an importer writes it, with its line end."""
    text = facts("P", "versions:\n- {id: v1, published: 2020-01-01, observed: 2020-09-01}\n")
    write(data, {"book.yml": BOOK})
    write(data, {"policies/P/policy.yml": text.replace("\n", ending).encode()})
    write(data, {"policies/P/v1.json": json.dumps(document("s3:Version1"))})
    archive.commit("2020-02-01", one(1))
    imported(archive, data)
    after = (data / "policies/P/policy.yml").read_bytes().decode()
    new = facts("P", f"versions:\n- {entry_of('v1', '2020-01-01', '2020-02-01')}\n")
    assert after == new.replace("\n", ending)


def test_a_day_as_the_default_after_an_earlier_observation_is_dropped(
    archive: Archive, data: Path
) -> None:
    """The version was seen as the default before that day."""
    entry_ = "{id: v1, published: 2020-01-01, observed: 2020-02-09, default_since: 2020-02-05}"
    write(data, {"book.yml": BOOK, "policies/P/policy.yml": facts("P", f"versions:\n- {entry_}\n")})
    write(data, {"policies/P/v1.json": json.dumps(document("s3:Version1"))})
    archive.commit("2020-02-03", one(1))
    imported(archive, data)
    text = (data / "policies/P/policy.yml").read_text()
    assert f"- {entry_of('v1', '2020-01-01', '2020-02-03')}\n" in text


def test_an_import_that_fails_leaves_the_files_of_other_policies_as_they_are(
    archive: Archive, data: Path
) -> None:
    """Also those that it would have changed: a document, and the list of versions."""
    archive.commit("2020-02-01", {**one(1), **one(1, "Q")})
    imported(archive, data)
    write(data, {"policies/Q/policy.yml": "name: 1\n"})
    before = contents(data)
    archive.commit("2020-02-02", {"policies/P": snapshot(1, "s3:Silent")})
    archive.commit("2020-02-03", one(2))
    assert run(archive.folder, "--data", data).exit_code == 1
    assert contents(data) == before
