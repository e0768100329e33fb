"""`policybook build`, `serve`, `export` and `init`: what they write, and what they refuse to."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.support.books import facts, write
from tests.support.cli import answer, refusal, run
from tests.support.sites import command


def test_init_starts_a_book_that_has_no_faults(tmp_path: Path) -> None:
    """In a new folder, or in an empty one."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "new" / "book", tmp_path / "empty"):
        assert "policybook build" in answer("init", folder)
        assert run("check", "-f", folder / "mkdocs.yml").exit_code == 0


@pytest.mark.parametrize("name", ["init", "export"])
@pytest.mark.parametrize("content", ["file", "folder"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, name: str, content: str) -> None:
    """A folder with anything in it is refused, and so is a file."""
    target = tmp_path / "target"
    kept = target if content == "file" else target / "kept"
    write(tmp_path, {kept.relative_to(tmp_path).as_posix(): "kept"})
    status, text = refusal(name, target)
    assert status == 2
    assert text.endswith("expected a new or empty folder, found content")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert kept.read_text() == "kept"


@pytest.mark.parametrize("name", ["init", "export"])
def test_a_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    """Such as one inside a file."""
    (tmp_path / "file").write_text("kept")
    status, text = refusal(name, tmp_path / "file" / "folder")
    assert status == 2
    assert "\n" not in text
    assert "file" in text


@pytest.mark.parametrize("config", [".", "list.yml", "bad.yml", "latin.yml"])
@pytest.mark.parametrize("name", ["check", "build", "export"])
def test_a_configuration_that_cannot_be_read_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, config: str
) -> None:
    """A folder in its place, or a file of another form."""
    files: dict[str, str | bytes] = {
        "list.yml": "[a]\n",
        "bad.yml": "a: [\n",
        "latin.yml": b"a: \xe9\n",
        "docs/x.md": "",
    }
    monkeypatch.chdir(write(tmp_path, files))
    assert run(name, "-f", config, *(["out"] if name == "export" else [])).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_book_with_faults_is_neither_built_nor_exported(tmp_path: Path) -> None:
    """Status 1, each fault on a line, and nothing is written."""
    text = "site_name: x\nplugins: [policybook]\n"
    config = write(tmp_path, {"mkdocs.yml": text, "docs/x.md": ""}) / "mkdocs.yml"
    write(tmp_path, {"data/policies/P/policy.yml": facts("P", "oops: 1\n")})
    status, said = refusal("export", "-f", config, tmp_path / "out")
    ran = command("build", "-f", config, cwd=tmp_path)
    for found in ((status, said), (ran.returncode, ran.stderr)):
        assert found[0] == 1
        assert "data/policies/P/policy.yml:4: oops: expected one of name, " in found[1]
        assert "Traceback" not in found[1]
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "site").exists()


# --- serve ----------------------------------------------------------------------------------------


def test_serve_passes_its_options_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """And garbage is collected, since a preview runs for long."""
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr("policybook.mkdocs_plugin.run.serve_site", lambda *a: calls.append(a))
    gc.disable()  # as the process of a command does
    answer("serve", "-f", "x.yml", "-a", "localhost:9999", "--only", "AWS*")
    assert calls == [("x.yml", "localhost:9999", "AWS*")]
    assert gc.isenabled()
