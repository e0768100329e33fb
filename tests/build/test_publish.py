"""A folder is replaced as a whole; leftovers of killed builds are removed or restored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from policybook.build.publishing import publish as publishing
from policybook.build.publishing.publish import (
    MARKER,
    check_target,
    discard,
    link_or_copy,
    mark,
    publish,
    reuse_files,
    reuse_identical_files,
    staging,
    write,
)
from policybook.errors import PolicybookError

DEAD = 2**22 + 1  # above the largest process id of a Linux system


def spare(target: Path) -> Path:
    """The folder in which the previous site is kept."""
    return target.with_name("cache") / "spare"


@pytest.fixture(params=[True, False], ids=["exchanged", "renamed"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with old content, on a system that can exchange folders and on one that cannot."""
    if not request.param:
        monkeypatch.setattr(publishing, "_exchange", lambda one, other: False)
    folder = tmp_path / "site"
    folder.mkdir()
    mark(folder)
    (folder / "page").write_text("old")
    return folder


def test_the_staged_site_replaces_the_old_one(target: Path) -> None:
    """The old site is kept as the spare, and no other folder is left next to the target."""
    built = staging(target, spare(target))
    (built / "page").write_text("new")
    publish(built, target, spare(target))
    assert (target / "page").read_text() == "new"
    assert (spare(target) / "page").read_text() == "old"
    assert {path.name for path in target.parent.iterdir()} == {"site", "cache"}


def test_a_first_build_needs_nothing_to_replace(tmp_path: Path) -> None:
    """Missing parent folders are created."""
    target = tmp_path / "deep/site"
    built = staging(target, spare(target))
    publish(built, target, spare(target))
    assert target.is_dir()


def test_the_next_build_starts_from_the_spare_site(target: Path) -> None:
    """Unwanted files are removed from it; files that are also published stay as they are."""
    (target / "gone").mkdir()
    (target / "gone/page").write_text("old")
    (target / "deep").mkdir()
    (target / "deep/page").write_text("same")
    built = staging(target, spare(target))
    for path in ("page", "deep/page"):
        link_or_copy(str(target / path), str(built / path))
    publish(built, target, spare(target))
    built = staging(target, spare(target))
    assert (built / "gone/page").exists()
    (target / "more").mkdir()
    (target / "more/page").write_text("more")
    wanted = {path: (target / path).stat().st_ino for path in ("deep/page", "more/page")}
    reuse_files(built, target, wanted)
    assert sorted(path.name for path in built.rglob("*")) == ["deep", "more", "page", "page"]
    write(str(built / "page"), b"new")
    assert (target / "page").read_text() == "old"
    for path in wanted:
        assert (built / path).samefile(target / path)


def test_a_replaced_file_of_the_spare_site_is_not_reused(target: Path) -> None:
    """The spare site may be older than what is published."""
    publish(staging(target, spare(target)), target, spare(target))
    (target / "page").write_text("newer")
    built = staging(target, spare(target))
    assert (built / "page").read_text() == "old"
    reuse_files(built, target, {"page": (target / "page").stat().st_ino})
    assert (built / "page").samefile(target / "page")


