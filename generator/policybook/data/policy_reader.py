"""Reads one policy's folder: `policy.yml` and the documents beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from policybook.data.file_reader import DOCUMENT_ENDINGS, FileReader, digest
from policybook.errors import KeyPath
from policybook.model.deprecation import ReviewedDeprecation
from policybook.model.documents import Document, says_the_same
from policybook.model.kinds import ReviewedBoundary
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.wording import did_you_mean

_NEAR_MAIN = ("policy.yml", "policy.yaml", "policy.json")
_ID = re.compile(r"v[0-9]+(~[0-9]+)?")


class ParsedPolicy(Struct, frozen=True):
    """A policy that was read without an error, and the digest of the files that it was read from.

    The digest is over the names and contents of the files in its folder, in order, and over its
    entries in the reviewed lists.
    """

    digest: bytes
    policy: Policy


class Reviewed(Struct, frozen=True):
    """The entries of a policy's name in `successors.yml` and `boundaries.yml`."""

    deprecation: ReviewedDeprecation | None = None
    boundary: ReviewedBoundary | None = None


NOTHING = Reviewed()


def parsed_policy(
    reader: FileReader,
    folder: Path,
    before: ParsedPolicy | None,
    reviewed: Reviewed = NOTHING,
) -> ParsedPolicy | None:
    """Read a policy's folder.

    Args:
        reader: Gathers the errors.
        folder: The policy's folder.
        before: The policy as it was read earlier; it is returned if the files have its digest.
        reviewed: Its entries in the reviewed lists, which are part of the digest. They are of AWS's
            policies, whose names a customer may use, so that they do not count for a customer's.

    Returns:
        The policy, or None if one of its files has errors.
    """
    start = len(reader.findings)
    paths = tuple(path for path in reader.entries(folder) if not path.name.startswith("."))
    if len(reader.findings) > start:
        return None
    contents = reader.preload(path for path in paths if path.name.endswith(DOCUMENT_ENDINGS))
    entries = map(msgspec.json.encode, filter(None, (reviewed.deprecation, reviewed.boundary)))
    found = digest((path.name for path in paths), (*contents, *entries))
    if before and before.digest == found:
        return before
    policy = _policy(reader, folder, paths)
    if not policy or len(reader.findings) > start:
        return None
    if not policy.is_of_customer:
        policy = structs.replace(policy, reviewed=reviewed.deprecation, boundary=reviewed.boundary)
    return ParsedPolicy(found, policy)


def _policy(reader: FileReader, folder: Path, paths: tuple[Path, ...]) -> Policy | None:
    main = folder / "policy.yml"
    if main not in paths:
        other = next((path for path in paths if path.name.lower() in _NEAR_MAIN), None)
        found = other.name if other else "none"
        hint = "rename it policy.yml" if other else ""
        reader.error(other or folder, "missing-file", "a file policy.yml", found, (), hint)
        paths = tuple(path for path in paths if path != other)
    facts = reader.file(main, PolicyFacts) if main in paths else None
    files = _document_files(reader, paths)
    documents = {
        stem: document for stem, path in files.items() if (document := reader.document(path))
    }
    if facts:
        _check_name(reader, main, facts)
        _check_files(reader, main, facts, files)
        for place, claim in enumerate(facts.claims):
            reader.check_statements(main, claim.statements, ("claims", place, "statements"))
    if not facts:
        return None
    return Policy(facts, tuple(_versions(facts, documents)))


def _document_files(reader: FileReader, paths: tuple[Path, ...]) -> Mapping[str, Path]:
    """The files of documents by their names without the ending."""
    files: dict[str, Path] = {}
    for path in paths:
        if path.name == "policy.yml":
            continue
        if path.suffix not in DOCUMENT_ENDINGS:
            near = path.suffix.lower() in (".yaml", *DOCUMENT_ENDINGS)
            ending = ".json" if path.suffix.lower() == ".json" else ".yml"
            hint = f"rename it {path.stem}{ending}" if near else ""
            expected = "only documents ending in .yml or .json"
            reader.error(path, "unlisted-file", expected, path.name, (), hint)
        elif path.stem in files:
            reader.error(path, "version-twice", "one file for each version", files[path.stem].name)
        else:
            files[path.stem] = path
    return files


