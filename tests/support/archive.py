"""The archive of AWS's policies, for tests: every version of every policy, read with git alone.

`POLICYBOOK_CORPUS` names the archive, a git bundle or a clone of it. Its branch `archive` has
`policies/<Name>` files, as `aws iam get-policy-version` prints them, and their history. Nothing of
the importer is used here, so that tests may compare with it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.sites import command

CORPUS = os.environ.get("POLICYBOOK_CORPUS", "")
BRANCH = "archive"
NO_ARCHIVE = "POLICYBOOK_CORPUS is not set: it names the archive, a bundle or a clone"

# The files that are empty at the end of the archive; a policy keeps its last good state.
EMPTY = {"AWSCodePipelineFullAccess", "AWSECRPullThroughCacheServiceRolePolicy"}


def import_archive(source: Path, data: Path) -> None:
    """Imports the whole archive into a data folder; `import_output` has what it said."""
    ran = command("import", "git", source, "--data", data)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    _output_of(data).write_text(ran.stdout)


def import_output(data: Path) -> list[str]:
    """The lines that the import into that folder said."""
    return _output_of(data).read_text().splitlines()


def _output_of(data: Path) -> Path:
    return data.with_name(f"{data.name}.txt")


class History(NamedTuple):
    """A policy's versions in the archive.

    `seen` has the version ids in the order in which each was the default, so that an id occurs
    twice if a rollback returned to it. `contents` has the last file of each id.
    """

    name: str
    seen: tuple[str, ...]
    contents: Mapping[str, bytes]

    @property
    def ids(self) -> list[str]:
        """The version ids, the lowest first."""
        return sorted(self.contents, key=lambda version: int(version.removeprefix("v")))

    def document(self, version: str) -> dict[str, Any]:
        """The version's document, as JSON says it."""
        value: dict[str, Any] = json.loads(self.contents[version])
        found: dict[str, Any] = value.get("PolicyVersion", value)
        return found["Document"]  # type: ignore[no-any-return]  # the value of that JSON key


class Archive(NamedTuple):
    """A clone of the archive, and the commands that read it."""

    clone: Path

    def git(self, *arguments: str, given: str = "") -> bytes:
        """The output of git."""
        return subprocess.run(
            ["git", "-C", str(self.clone), *arguments],
            input=given.encode(),
            capture_output=True,
            check=True,
        ).stdout

    def blobs(self, objects: Iterable[str]) -> Iterator[bytes]:
        """The contents of the objects, in order."""
        out = self.git("cat-file", "--batch", given="".join(f"{name}\n" for name in objects))
        place = 0
        while place < len(out):
            end = out.index(b"\n", place)
            size = int(out[place:end].split()[-1])
            yield out[end + 1 : end + 1 + size]
            place = end + 1 + size + 1

    def files(self) -> Mapping[str, str]:
        """The policies at the end of the branch: names and objects."""
        listed = self.git("ls-tree", BRANCH, "policies/").decode().splitlines()
        rows = (line.split("\t") for line in listed)
        return {path.removeprefix("policies/"): row.split()[2] for row, path in rows}

    def histories(self, chosen: Iterable[str]) -> Iterator[History]:
        """Each policy's history, in the order given; states that are no JSON are left out."""
        states = self._objects(chosen)
        blobs = self.blobs(state for objects in states.values() for state in objects)
        for name, objects in states.items():
            seen: list[str] = []
            contents: dict[str, bytes] = {}
            for content in islice(blobs, len(objects)):
                version = _version(content)
                if version:
                    contents[version] = content
                    seen += [version] if seen[-1:] != [version] else []
            yield History(name, tuple(seen), contents)

    def _objects(self, chosen: Iterable[str]) -> Mapping[str, list[str]]:
        """The objects that each file has been, oldest first."""
        form = ["--reverse", "--format=", "--raw", "--no-abbrev", "--no-renames"]
        out = self.git("log", *form, BRANCH, "--", "policies").decode()
        found: dict[str, list[str]] = {name: [] for name in chosen}
        for line in out.splitlines():
            row, _, path = line.partition("\t")
            name = path.removeprefix("policies/")
            if name in found and not row.endswith("D"):
                found[name].append(row.split()[3])
        return found


def _version(content: bytes) -> str:
    """The version id of a file, or "" if it is empty or broken."""
    try:
        value = json.loads(content)
    except ValueError:
        return ""
    found: str = value.get("PolicyVersion", value).get("VersionId", "") if value else ""
    return found


def clone_archive(source: Path, clone: Path) -> None:
    """Clones a bundle."""
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", "--branch", BRANCH, str(source), str(clone)],
        check=True,
        capture_output=True,
    )
