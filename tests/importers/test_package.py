"""The npm package of AWS's managed policies: what is read from it, and merged with an archive."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from policybook.commands.main import commands
from policybook.data.loader import load

from tests.support.books import BOOK, write
from tests.support.git_archives import ARN, Archive, document, imported, one, snapshot
from tests.support.sites import contents

Facts = dict[str, Any]


def version(number: int, created: str | None, action: str = "") -> Facts:
    """A version in the package."""
    found: Facts = {"document": document(action or f"s3:Version{number}")}
    return {**found, "createdDate": f"{created}T08:00:00.000Z"} if created else found


def package(updated: str = "2020-01-03", **versions: Facts) -> Facts:
    """The package's file, with one policy that was created on 2020-01-01."""
    policy = {
        "arn": f"{ARN}/service-role/P",
        "latestVersionId": max(versions),
        "versionsCount": len(versions),
        "versions": versions,
        "createdDate": "2020-01-01T08:00:00.000Z",
        "lastUpdatedDate": f"{updated}T08:00:00.000Z",
    }
    return {"P": policy}


THREE = package(
    v1=version(1, "2020-01-01"), v2=version(2, "2020-01-01"), v3=version(3, "2020-01-01")
)


def run(found: object, folder: Path) -> Result:
    """Import a file with this content into the data folder."""
    file = folder.with_name("package.json")
    text = found if isinstance(found, str) else json.dumps(found)
    file.write_text(re.sub('"number (.*?)"', r"\1", text), encoding="utf-8")
    return CliRunner().invoke(commands, ["import", "package", str(file), "--data", str(folder)])


def text(data: Path) -> str:
    """The policy's `policy.yml`."""
    return (data / "policies/P/policy.yml").read_text("utf-8")


@pytest.fixture
def data(data: Path) -> Path:
    """A data folder without policies."""
    return write(data, {"book.yml": BOOK})


def test_a_day_that_is_the_policys_is_unknown_but_for_the_first_and_the_newest(data: Path) -> None:
    """The policy's last update is the creation of its newest version."""
    result = run(THREE, data)
    assert result.exit_code == 0
    assert result.stdout.endswith(
        "3 new versions of 1 policy, 1 of them new; 0 of 3 states skipped\n"
    )
    assert text(data) == (
        "name: P\n"
        f"arn: {ARN}/service-role/P\n"
        "type: service-role\n"
        "created: 2020-01-01\n"
        "versions:\n"
        "  - {id: v3, published: 2020-01-03, sources: {package: {published: 2020-01-03}}}\n"
        "  - {id: v2, sources: {package: {}}}\n"
        "  - {id: v1, published: 2020-01-01, sources: {package: {published: 2020-01-01}}}\n"
    )


def test_a_day_of_a_versions_own_counts(data: Path) -> None:
    """Also where the newest version has one beside the policy's last update."""
    run(package("2020-09-09", v1=version(1, None), v4=version(4, "2020-02-02")), data)
    found = load(data).policies["P"].versions
    assert [v.facts.published for v in found] == [date(2020, 2, 2), None]


MOTO = """# Made by a script
aws_managed_policies_data = \"\"\"
%s\"\"\"
raise RuntimeError("this module is never run")
"""


def moto(*, name: str = "P", **facts: object) -> str:
    """The text of moto's module, with one policy as IAM's API prints it."""
    policy = {
        "CreateDate": "2020-01-01T08:00:00+00:00",
        "DefaultVersionId": "v3",
        "Document": document("s3:Version3"),
        "Path": "/service-role/",
        "PermissionsBoundaryUsageCount": 0,
        "UpdateDate": "2020-01-03T08:00:00+00:00",
    }
    found = json.dumps({name: {**policy, **facts}})
    return MOTO % found.replace("\\", "\\\\")


def run_moto(content: str, data: Path) -> Result:
    """Import moto's module with this text."""
    file = data.with_name("aws_managed_policies.py")
    file.write_text(content, encoding="utf-8")
    return CliRunner().invoke(commands, ["import", "package", str(file), "--data", str(data)])


def test_the_bundle_of_moto_gives_the_default_version_of_each_policy(data: Path) -> None:
    """Its day is that of the policy's last update; text in the document keeps its escapes."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": 'a"""\\n'}
    odd = {"Version": "2012-10-17", "Statement": [statement]}
    assert run_moto(moto(Document=odd), data).exit_code == 0
    assert text(data) == (
        f"name: P\narn: {ARN}/service-role/P\ntype: service-role\ncreated: 2020-01-01\nversions:\n"
        "  - {id: v3, published: 2020-01-03, sources: {moto: {published: 2020-01-03}}}\n"
    )
    document_found = load(data).policies["P"].versions[0].document
    assert document_found
    assert document_found.source["Statement"][0]["Resource"] == 'a"""\\n'


