"""The import of a git archive: what comes in, what is skipped, and what nothing ever changes.

Every archive here is a small git repository of its own, with fixed days and a fixed author.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import ndiff
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner
from policybook.build.planner import findings
from policybook.commands.main import commands
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.importers import records
from policybook.importers.git_archives import git_archive
from policybook.importers.records import ArchivedPolicy
from policybook.importers.writing import writer
from policybook.model.book import ImportedSource
from policybook.model.deprecation import SourceDeprecation

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
    refused,
    rollbacks,
    run,
    snapshot,
    versions,
    without_settings,
)
from tests.support.sites import contents, environment

# --- Versions -------------------------------------------------------------------------------------


def test_each_version_id_is_one_version_however_often_it_was_committed(
    archive: Archive, data: Path
) -> None:
    """Another order, other white space and a list turned into a text are no versions."""
    archive.commit("2020-02-01", {"policies/P": snapshot(1)})
    same = json.loads(snapshot(1))["PolicyVersion"]
    same["Document"]["Statement"] = same["Document"]["Statement"][0]
    same["Document"]["Statement"]["Action"] = "s3:Version1"
    archive.commit("2020-02-02", {"policies/P": json.dumps(same, sort_keys=True)})
    archive.commit("2020-02-03", {"policies/P": snapshot(2)})
    archive.commit("2020-02-04", {"policies/P": snapshot(2, bare=True)})
    said = imported(archive, data)
    assert said == [f"{data}: 2 new versions of 1 policy, 1 of them new; 0 of 4 states skipped"]
    assert versions(policy(data)) == [
        ("v2", "2020-01-02", "2020-02-03"),
        ("v1", "2020-01-01", "2020-02-01"),
    ]
    assert sorted(contents(data)) == [
        "policies/P/policy.yml",
        "policies/P/v1.json",
        "policies/P/v2.json",
        "sources.yml",
    ]


def test_a_document_is_what_the_snapshot_of_its_version_holds(archive: Archive, data: Path) -> None:
    """In the spelling that it has there, in one order, and lists of one item as that item."""
    statement = {"Resource": ["*"], "Action": ["SNS:Publish "], "Effect": "Allow"}
    given = {"Statement": statement, "Id": "ä é", "Version": "2012-10-17"}
    archive.commit("2020-02-01", {"policies/P": snapshot(1, Document=given)})
    imported(archive, data)
    text = (data / "policies/P/v1.json").read_text("utf-8")
    written = {"Effect": "Allow", "Action": "SNS:Publish ", "Resource": "*"}
    expected = {"Version": "2012-10-17", "Id": "ä é", "Statement": [written]}
    assert text == json.dumps(expected, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("bare", [False, True])
def test_a_snapshot_comes_with_and_without_its_envelope(
    archive: Archive, data: Path, bare: bool
) -> None:
    """As `get-policy-version` prints it, and as a query for its content does."""
    archive.commit("2020-02-01", {"policies/P": snapshot(1, bare=bare)})
    imported(archive, data)
    assert versions(policy(data)) == [("v1", "2020-01-01", "2020-02-01")]
    written = json.loads((data / "policies/P/v1.json").read_text())
    assert written["Statement"][0]["Action"] == "s3:Version1"


@pytest.mark.parametrize(
    ("created", "day"),
    [
        ("2020-01-01T23:59:59Z", "2020-01-01"),
        ("2020-01-01T23:59:59+00:00", "2020-01-01"),
        ("2020-01-01T23:59:59.123456+00:00", "2020-01-01"),
        ("2020-01-01T23:30:00-08:00", "2020-01-02"),
        ("2020-01-01T00:30:00+09:00", "2019-12-31"),
        ("2020-01-01T23:59:59", "2020-01-01"),
        ("2020-01-01T00:00:01", "2020-01-01"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_published_is_the_day_of_creation_in_utc(
    archive: Archive,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    created: str,
    day: str,
    zone: str,
) -> None:
    """Also where the moment names no zone, and wherever the import runs."""
    import time

    archive.commit("2020-02-01", {"policies/P": snapshot(1, created=created)})
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        imported(archive, data)
    finally:
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
    assert versions(policy(data)) == [("v1", day, "2020-02-01")]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2020-02-01T23:59:59+00:00", "2020-02-01"),
        ("2020-02-01T23:30:00-08:00", "2020-02-02"),
        ("2020-02-01T00:30:00+09:00", "2020-01-31"),
    ],
)
def test_observed_is_the_day_of_the_commit_in_utc(
    archive: Archive, data: Path, moment: str, day: str
) -> None:
    """And another date than published."""
    archive.commit(moment, one(1))
    imported(archive, data)
    assert versions(policy(data)) == [("v1", "2020-01-01", day)]


def test_an_archive_that_starts_late_and_misses_versions_leaves_gaps(
    archive: Archive, data: Path
) -> None:
    """Nothing is made up for the ids between."""
    for number in (4, 5, 9):
        archive.commit(f"2020-02-{number:02}", one(number))
    imported(archive, data)
    assert [key for key, *_ in versions(policy(data))] == ["v9", "v5", "v4"]
    assert [f for f in findings(data) if f.level == "error"] == []


def test_a_removed_policy_stays_with_its_history(archive: Archive, data: Path) -> None:
    """The archive's end is not what counts."""
    archive.commit("2020-02-01", {**one(1), **one(1, name="Q")})
    archive.commit("2020-02-02", {"policies/P": None})
    imported(archive, data)
    assert list(load(data).policies) == ["P", "Q"]


