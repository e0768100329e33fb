"""Reads single files of a data folder strictly, and gathers every error."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec import UNSET, structs

from policybook.data.characters import control_characters_in_file, control_characters_in_value
from policybook.data.strict_yaml import MAX_BYTES, decoded, parsed_json, parsed_yaml
from policybook.data.validation import typed
from policybook.errors import Finding, KeyPath
from policybook.iam.statements import statements
from policybook.model.documents import Document, DocumentFile, StatementFile

T = TypeVar("T")

DOCUMENT_ENDINGS = (".yml", ".json")

# As `.DS_Store`, which like all hidden files is passed over, too.
_SYSTEM_FILES = ("Thumbs.db", "ehthumbs.db", "desktop.ini")
# What a document may be in, as `aws iam get-policy-version` prints it.
ENVELOPES = (("PolicyVersion", "Document"), ("Document",))


class FileReader:
    """Reads files below one folder.

    `findings` are the errors so far, and `rest` is the digest of all files that were read one by
    one; the files of a policy have a digest of their own.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self.rest = hashlib.blake2b(digest_size=16)
        self._contents: Mapping[Path, bytes | None] = {}

    def error(
        self, path: Path, kind: str, expected: str, found: str, at: KeyPath = (), hint: str = ""
    ) -> None:
        """Add an error about a file or folder.

        Args:
            path: The file, below the root.
            kind: The error's kind, such as `bad-name`.
            expected: What was expected.
            found: What was found.
            at: The key path in the file; empty for the whole file.
            hint: A remedy, if one is known.
        """
        file = self._name(path)
        self.findings.append(
            Finding(file=file, path=at, kind=kind, expected=expected, found=found, hint=hint)
        )

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _add(self, path: Path, found: Iterable[Finding], at: KeyPath = ()) -> None:
        """Add findings about a part of a file, the part at the key path."""
        file = self._name(path)
        for finding in found:
            self.findings.append(structs.replace(finding, file=file, path=(*at, *finding.path)))

    def file(self, path: Path, of: type[T]) -> T | None:
        """The file as the type, or None if it has errors."""
        before = len(self.findings)
        value = self.value(path)
        if value is None or len(self.findings) > before:
            return None
        found, errors = typed(value, of)
        self._add(path, errors)
        return found

    def entries(self, folder: Path) -> tuple[Path, ...]:
        """What is in the folder, in order; nothing if it does not exist or cannot be read.

        Files that a system puts into folders are passed over.
        """
        try:
            found = (path for path in folder.iterdir() if path.name not in _SYSTEM_FILES)
            return tuple(sorted(found))
        except FileNotFoundError:
            if folder.is_symlink():
                self.error(folder, "unreadable", "a folder", "a link to nothing")
        except NotADirectoryError:
            self.error(folder, "unreadable", "a folder", "a file")
        except OSError as error:
            self.error(folder, "unreadable", "a readable folder", error.strerror or "an error")
        return ()

    def content(self, path: Path) -> bytes | None:
        """The file's bytes, at most one more than are allowed; None if it is no regular file."""
        try:
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode):
                self.error(path, "unreadable", "a regular file", "a link or something else")
                return None
            with open(path, "rb", buffering=0) as file:
                return file.read(min(status.st_size, MAX_BYTES) + 1)
        except OSError as error:
            self.error(path, "unreadable", "a readable file", error.strerror or "an error")
            return None

    def give(self, contents: Mapping[Path, bytes | None]) -> None:
        """Let `value` use these contents of files, which need not exist."""
        self._contents = contents

    def preload(self, paths: Iterable[Path]) -> tuple[bytes | None, ...]:
        """Read the files of a policy; `value` then uses these contents, in place of earlier ones.

        They are not part of the digest `rest`.
        """
        self.give({path: self.content(path) for path in paths})
        return tuple(self._contents.values())

    def value(self, path: Path, *, document: bool = False) -> Any:
        """The plain value of a YAML or JSON file, or None if its text has errors.

        Args:
            path: The file.
            document: Whether it is a policy document.
        """
        if path in self._contents:
            content = self._contents[path]
        else:
            content = self.content(path)
            self.rest.update(digest([self._name(path)], [content]))
        if content is None:
            return None
        text, errors = decoded(content)
        value = None
        if not errors:
            value, errors = plain_value(text, json=path.suffix == ".json", document=document)
        self._add(path, errors)
        return None if errors else value

    def document(self, path: Path) -> Document | None:
        """The policy document in a file, or None if it has errors.

        The file may also hold the output of `aws iam get-policy-version`, in which the document
        is at `PolicyVersion.Document`.
        """
        value = self.value(path, document=True)
        at: KeyPath = ()
        for envelope in ENVELOPES[0]:
            if isinstance(value, dict) and isinstance(value.get(envelope), dict):
                value, at = value[envelope], (*at, envelope)
        return None if value is None else self.document_of(path, value, at)

    def document_of(self, path: Path, value: Any, at: KeyPath) -> Document | None:
        """The policy document that is a part of a file, or None if it has errors.

        Args:
            path: The file.
            value: The plain value of the part.
            at: Its key path.
        """
        found, errors = typed(value, DocumentFile)
        self._add(path, errors, at)
        if not found or not isinstance(value, dict):
            return None
        if isinstance(found.statement, tuple):
            listed = found.statement
            self.check_statements(path, listed, (*at, "Statement"))
        else:
            listed = (found.statement,)
            self._check_statement(path, found.statement, (*at, "Statement"))
        variables = found.version == "2012-10-17"
        return Document(statements(listed, variables), value, path.name)

    def check_statements(self, path: Path, found: Iterable[StatementFile], at: KeyPath) -> None:
        """Add the errors of a list of statements, the list at the key path.

        Each needs Action or NotAction, and Resource or NotResource, but not both (IAM guide,
        "Grammar of the IAM JSON policy language").
        """
        for place, statement in enumerate(found):
            self._check_statement(path, statement, (*at, place))

    def _check_statement(self, path: Path, statement: StatementFile, at: KeyPath) -> None:
        for one, here, there in (
            ("Action", statement.action, statement.not_action),
            ("Resource", statement.resource, statement.not_resource),
        ):
            expected, lower = f"{one} or Not{one}", one.lower()
            if here is not UNSET and there is not UNSET:
                self.error(path, f"{lower}-and-not-{lower}", expected, "both", at)
            elif here is UNSET and there is UNSET:
                self.error(path, f"no-{lower}", expected, "neither", at)


