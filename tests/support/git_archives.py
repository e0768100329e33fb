"""Small git archives of policy snapshots, with fixed days and a fixed author, and their import."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from policybook.commands.main import commands
from policybook.data.loader import load
from policybook.model.policies import Policy

from tests.support.books import write

AUTHOR = {
    "GIT_AUTHOR_NAME": "Archive",
    "GIT_AUTHOR_EMAIL": "archive@example.com",
    "GIT_COMMITTER_NAME": "Archive",
    "GIT_COMMITTER_EMAIL": "archive@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "TZ": "UTC",
}
ARN = "arn:aws:iam::aws:policy"


def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets the environment in which git sees no configuration but a repository's own."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in AUTHOR.items():
        monkeypatch.setenv(name, value)


class Archive:
    """A git repository in a folder, written to by commits."""

    def __init__(self, folder: Path, branch: str = "main") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--template=", f"--initial-branch={branch}")
        with (folder / ".git/config").open("a") as settings:
            settings.write("[maintenance]\n\tauto = false\n[gc]\n\tauto = 0\n")

    def git(self, *arguments: str, given: bytes = b"", moment: str = "") -> str:
        """What git answers."""
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment} if moment else {}
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            input=given,
            env={**os.environ, **dates},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def commit(self, moment: str, files: Mapping[str, str | bytes | None]) -> None:
        """Commit the files as they are from this moment on (a day means its noon in UTC)."""
        for name, content in files.items():
            if content is None:
                (self.folder / name).unlink()
            else:
                write(self.folder, {name: content})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x", moment=_noon(moment))

    def commit_blob(self, moment: str, path: str, content: bytes, mode: str = "100644") -> None:
        """Commit a file alone, at a path that no working folder need be able to have."""
        *folders, name = os.fsencode(path).split(b"/")
        kind = "commit" if mode == "160000" else "blob"
        found = (
            "1" * 40
            if kind == "commit"
            else self.git("hash-object", "-w", "--stdin", given=content)
        )
        row = f"{mode} {kind} {found}\t".encode() + name
        for folder in reversed(folders):
            tree = self.git("mktree", "-z", "--missing", given=row + b"\0")
            row = f"040000 tree {tree}\t".encode() + folder
        tree = self.git("mktree", "-z", "--missing", given=row + b"\0")
        known = self.git("for-each-ref", "--format=%(objectname)", self.head)
        parent = ("-p", known) if known else ()
        made = self.git("commit-tree", tree, *parent, "-m", "x", moment=_noon(moment))
        self.git("update-ref", self.head, made)

    @property
    def head(self) -> str:
        """The branch that is checked out."""
        return self.git("symbolic-ref", "HEAD")


def _noon(moment: str) -> str:
    """The moment, or the noon of a day."""
    return moment if "T" in moment else f"{moment}T12:00:00+00:00"


def document(action: str) -> dict[str, Any]:
    """A document that allows one action."""
    statement = {"Effect": "Allow", "Action": [action], "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def snapshot(
    number: int,
    action: str = "",
    *,
    created: str = "",
    bare: bool = False,
    **changed: Any,
) -> str:
    """A snapshot of a version, which by default was published on that day of January 2020."""
    inner = {
        "Document": document(action or f"s3:Version{number}"),
        "VersionId": f"v{number}",
        "IsDefaultVersion": True,
        "CreateDate": created or f"2020-01-{number:02}T08:00:00+00:00",
        **changed,
    }
    return json.dumps(inner if bare else {"PolicyVersion": inner}, indent=4)


def listing(*names: str, path: str = "/", **changed: Any) -> str:
    """A `policies-list.json` with these policies, all in one path."""
    return json.dumps(
        {
            "Policies": [
                {
                    "PolicyName": name,
                    "Arn": f"{ARN}{path}{name}",
                    "Path": path,
                    "IsAttachable": True,
                    "CreateDate": "2019-06-01T23:30:00+00:00",
                    **changed,
                }
                for name in names
            ]
        }
    )


def one(number: int, name: str = "P") -> dict[str, str]:
    """The file of a policy at its last version."""
    return {f"policies/{name}": snapshot(number)}


# --- The command ----------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    """`policybook import git` in this process."""
    result = CliRunner().invoke(commands, ["import", "git", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def imported(archive: Archive, data: Path, *options: object, status: int = 0) -> list[str]:
    """What an import of the archive says; it has to end with that status."""
    result = run(archive.folder, "--data", data, *options)
    assert result.exit_code == status, result.output
    return result.stdout.splitlines()


def policy(data: Path, name: str = "P") -> Policy:
    """The policy as the loader reads it, out of a folder without an error."""
    return load(data).policies[name]


def versions(found: Policy) -> list[tuple[str, str, str]]:
    """The versions: id, published and observed."""
    return [(v.key, str(v.facts.published), str(v.facts.observed)) for v in found.versions]


def rollbacks(found: Policy) -> list[tuple[str, str]]:
    """The rollbacks: to which id, and when observed."""
    return [(r.to, str(r.observed)) for r in found.facts.rollbacks]


def current(data: Path, name: str = "P") -> str:
    """The id of the default version."""
    found = policy(data, name).current
    assert found
    return found.key


def refused(*arguments: object) -> str:
    """The one line that an import ends with that could not run."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = [x for x in result.stderr.splitlines() if not x.startswith("read ")]
    assert len(lines) == 1, lines
    return lines[0]


def entry_of(key: str, published: str, observed: str, since: str = "") -> str:
    """The entry of a version in `policy.yml`, as an import of an archive writes it."""
    days = f"published: {published}, observed: {observed}"
    days += f", default_since: {since}" if since else ""
    return f"{{id: {key}, {days}, sources: {{git: {{{days}}}}}}}"
