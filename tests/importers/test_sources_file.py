"""`sources.yml`: every import says there what it has read, and how far the source goes."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from policybook.commands.main import commands
from policybook.data.loader import load, read
from policybook.importers import records
from policybook.importers.records import ArchivedPolicy
from policybook.importers.writing.sources_file import updated
from policybook.model.book import ImportedSource

from tests.support.books import write
from tests.support.git_archives import Archive, imported, one, refused
from tests.support.sites import contents

OLD = ImportedSource(
    title="T", revision="1", digest="d1", first=date(2019, 1, 1), last=date(2020, 1, 1)
)
NEW = ImportedSource(title="T", revision="2", first=date(2019, 6, 1), last=date(2020, 6, 1))


def read_from(source: str, origin: ImportedSource) -> records.Archive:
    return records.Archive((ArchivedPolicy("P", ()),), (), 1, source, origin)


def test_a_source_keeps_its_newest_state_and_its_first_day_in_any_order() -> None:
    """An older state that is imported later changes nothing but the first day."""
    one_way = updated({"s": OLD}, [read_from("s", NEW)])
    assert one_way == updated({"s": NEW}, [read_from("s", OLD)])
    assert one_way == (
        "# Written by `policybook import`: what has been read from each source.\n"
        "sources:\n"
        "  s: {title: T, revision: '2', first: 2019-01-01, last: 2020-06-01}\n"
    )


def test_a_source_is_partial_until_all_of_it_has_been_imported(
    archive: Archive, data: Path
) -> None:
    """So that a book of some policies does not say that it covers all of AWS."""
    archive.commit("2020-01-01", {**one(1), **one(1, "Q")})
    for options, partial in (
        (("--only", "P"), True),
        (("--since", "2019-01-01"), True),
        ((), False),
        (("--only", "Q"), False),
    ):
        imported(archive, data, *options)
        assert load(data).sources["git"].partial == partial
        assert ("partial: true" in (data / "sources.yml").read_text("utf-8")) == partial
    assert read(data, only="P").book.sources["git"].partial


def test_without_space_for_the_list_of_sources_nothing_is_imported(
    archive: Archive, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be larger than each of the other files."""

    def full(path: Path, text: str, **_: object) -> int:
        if path.name.startswith(".sources.yml"):
            raise OSError(28, "No space left on device", str(path))
        return path.write_bytes(text.encode())

    archive.commit("2020-01-01", one(1))
    imported(archive, data)
    before = contents(data)
    archive.commit("2020-03-05", one(2))
    monkeypatch.setattr(Path, "write_text", full)
    assert refused(archive.folder, "--data", data).endswith("No space left on device")
    assert contents(data) == before


def test_sources_stand_in_order_of_their_names() -> None:
    """So the order of imports does not matter."""
    one_way = updated({"b": OLD}, [read_from("a", NEW)])
    assert one_way == updated({}, [read_from("a", NEW), read_from("b", OLD)])


def test_an_archive_is_up_to_date_until_its_last_commit(archive: Archive, data: Path) -> None:
    """Also if that commit has changed nothing that is imported."""
    archive.commit("2020-01-01", one(1))
    archive.commit("2020-03-05", {"README": "nothing"})
    imported(archive, data)
    found = load(data).sources["git"]
    assert found.last == date(2020, 3, 5)
    assert found.revision == archive.git("rev-parse", "HEAD").strip()
    before = contents(data)
    imported(archive, data)
    assert contents(data) == before


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://example.org/archive", "https://example.org/archive"),
        ("https://me:secret@example.org/archive", None),
        ("git@example.org:archive", None),
        ("/somewhere/else", None),
        (None, None),
    ],
)
def test_the_address_of_a_clone_is_named_if_any_reader_can_open_it(
    archive: Archive, data: Path, remote: str | None, url: str | None
) -> None:
    """No password and no path of a machine gets into the data."""
    archive.commit("2020-01-01", one(1))
    if remote:
        subprocess.run(
            ["git", "-C", str(archive.folder), "remote", "add", "origin", remote], check=True
        )
    imported(archive, data)
    assert load(data).sources["git"].url == url


def test_an_import_into_a_folder_with_errors_in_sources_changes_nothing(
    archive: Archive, data: Path
) -> None:
    """The error has file, line and key."""
    archive.commit("2020-01-01", one(1))
    write(data, {"sources.yml": "sources:\n  git: {name: Archive}\n"})
    before = contents(data)
    arguments = ["import", "git", str(archive.folder), "--data", str(data)]
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 1
    assert "sources.yml:2: sources.git" in result.output
    assert contents(data) == before


def test_what_a_killed_import_left_is_removed(archive: Archive, data: Path) -> None:
    """Also by an import that has nothing to write."""
    archive.commit("2020-01-01", one(1))
    imported(archive, data)
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = data / f".sources.yml.{gone.pid}"
    left.write_text("sources:")
    imported(archive, data)
    assert not left.exists()
