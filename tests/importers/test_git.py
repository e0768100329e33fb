"""How an archive's repository is read: its line of history, and nothing that it could run."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from policybook.importers.git_archives import scratch

from tests.support.git_archives import (
    Archive,
    current,
    imported,
    listing,
    one,
    policy,
    refused,
    rollbacks,
    run,
    snapshot,
    versions,
)
from tests.support.sites import contents, environment

# --- The line of history --------------------------------------------------------------------------


def merged(archive: Archive, moment: str, *files: str) -> None:
    """Merge the branch `side` into `main`, with these files of `side`."""
    for command in ("reset --quiet --hard", "checkout --quiet main", "reset --quiet --hard"):
        archive.git(*command.split())
    archive.git("merge", "--quiet", "--no-commit", "--no-ff", "--strategy=ours", "side")
    for file in files:
        archive.git("checkout", "--quiet", "side", "--", file)
    archive.git("commit", "--quiet", "-m", "x", moment=f"{moment}T12:00:00+00:00")


def on_side(archive: Archive) -> None:
    """Check out a new branch `side`."""
    archive.git("reset", "--quiet", "--hard")
    archive.git("checkout", "--quiet", "-b", "side")


def test_an_older_state_on_a_side_branch_is_no_rollback(archive: Archive, data: Path) -> None:
    """What counts is the first-parent line, also where the side branch has the later day."""
    archive.commit("2020-02-01", one(1))
    archive.git("branch", "side")
    archive.commit("2020-02-02", {"policies/P": snapshot(2, "s3:Silent")})
    archive.commit("2020-02-03", one(3))
    archive.git("reset", "--quiet", "--hard")
    archive.git("checkout", "--quiet", "side")
    archive.commit("2020-02-04", {"policies/P": snapshot(2, "s3:Silent")})
    merged(archive, "2020-02-05")
    archive.commit("2020-02-06", {"policies/P": snapshot(3, "s3:Silent")})
    lines = imported(archive, data, "--branch", "main")
    assert [line for line in lines if "side branch" in line] == []
    assert (current(data), rollbacks(policy(data))) == ("v3", [])
    assert versions(policy(data))[1] == ("v2", "2020-01-02", "2020-02-02")


def test_a_version_that_a_side_branch_alone_shows_is_kept(archive: Archive, data: Path) -> None:
    """As a version, but never as the default."""
    archive.commit("2020-02-01", one(1))
    on_side(archive)
    archive.commit("2020-02-03", one(2))
    archive.commit("2020-02-04", one(3))
    merged(archive, "2020-02-05", "policies/P")
    archive.commit("2020-02-06", one(1))
    imported(archive, data, "--branch", "main")
    assert versions(policy(data)) == [
        ("v3", "2020-01-03", "2020-02-05"),
        ("v2", "2020-01-02", "2020-02-03"),
        ("v1", "2020-01-01", "2020-02-01"),
    ]
    assert rollbacks(policy(data)) == [("v1", "2020-02-06")]


def test_another_document_on_a_side_branch_is_named_and_left_out(
    archive: Archive, data: Path
) -> None:
    """So is a life of a policy that no other branch knows."""
    archive.commit("2020-02-01", one(1))
    on_side(archive)
    archive.commit("2020-02-02", {"policies/P": snapshot(1, "s3:Other")})
    archive.commit("2020-02-03", {"policies/P": snapshot(1, created="2020-01-20T00:00:00Z")})
    merged(archive, "2020-02-05")
    other, life, _ = imported(archive, data, "--branch", "main")
    assert other.endswith(": it has another document of v1, on a side branch")
    assert life.endswith(": v1 of 2020-01-20 is on a side branch alone, as re-created")
    assert policy(data).versions[0].document
    assert "s3:Version1" in (data / "policies/P/v1.json").read_text()


@pytest.mark.parametrize("form", ["folder", "bundle"])
def test_several_branches_with_policies_are_named(archive: Archive, data: Path, form: str) -> None:
    """The one that is checked out, or `archive`, is read."""
    archive.commit("2020-02-01", one(1))
    archive.git("branch", "other")
    archive.git("checkout", "--quiet", "--orphan", "docs")
    archive.git("reset", "--quiet", "--hard")
    archive.commit("2020-02-02", {"README.md": "x"})
    archive.git("checkout", "--quiet", "main")
    archive.commit("2020-02-03", one(2))
    source = archive.folder
    if form == "bundle":
        source = data.with_name("bundle")
        archive.git("bundle", "create", "--quiet", str(source), "--all", "HEAD")
    result = run(source, "--data", data)
    assert result.stdout.splitlines()[0] == (
        f"{source}: the branches main, other have policies, and main is read; "
        "--branch names another"
    )
    assert current(data) == "v2"
    assert len(run(source, "--data", data, "--branch", "other").stdout.splitlines()) == 1


def test_the_only_branch_with_policies_is_read(archive: Archive, data: Path) -> None:
    """Whatever is checked out; and if none of several is, the command asks which one to read."""
    archive.commit("2020-02-01", {"README.md": "x"})
    archive.git("checkout", "--quiet", "--orphan", "policies")
    archive.commit("2020-02-02", one(1))
    archive.git("checkout", "--quiet", "--force", "main")
    assert len(imported(archive, data)) == 1
    archive.git("branch", "policies2", "policies")
    assert refused(archive.folder, "--data", data) == (
        f"{archive.folder}: expected --branch with one of ['policies', 'policies2'], found none"
    )


def test_a_shallow_clone_says_so_and_the_whole_archive_corrects_its_days(
    archive: Archive, data: Path
) -> None:
    """In either order, the first observation is the earlier one."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    archive.commit("2020-02-10", {"README.md": "x"})
    shallow = data.with_name("shallow")
    archive.git("clone", "--quiet", "--depth=1", archive.folder.as_uri(), str(shallow))
    first, _ = run(shallow, "--data", data).stdout.splitlines()
    assert first == (
        "the history is cut, as in a shallow clone: 1 file may have been observed before "
        "2020-02-10; an import of the whole history corrects the days"
    )
    assert versions(policy(data)) == [("v2", "2020-01-02", "2020-02-10")]
    whole = [("v2", "2020-01-02", "2020-02-02"), ("v1", "2020-01-01", "2020-02-01")]
    assert len(imported(archive, data)) == 1
    assert versions(policy(data)) == whole
    run(shallow, "--data", data)
    assert versions(policy(data)) == whole