def plain_value(text: str, *, json: bool, document: bool) -> tuple[Any, tuple[Finding, ...]]:
    """The plain value of a YAML or JSON text, or None and the errors that it has.

    Args:
        text: The text.
        json: Whether it is JSON.
        document: Whether it is a policy document, in which no text has several lines.
    """
    errors = tuple(control_characters_in_file(text))
    if errors:
        return None, errors
    value, errors = parsed_json(text) if json else parsed_yaml(text)
    if not errors and ("\\" in text or not json):
        errors = tuple(control_characters_in_value(value, document=document))
    return (None if errors else value), errors


def document_in(content: bytes) -> tuple[Document | None, tuple[Finding, ...]]:
    """The policy document in JSON that is in no file, or None and the errors that it has.

    It is read as strictly as a file; the findings name none.
    """
    path = Path("document.json")
    reader = FileReader(Path())
    reader.give({path: content[: MAX_BYTES + 1]})
    found = reader.document(path)
    errors = tuple(structs.replace(finding, file="") for finding in reader.findings)
    return (None if errors or not found else structs.replace(found, file="")), errors


def digest(names: Iterable[str], contents: Iterable[bytes | None]) -> bytes:
    """The digest of files' names and contents, in order; None is an unreadable file."""
    found = hashlib.blake2b("\0".join(names).encode("utf-8", "surrogateescape"), digest_size=16)
    for content in contents:
        found.update(b"\0%d\0" % len(content or b""))
        found.update(content or b"")
    return found.digest()