def test_the_first_version_in_the_bundle_of_moto_is_as_old_as_the_policy(data: Path) -> None:
    """Its last update may be of something else."""
    run_moto(moto(DefaultVersionId="v1"), data)
    assert load(data).policies["P"].versions[0].facts.published == date(2020, 1, 1)


@pytest.mark.parametrize("form", ["moto.whl", "moto.tar.gz", "moto"])
def test_the_bundle_is_read_from_a_wheel_a_source_distribution_and_a_folder(
    data: Path, tmp_path: Path, form: str
) -> None:
    """No module is run or unpacked."""
    content = moto().encode()
    source = tmp_path / form
    if form == "moto":
        write(source, {"iam/aws_managed_policies.py": content})
    elif form == "moto.whl":
        with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr("moto/__init__.py", "raise RuntimeError")
            wheel.writestr("moto/iam/aws_managed_policies.py", content)
    else:
        with tarfile.open(source, "w:gz") as archive:
            member = tarfile.TarInfo("moto-5.2.5/moto/iam/aws_managed_policies.py")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    arguments = ["import", "package", str(source), "--data", str(data)]
    assert CliRunner().invoke(commands, arguments).exit_code == 0
    assert "sources: {moto: " in text(data)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ("import os\n", 2, "expected aws_managed_policies_data with an object for each policy"),
        (MOTO % "[]", 2, "expected aws_managed_policies_data with an object for each policy"),
        (MOTO % ("\\N{no such}" * 9), 2, "expected aws_managed_policies_data with an object for"),
        (MOTO % ('{"P":' * 100_000), 2, "expected aws_managed_policies_data with an object for"),
        (MOTO % "{}", 2, "expected versions of policies, found none to import"),
        (moto(name="../P"), 1, "'../P': the name is not a policy's"),
        (moto(DefaultVersionId="3"), 1, "P: expected a version id such as v3, found '3'"),
        (moto(Document={"Statement": 3}), 1, "P: the document has errors"),
        (moto(Path="/a b/"), 1, "P: expected an IAM path, found '/a b/'"),
        (moto(Document=None, Path=None), 1, "P: no policy of the bundle's form"),
    ],
)
def test_what_cannot_be_read_of_the_bundle_is_named_in_one_line(
    data: Path, content: str, status: int, said: str
) -> None:
    """The exit status says whether anything was imported at all."""
    result = run_moto(content, data)
    assert result.exit_code == status
    assert [said in line for line in result.output.splitlines()].count(True) == 1
    assert (data / "policies").is_dir() == (status < 2)


@pytest.mark.parametrize("form", ["package.tgz", "folder", "package.json"])
def test_the_package_its_folder_and_its_file_give_the_same(
    data: Path, tmp_path: Path, form: str
) -> None:
    """Nothing of the package is unpacked or run."""
    content = json.dumps(THREE).encode()
    source = tmp_path / form
    if form == "folder":
        write(source, {"dist/managedPolicies.json": content})
    elif form == "package.tgz":
        with tarfile.open(source, "w:gz") as archive:
            member = tarfile.TarInfo("package/dist/managedPolicies.json")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    else:
        source.write_bytes(content)
    arguments = ["import", "package", str(source), "--data", str(data)]
    assert CliRunner().invoke(commands, arguments).exit_code == 0
    other = write(tmp_path / "other", {"book.yml": BOOK})
    run(THREE, other)
    assert contents(data) == contents(other)


