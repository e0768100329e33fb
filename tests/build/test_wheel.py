"""The wheel: installed outside the checkout, it creates a new book and builds it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.books import REPOSITORY
from tests.support.html import dead_links, pages, read_html
from tests.support.sites import contents, once


def run(*arguments: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, without environment variables that point to the checkout."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [*map(str, arguments)],
        cwd=cwd,
        env={**kept, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""

    def make(folder: Path) -> None:
        made = run(
            sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=REPOSITORY
        )
        assert made.returncode == 0, made.stderr

    (found,) = once(tmp_path_factory, "wheel", make).glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with only the wheel's package and its metadata, compiled, as pip leaves it."""

    def make(folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        offline = ["--no-deps", "--no-index", "--target", folder, wheel]
        made = run(*pip, *offline, cwd=wheel.parent)
        assert made.returncode == 0, made.stderr

    return once(tmp_path_factory, "installed", make)


def policybook(installed: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed command, which precedes any other of the same name."""
    return run(
        sys.executable, "-P", "-m", "policybook", *arguments, cwd=cwd, PYTHONPATH=str(installed)
    )


def test_the_wheel_carries_package_templates_theme_and_licence(wheel: Path) -> None:
    """It has all of their files, and no tests or data."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (
        ("generator/policybook", "policybook"),
        ("templates", "policybook/templates"),
    ):
        for path in contents(REPOSITORY / folder):
            if "__pycache__" not in path:
                assert f"{inside}/{path}" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"policybook"}
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_installed_program_is_not_the_checkouts(installed: Path, tmp_path: Path) -> None:
    """The tests below run the package and the templates of the wheel."""
    code = (
        "from policybook.output.html.templating import templates_folder; print(templates_folder())"
    )
    ran = run(sys.executable, "-P", "-c", code, cwd=tmp_path, PYTHONPATH=str(installed))
    assert Path(ran.stdout.strip()) == installed / "policybook/templates"


def test_the_wheel_creates_and_builds_a_book(installed: Path, wheel: Path, tmp_path: Path) -> None:
    """`init` creates a project with data and a workflow, and `build` its complete site.

    The workflow installs the wheel from which this policybook was installed.
    """
    made = policybook(installed, "init", "book", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    book = tmp_path / "book"
    assert {"mkdocs.yml", "data", ".github"} <= {path.name for path in book.iterdir()}
    assert list(book.rglob("__pycache__")) == []
    assert (book / "wheels" / wheel.name).read_bytes() == wheel.read_bytes()
    listed = (book / "requirements.txt").read_text()
    assert listed.startswith(f"./wheels/{wheel.name} --hash=sha256:")
    action = contents(book / ".github/actions/review")
    assert action == {
        path: (REPOSITORY / path).read_bytes()
        for path in ("action.yml", "action/comment.py", "action/compare.sh")
    }
    checked = policybook(installed, "check", cwd=book)
    assert checked.returncode == 0, checked.stdout
    ran = policybook(installed, "build", cwd=book)
    assert ran.returncode == 0, ran.stderr
    read = pages(book / "site")
    assert {"", "policies/ExampleReportReader/", "services/s3/", "keeping/"} <= set(read)
    assert dead_links(book / "site") == []
    sheet = "assets/policybook.css"
    packed = installed / "policybook/templates/theme" / sheet
    assert (book / "site" / sheet).read_bytes().endswith(packed.read_bytes())  # after Material's
    heading = read_html((book / "site/policies/ExampleReportReader/index.html").read_text())
    assert heading.all("h1")[0].text == "ExampleReportReader"


def test_init_never_writes_into_a_folder_with_content(installed: Path, tmp_path: Path) -> None:
    """Existing content is not changed, and the command fails."""
    (tmp_path / "mine.txt").write_text("mine")
    ran = policybook(installed, "init", ".", cwd=tmp_path)
    assert ran.returncode == 2
    assert contents(tmp_path) == {"mine.txt": b"mine"}
