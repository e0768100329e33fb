"""AWS's own policies, all of them: every document reads cleanly, and changes agree with trying.

`POLICYBOOK_CORPUS` names the archive, a git bundle or a clone of it. Its branch `archive` holds
`policies/<Name>` files, as `aws iam get-policy-version` prints them, and their history.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from generator.catalogue import Catalogue
from generator.changes import compare
from generator.check import document_problems
from generator.grants import grants
from generator.load import read_document
from generator.model import Clause, Document, Term
from generator.text import decoded, parsed_json
from tests import oracle
from tests.oracle import Request, names

CORPUS = os.environ.get("POLICYBOOK_CORPUS", "")
BRANCH = "archive"
pytestmark = pytest.mark.skipif(
    not CORPUS, reason="POLICYBOOK_CORPUS is not set: it names the archive, a bundle or a clone"
)

# The files that hold nothing at the end of the archive; a policy keeps its last good state.
EMPTY = {"AWSCodePipelineFullAccess", "AWSECRPullThroughCacheServiceRolePolicy"}


class Archive(NamedTuple):
    """A clone of the archive, and the commands that read it."""

    clone: Path

    def git(self, *arguments: str, given: str = "") -> bytes:
        """What git prints."""
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

    def history(self, chosen: Iterable[str]) -> Mapping[str, list[str]]:
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


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The archive, cloned from a bundle where it is one."""
    path = Path(CORPUS).resolve()
    if path.is_dir():
        return Archive(path)
    clone = tmp_path_factory.mktemp("corpus") / "clone.git"
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", "--branch", BRANCH, str(path), str(clone)],
        check=True,
        capture_output=True,
    )
    return Archive(clone)


@pytest.fixture(scope="module")
def documents(
    archive: Archive, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Document | None]:
    """Every policy's document at the end of the branch, read as a user's own; None where empty."""
    folder = tmp_path_factory.mktemp("documents")
    files = archive.files()
    found: dict[str, Document | None] = {}
    for name, content in zip(files, archive.blobs(files.values()), strict=True):
        path = folder / f"{name}.json"
        path.write_bytes(content)
        found[name] = read_document(path) if content.strip() else None
    return found


# --- Every document -------------------------------------------------------------------------------


def test_every_document_is_read_without_a_fault(documents: Mapping[str, Document | None]) -> None:
    """But for the files that are empty; and each has statements that allow or deny something."""
    assert len(documents) > 1500
    assert {name for name, found in documents.items() if found is None} == EMPTY
    for name, found in documents.items():
        if found:
            assert found.statements, name
            assert all(s.actions.patterns and s.resources.patterns for s in found.statements), name


def test_no_document_has_an_action_that_is_malformed_or_a_statement_that_is_odd(
    documents: Mapping[str, Document | None],
) -> None:
    """What the catalogue lacks is history; everything else is as the check expects it."""
    catalogue = Catalogue()
    kinds = {
        problem.kind
        for found in documents.values()
        if found
        for problem in document_problems(found.source, catalogue)
    }
    assert kinds == {"uncatalogued-action"}


def test_nothing_of_a_document_is_lost_on_the_way_to_its_grants(
    documents: Mapping[str, Document | None],
) -> None:
    """As many grants as actions times resources, counted in what the file holds."""

    def several(statement: Any, one: str, other: str) -> int:
        if other in statement:
            return 1
        value = statement[one]
        texts = value if isinstance(value, list) else [value]
        return len({"".join(text.split()) if one == "Action" else text for text in texts})

    for name, found in documents.items():
        if found:
            listed = found.source["Statement"]
            count = sum(
                several(s, "Action", "NotAction") * several(s, "Resource", "NotResource")
                for s in (listed if isinstance(listed, list) else [listed])
            )
            assert len(grants(found)) == count, name


# --- Changes --------------------------------------------------------------------------------------


def versions(archive: Archive, names: Iterable[str], folder: Path) -> Iterator[list[Document]]:
    """The real versions of each policy, oldest first: one document for each version id."""
    for objects in archive.history(names).values():
        found: dict[str, Document] = {}
        for name, content in zip(objects, archive.blobs(objects), strict=True):
            text, faults = decoded(content)
            if faults:
                continue
            value, _ = parsed_json(text)
            key = value.get("PolicyVersion", value).get("VersionId", name)
            path = folder / f"{name}.json"
            path.write_bytes(content)
            found[key] = read_document(path)
        yield list(found.values())


def test_changes_of_real_versions_never_contradict_trying_requests(
    archive: Archive, tmp_path: Path
) -> None:
    """Of 300 consecutive pairs, with requests made from the words of both documents.

    A request that only the old version allows has to be lost, or the verdict left open; and one
    that only the new one allows has to be gained.
    """
    chance = random.Random(20251231)  # the same sample every time
    chosen = chance.sample(sorted(set(archive.files()) - EMPTY), 170)
    pairs = [pair for found in versions(archive, chosen, tmp_path) for pair in pairwise(found)]
    tried = [pair for pair in pairs if _size(pair) < 40_000]
    chance.shuffle(tried)
    verdicts: dict[str, int] = {}
    for old, new in tried[:300]:
        change = compare(old, new)
        verdicts[change.verdict] = verdicts.get(change.verdict, 0) + 1
        for request in requests(old, new, chance):
            before, after = oracle.allows(old, request), oracle.allows(new, request)
            if before and not after:
                assert change.verdict in ("narrowed", "mixed", "undetermined"), request
            if after and not before:
                assert change.verdict in ("widened", "mixed", "undetermined"), request
        back = compare(new, old)
        assert (set(back.gained), set(back.lost)) == (set(change.lost), set(change.gained))
    assert sum(verdicts.values()) == 300
    assert {"widened", "narrowed", "mixed", "equivalent"} <= set(verdicts)
    assert verdicts.get("undetermined", 0) <= 6


def _size(pair: tuple[Document, Document]) -> int:
    return sum(len(grants(found)) for found in pair)


def requests(old: Document, new: Document, chance: random.Random) -> Iterator[Request]:
    """A sample of requests in the words of the two documents, those that differ above all."""
    here, there = (set(_unnumbered(found)) for found in (old, new))
    differing = sorted(here ^ there, key=repr)
    common = sorted(here & there, key=repr)
    for action, resource, condition in (
        *(chance.sample(differing, min(len(differing), 12))),
        *(chance.sample(common, min(len(common), 4))),
    ):
        for context in ({}, _context(condition)):
            yield Request(_example(action), _example(resource), context)


Part = tuple[Term, Term, tuple[Clause, ...]]


def _unnumbered(document: Document) -> Iterator[Part]:
    return ((g.action, g.resource, g.condition) for g in grants(document))


def _example(term: Term) -> str:
    """A text that the term names."""
    if not term.negated:
        return term.patterns[0].replace("*", "x").replace("?", "x")
    return next(text for text in ("zz:Zz", "arn:aws:zz:::zz") if names(term, text))


@cache
def _context(block: tuple[Clause, ...]) -> oracle.Context:
    """What a request carries that meets each clause with its first value, where that is simple."""
    found: dict[str, tuple[str, ...]] = {}
    for clause in block:
        operator = clause.operator.lower()
        if "not" not in operator and not operator.startswith("null"):
            value = clause.values[0] if clause.values else ""
            found[clause.key.lower()] = (value.replace("*", "x").replace("?", "x"),)
    return found