# --- Rollbacks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "went_back", "default"),
    [
        ({"02-01": 1, "02-02": 2}, [], "v2"),
        ({"02-01": 1, "02-02": 2, "02-03": 1}, [("v1", "2020-02-03")], "v1"),
        (
            {"02-01": 2, "02-02": 1, "02-03": 2},
            [("v1", "2020-02-02"), ("v2", "2020-02-03")],
            "v2",
        ),
        ({"02-01": 2, "02-02": 1}, [("v1", "2020-02-02")], "v1"),
        ({"02-01": 1, "02-02": 2, "02-03": 1, "02-04": 3}, [("v1", "2020-02-03")], "v3"),
        (
            {"02-01": 5, "02-02": 3, "02-03": 4},
            [("v3", "2020-02-02"), ("v4", "2020-02-03")],
            "v4",
        ),
        (
            {"02-01": 3, "02-02": 2, "02-03": 1},
            [("v2", "2020-02-02"), ("v1", "2020-02-03")],
            "v1",
        ),
        # Of several defaults on one day, the last one counts.
        ({"02-01": 1, "02-02T01": 2, "02-02T02": 1}, [("v1", "2020-02-02")], "v1"),
        ({"02-01": 2, "02-02T01": 1, "02-02T02": 2}, [], "v2"),
        ({"02-01": 2, "02-02T01": 1, "02-02T02": 3}, [], "v3"),
        ({"02-01": 3, "02-02T01": 1, "02-02T02": 2}, [("v2", "2020-02-02")], "v2"),
        (
            {"02-01": 1, "02-02": 2, "02-03": 1, "02-04": 2, "02-05T01": 1, "02-05T02": 2},
            [("v1", "2020-02-03"), ("v2", "2020-02-04")],
            "v2",
        ),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_a_default_that_goes_back_is_a_rollback_until_it_is_repaired(
    archive: Archive,
    data: Path,
    seen: Mapping[str, int],
    went_back: list[tuple[str, str]],
    default: str,
) -> None:
    """The current version is the one that the archive's last snapshot shows."""
    for day, number in seen.items():
        moment = f"2020-{day}:00:00+00:00" if "T" in day else f"2020-{day}"
        archive.commit(moment, {"policies/P": snapshot(number)})
    imported(archive, data)
    found = policy(data)
    assert rollbacks(found) == went_back
    assert current(data) == default
    assert sorted(int(key[1:]) for key, *_ in versions(found)) == sorted(set(seen.values()))


# --- What stands beside the snapshots -------------------------------------------------------------


def test_deprecations_have_a_day_or_are_of_an_unknown_one(archive: Archive, data: Path) -> None:
    """No day is made up for a word, nor for a day that no calendar has."""
    names = ("Known", "Unknown", "Odd", "Kept")
    days = {"Known": "2021-03-04", "Unknown": "Unknown", "Odd": "2021-02-30"}
    files = {f"policies/{name}": snapshot(1) for name in names}
    archive.commit("2020-02-01", {**files, "DEPRECATED.json": json.dumps(days)})
    imported(archive, data)
    found = {p.name: p.facts.deprecated for p in load(data).policies.values()}
    assert found.pop("Kept") is None
    assert {name: gone and gone.sources["git"] for name, gone in found.items()} == {
        name: SourceDeprecation(state="deprecated", date=day, observed=date(2020, 2, 1))
        for name, day in (("Known", date(2021, 3, 4)), ("Unknown", None), ("Odd", None))
    }


def test_of_unreadable_deprecations_the_last_good_ones_count(archive: Archive, data: Path) -> None:
    """As for a policy."""
    archive.commit("2020-02-01", {**one(1), "DEPRECATED.json": '{"P": "2020-01-15"}'})
    for day, text in (("02", ""), ("03", "[1]"), ("04", '{"P": '), ("05", b"\xff")):
        archive.commit(f"2020-02-{day}", {"DEPRECATED.json": text})
    imported(archive, data)
    gone = policy(data).deprecation
    assert (gone.state, gone.date, gone.precision) == ("deprecated", date(2020, 1, 15), "exact")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "aws-managed"),
        ("/job-function/", "job-function"),
        ("/service-role/", "service-role"),
        ("/aws-service-role/", "service-linked-role"),
        ("/other/", "aws-managed"),
    ],
)
def test_the_list_says_arn_path_type_creation_and_whether_attachable(
    archive: Archive, data: Path, path: str, kind: str
) -> None:
    """All of them, as the newest list has them."""
    listed = listing("P", path=path, IsAttachable=False, CreateDate="2019-06-01T23:30:00-04:00")
    archive.commit("2020-02-01", {**one(1), "policies-list.json": listing("P", path="/old/")})
    archive.commit("2020-02-02", {"policies-list.json": listed})
    imported(archive, data)
    found = policy(data)
    assert (found.facts.arn, found.path, found.facts.type) == (f"{ARN}{path}P", path, kind)
    assert (found.facts.created, found.facts.attachable) == (date(2019, 6, 2), False)


def test_a_policy_is_found_in_an_older_list(archive: Archive, data: Path) -> None:
    """Also where only one list among many ever had it, and newer ones cannot be read."""
    archive.commit("2020-02-01", {**one(1), "policies-list.json": listing("Q")})
    archive.commit("2020-02-02", {**one(2), "policies-list.json": listing("P", "Q")})
    for day in range(3, 29):
        archive.commit(f"2020-02-{day:02}", {"policies-list.json": listing("Q", *"R" * (day % 2))})
    archive.commit("2020-03-01", {"policies-list.json": '{"Policies": ['})
    imported(archive, data)
    found = policy(data)
    assert found.facts.arn == f"{ARN}/P"
    assert (found.facts.created, found.facts.attachable) == (date(2019, 6, 1), True)