@pytest.mark.parametrize("seconds", ["99999999999999", "253402300800"])
def test_a_commit_on_no_calendar_is_skipped(archive: Archive, data: Path, seconds: str) -> None:
    """Its moment is past the year 9999."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    text = archive.git("cat-file", "commit", "HEAD")
    moment = archive.git("log", "-1", "--format=%ct")
    odd = f"{text.replace(moment, seconds)}\n\nx\n".encode()
    made = archive.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=odd)
    archive.git("update-ref", archive.head, made)
    archive.commit("2020-02-03", one(3))
    skipped, _ = imported(archive, data)
    assert skipped == f"policies/P at {made[:10]}: the moment of the commit is on no calendar"
    assert [key for key, *_ in versions(policy(data))] == ["v3", "v1"]


def lost_blob(archive: Archive) -> str:
    """The id of the blob of the policy's file, whose object is gone."""
    blob = archive.git("rev-parse", "HEAD:policies/P")
    path = archive.folder / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(stat.S_IRWXU)
    path.unlink()
    return blob


def test_a_missing_blob_is_named_as_that(archive: Archive, data: Path) -> None:
    """It is not an empty file."""
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    blob = lost_blob(archive)
    archive.commit("2020-02-03", one(3))
    skipped, _ = imported(archive, data)
    assert skipped.endswith(f": the repository lacks its content, the object {blob[:10]}")
    assert [key for key, *_ in versions(policy(data))] == ["v3", "v1"]


def test_a_damaged_blob_stops_the_import_with_one_line(archive: Archive, data: Path) -> None:
    """The object cannot be read at all."""
    archive.commit("2020-02-01", one(1))
    blob = lost_blob(archive)
    (archive.folder / ".git/objects" / blob[:2]).mkdir(exist_ok=True)
    (archive.folder / ".git/objects" / blob[:2] / blob[2:]).write_bytes(b"x")
    assert run(archive.folder, "--data", data).exit_code in (1, 2)
    assert not (data / "policies/P").exists()


# --- Nothing is run -------------------------------------------------------------------------------


def program(folder: Path) -> tuple[str, Path]:
    """A program that leaves a mark, and the mark."""
    script, mark = folder / "program", folder / "ran"
    script.write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    script.chmod(0o755)
    return str(script), mark


