"""What the page /check/ and the program say about policy documents, to compare both."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from policybook.analysis.operations import Operation, operations
from policybook.analysis.overlap import Overlap, current_documents, overlaps
from policybook.analysis.overlap_pairs import related
from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.documents import own_findings
from policybook.data.own_documents import own_documents
from policybook.model.book import Book
from policybook.model.documents import Document
from policybook.output.engine.engine_data import (
    engine_catalogue,
    engine_operations,
    engine_rules,
)
from policybook.output.engine.engine_policies import engine_policies
from policybook.output.own_documents.document_results import document_answers

_SCRIPT = Path(__file__).parent / "check" / "answers.js"

Asked = tuple[str, str]
"""The text with documents, and that of the boundary, or ""."""


def answers_of_the_page(
    folder: Path, book: Book, catalogue: Catalogue, asked: Iterable[Asked]
) -> list[Any]:
    """The answers that the page's scripts give, run by Node.

    Args:
        folder: Where the data of the engine is written.
        book: The policies and risk rules.
        catalogue: The actions that AWS has.
        asked: The questions.
    """
    files = {
        "catalogue": engine_catalogue(catalogue),
        "operations": engine_operations(operations(book.operations, catalogue).values()),
        "rules": engine_rules(book.rules.values()),
        "policies": engine_policies(current_documents(book)),
    }
    for name, value in files.items():
        (folder / f"{name}.json").write_bytes(msgspec.json.encode(value))
    questions = "".join(
        json.dumps({"text": text, "boundary": boundary}) + "\n" for text, boundary in asked
    )
    run = subprocess.run(
        ["node", _SCRIPT, folder], input=questions, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def answers_of_the_program(book: Book, catalogue: Catalogue, asked: Iterable[Asked]) -> list[Any]:
    """The answers of `policybook show FILE --format json` to the same questions."""
    documents = current_documents(book)
    digests = dict.fromkeys(documents, b"unchanged")
    past = related(documents, catalogue, digests)

    def overlap(document: Document) -> Overlap:
        found = related({**documents, "": document}, catalogue, digests, past, about={""})
        return overlaps(found)[""]

    rulebook = Rulebook(book.rules, catalogue)
    known = operations(book.operations, catalogue)
    return [_answer(rulebook, catalogue, known, overlap, *question) for question in asked]


def _answer(
    rulebook: Rulebook,
    catalogue: Catalogue,
    known: Mapping[str, Operation],
    overlap: Callable[[Document], Overlap],
    text: str,
    boundary: str,
) -> Any:
    limit = own_documents("boundary.json", boundary.encode())[0].document if boundary else None
    found = []
    for own in own_documents("own.json", text.encode("utf-8", "surrogatepass")):
        answers = None
        if own.document:
            found_overlap = overlap(own.document)
            answers = document_answers(own.document, rulebook, catalogue, found_overlap, limit)
        findings = msgspec.to_builtins(own_findings(own, catalogue, known))
        for finding in findings:
            del finding["file"]
        found.append({"path": own.at, "line": own.line, "findings": findings, "answers": answers})
    return json.loads(msgspec.json.encode(found))
