"""The data folder as a book: every file read strictly, every fault gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from msgspec import Struct, structs

from policybook.data.reader import ParsedPolicy, Reader
from policybook.data.strict_yaml import Lines
from policybook.errors import DataError, Finding, PolicybookError
from policybook.model.book import Book, BookFile, Group, Guide, RolesFile
from policybook.model.documents import Document
from policybook.model.policies import Policy


class Loaded(Struct, frozen=True):
    """What a data folder holds: the book of what could be read, and the faults of the rest.

    `unread` holds the names of policies, groups and guides with faults, and `roles.yml` where that
    file has any, so that what refers to them is not called unknown. `parsed` has the policies
    again, each with the digest of its files, and `rest` is the digest of all other files.
    `left_out` are policies that were not asked for.
    """

    book: Book
    findings: tuple[Finding, ...]
    unread: frozenset[str]
    parsed: Mapping[str, ParsedPolicy]
    rest: bytes
    left_out: frozenset[str] = frozenset()


def load(data: Path) -> Book:
    """The book in the data folder.

    Raises DataError with every fault, and PolicybookError where there is no such folder.
    """
    loaded = read(data)
    if loaded.findings:
        raise DataError(placed(loaded.findings, data))
    return loaded.book


def read(data: Path, before: Mapping[str, ParsedPolicy] = {}, only: str = "*") -> Loaded:
    """The book and all faults; findings have a line where the text itself is at fault.

    A policy that was known before, by its folder's name, is taken over where its files have the
    same digest. Policies whose names the pattern `only` does not match are left out, also from the
    lists of groups and roles. Raises PolicybookError where there is no such folder, or no policy is
    left.
    """
    if not data.is_dir():
        raise PolicybookError(f"{data}: expected a data folder, found none")
    reader = Reader(data)
    reader.top()
    facts = reader.file(data / "book.yml", BookFile) if (data / "book.yml").exists() else None
    roles = reader.file(data / "roles.yml", RolesFile) if (data / "roles.yml").exists() else None
    parsed = {
        found.policy.name: found
        for folder in reader.folders(data / "policies", only)
        if (found := reader.parsed(folder, before.get(folder.name)))
    }
    parsed = dict(sorted(parsed.items()))
    if reader.left_out and not parsed and not reader.findings:
        raise PolicybookError(f"{data}: expected policies named {only}, found none")
    guides = reader.slugs(data / "guides", Guide)
    reader.snippets(data / "guides", guides)
    book = Book(
        facts=facts or BookFile(title="policybook", introduction=()),
        policies={name: found.policy for name, found in parsed.items()},
        groups=reader.slugs(data / "groups", Group),
        guides=guides,
        roles=reader.roles(data / "roles.yml", roles),
        rules=reader.rules(data / "rules.yml"),
    )
    return Loaded(
        _without(book, reader.left_out),
        tuple(reader.findings),
        frozenset(reader.unread),
        parsed,
        reader.rest.digest(),
        frozenset(reader.left_out),
    )


def _without(book: Book, left_out: Set[str]) -> Book:
    """The book without policies, in the lists of groups and roles too."""

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
    roles = {
        name: structs.replace(role, policies=rest(role.policies))
        for name, role in book.roles.items()
    }
    return structs.replace(book, groups=groups, roles=roles)


def placed(findings: Iterable[Finding], data: Path) -> tuple[Finding, ...]:
    """The findings in order, with the file as seen from here, and the line of their key path."""
    lines: dict[Path, Lines] = {}
    here = Path.cwd()

    def place(finding: Finding) -> Finding:
        path = data / finding.file
        line = finding.line
        if not line and finding.path:
            if path not in lines:
                lines[path] = Lines(path.read_text("utf-8-sig") if path.is_file() else "")
            line = lines[path].of(finding.path)
        shown = path.absolute()
        seen = (shown.relative_to(here) if shown.is_relative_to(here) else path).as_posix()
        # A file's name may hold bytes that are no text.
        file = seen.encode("utf-8", "backslashreplace").decode()
        return structs.replace(finding, file=file, line=line)

    return tuple(sorted(map(place, findings), key=lambda f: f.order))


def read_document(path: Path) -> Document:
    """The policy document in a YAML or JSON file, also as IAM's `get-policy-version` prints it.

    Raises DataError with every fault, and PolicybookError where the file cannot be read.
    """
    if not path.is_file():
        raise PolicybookError(f"{path}: expected a policy document, found no file")
    path = path.resolve()
    reader = Reader(path.parent)
    found = reader.document(path)
    if not found or reader.findings:
        raise DataError(placed(reader.findings, path.parent))
    return found


def read_policy(folder: Path) -> Policy:
    """The policy in a folder of a data folder's `policies`. Raises DataError with every fault."""
    data = folder.parent.parent
    reader = Reader(data)
    found = reader.parsed(folder, None)
    if not found:
        raise DataError(placed(reader.findings, data))
    return found.policy