def archived(archive: Archive) -> Archive:
    """An archive with the first two of the three versions, and a later one."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", {"policies/P": snapshot(2, created="2020-01-02T08:00:00Z")})
    archive.commit("2020-02-04", {"policies/P": snapshot(4, created="2020-01-04T08:00:00Z")})
    return archive


def test_the_order_of_imports_does_not_matter(archive: Archive, data: Path) -> None:
    """Each version names its sources, and has the days that any of them knows."""
    archived(archive)
    imports: list[Callable[[Path], object]] = [
        partial(imported, archive),
        partial(run, THREE),
        partial(run_moto, moto()),
    ]
    found = []
    for place, order in enumerate(permutations(imports)):
        data = write(data.with_name(f"data{place}"), {"book.yml": BOOK})
        for source in (*order, *order):  # the second time nothing changes
            source(data)
            found += [contents(data / "policies")] * (source is order[-1])
    assert all(one == found[0] for one in found)
    days = "published: 2020-01-02, observed: 2020-02-02"
    assert f"  - {{id: v2, {days}, sources: {{git: {{{days}}}, package: {{}}}}}}\n" in text(data)
    assert [v.key for v in load(data).policies["P"].versions] == ["v4", "v3", "v2", "v1"]


def test_sources_that_disagree_stop_the_import_and_are_both_named(
    archive: Archive, data: Path
) -> None:
    """Nothing is overwritten."""
    imported(archived(archive), data)
    before = contents(data)
    result = run(package(v2=version(2, "2020-01-02", "s3:Other")), data)
    assert result.exit_code == 2
    assert result.stderr == (
        "policies/P/v2.json: expected the document of git, found another one in package\n"
    )
    assert contents(data) == before


@pytest.mark.parametrize("form", ["v2.json", "v2.yml"])
def test_a_document_in_another_form_stays_as_it_is(archive: Archive, data: Path, form: str) -> None:
    """Also once the version names its sources: an import wrote it long ago, or a person."""
    days = "published: 2020-01-02, observed: 2020-02-02"
    main = f"name: P\narn: null\ntype: unknown\nversions:\n  - {{id: v2, {days}}}\n"
    own = json.dumps(document("s3:Version2"), indent=7)
    write(data, {"policies/P/policy.yml": main, f"policies/P/{form}": own})
    archived(archive)
    for _ in range(2):
        assert run(THREE, data).exit_code == 0
        assert "which stays" not in "".join(imported(archive, data))
        assert (data / "policies/P" / form).read_text("utf-8") == own
    assert "sources: {git: {" in text(data)


def test_a_document_of_peoples_own_stays_and_is_named(data: Path) -> None:
    """It is never rewritten."""
    main = f"name: P\narn: {ARN}/service-role/P\ntype: service-role\nversions:\n  - id: v2\n"
    own = json.dumps(document("s3:Own"))
    write(data, {"policies/P/policy.yml": main, "policies/P/v2.json": own})
    result = run(THREE, data)
    assert "P: the data has another document of v2, which stays\n" in result.stdout
    assert (data / "policies/P/v2.json").read_text("utf-8") == own


def number(text: str) -> Facts:
    """A document with a number, which `run` writes as this text."""
    found = document("s3:Get")
    found["Statement"][0]["Condition"] = {"NumericEquals": {"s3:max-keys": f"number {text}"}}
    return found


def test_what_is_said_twice_stops_the_import(data: Path) -> None:
    """Only one of both would be read."""
    policy = json.dumps(THREE["P"])
    again = policy.replace('"v1"', '"v2"', 1)
    for content, key in (
        (f'{{"P": {policy}, "P": {again}}}', "P"),
        (f'{{"P": {again}}}', "P.versions.v2"),
        (MOTO % '{"P": 1, "P": {}}', "P"),
    ):
        result = (run_moto if content.startswith("#") else run)(content, data)
        assert result.exit_code == 2
        assert result.stderr.endswith(f": expected each key once, found '{key}' again\n")
        assert result.stderr.count("\n") == 1
        assert not (data / "policies").exists()


def test_the_skipped_are_among_those_that_are_counted(data: Path) -> None:
    """Each unreadable version, and each policy that cannot be read at all."""
    result = run({"P": package(v1=version(1, None), vx=version(2, None))["P"], "Q": 1}, data)
    assert result.stdout.endswith(
        "1 new version of 1 policy, 1 of them new; 2 of 3 states skipped\n"
    )


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ("[]", 2, "expected a JSON object with an object for each policy, found none"),
        ("{", 2, "expected a JSON object with an object for each policy, found none"),
        ("{}", 2, "expected versions of policies, found none to import"),
        ({"P": 1, **{"Q": THREE["P"]}}, 1, "P: no policy of the package's form"),
        ({"../P": THREE["P"], "Q": THREE["P"]}, 1, "'../P': the name is not a policy's"),
        (package(v1=version(1, None), vx=version(2, None)), 1, "P vx: expected a version id"),
        ({**THREE, "Q": {**THREE["P"], "versions": {}}}, 1, "Q: expected versions, found none"),
        ({"P": {**THREE["P"], "createdDate": "2026-02-30T00:00:00Z"}}, 1, "P: no policy of the pa"),
        (package(v1=version(1, "2026-02-30")), 1, "P v1: no version of the package's form"),
        (package(v1={"document": number("9" * 5000)}), 1, "P v1: the document has errors"),
        (package(v1={"document": number("1e400")}), 1, "P v1: the document has errors"),
        ({"Q": THREE["P"]}, 0, "Q: expected the ARN of this policy, found "),
        (
            {"P": {**THREE["P"], "latestVersionId": "v2"}},
            0,
            "P: expected v3 as the latest version, which is the newest one, found 'v2'",
        ),
        (package(v1=version(1, None), v2={"document": {}}), 1, "P v2: the document has errors"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_line(
    data: Path, found: object, status: int, said: str
) -> None:
    """What can be read beside it is imported."""
    result = run(found, data)
    assert result.exit_code == status
    lines = [line for line in result.output.splitlines() if said in line]
    assert len(lines) == 1
    assert (data / "policies").is_dir() == (status < 2)


def test_a_source_that_is_no_package_is_named(data: Path, tmp_path: Path) -> None:
    """A file that is missing, an empty folder, an archive of something else or with a password."""
    (tmp_path / "empty").mkdir()
    for name in ("broken.tgz", "broken.whl"):
        (tmp_path / name).write_bytes(b"no archive")
    secret = tmp_path / "secret.whl"
    with zipfile.ZipFile(secret, "w") as wheel:
        wheel.writestr("moto/iam/aws_managed_policies.py", moto())
    content = bytearray(secret.read_bytes())
    for header, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(header) + flags] |= 1
    secret.write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.tgz")
    names = ("missing", "empty", "broken.tgz", "broken.whl", "secret.whl", "pipe", "pipe.tgz")
    for name in names:
        arguments = ["import", "package", str(tmp_path / name), "--data", str(data)]
        result = CliRunner().invoke(commands, arguments)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{tmp_path / name}: expected ")
        assert result.stderr.count("\n") == 1


def packed(*files: tuple[str, bytes]) -> bytes:
    """A gzipped tar."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files:
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return content.getvalue()