def test_what_no_list_has_is_not_known(archive: Archive, data: Path) -> None:
    """The ARN is null and the type unknown; nothing is guessed."""
    archive.commit("2020-02-01", {**one(1), "policies-list.json": listing("Q")})
    imported(archive, data)
    found = policy(data).facts
    assert (found.arn, found.type, found.created, found.attachable) == (None, "unknown", None, None)
    assert "arn: null\n" in (data / "policies/P/policy.yml").read_text()


@pytest.mark.parametrize(
    "arn", ["", "x", f"{ARN}/Q", f"{ARN}/x\noops: 1/P", f"{ARN}/x: {{y/P", "arn:aws:s3:::b/P"]
)
def test_an_arn_that_is_none_is_not_known(archive: Archive, data: Path, arn: str) -> None:
    """Nothing of it gets into the file."""
    archive.commit("2020-02-01", {**one(1), "policies-list.json": listing("P", Arn=arn)})
    imported(archive, data)
    assert policy(data).facts.arn is None


# --- Bad snapshots --------------------------------------------------------------------------------

BAD = {
    "": "the file is empty",
    " \n": "the file is empty",
    snapshot(2)[:-20]: "the file is no JSON",
    "null": "the file is no snapshot",
    "[]": "the file is no snapshot",
    json.dumps({"PolicyVersion": {"Document": {}}}): "the file is no snapshot",
    json.dumps(document("s3:GetObject")): "the file is no snapshot",
    snapshot(2, VersionId=None): "the file is no snapshot",
    snapshot(2, VersionId=2): "the file is no snapshot",
    snapshot(2, VersionId="2"): "the version id is '2'",
    snapshot(2, VersionId="v0"): "the version id is 'v0'",
    snapshot(2, VersionId="v2/../x"): "the version id is 'v2/../x'",
    snapshot(2, VersionId="v٢"): "the version id is 'v",
    snapshot(2, VersionId="v2\n"): "the version id is 'v2",
    snapshot(2, VersionId="v1000000"): "the version id is 'v1000000'",
    snapshot(2, CreateDate="soon"): "the file is no snapshot",
    snapshot(2, created="0001-01-01T00:00:00+09:00"): "the day of creation is",
    snapshot(2, Document=None): "the document is no mapping",
    snapshot(2, Document=[document("s3:GetObject")]): "the document is no mapping",
    snapshot(2, Document=json.dumps(document("s3:GetObject"))): "the document is no mapping",
    # What the loader would refuse.
    snapshot(2, Document={}): "the document has errors (expected the key Statement, found none)",
    snapshot(2, Document={"Statement": [{"Action": "*", "Resource": "*"}]}): (
        "the document has errors (Statement[0]: expected the key Effect, found none)"
    ),
    snapshot(2, Document={"Statement": [{"Effect": "Allow", "Resource": "*"}]}): (
        "the document has errors (Statement[0]: expected Action or NotAction, found neither)"
    ),
    snapshot(2).replace('"Version"', '"Statement": [], "Version"'): (
        "the document has errors (expected each key once, found 'Statement' again; the first is "
        "in line 2)"
    ),
    snapshot(2).replace('"Version"', f'"Id": {"[" * 40}{"]" * 40}, "Version"'): (
        "the document has errors"
    ),
    snapshot(2).replace('"Version"', f'"Id": {"[" * 9999}{"]" * 9999}, "Version"'): "the ",
    snapshot(2, Id="\ud800").replace("s3:V", "\\ud800"): "the ",
}


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_bad_snapshot_is_skipped_and_named_with_its_reason(
    archive: Archive, data: Path, bad: str
) -> None:
    """The policy keeps its other states, all else comes in, and the import ends well."""
    archive.commit("2020-02-01", {**one(1), **one(1, name="Q")})
    archive.commit("2020-02-02", {"policies/P": bad, "policies/Q": snapshot(2)})
    commit = archive.git("rev-parse", "HEAD")[:10]
    archive.commit("2020-02-03", one(3))
    *lines, end = imported(archive, data)
    assert len(lines) == 1
    assert lines[0].startswith(f"policies/P at {commit}: {BAD[bad]}")
    assert end.endswith("4 new versions of 2 policies, 2 of them new; 1 of 5 states skipped")
    assert [key for key, *_ in versions(policy(data))] == ["v3", "v1"]
    assert [key for key, *_ in versions(policy(data, "Q"))] == ["v2", "v1"]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_an_import_ends_with_1_where_a_file_was_never_readable(
    archive: Archive, data: Path, bad: str
) -> None:
    """It says so, and everything else is there."""
    archive.commit("2020-02-01", {"policies/P": bad, **one(1, name="Q")})
    archive.commit("2020-02-02", {"policies/P": "{"})
    *lines, end = imported(archive, data, status=1)
    assert len(lines) == 2
    assert all(line.endswith(", and no other state of it can be read") for line in lines)
    assert end.endswith("1 new version of 1 policy, 1 of them new; 2 of 3 states skipped")
    assert list(load(data).policies) == ["Q"]


def test_a_version_whose_first_document_is_bad_comes_from_a_later_state(
    archive: Archive, data: Path
) -> None:
    """It was first observed when it could be read."""
    bad = snapshot(2, Document={"Statement": [{"Effect": "Maybe"}]})
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", {"policies/P": bad})
    archive.commit("2020-02-03", one(2))
    assert len(imported(archive, data)) == 2
    assert versions(policy(data))[0] == ("v2", "2020-01-02", "2020-02-03")
    assert rollbacks(policy(data)) == []