def settings(path: str) -> dict[str, str]:
    """Settings of git that name a program, or change what it prints."""
    return {
        "core.fsmonitor": path,
        "core.hooksPath": str(Path(path).parent),
        "core.sshCommand": path,
        "core.askPass": path,
        "core.pager": path,
        "core.gitProxy": path,
        "core.alternateRefsCommand": path,
        "credential.helper": f"!{path}",
        "diff.external": path,
        "diff.x.textconv": path,
        "gpg.program": path,
        "uploadpack.packObjectsHook": path,
        "pager.log": path,
        "remote.origin.uploadpack": path,
        "protocol.ext.allow": "always",
        "color.ui": "always",
        "core.quotePath": "true",
        "core.abbrev": "7",
        "diff.renames": "copies",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.orderFile": path,
        "log.date": "relative",
        "log.decorate": "full",
        "log.diffMerges": "off",
        "log.follow": "true",
        "log.showRoot": "false",
        "log.showSignature": "true",
        "log.mailmap": "true",
    }


def history(archive: Archive) -> None:
    """Two versions, and lists; the first commit has a signature."""
    archive.commit("2020-02-01", {**one(1), "policies-list.json": listing("P")})
    text = archive.git("cat-file", "commit", "HEAD")
    head, _, message = text.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = f"{head}\n{signature}\n\n{message}\n".encode()
    made = archive.git("hash-object", "-t", "commit", "-w", "--stdin", given=signed)
    archive.git("update-ref", archive.head, made)
    archive.commit("2020-02-02", {**one(2), "DEPRECATED.json": '{"P": "2020-02-02"}'})


@pytest.mark.parametrize("whose", ["archive", "user", "environment"])
@pytest.mark.parametrize("form", ["folder", "bundle", "url"])
def test_no_configuration_runs_a_program_or_changes_what_is_read(
    archive: Archive,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    whose: str,
    form: str,
) -> None:
    """Neither that of the archive nor that of the user, in a file or in the environment."""
    history(archive)
    source: object = archive.folder if form == "folder" else archive.folder.as_uri()
    if form == "bundle":
        source = data.with_name("bundle")
        archive.git("bundle", "create", "--quiet", str(source), "main")
    run(source, "--data", data)
    path, mark = program(data.parent)
    own = settings(path)
    if whose == "archive":
        for name, value in own.items():
            archive.git("config", name, value)
    elif whose == "user":
        config = data.with_name("gitconfig")
        for name, value in own.items():
            subprocess.run(["git", "config", "--file", config, name, value], check=True)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    else:
        monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(own)))
        for place, (name, value) in enumerate(own.items()):
            monkeypatch.setenv(f"GIT_CONFIG_KEY_{place}", name)
            monkeypatch.setenv(f"GIT_CONFIG_VALUE_{place}", value)
        for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_PAGER", "GIT_PROXY_COMMAND"):
            monkeypatch.setenv(name, path)
        monkeypatch.setenv("GIT_DIR", str(data.parent))
    other = data.with_name("other")
    result = run(source, "--data", other)
    assert result.exit_code == 0, result.output
    assert contents(other) == contents(data)
    assert not mark.exists()


def test_a_transport_that_runs_programs_is_refused(archive: Archive, data: Path) -> None:
    """Also if the archive's own configuration allows it, and a blob has to be fetched."""
    path, mark = program(data.parent)
    assert "expected a git repository" in refused(f"ext::{path}", "--data", data)
    archive.commit("2020-02-01", one(1))
    archive.commit("2020-02-02", one(2))
    lost_blob(archive)
    own = {
        "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{path}",
    }
    for name, value in own.items():
        archive.git("config", name, value)
    skipped, _ = imported(archive, data)
    assert "the repository lacks its content" in skipped
    assert not mark.exists()