def test_files_are_copied_if_they_cannot_be_linked(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copies keep their times."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    built = staging(target, spare(target))
    link_or_copy(str(target / "page"), str(built / "page"))
    assert (built / "page").read_text() == "old"
    assert (built / "page").stat().st_mtime_ns == (target / "page").stat().st_mtime_ns


def test_files_with_the_same_bytes_stay_the_files_that_they_were(target: Path) -> None:
    """The returned sizes and times are those of the published files."""
    (target / "other").write_text("old")
    built = staging(target, spare(target))
    write(str(built / "page"), b"old")
    write(str(built / "other"), b"new")
    write(str(built / "deep/more"), b"more")
    found = reuse_identical_files(built, target, {})
    assert (built / "page").samefile(target / "page")
    assert not (built / "other").samefile(target / "other")
    assert set(found) == {"page", "other", "deep/more"}
    for path, (size, time) in found.items():
        status = (built / path).stat()
        assert (status.st_size, status.st_mtime_ns) == (size, time)


def test_a_spare_folder_without_the_marker_is_not_used(target: Path) -> None:
    """Nor is one that a link leads to."""
    mine = target.with_name("mine")
    mine.mkdir()
    (mine / "page").write_text("mine")
    spare(target).parent.mkdir()
    spare(target).symlink_to(mine)
    for marked in (False, True):
        if marked:
            mark(mine)
        built = staging(target, spare(target))
        assert list(built.iterdir()) == []
        discard(built)
    assert (mine / "page").read_text() == "mine"


def test_staging_folders_of_killed_builds_are_removed(target: Path) -> None:
    """The old folder stays as it was."""
    left = target.with_name(f".site.building-{DEAD}")
    left.mkdir()
    staging(target, spare(target))
    assert not left.exists()
    assert (target / "page").read_text() == "old"


def test_a_build_killed_between_two_renames_loses_nothing(target: Path) -> None:
    """The next build restores the folder that it had moved."""
    target.rename(target.with_name(f".site.building-{DEAD}-before"))
    built = target.with_name(f".site.building-{DEAD}")
    built.mkdir()
    staging(target, spare(target))
    assert (target / "page").read_text() == "old"
    assert not built.exists()


def test_a_build_stopped_between_two_renames_loses_nothing(target: Path) -> None:
    """Discarding the staging folder restores what it had moved."""
    built = staging(target)
    target.rename(built.with_name(built.name + "-before"))
    discard(built)
    assert (target / "page").read_text() == "old"
    assert [path.name for path in target.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("name", [".site.building-notes", ".site.building-", ".site", "site-1"])
def test_folders_with_similar_names_are_left_alone(target: Path, name: str) -> None:
    """Only a process id makes a folder one of a build."""
    kept = target.with_name(name)
    kept.mkdir()
    (kept / "page").write_text("mine")
    discard(staging(target))
    assert (kept / "page").read_text() == "mine"


@pytest.mark.parametrize("place", ["data", "data/policies", ".", "..", "data/policies/new"])
def test_a_site_never_replaces_its_own_inputs(tmp_path: Path, place: str) -> None:
    """Nor does it replace a folder around or inside them."""
    book = tmp_path / "book"
    (book / "data/policies").mkdir(parents=True)
    (book / "mkdocs.yml").touch()
    with pytest.raises(PolicybookError, match="expected a folder apart from"):
        check_target(book / place, book / "data", book / "mkdocs.yml")


@pytest.mark.parametrize("found", [["keep.txt"], ["index.html", "keep.txt"], [".keep"]])
def test_a_site_replaces_only_a_site_of_policybook(tmp_path: Path, found: list[str]) -> None:
    """Only the marker says that a folder is one: pages or other files of somebody else do not."""
    target = tmp_path / "site"
    check_target(target)
    target.mkdir()
    check_target(target)
    for name in found:
        (target / name).touch()
    with pytest.raises(PolicybookError, match="expected a site that policybook built or nothing"):
        check_target(target)
    (target / MARKER).mkdir()
    with pytest.raises(PolicybookError, match="expected a site that policybook built or nothing"):
        check_target(target)
    (target / MARKER).rmdir()
    mark(target)
    check_target(target)


def test_a_file_or_a_repository_is_never_replaced(target: Path) -> None:
    """A marked folder in which somebody keeps commits may have been published from there."""
    with pytest.raises(PolicybookError, match="found a file"):
        check_target(target / "page")
    (target / ".git").touch()  # as in a work tree of another repository
    with pytest.raises(PolicybookError, match="found a git repository"):
        check_target(target)


def test_links_are_followed_to_what_they_lead_to(tmp_path: Path) -> None:
    """A link to an input is as little replaced as the input; a circle leads nowhere."""
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "link").symlink_to(data)
    (tmp_path / "circle").symlink_to("circle")
    for place in ("link", "link/new"):
        with pytest.raises(PolicybookError, match="expected a folder apart from"):
            check_target(tmp_path / place, data)
    check_target(tmp_path / "circle", data)
