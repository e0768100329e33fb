"""What commands say about files with policy documents, which are in no book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.commands.resolve import resolve_book, resolve_folder
from policybook.commands.resolve_documents import resolve_granting
from policybook.data.file_names import is_file_name
from policybook.errors import Finding

if TYPE_CHECKING:
    from policybook.analysis.operations import Operation
    from policybook.analysis.overlap import Overlap
    from policybook.catalogue.catalogue import Catalogue
    from policybook.model.book import Book
    from policybook.model.documents import Document
    from policybook.output.own_documents.document_results import DocumentResult
    from policybook.output.own_documents.joint_results import AttachedDocument


def own_catalogue(config_file: str | None, data: Path | None) -> Catalogue:
    """The catalogue of the configuration, if there is one, else the installed one."""
    from policybook.catalogue.catalogue import Catalogue

    if not config_file and not Path("mkdocs.yml").is_file():
        return Catalogue()
    return resolve_folder(config_file, data)[1] or Catalogue()


def _own_operations(
    config_file: str | None, data: Path | None, catalogue: Catalogue
) -> Mapping[str, Operation]:
    """The API operations that the book's list and the catalogue have."""
    from policybook.analysis.operations import operations
    from policybook.data.loader import reviewed_operations

    if not data and not config_file and not Path("mkdocs.yml").is_file():
        return operations((), catalogue)
    folder = resolve_folder(config_file, data)[0]
    return operations(reviewed_operations(folder), catalogue)


def checked_files(
    files: Iterable[str], config_file: str | None, data: Path | None
) -> tuple[Finding, ...]:
    """All errors and warnings of the documents in some files, in the order of the files.

    Raises:
        PolicybookError: There is no such file, or the configuration cannot be read.
    """
    from policybook.checks.documents import own_findings
    from policybook.data.own_documents import read_own_documents

    catalogue = own_catalogue(config_file, data)
    known = _own_operations(config_file, data, catalogue)
    return tuple(
        finding
        for name in files
        for own in read_own_documents(name)
        for finding in own_findings(own, catalogue, known)
    )


def own_results(
    files: Iterable[str], config_file: str | None, data: Path | None, boundary: str | None
) -> Iterator[DocumentResult]:
    """The results for the documents in some files, in the order of the files.

    Args:
        files: The names of the files.
        config_file: The configuration file of MkDocs; `mkdocs.yml` if None.
        data: The data folder, if `--data` names it.
        boundary: The file with the document that limits the others, if any.

    Raises:
        DataError: The data or the boundary has errors; the exception holds all of them.
        PolicybookError: There is no such file, or the configuration cannot be read.
    """
    from policybook.analysis.operations import operations
    from policybook.analysis.risks import Rulebook
    from policybook.checks.documents import own_findings
    from policybook.data.own_documents import only_document, read_own_documents
    from policybook.output.own_documents.document_results import DocumentResult, document_answers

    book, catalogue, *_ = resolve_book(config_file, data)
    rulebook = Rulebook(book.rules, catalogue)
    known = operations(book.operations, catalogue)
    limit = only_document(boundary) if boundary else None
    for own in (own for name in files for own in read_own_documents(name)):
        answers = None
        if own.document:
            overlap = _overlap(book, own.document, catalogue)
            answers = document_answers(own.document, rulebook, catalogue, overlap, limit)
        findings = own_findings(own, catalogue, known)
        yield DocumentResult(own.file, own.at, own.line, findings, answers)


def _overlap(book: Book, document: Document, catalogue: Catalogue) -> Overlap | None:
    from policybook.analysis.overlap import current_documents, overlaps
    from policybook.analysis.overlap_pairs import related

    own = ""  # which is no name of a policy
    documents = {**current_documents(book), own: document}
    return overlaps(related(documents, catalogue, about={own})).get(own)


def attached_documents(names: Sequence[str], book: Book) -> Iterator[AttachedDocument]:
    """The documents of `policybook risks`, in the order of the arguments.

    Args:
        names: Names of files, and of policies of the book as in `resolve_named_version`.
        book: The book.

    Raises:
        PolicybookError: There is no such file, policy or version, its document is not known, or
            the policy grants nothing.
    """
    from policybook.model.attachable import why_not_attached
    from policybook.output.own_documents.joint_results import AttachedDocument

    for name in names:
        if is_file_name(name):
            from policybook.data.own_documents import read_own_documents

            for own in read_own_documents(name):
                yield AttachedDocument(own.file, own.at, own.line, own.document)
            continue
        found = resolve_granting(book, name)
        barred = why_not_attached(book.policies[found.name]) if len(names) > 1 else ""
        apart = f"it cannot be attached next to others: {barred}" if barred else ""
        doubts = tuple(f"{found.name}: {why}" for why in (found.unsure, apart) if why)
        key = f"{found.name}@{found.version}"
        yield AttachedDocument(key, (), 0, found.document, doubts)