def test_a_program_named_as_a_transport_is_not_run(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git runs `git-remote-mark` for an address that begins with `mark::`."""
    path, mark = program(data.parent)
    Path(path).rename(data.with_name("git-remote-mark"))
    monkeypatch.setenv("PATH", str(data.parent), prepend=os.pathsep)
    assert "expected a git repository" in refused("mark::x", "--data", data)
    assert not mark.exists()


def test_no_command_but_the_clone_may_use_a_transport(
    archive: Archive, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So no version of git fetches an object that the archive lacks."""
    archive.commit("2020-02-01", one(1))
    source, log = data.with_name("bundle"), data.with_name("log")
    archive.git("bundle", "create", "--quiet", str(source), "main")
    script = data.with_name("git")
    script.write_text(
        f'#!/bin/sh\necho "${{GIT_ALLOW_PROTOCOL-any}} for $*" >> {log}\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(data.parent), prepend=os.pathsep)
    assert run(source, "--data", data).exit_code == 0
    allowed = {line.partition(" for ")[::2] for line in log.read_text().splitlines()}
    assert {one for one, command in allowed if " clone " not in command} == {""}
    assert {one for one, command in allowed if " clone " in command} == {"file:git:http:https:ssh"}


def test_replaced_and_grafted_commits_are_read_as_they_are(archive: Archive, data: Path) -> None:
    """What git would show in their place is no part of the history."""
    archive.commit("2020-02-01", one(1))
    old = archive.git("rev-parse", "HEAD")
    archive.commit("2020-02-02", one(2))
    imported(archive, data)
    archive.git("replace", archive.git("rev-parse", "HEAD"), old)
    other = data.with_name("other")
    imported(archive, other)
    assert contents(other) == contents(data)


# --- A folder of our own --------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from policybook.importers.git_archives import git_archive
from policybook.commands.main import commands
def kill(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
git_archive._histories = kill
commands(["import", "git", *sys.argv[1:]])
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("form", ["folder", "bundle"])
def test_a_killed_import_leaves_a_clone_that_the_next_one_removes(
    archive: Archive, data: Path, temporary: Path, form: str
) -> None:
    """And an import that ends leaves nothing."""
    archive.commit("2020-02-01", one(1))
    source = archive.folder
    if form == "bundle":
        source = data.with_name("bundle")
        archive.git("bundle", "create", "--quiet", str(source), "main")
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, source, "--data", data],
        env=environment(TMPDIR=str(temporary)),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == -9, ran.stderr
    own = temporary / f"policybook-{os.getuid()}"
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert len(list(own.iterdir())) == 1
    assert run(source, "--data", data).exit_code == 0
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("kind", ["open to all", "a link"])
def test_a_folder_that_others_can_write_to_is_not_used(
    archive: Archive, data: Path, temporary: Path, kind: str
) -> None:
    """Somebody else could exchange what is in it."""
    archive.commit("2020-02-01", one(1))
    own = temporary / f"policybook-{os.getuid()}"
    if kind == "a link":
        own.symlink_to(data.parent)
    else:
        own.mkdir()
        own.chmod(0o777)
    assert refused(archive.folder, "--data", data) == (
        f"{own}: expected a folder that only its owner can use, found another"
    )


def test_the_folder_is_removed_also_if_it_holds_read_only_folders(temporary: Path) -> None:
    """As git's objects may be."""
    with scratch.scratch_folder() as folder:
        (folder / "a/b").mkdir(parents=True)
        (folder / "a").chmod(0o500)
    assert list((temporary / f"policybook-{os.getuid()}").iterdir()) == []


READ_ONLY = """
import os, sys
from datetime import date
from pathlib import Path
from policybook.importers.writing import writer
from policybook.importers.records import Archive, ArchivedPolicy, ArchivedVersion
from policybook.model.book import ImportedSource
document = b'{"Version": "2012-10-17", "Statement": []}'
day = date(2020, 1, 1)
record = ArchivedPolicy("P", (ArchivedVersion(1, day, day, document),))
data = Path(sys.argv[1], "data")
for _ in range(2):  # all modules are imported then
    writer.write([Archive((record,), (), 1, "git", ImportedSource(title="A"))], data)
(data / "policies/P").chmod(0o500)
if os.getuid() == 0:
    for path in (data, *data.rglob("*")):
        os.chown(path, 65534, -1)
    os.setuid(65534)
for _ in range(2):
    writer.write([Archive((record,), (), 1, "git", ImportedSource(title="A"))], data)
print(*sorted(path.name for path in data.iterdir()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such rights")
def test_a_read_only_policy_folder_leaves_no_copy_behind() -> None:
    """The user is not root, who may remove everything."""
    with tempfile.TemporaryDirectory(prefix="read-only-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        ran = subprocess.run(
            [sys.executable, "-c", READ_ONLY, name],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (0, "policies sources.yml\n"), ran.stderr
