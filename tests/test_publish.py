"""A folder is replaced as a whole, and what killed builds leave behind is cleared or put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import publish as publishing
from generator.publish import publish, staging

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
