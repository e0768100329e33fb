"""A folder is replaced as a whole, and what killed builds leave behind is cleared or put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import publish as publishing
from generator.errors import PolicybookError
from generator.publish import check_target, publish, staging

DEAD = 2**22 + 1  # above the largest process id of a Linux system


@pytest.fixture(params=[True, False], ids=["exchanged", "renamed"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with old content, on a system that can exchange folders and on one that cannot."""
    if not request.param:
        monkeypatch.setattr(publishing, "_exchange", lambda one, other: False)
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page").write_text("old")
    return folder


def test_what_was_built_takes_the_place_of_what_was_there(target: Path) -> None:
    """And nothing else stays beside it."""
    built = staging(target)
    (built / "page").write_text("new")
    publish(built, target)
    assert (target / "page").read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["site"]


def test_a_first_build_needs_nothing_to_replace(tmp_path: Path) -> None:
    """The folders above are made."""
    target = tmp_path / "deep/site"
    built = staging(target)
    publish(built, target)
    assert target.is_dir()


def test_what_a_killed_build_left_is_cleared(target: Path) -> None:
    """The old folder stays as it was."""
    left = target.with_name(f".site.building-{DEAD}")
    left.mkdir()
    staging(target)
    assert not left.exists()
    assert (target / "page").read_text() == "old"


def test_a_build_killed_between_two_renames_loses_nothing(target: Path) -> None:
    """The folder that it had moved away is put back by the next build."""
    target.rename(target.with_name(f".site.building-{DEAD}-before"))
    built = target.with_name(f".site.building-{DEAD}")
    built.mkdir()
    staging(target)
    assert (target / "page").read_text() == "old"
    assert not built.exists()


@pytest.mark.parametrize("place", ["data", "data/policies", ".", "..", "data/policies/new"])
def test_a_site_never_takes_the_place_of_what_it_is_made_from(tmp_path: Path, place: str) -> None:
    """Nor of a folder around or inside it."""
    book = tmp_path / "book"
    (book / "data/policies").mkdir(parents=True)
    (book / "mkdocs.yml").touch()
    with pytest.raises(PolicybookError, match="expected a folder apart from"):
        check_target(book / place, book / "data", book / "mkdocs.yml")


def test_a_site_takes_the_place_of_a_site_only(tmp_path: Path) -> None:
    """A folder with other files, or a file, is refused; an empty one is not."""
    target = tmp_path / "site"
    check_target(target)
    target.mkdir()
    check_target(target)
    (target / "precious").touch()
    with pytest.raises(PolicybookError, match="expected an earlier site or nothing"):
        check_target(target)
    (target / "index.html").touch()
    check_target(target)
    with pytest.raises(PolicybookError, match="found a file"):
        check_target(target / "precious")