def test_what_the_data_has_otherwise_stays_and_is_named(data: Path) -> None:
    """A person may have written it."""
    run(THREE, data)
    other = {"P": {**THREE["P"], "createdDate": "2019-01-01T00:00:00Z"}}
    result = run(other, data)
    said = "P: expected created: 2020-01-01 as in the data, which stays, found 2019-01-01 in the"
    assert [said in line for line in result.stdout.splitlines()].count(True) == 1
    assert "created: 2020-01-01\n" in text(data)


THE_FILE = ("package/dist/managedPolicies.json", json.dumps(THREE).encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed(THE_FILE)[:-6], "Compressed file ended before the end"),
        (packed(THE_FILE)[:-8] + bytes(8), "CRC check failed"),
        (packed(THE_FILE, THE_FILE), f"expected each file once, found {THE_FILE[0]} again"),
        (
            packed(THE_FILE, ("other/dist/managedPolicies.json", b"{}")),
            f"expected one package, found {THE_FILE[0]} and other/dist/managedPolicies.json",
        ),
    ],
)
def test_an_archive_that_is_cut_or_has_two_packages_is_named(
    data: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    """A part of it, or one of both, would be taken for the whole."""
    source = tmp_path / "package.tgz"
    source.write_bytes(content)
    arguments = ["import", "package", str(source), "--data", str(data)]
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (data / "policies").exists()


def test_a_version_of_an_unknown_day_is_no_older_than_those_before_it(data: Path) -> None:
    """So it has its place also beside a document without a version id, which has a day alone."""
    main = (
        f"name: P\narn: {ARN}/service-role/P\ntype: service-role\nversions:\n"
        "  - published: 2020-01-02\n    document: guide\n"
        '    source: {title: T, url: "https://example.org/", as_of: 2020-01}\n'
    )
    write(
        data, {"policies/P/policy.yml": main, "policies/P/guide.json": json.dumps(document("a:B"))}
    )
    versions = {
        f"v{number}": version(number, created)
        for number, created in enumerate(
            ["2020-01-01", "2020-01-01", "2020-01-03", "2020-01-01", "2020-01-05"], 1
        )
    }
    assert run(package("2020-01-05", **versions), data).exit_code == 0
    found = load(data).policies["P"].versions
    assert [v.key for v in found] == ["v5", "v4", "v3", "2020-01-02", "v2", "v1"]
