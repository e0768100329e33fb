"""What commands say about files with policy documents, which are in no book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.commands.resolve import resolve_book, resolve_folder
from policybook.data.own_documents import is_file_name, only_document, read_own_documents
from policybook.errors import Finding, PolicybookError

if TYPE_CHECKING:
    from policybook.analysis.overlap import Overlap
    from policybook.catalogue.catalogue import Catalogue
    from policybook.model.book import Book
    from policybook.model.documents import Document
    from policybook.output.own_documents.document_results import DocumentResult


def are_files(names: Iterable[str]) -> bool:
    """Whether the arguments name files; they name policies of the book if none is a file's.

    Raises:
        PolicybookError: Some are names of files, and others are not.
    """
    kinds = {is_file_name(name): name for name in names}
    if len(kinds) > 1:
        raise PolicybookError(
            f"expected names of policies or of files, found {kinds[False]} and {kinds[True]}"
        )
    return True in kinds


def own_catalogue(config_file: str | None, data: Path | None) -> Catalogue:
    """The catalogue of the configuration, if there is one, else the installed one."""
    from policybook.catalogue.catalogue import Catalogue

    if not config_file and not Path("mkdocs.yml").is_file():
        return Catalogue()
    return resolve_folder(config_file, data)[1] or Catalogue()


def checked_files(
    files: Iterable[str], config_file: str | None, data: Path | None
) -> tuple[Finding, ...]:
    """All errors and warnings of the documents in some files, in the order of the files.

    Raises:
        PolicybookError: There is no such file, or the configuration cannot be read.
    """
    from policybook.checks.documents import own_findings

    catalogue = own_catalogue(config_file, data)
    return tuple(
        finding
        for name in files
        for own in read_own_documents(name)
        for finding in own_findings(own, catalogue)
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
    from policybook.analysis.risks import Rulebook
    from policybook.checks.documents import own_findings
    from policybook.output.own_documents.document_results import DocumentResult, document_answers

    book, catalogue = resolve_book(config_file, data)
    rulebook = Rulebook(book.rules, catalogue)
    limit = only_document(boundary) if boundary else None
    for own in (own for name in files for own in read_own_documents(name)):
        answers = None
        if own.document:
            overlap = _overlap(book, own.document, catalogue)
            answers = document_answers(own.document, rulebook, catalogue, overlap, limit)
        findings = own_findings(own, catalogue)
        yield DocumentResult(own.file, own.at, own.line, findings, answers)


def _overlap(book: Book, document: Document, catalogue: Catalogue) -> Overlap | None:
    from policybook.analysis.overlap import current_documents, overlaps
    from policybook.analysis.overlap_pairs import related

    own = ""  # which is no name of a policy
    documents = {**current_documents(book), own: document}
    return overlaps(related(documents, catalogue, about={own})).get(own)
