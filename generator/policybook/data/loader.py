"""The data folder as a book: every file read strictly, every error gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from msgspec import Struct, structs

from policybook.data.book_reader import BookReader, Watched
from policybook.data.file_reader import ENVELOPES, FileReader
from policybook.data.policy_reader import ParsedPolicy, parsed_policy
from policybook.data.strict_yaml import Lines, decoded
from policybook.errors import DataError, DocumentError, Finding, PolicybookError
from policybook.model.book import Book, ImportedSource
from policybook.model.documents import Document
from policybook.model.operations import OperationGroup
from policybook.model.policies import Policy
from policybook.wording import meant

# Kinds of findings about the value of a file; without a key path they are about the whole value.
_OF_VALUES = ("missing-key", "wrong-type", "no-effect")


class Loaded(Struct, frozen=True):
    """What a data folder holds: the book of all that could be read, and the errors of the rest.

    `unread` has the names of policies, groups and guides with errors, and `roles.yml` if that file
    has any, so that references to them are not reported as unknown. `parsed` has the policies
    again, each with the digest of its files, and `rest` is the digest of all other files.
    `left_out` are policies that `only` does not match.
    """

    book: Book
    findings: tuple[Finding, ...]
    unread: frozenset[str]
    parsed: Mapping[str, ParsedPolicy]
    rest: bytes
    left_out: frozenset[str] = frozenset()


def near_entry(path: Path) -> str:
    """The end of an error's text about a path that does not exist: near names in its folder."""
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    hint = meant(path.name, names)
    return f"; {hint}" if hint else ""


def load(data: Path) -> Book:
    """The book in the data folder.

    Raises:
        DataError: The data has errors; the exception names all of them.
        PolicybookError: There is no such folder.
    """
    loaded = read(data)
    if loaded.findings:
        raise DataError(placed(loaded.findings, data))
    return loaded.book


def read(
    data: Path,
    before: Mapping[str, ParsedPolicy] = {},
    only: str = "*",
    *,
    untouched: Set[str] = frozenset(),
    watched: Watched = iter,
) -> Loaded:
    """Read a data folder as far as it can be read.

    Args:
        data: The data folder.
        before: Policies that were read earlier, by the names of their folders. A policy whose files
            still have the same digest is not read again.
        only: A pattern for policies' names, with IAM's `*` and `?`. Other policies are left out,
            also from the lists of groups. A role keeps its own, which are then outside the book.
        untouched: The folders of policies that are passed over, and missing in the book.
        watched: Passes on the folders of policies to read, one by one.

    Returns:
        The book and all errors, with files relative to the folder; lines are added by `placed`.

    Raises:
        PolicybookError: There is no such folder, or `only` matches no policy.
    """
    if not data.is_dir():
        hint = near_entry(data)
        raise PolicybookError(f"{data}: expected a data folder, found none{hint}")
    reader = BookReader(data)
    parsed = reader.policies(before, only, untouched, watched)
    if reader.left_out and not parsed and not reader.findings:
        raise PolicybookError(f"{data}: expected policies named {only}, found none")
    return Loaded(
        _without(reader.book(parsed), reader.left_out),
        tuple(reader.findings),
        frozenset(reader.unread),
        parsed,
        reader.rest.digest(),
        frozenset(reader.left_out),
    )


def _without(book: Book, left_out: Set[str]) -> Book:
    """The book without these policies, also in the lists of groups.

    It then has a part of each source.
    """

    def rest(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in left_out)

    if not left_out:
        return book
    groups = {
        slug: structs.replace(
            group,
            policies=rest(group.policies),
            not_recommended=rest(group.not_recommended),
        )
        for slug, group in book.groups.items()
    }
    sources = {name: structs.replace(s, partial=True) for name, s in book.sources.items()}
    return structs.replace(book, groups=groups, sources=sources)


def placed(findings: Iterable[Finding], data: Path) -> tuple[Finding, ...]:
    """Add what a user needs to find the place.

    Args:
        findings: Findings whose files are relative to the data folder.
        data: The data folder.

    Returns:
        The findings in order of file and line, with files relative to the working directory, and
        with the line of each key path.
    """
    lines: dict[Path, Lines] = {}
    here = Path.cwd()

    def place(finding: Finding) -> Finding:
        path = data / finding.file
        line = finding.line
        if not line and (finding.path or finding.kind in _OF_VALUES):
            if path not in lines:
                lines[path] = Lines(path.read_text("utf-8-sig") if path.is_file() else "")
            line = _line(lines[path], finding)
        absolute = path.absolute()
        seen = absolute.relative_to(here) if absolute.is_relative_to(here) else path
        # A file's name may hold bytes that are no text.
        file = seen.as_posix().encode("utf-8", "backslashreplace").decode()
        return structs.replace(finding, file=file, line=line)

    return tuple(sorted(map(place, findings), key=lambda f: f.order))


def _line(lines: Lines, finding: Finding) -> int:
    # The document checks know nothing of the envelope that a document may be in.
    within = (lines.of((*start, *finding.path)) for start in ((), *ENVELOPES))
    return next(filter(None, within), 0)


def read_document(path: Path) -> Document:
    """The policy document in a YAML or JSON file, or in the output of `get-policy-version`.

    Raises:
        DataError: The file has errors.
        PolicybookError: There is no such file.
    """
    if not path.is_file():
        raise PolicybookError(f"{path}: expected a policy document, found no file")
    path = path.resolve()
    reader = FileReader(path.parent)
    found = reader.document(path)
    if not found or reader.findings:
        raise DataError(placed(reader.findings, path.parent))
    return found


def read_text(path: Path) -> str:
    """The text of a file that somebody names, which is no part of a book.

    Raises:
        DocumentError: It is too large, empty, or not UTF-8.
        PolicybookError: There is no such file.
    """
    if not path.is_file():
        expected = "expected an action such as s3:GetObject or a file, found neither"
        raise PolicybookError(f"{path}: {expected}{near_entry(path)}")
    path = path.resolve()
    reader = FileReader(path.parent)
    text, errors = decoded(reader.content(path) or b"")
    if errors or reader.findings:
        named = (structs.replace(error, file=path.name) for error in errors)
        raise DocumentError(placed((*reader.findings, *named), path.parent))
    return text


def read_sources(data: Path) -> Mapping[str, ImportedSource]:
    """The sources in a data folder's `sources.yml`; none if there is no such file.

    Raises:
        DataError: The file has errors.
    """
    reader = BookReader(data)
    found = reader.sources()
    if reader.findings:
        raise DataError(placed(reader.findings, data))
    return found


def read_policy(folder: Path) -> Policy:
    """The policy in a folder below a data folder's `policies`.

    Raises:
        DataError: Its files have errors.
    """
    data = folder.parent.parent
    reader = FileReader(data)
    found = parsed_policy(reader, folder, None)
    if not found:
        raise DataError(placed(reader.findings, data))
    return found.policy


def reviewed_operations(folder: Path) -> tuple[OperationGroup, ...]:
    """The groups of a data folder's `operations.yml`; none if there is no such file.

    Args:
        folder: The data folder, whose other files are not read.

    Raises:
        DataError: The file has errors; the exception holds all of them.
    """
    reader = BookReader(folder)
    found = reader.operations()
    if reader.findings:
        raise DataError(placed(reader.findings, folder))
    return found