def test_bytes_that_are_no_text_are_skipped(archive: Archive, data: Path) -> None:
    """In the snapshot around a document as well as in it."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", {"policies/P": snapshot(2).encode().replace(b"v2", b"\xe9")})
    bad = snapshot(2).encode().replace(b"s3:Version2", b"s3:caf\xe9")
    archive.commit("2020-02-03", {"policies/P": bad})
    archive.commit("2020-02-04", {"policies/P": snapshot(3).encode("utf-16")})
    assert len(imported(archive, data)) == 4
    assert [key for key, *_ in versions(policy(data))] == ["v1"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("policies/..", "policies/.."),
        ("policies/x/../../y", "policies/x/../../y"),
        ("policies/../../y", "policies/../../y"),
        ("policies/.hidden", "policies/.hidden"),
        ("policies/a b", "policies/a b"),
        ("policies/a:b", "policies/a:b"),
        ("policies/<b>", "policies/<b>"),
        ("policies/index.html", "policies/index.html"),
        ("policies/Index.HTML", "policies/Index.HTML"),
        ("policies/" + "x" * 129, "policies/" + "x" * 129),
        ("policies/P\n", '"policies/P\\n"'),
        ("policies/P\u2028b", "policies/P\\u2028b"),
        ("policies/P\x85", "policies/P\\x85"),
        ("policies/P\u202eb", "policies/P\\u202eb"),
        ("policies/P\udce9", "policies/P\\udce9"),
        ("policies/P\udcff\x1b", '"policies/P\\udcff\\033"'),
    ],
)
def test_a_name_that_is_no_policys_is_skipped_and_leads_nowhere(
    archive: Archive, data: Path, path: str, shown: str
) -> None:
    """Whatever it would mean in a path; nothing is written for it."""
    archive.commit_blob("2020-02-01", path, snapshot(1).encode())
    result = run(archive.folder, "--data", data)
    assert result.exit_code == 1
    assert result.output.count(": the name is not a policy's") == 1
    assert f"{shown} at " in result.stdout
    assert contents(data) == {}
    assert {p.name for p in data.parent.iterdir()} == {"archive", "data"}


def test_names_that_differ_by_case_only_are_one_name(archive: Archive, data: Path) -> None:
    """The first one stays; the loader would refuse both."""
    archive.commit("2020-02-01", one(1, name="Power"))
    archive.commit_blob("2020-02-02", "policies/power", snapshot(1).encode())
    lines = imported(archive, data, status=1)
    assert ": the name differs from Power by case only, and no other state" in lines[0]
    assert list(load(data).policies) == ["Power"]
    again = Archive(data.parent / "other")
    again.commit("2020-02-01", one(1, name="POWER"))
    before = contents(data)
    assert refused(again.folder, "--data", data) == (
        "policies/Power: expected names that differ by more than case, found POWER in the source"
    )
    assert contents(data) == before


def test_what_is_no_file_of_the_archive_is_skipped(archive: Archive, data: Path) -> None:
    """A link to a commit elsewhere, a link to another file, a file in the folder's place."""
    archive.commit_blob("2020-02-01", "policies", b"{}")
    archive.commit_blob("2020-02-02", "policies/P", b"", mode="160000")
    archive.commit_blob("2020-02-03", "policies/P", b"../secret", mode="120000")
    lines = imported(archive, data, status=1)
    assert [line.split(": ", 1)[1] for line in lines[:-1]] == [
        "a commit of a submodule, not a file, and no other state of it can be read",
        "a link, not a file, and no other state of it can be read",
        "a file, not a folder",
    ]


# --- Curated data ---------------------------------------------------------------------------------

CURATED = """\
# Written by hand.
name: P   # with care
arn: arn:aws:iam::aws:policy/P
type: aws-managed
summary: >-
  What it is for.

  # no comment
permissions:
  s3: "Notes: on S3"
# newest first
versions:
  # the one of the page
  - id: v4   # known
    published: 2020-01-04
    change: >-
      Added.
  - published: 2020-01-03
    source: {title: Page, url: "https://example.com/", as_of: 2020-01}
    document: page
  # the first one
  - id: v1
    published: 2020-01-01
    change: First.

# where it comes from
links:
  - {title: Page, url: "https://example.com/"}
"""
PAGE = json.dumps(document("s3:Version3"))


def curated(data: Path, text: str = CURATED, **files: str) -> Path:
    """A data folder with one policy as people have written it."""
    own = files or {"page.json": PAGE, "v4.yml": json.dumps(document("s3:Old"))}
    write(data, {"book.yml": BOOK, "policies/P/policy.yml": text})
    return write(data, {f"policies/P/{name}": content for name, content in own.items()})


def numbered(archive: Archive, *numbers: int) -> Archive:
    """The archive with a commit for each version, on the day of February of its number."""
    for number in numbers:
        archive.commit(f"2020-02-{number:02}", {"policies/P": snapshot(number)})
    return archive