def _check_name(reader: FileReader, main: Path, facts: PolicyFacts) -> None:
    """The folder and the name are the same, and so is the end of IAM's ARN, up to a `~`."""
    name = main.parent.name
    if facts.name != name:
        reader.error(main, "bad-name", f"the folder's name {name}", repr(facts.name), ("name",))
    own = name.partition("~")[0]
    of_iam = facts.arn and ":iam:" in facts.arn  # AWS Organizations has an id there
    if facts.arn and of_iam and facts.arn.rsplit("/", 1)[1] != own:
        expected = f"an ARN that ends in /{own}"
        reader.error(main, "bad-arn", expected, repr(facts.arn), ("arn",))


def _check_files(
    reader: FileReader, main: Path, facts: PolicyFacts, files: Mapping[str, Path]
) -> None:
    """Every version has what identifies it, and every file belongs to one version."""
    stems = [v.document or v.id for v in facts.versions]
    unlisted = [stem for stem in files if stem not in stems]
    if _check_keys(reader, main, facts, unlisted):
        unlisted = []  # an entry may have another's id in place of its own
    for place, version in enumerate(facts.versions):
        _check_entry(reader, main, place, version, files)
    for place, stem in enumerate(stems):
        if stem and stem in stems[:place] and facts.versions[place].document:
            at = ("versions", place, "document")
            reader.error(main, "version-twice", "a document for each version", repr(stem), at)
    for stem in unlisted:
        expected = f"an entry for {stem} in policy.yml"
        hint = f"write '- id: {stem}' below versions" if _ID.fullmatch(stem) else ""
        reader.error(files[stem], "unlisted-document", expected, "none", (), hint)


def _check_keys(
    reader: FileReader, main: Path, facts: PolicyFacts, unlisted: Sequence[str]
) -> bool:
    """No two versions have one id, or one day if they have none; whether some do."""
    seen: dict[str, int] = {}
    for place, version in enumerate(facts.versions):
        first = seen.setdefault(version.key, place)
        if first != place:
            at = ("versions", place, "id" if version.id else "published")
            others = did_you_mean(unlisted) if version.id else ""
            hint = f"the first is versions[{first}]{others}"
            found = f"{version.key} again"
            reader.error(main, "version-twice", "each version once", found, at, hint)
    return len(seen) < len(facts.versions)


def _check_entry(
    reader: FileReader, main: Path, place: int, version: VersionFacts, files: Mapping[str, Path]
) -> None:
    """An entry has an id, or source, date and document; and a file or a date."""
    at: KeyPath = ("versions", place)
    if version.id is None:
        for key in ("document",) if version.sources else ("source", "published", "document"):
            if getattr(version, key) is None:
                expected = f"the key {key}, since there is no id"
                reader.error(main, "missing-key", expected, "none", at)
    elif version.document is not None:
        expected = "an id or the key document"
        reader.error(main, "unknown-key", expected, "both", (*at, "document"))
    stem = version.document or version.id
    if stem and stem not in files and (version.published is None or version.document):
        dated = "" if version.published else " or a published date"
        expected = f"the file {stem}.yml or {stem}.json{dated}"
        found = "no file" if version.published else "neither"
        reader.error(main, "missing-document", expected, found, at)


def _versions(facts: PolicyFacts, documents: Mapping[str, Document]) -> Iterator[Version]:
    """The versions, each with the pages that show its document without a number.

    Such a document is a version of its own only if no other says the same. This is decided whenever
    the data is read, so the order of imports does not matter. Those of newer pages come first.
    """
    listed = [Version(v.key, v, documents.get(v.document or v.id or "")) for v in facts.versions]
    shown = sorted((v for v in listed if v.facts.is_shown), key=_state, reverse=True)
    kept = [version for version in listed if not version.facts.is_shown]
    for version in shown:
        if not any(says_the_same(version.document, other.document) for other in kept):
            kept.append(version)
    for version in kept:
        same = [v for v in shown if says_the_same(v.document, version.document)]
        sources = sorted({name for v in same for name in v.facts.sources})
        yield structs.replace(version, shown_by=tuple(sources)) if same else version


def _state(version: Version) -> date:
    """The newest state of the pages that show a document."""
    days = (days.as_of for days in version.facts.sources.values())
    return max(filter(None, days), default=date.min)
