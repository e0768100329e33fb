"""Files of a data folder, read strictly one by one, every fault gathered."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec import UNSET, Struct

from policybook.data.strict_yaml import MAX_BYTES, TextFault, decoded, parsed_json, parsed_yaml
from policybook.data.validation import typed
from policybook.errors import Finding, KeyPath
from policybook.iam.patterns import covers
from policybook.iam.statements import statements
from policybook.model.book import Guide, Role, RolesFile
from policybook.model.documents import Document, DocumentFile, StatementFile
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.model.risk_rules import Rule, RulesFile

T = TypeVar("T")

DOCUMENT_ENDINGS = (".yml", ".json")
_TOP = ("book.yml", "groups", "guides", "policies", "roles.yml", "rules.yml")
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}")
_RESERVED = ("index.html",)  # the list of policies has that address
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ParsedPolicy(Struct, frozen=True):
    """A policy as it was read without a fault, and the digest of the files that it was read from.

    The digest is over the names and contents of the files in its folder, in order.
    """

    digest: bytes
    policy: Policy


class Reader:
    """Reads files below one root and gathers the findings."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self.unread: set[str] = set()
        self.left_out: set[str] = set()
        self.rest = hashlib.blake2b(digest_size=16)
        self._held: Mapping[Path, bytes | None] = {}

    def fault(self, path: Path, kind: str, expected: str, found: str, at: KeyPath = ()) -> None:
        """Gather a fault of the file, at the key path."""
        file = path.relative_to(self.root).as_posix()
        self.findings.append(Finding(file=file, path=at, kind=kind, expected=expected, found=found))

    # --- any file ---

    def top(self) -> None:
        """Fault what the data folder holds and nothing reads."""
        for path in sorted(self.root.iterdir()):
            if path.name not in _TOP and not path.name.startswith("."):
                self.fault(path, "unlisted-file", f"one of {', '.join(_TOP)}", repr(path.name))

    def folders(self, parent: Path, only: str) -> Iterator[Path]:
        """The policy folders, in order; a bad name, or a difference in case only, is a fault.

        Those whose names the pattern does not match are left out.
        """
        seen: dict[str, str] = {}
        for path in sorted(parent.iterdir()) if parent.is_dir() else ():
            hidden = path.name.startswith(".")
            if path.is_symlink():
                self.fault(path, "unreadable", "a folder for each policy", "a link")
            elif not path.is_dir():
                if not hidden:
                    self.fault(path, "unlisted-file", "a folder for each policy", "a file")
            elif hidden or not _NAME.fullmatch(path.name) or path.name.lower() in _RESERVED:
                self.fault(path, "bad-name", "a folder named as its policy", repr(path.name))
            elif path.name.lower() in seen:
                other = seen[path.name.lower()]
                self.fault(path, "bad-name", "names that differ by more than case", repr(other))
            else:
                seen[path.name.lower()] = path.name
                if covers(only, path.name):
                    yield path
                else:
                    self.left_out.add(path.name)

    def slugs(self, parent: Path, of: type[T]) -> Mapping[str, T]:
        """The typed files of a folder by their stems, in order."""
        found: dict[str, T] = {}
        for path in sorted(parent.iterdir()) if parent.is_dir() else ():
            if path.name.startswith("."):
                continue
            if path.suffix != ".yml" or not _SLUG.fullmatch(path.stem):
                expected = "a file named in lower-case words joined by hyphens, ending .yml"
                self.fault(path, "bad-name", expected, repr(path.name))
            elif (value := self.file(path, of)) is not None:
                found[path.stem] = value
            else:
                self.unread.add(path.stem)
        return found

    def roles(self, path: Path, file: RolesFile | None) -> Mapping[str, Role]:
        """The roles by name, in the order of the file; a name for the second time is a fault."""
        if file is None and path.exists():
            self.unread.add(path.name)
        found: dict[str, Role] = {}
        for place, role in enumerate(file.roles if file else ()):
            if role.name.lower() in map(str.lower, found):
                expected = "names that differ by more than case"
                self.fault(path, "bad-name", expected, repr(role.name), ("roles", place, "name"))
            else:
                found[role.name] = role
        return found

    def rules(self, path: Path) -> Mapping[str, Rule]:
        """The risk rules by id, in the order of the file; none where there is no such file.

        An id for the second time is a fault, and a step that names neither actions nor a level.
        """
        file = self.file(path, RulesFile) if path.exists() else None
        found: dict[str, Rule] = {}
        for place, rule in enumerate(file.rules if file else ()):
            at: KeyPath = ("rules", place)
            if rule.id in found:
                self.fault(path, "bad-name", "an id of its own", repr(rule.id), (*at, "id"))
            for number, step in enumerate(rule.steps):
                if not step.actions and step.level is None:
                    expected = "actions, or the level of some"
                    self.fault(path, "missing-key", expected, "neither", (*at, "steps", number))
            found[rule.id] = rule
        return found

    def file(self, path: Path, of: type[T]) -> T | None:
        """The file as the type, or None where it has faults."""
        before = len(self.findings)
        value = self.value(path)
        if value is None or len(self.findings) > before:
            return None
        found, faults = typed(value, of)
        for fault in faults:
            self.fault(path, fault.kind, fault.expected, fault.found, fault.path)
        return found

    def content(self, path: Path) -> bytes | None:
        """The file's bytes, at most one more than are allowed; None for what is no such file."""
        try:
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode):
                self.fault(path, "unreadable", "a regular file", "a link or something else")
                return None
            with open(path, "rb", buffering=0) as file:
                return file.read(min(status.st_size, MAX_BYTES) + 1)
        except OSError as error:
            self.fault(path, "unreadable", "a readable file", error.strerror or "an error")
            return None

    def value(self, path: Path) -> Any:
        """The plain value of a YAML or JSON file, or None where its text has faults."""
        if path in self._held:
            content = self._held[path]
        else:
            content = self.content(path)
            self.rest.update(_digest([path.relative_to(self.root).as_posix()], [content]))
        if content is None:
            return None
        text, faults = decoded(content)
        value = None
        if not faults:
            value, faults = parsed_json(text) if path.suffix == ".json" else parsed_yaml(text)
        self.findings += [self._placed(path, fault) for fault in faults]
        return None if faults else value

    def _placed(self, path: Path, fault: TextFault) -> Finding:
        return Finding(
            file=path.relative_to(self.root).as_posix(),
            kind=fault.kind,
            expected=fault.expected,
            found=fault.found,
            line=fault.line,
        )

    # --- policies ---

    def parsed(self, folder: Path, before: ParsedPolicy | None) -> ParsedPolicy | None:
        """The policy in the folder, or None where a file of it has faults."""
        start = len(self.findings)
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
        self._held = {
            folder / name: self.content(folder / name)
            for name in names
            if name.endswith(DOCUMENT_ENDINGS)
        }
        digest = _digest(names, self._held.values())
        if before and before.digest == digest:
            return before
        policy = self._policy(folder)
        if not policy or len(self.findings) > start:
            self.unread.add(folder.name)
            return None
        return ParsedPolicy(digest, policy)

    def _policy(self, folder: Path) -> Policy | None:
        main = folder / "policy.yml"
        if not main.is_file():
            self.fault(folder, "missing-file", "a file policy.yml", "none")
        facts = self.file(main, PolicyFacts) if main.is_file() else None
        files = self._document_files(folder)
        documents = {
            stem: document for stem, path in files.items() if (document := self.document(path))
        }
        if facts:
            self._against_folder(main, facts, files)
            for place, claim in enumerate(facts.claims):
                self._statements(main, claim.statements, ("claims", place, "statements"))
        if not facts:
            return None
        return Policy(facts, tuple(_version(v, documents) for v in facts.versions))

    def _document_files(self, folder: Path) -> Mapping[str, Path]:
        files: dict[str, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.name == "policy.yml" or path.name.startswith("."):
                continue
            if path.suffix not in DOCUMENT_ENDINGS:
                self.fault(path, "unlisted-file", "documents ending .yml or .json", path.name)
            elif path.stem in files:
                self.fault(path, "version-twice", "one file a version", files[path.stem].name)
            else:
                files[path.stem] = path
        return files

    def _against_folder(self, main: Path, facts: PolicyFacts, files: Mapping[str, Path]) -> None:
        name = main.parent.name
        if facts.name != name:
            self.fault(main, "bad-name", f"the folder's name {name}", repr(facts.name), ("name",))
        if facts.arn and facts.arn.rsplit("/", 1)[1] != name:
            expected = f"an ARN that ends in /{name}"
            self.fault(main, "bad-arn", expected, repr(facts.arn), ("arn",))
        stems = [v.document or v.id for v in facts.versions]
        for place, version in enumerate(facts.versions):
            self._listed(main, place, version, files)
        for place, stem in enumerate(stems):
            if stem and stem in stems[:place] and facts.versions[place].document:
                at = ("versions", place, "document")
                self.fault(main, "version-twice", "a file of its own", repr(stem), at)
        for stem, path in files.items():
            if stem not in stems:
                self.fault(path, "unlisted-document", f"an entry for {stem} in policy.yml", "none")

    def _listed(
        self, main: Path, place: int, version: VersionFacts, files: Mapping[str, Path]
    ) -> None:
        """An entry needs an id, or source, date and file; and a file or a date to be known by."""
        at = ("versions", place)
        if version.id is None:
            for key in ("source", "published", "document"):
                if getattr(version, key) is None:
                    self.fault(
                        main, "missing-key", f"the key {key}, since there is no id", "none", at
                    )
        elif version.document is not None:
            self.fault(
                main, "unknown-key", "a document key only without an id", "both", (*at, "document")
            )
        stem = version.document or version.id
        if stem and stem not in files and (version.published is None or version.document):
            expected = f"the file {stem}.yml, or a published date to know the version by"
            self.fault(
                main,
                "missing-document",
                expected,
                "neither" if not version.published else "no file",
                at,
            )

    def document(self, path: Path) -> Document | None:
        """The document in a file, or in its `get-policy-version` envelope; None with faults."""
        value = self.value(path)
        at: KeyPath = ()
        for envelope in ("PolicyVersion", "Document"):
            if isinstance(value, dict) and isinstance(value.get(envelope), dict):
                value, at = value[envelope], (*at, envelope)
        if value is None:
            return None
        found, faults = typed(value, DocumentFile)
        for fault in faults:
            self.fault(path, fault.kind, fault.expected, fault.found, (*at, *fault.path))
        if not found or not isinstance(value, dict):
            return None
        if isinstance(found.statement, tuple):
            self._statements(path, found.statement, (*at, "Statement"))
        else:
            self._statement(path, found.statement, (*at, "Statement"))
        return Document(statements(_listed(found.statement)), value, path.name)

    def snippets(self, folder: Path, guides: Mapping[str, Guide]) -> None:
        """Gather the faults of the statements in guides."""
        for slug, guide in guides.items():
            for place, section in enumerate(guide.sections):
                if section.snippet:
                    at = ("sections", place, "snippet", "statements")
                    self._statements(folder / f"{slug}.yml", section.snippet.statements, at)

    def _statements(self, path: Path, found: Iterable[StatementFile], at: KeyPath) -> None:
        for place, statement in enumerate(found):
            self._statement(path, statement, (*at, place))

    def _statement(self, path: Path, statement: StatementFile, at: KeyPath) -> None:
        for one, here, there in (
            ("Action", statement.action, statement.not_action),
            ("Resource", statement.resource, statement.not_resource),
        ):
            expected, lower = f"{one} or Not{one}", one.lower()
            if here is not UNSET and there is not UNSET:
                self.fault(path, f"{lower}-and-not-{lower}", expected, "both", at)
            elif here is UNSET and there is UNSET:
                self.fault(path, f"no-{lower}", expected, "neither", at)


def _digest(names: Iterable[str], contents: Iterable[bytes | None]) -> bytes:
    digest = hashlib.blake2b("\0".join(names).encode("utf-8", "surrogateescape"), digest_size=16)
    for content in contents:
        digest.update(b"\0%d\0" % len(content or b""))
        digest.update(content or b"")
    return digest.digest()


def _listed(found: StatementFile | tuple[StatementFile, ...]) -> tuple[StatementFile, ...]:
    return found if isinstance(found, tuple) else (found,)


def _version(facts: VersionFacts, documents: Mapping[str, Document]) -> Version:
    key = facts.id or str(facts.published)
    return Version(key, facts, documents.get(facts.document or facts.id or ""))