def put_in(before: str, after: str) -> list[str]:
    """The lines that were put in; each one that was there has to be there still, in order."""
    found = list(ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    lines = [line for line in found if line[0] != "?"]
    assert [line[2:] for line in lines if line[0] != "+"] == before.splitlines(keepends=True)
    assert not [line for line in lines if line[0] == "-"]
    return [line[2:] for line in lines if line[0] == "+"]


def main(data: Path) -> str:
    """The text of the policy's `policy.yml`."""
    return (data / "policies/P/policy.yml").read_bytes().decode()


def test_curated_text_stays_and_what_it_lacks_is_put_in(archive: Archive, data: Path) -> None:
    """Comments stand where they stood, before what they are about."""
    listed = listing("P")
    numbered(archive, 1, 2, 3, 4, 6)
    archive.commit("2020-02-20", {"policies-list.json": listed, "DEPRECATED.json": '{"P": "?"}'})
    before = contents(curated(data))
    imported(archive, data)
    text = main(data)
    assert put_in(CURATED, text) == [
        "created: 2019-06-01\n",
        "attachable: true\n",
        "deprecated: {sources: {git: {state: deprecated, observed: 2020-02-20}}}\n",
        "notes_for: v4\n",
        f"  - {entry_of('v6', '2020-01-06', '2020-02-06')}\n",
        "    observed: 2020-02-04\n",
        f"  - {entry_of('v3', '2020-01-03', '2020-02-03')}\n",
        f"  - {entry_of('v2', '2020-01-02', '2020-02-02')}\n",
        "    observed: 2020-02-01\n",
    ]
    assert text.index("notes_for") < text.index("# newest first\nversions:\n")
    assert "observed: 2020-02-06}}}\n  # the one of the page\n" in text
    assert "  # the first one\n  - id: v1\n" in text
    found = policy(data)
    assert [v.key for v in found.versions] == ["v6", "v4", "v3", "2020-01-03", "v2", "v1"]
    assert [f for f in findings(data) if f.level == "error"] == []
    after = contents(data)
    assert {name: after[name] for name in before if name != "policies/P/policy.yml"} == {
        name: text for name, text in before.items() if name != "policies/P/policy.yml"
    }


def test_a_curated_document_is_kept_and_not_there_twice(archive: Archive, data: Path) -> None:
    """A YAML file of a version is its document, whatever the archive holds."""
    curated(data)
    imported(numbered(archive, 1, 4), data)
    files = sorted(path.name for path in (data / "policies/P").iterdir())
    assert files == ["page.json", "policy.yml", "v1.json", "v4.yml"]


def test_an_import_says_which_version_one_without_id_is(archive: Archive, data: Path) -> None:
    """Grant for grant, or that it is like none and nearest to which; and it says so each time."""
    curated(data)
    numbered(archive, 1, 4)
    like_none = (
        "P: the version of 2020-01-03 is like no archived version, nearest to v4 (2 grants differ)"
    )
    assert imported(archive, data)[0] == like_none
    other = document("s3:Version3")
    other["Statement"] = other["Statement"][0]
    archive.commit("2020-02-10", {"policies/P": snapshot(5, Document=other)})
    archive.commit("2020-02-11", {"policies/P": snapshot(6, "s3:Version3")})
    same = "P: the version of 2020-01-03 is the same, grant for grant, as v6, v5"
    assert imported(archive, data)[0] == same
    assert imported(archive, data)[0] == same


FORMS = {
    "no versions": "",
    "no last line end": "versions:\n  - {id: v3, published: 2020-01-03}",
    "no indentation": "versions:\n- {id: v3, published: 2020-01-03}\n- id: v1\nlinks: []\n",
    "deep": "versions:\n      - id: v3\n        published: 2020-01-03\n      - id: v1\n# end\n",
    "own lines": "versions:\n  -\n    # it\n    id: v3\n    change: One.\n  -\n    id: v1\n",
    "id last": (
        "versions:\n  - source:\n      title: x\n      url: https://example.com/\n"
        "      as_of: 2020-01\n    change: >-\n      One\n\n      # two\n    id: v3\n  - id: v1\n"
    ),
    "blank lines": "versions:\n\n  - id: v3\n    change: One.\n\n  - id: v1\n\n\nlinks: []\n",
    "between": "versions:\n  - {id: v3, published: 2020-01-03}\n# links\n\nlinks: []\n",
    "end of document": "versions:\n  - {id: v3, published: 2020-01-03}\n...\n",
    "none, and an end": "...\n",
    "block at the end": "versions:\n  - id: v1\n    change: |\n      # x\n      y\n# z\n",
    "rollbacks": (
        "rollbacks:\n    - {to: v3, observed: 2020-01-09}\n\n"
        "# all\nversions:\n  - id: v3\n  - id: v1\n"
    ),
    "rollbacks last": (
        "versions:\n  - id: v3\n  - id: v1\nrollbacks:\n- {to: v3, observed: 2020-01-09}\n"
    ),
    "quoted": 'versions:\n  - "id": "v3"\n  - \'id\': v1\n',
}


@pytest.fixture(scope="module")
def gone_back(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of four versions, which went back to the second; tests only read it."""
    archive = Archive(tmp_path_factory.mktemp("archive") / "archive")
    with pytest.MonkeyPatch.context() as patch:
        without_settings(patch)
        numbered(archive, 1, 2, 3, 4)
        archive.commit("2020-03-02", one(2))
    return archive


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "---\n"], ids=["plain", "bom", "dashes"])
def test_lines_are_put_into_any_form_of_block(
    gone_back: Archive, data: Path, form: str, ending: str, mark: str
) -> None:
    """In its indentation and with its line ends, and a second import finds nothing to do."""
    text = (mark + facts("P", FORMS[form])).replace("\n", ending)
    own = {f"v{n}.json": json.dumps(document("s3:Old")) for n in (1, 3) if f"v{n}" in FORMS[form]}
    curated(data, text, **(own or {".keep": ""}))
    (data / "policies/P/.keep").unlink(missing_ok=True)
    imported(gone_back, data)
    last = "" if text.endswith(ending) else ending
    added = put_in(text + last, main(data))
    assert added
    assert all(line.endswith(ending) for line in added)
    found = policy(data)
    assert [v.key for v in found.versions] == ["v4", "v3", "v2", "v1"]
    assert all(v.document and v.facts.published for v in found.versions if "{id" not in text)
    assert rollbacks(found)[-1] == ("v2", "2020-03-02")
    assert current(data) == "v2"
    after = contents(data)
    imported(gone_back, data)
    assert contents(data) == after


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (facts("P", "versions: [{id: v1, published: 2020-01-01}]\n"), ":4: expected versions"),
        (facts("P", "versions: []\n"), ":4: expected versions"),
        (facts("P", "versions:\n  [{id: v1, published: 2020-01-01}]\n"), ":5: expected versions"),
        (facts("P", "rollbacks: []\n"), ":4: expected rollbacks"),
        (f"{{name: P, arn: {ARN}/P, type: aws-managed}}\n", ":1: expected one key a line"),
    ],
)
def test_a_form_without_a_line_for_each_entry_is_refused(
    archive: Archive, data: Path, text: str, line: str
) -> None:
    """With one line that says where, and nothing is changed."""
    numbered(archive, 1, 2)
    archive.commit("2020-02-20", one(1))
    before = contents(curated(data, text, **{".x": ""}))
    assert refused(archive.folder, "--data", data).startswith(f"policies/P/policy.yml{line}")
    assert contents(data) == before
    assert sorted(p.name for p in data.iterdir()) == ["book.yml", "policies"]


def test_nothing_has_to_be_put_into_a_list_in_one_line_that_is_complete(
    archive: Archive, data: Path
) -> None:
    """So that form is no error."""
    numbered(archive, 1)
    text = facts("P", "versions: [{id: v1, published: 2020-01-01, observed: 2020-02-01}]\n")
    curated(data, text, **{"v1.json": PAGE})
    imported(archive, data)
    assert main(data) == text


@pytest.mark.parametrize(
    ("rest", "numbers", "noted"),
    [
        ("", (4, 5), True),  # a newer version
        ("", (4, 1), True),  # one that is older, and a rollback to it
        ("  - {id: v5, published: 2020-01-05}\n", (4, 5), True),  # only its document is new
        ("", (4,), False),
    ],
)
def test_notes_say_which_version_they_were_written_for(
    archive: Archive, data: Path, rest: str, numbers: tuple[int, ...], noted: bool
) -> None:
    """So that they are not held against another one, which would be an error."""
    entry = "  - {id: v4, published: 2020-01-04, observed: 2020-02-01}\n"
    notes = "permissions: {sqs: Queues.}\nattachable: true\nversions:\n"
    curated(data, facts("P", notes + rest + entry), **{"v4.json": json.dumps(document("sqs:*"))})
    for day, number in enumerate(numbers, 1):
        archive.commit(f"2020-02-{day:02}", {"policies/P": snapshot(number)})
    imported(archive, data)
    explained = policy(data).explained
    assert explained
    assert explained.key == "v4"
    assert ("notes_for: v4\n" in main(data)) == noted
    assert [f for f in findings(data) if f.kind in ("drift", "unexplained-prefix")] == []


def test_data_that_cannot_be_read_is_not_written_to(archive: Archive, data: Path) -> None:
    """Its errors are named, as by every command, and the status is 1."""
    before = contents(curated(data, CURATED + "oops: 1\n"))
    result = run(numbered(archive, 1).folder, "--data", data)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "[unknown-key]" in result.stderr
    assert contents(data) == before
    assert sorted(p.name for p in data.iterdir()) == ["book.yml", "policies"]


# --- Again ----------------------------------------------------------------------------------------


def lists(archive: Archive) -> Archive:
    """An archive with some of everything."""
    numbered(archive, 1, 2, 4)
    archive.commit("2020-02-10", {"policies/P": snapshot(2), "policies/Q": snapshot(3)})
    archive.commit("2020-02-11", {"policies/Q": "", "policies-list.json": listing("P", "Q")})
    archive.commit("2020-02-12", {"DEPRECATED.json": '{"Q": "2020-02-11"}'})
    return archive


@pytest.mark.parametrize("kept", [False, True], ids=["new", "curated"])
def test_a_second_import_changes_not_one_byte(archive: Archive, data: Path, kept: bool) -> None:
    """Neither of a file that was imported nor of one that is curated."""
    if kept:
        curated(data)
    lists(archive)
    imported(archive, data)
    before = contents(data)
    end = imported(archive, data)[-1]
    assert contents(data) == before
    assert end.endswith(": 0 new versions of 2 policies, 0 of them new; 1 of 6 states skipped")


def test_the_same_archive_gives_the_same_data_everywhere(archive: Archive, data: Path) -> None:
    """Byte for byte."""
    imported(lists(archive), data)
    imported(archive, data.with_name("other"))
    assert contents(data) == contents(data.with_name("other"))


def test_a_newer_archive_adds_what_is_new(archive: Archive, data: Path) -> None:
    """A version, a rollback, a policy, a deprecation; all other lines and files stay."""
    imported(lists(archive), data)
    before = contents(data)
    archive.commit("2020-03-01", {"policies/P": snapshot(5), "policies/New": snapshot(1)})
    archive.commit("2020-03-02", {"policies/P": snapshot(4)})
    archive.commit("2020-03-03", {"DEPRECATED.json": '{"P": "2020-03-03", "Q": "2020-02-11"}'})
    end = imported(archive, data)[-1]
    after = contents(data)
    assert end.endswith(": 2 new versions of 3 policies, 1 of them new; 1 of 9 states skipped")
    assert set(after) - set(before) == {
        "policies/New/policy.yml",
        "policies/New/v1.json",
        "policies/P/v5.json",
    }
    assert [name for name in before if before[name] != after[name]] == [
        "policies/P/policy.yml",
        "sources.yml",
    ]
    old, new = (found["policies/P/policy.yml"].decode() for found in (before, after))
    assert put_in(old, new) == [
        "deprecated: {sources: {git: {state: deprecated, date: 2020-03-03,"
        " observed: 2020-03-03}}}\n",
        "  - {to: v4, observed: 2020-03-02}\n",
        f"  - {entry_of('v5', '2020-01-05', '2020-03-01')}\n",
    ]
    assert current(data) == "v4"


def test_the_files_of_the_old_data_are_never_written_to(archive: Archive, data: Path) -> None:
    """Some of them are the new data's files too, under a second name; whoever holds one open sees
    what it was.
    """
    curated(data)
    imported(numbered(archive, 1, 2), data)
    held = {path: path.open("rb") for path in sorted(data.rglob("*")) if path.is_file()}
    before = contents(data)
    archive.commit("2020-02-20", {**one(7), **one(1, name="Q")})
    imported(archive, data)
    for path, file in held.items():
        with file:
            assert file.read() == before[path.relative_to(data).as_posix()], path
    assert contents(data) != before


# --- Whole or not at all --------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from policybook.errors import PolicybookError
from policybook.importers.git_archives import git_archive
from policybook.importers.writing import writer
from policybook.importers.records import ArchivedPolicy
from policybook.commands.main import commands
def kill(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(writer, {place!r}, kill)
commands(["import", "git", *sys.argv[1:]])
"""


@pytest.mark.parametrize(
    ("kept", "place"),
    [
        *((False, place) for place in ("staging", "_into", "publish")),
        *((True, place) for place in ("staging", "_into", "merged_yaml", "publish")),
    ],
)
def test_a_killed_import_leaves_the_data_and_the_next_one_finishes(
    archive: Archive, data: Path, kept: bool, place: str
) -> None:
    """Whenever it is killed; nothing of it stays behind."""
    if kept:
        curated(data)
    before = contents(data)
    numbered(archive, 1, 2)
    ran = subprocess.run(
        [sys.executable, "-c", KILLED.format(place=place), archive.folder, "--data", data],
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == -9, ran.stderr
    left = [path for path in data.iterdir() if path.name.startswith(".")] if data.exists() else []
    assert len(left) == {"staging": 0, "publish": 2}.get(place, 1)
    assert {n: c for n, c in contents(data).items() if not n.startswith(".")} == before
    imported(archive, data)
    expected = data.with_name("expected")
    if kept:
        curated(expected)
    imported(archive, expected)
    assert contents(data) == contents(expected)
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("fails", [False, True])
def test_an_import_beside_another_one_is_refused_and_changes_nothing(
    archive: Archive, data: Path, fails: bool
) -> None:
    """Its copy is of the data before the other one, which has changed what it reads meanwhile."""
    curated(data)
    numbered(archive, 1, 2)
    found = git_archive.read(str(archive.folder)).policies

    def while_another_ends() -> Iterator[ArchivedPolicy]:
        shutil.copytree(data / "policies", data / "other")
        (data / "policies").rename(data / "before")
        (data / "other").rename(data / "policies")
        shutil.rmtree(data / "before")
        (data / "policies/theirs").mkdir()
        if fails:
            raise ValueError("what was read is half of each")
        yield from found

    origin = ImportedSource(title="archive")
    read = records.Archive(cast("Any", while_another_ends()), (), 2, "git", origin)
    with pytest.raises(PolicybookError, match="expected one import at a time"):
        writer.write([read], data)
    assert (data / "policies/theirs").is_dir()
    assert sorted(path.name for path in data.iterdir()) == ["book.yml", "policies"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device", "x"), KeyboardInterrupt()]
)
def test_an_import_that_fails_leaves_the_data_and_nothing_beside_it(
    archive: Archive, data: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """As after a full disk, or Ctrl-C."""

    def fail(*_: object) -> None:
        raise error

    before = contents(curated(data))
    numbered(archive, 1, 2)
    with monkeypatch.context() as patch:
        patch.setattr(writer, "publish", fail)
        result = CliRunner().invoke(
            commands, ["import", "git", str(archive.folder), "--data", str(data)]
        )
    assert result.exit_code != 0
    assert contents(data) == before
    assert sorted(p.name for p in data.iterdir()) == ["book.yml", "policies"]
    imported(archive, data)


# --- Sources and options --------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["folder", "inner", "bare", "bundle", "url", "worktree"])
def test_any_form_of_a_repository_gives_the_same(archive: Archive, data: Path, form: str) -> None:
    """A folder, checked out or bare, a bundle, and an address."""
    lists(archive)
    other = data.with_name("other")
    source: object = archive.folder
    if form == "inner":
        source = archive.folder / ".git"
    elif form == "bare":
        archive.git("clone", "--quiet", "--bare", ".", str(other))
        source = other
    elif form == "bundle":
        archive.git("bundle", "create", "--quiet", str(other), "main")
        source = other
    elif form == "url":
        source = archive.folder.as_uri()
    elif form == "worktree":
        archive.git("worktree", "add", "--quiet", "--detach", str(other))
        source = other
    assert run(source, "--data", data).exit_code == 0
    expected = data.with_name("expected")
    imported(archive, expected)
    assert contents(data) == contents(expected)


def test_a_branch_is_the_one_named_or_the_only_one_or_that_of_the_archive(
    archive: Archive, data: Path
) -> None:
    """And else what is checked out."""
    archive.commit("2020-02-01", one(1))
    archive.git("branch", "side")
    archive.commit("2020-02-02", one(2))

    def found(*options: str) -> list[str]:
        folder = data.with_name("-".join(("found", *options)))
        shutil.rmtree(folder, ignore_errors=True)
        imported(archive, folder, *options)
        return [key for key, *_ in versions(policy(folder))]

    assert found() == ["v2", "v1"]
    assert found("--branch", "side") == ["v1"]
    archive.git("branch", "archive", "side")
    assert found() == ["v1"]
    assert found("--branch", "main") == ["v2", "v1"]


def test_only_takes_the_names_of_a_pattern(archive: Archive, data: Path) -> None:
    """And leaves what it does not take as it is in the data."""
    names = ("AmazonA", "AmazonB", "Other")
    archive.commit("2020-02-01", {f"policies/{name}": snapshot(1) for name in names})
    archive.commit("2020-02-02", {"policies/Other": ""})
    *lines, end = imported(archive, data, "--only", "Amazon?")
    assert lines == []
    assert end.endswith(": 2 new versions of 2 policies, 2 of them new; 0 of 2 states skipped")
    assert list(load(data).policies) == ["AmazonA", "AmazonB"]
    imported(archive, data, "--only", "Oth*")
    assert list(load(data).policies) == ["AmazonA", "AmazonB", "Other"]


def test_since_leaves_out_what_was_observed_before(archive: Archive, data: Path) -> None:
    """A rollback to a version that is left out too; an import without it brings them all."""
    numbered(archive, 1, 2, 3)
    archive.commit("2020-02-10", {**one(1), **one(1, name="Q")})
    archive.commit("2020-02-11", one(4))
    imported(archive, data, "--since", "2020-02-03")
    assert versions(policy(data)) == [
        ("v4", "2020-01-04", "2020-02-11"),
        ("v3", "2020-01-03", "2020-02-03"),
    ]
    assert rollbacks(policy(data)) == []
    imported(archive, data, "--since", "2030-01-01")
    imported(archive, data)
    assert [key for key, *_ in versions(policy(data))] == ["v4", "v3", "v2", "v1"]
    assert rollbacks(policy(data)) == [("v1", "2020-02-10")]
    assert current(data) == "v4"


def test_since_takes_a_day(archive: Archive, data: Path) -> None:
    """Nothing else; and says so."""
    result = run(archive.folder, "--data", data, "--since", "yesterday")
    assert result.exit_code == 2
    assert "yesterday" in result.stderr


def test_what_is_no_repository_is_refused_with_one_line(
    archive: Archive, data: Path, tmp_path: Path
) -> None:
    """And no data is written."""
    write(tmp_path, {"file": "x", "empty/x": "", "archive/folder/x": ""})
    (tmp_path / "empty/.git").write_text("gitdir: nowhere")
    assert "expected an archive with a commit" in refused(archive.folder, "--data", data)
    numbered(archive, 1)
    assert "expected a git repository" in refused(tmp_path / "absent", "--data", data)
    assert "expected a git repository" in refused(tmp_path / "file", "--data", data)
    assert "not a git repository" in refused(tmp_path / "empty", "--data", data)
    inner = archive.folder / "folder"
    assert refused(inner, "--data", data) == (
        f"{inner}: expected a git repository, found the folder folder/ of one"
    )
    for source in ("--upload-pack=touch x", "-x"):
        assert "expected a repository" in refused("--data", data, "--", source)
    assert not data.exists()


@pytest.mark.parametrize("form", ["folder", "bundle"])
def test_an_unknown_branch_is_refused_with_one_line(
    archive: Archive, data: Path, form: str
) -> None:
    """Also one that looks like an option, and one that is no branch but a commit."""
    numbered(archive, 1)
    source = archive.folder
    if form == "bundle":
        source = data.with_name("bundle")
        archive.git("bundle", "create", "--quiet", str(source), "main")
    for branch in ("absent", "--all", "-x", "HEAD~0", "main..main", ""):
        assert "expected a" in refused(source, "--data", data, f"--branch={branch}")
    assert not data.exists()


def test_progress_is_plain_lines_off_a_terminal(archive: Archive, data: Path) -> None:
    """One for each tenth, on standard error, with no control character."""
    for number in range(1, 26):
        archive.commit(f"2020-02-{number:02}", one(number))
    result = run(archive.folder, "--data", data)
    lines = result.stderr.splitlines()
    assert lines == [
        *(f"read {count} of 25 states" for count in range(2, 25, 2)),
        "read 25 of 25 states",
    ]
    assert result.stderr.isprintable() or set(result.stderr) - {"\n"} <= set(
        map(chr, range(32, 127))
    )
    assert len(result.stdout.splitlines()) == 1


def test_an_archive_without_policies_is_refused(archive: Archive, data: Path) -> None:
    """It is most likely not the archive that was meant."""
    archive.commit("2020-02-01", {"README.md": "x"})
    before = contents(curated(data))
    result = run(archive.folder, "--data", data)
    assert result.exit_code == 2
    assert result.stderr.endswith("expected files of policies, found none to import\n")
    assert contents(data) == before
