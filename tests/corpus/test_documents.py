"""All AWS managed policies: every document is read without errors, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.documents import document_findings
from policybook.data.loader import read_document
from policybook.iam.grants import grants
from policybook.model.documents import Document

from tests.support.archive import EMPTY, Archive


@pytest.fixture(scope="module")
def documents(
    archive: Archive, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Document | None]:
    """The latest document of every policy, read like a user's; None for an empty file."""
    folder = tmp_path_factory.mktemp("documents")
    files = archive.files()
    found: dict[str, Document | None] = {}
    for name, content in zip(files, archive.blobs(files.values()), strict=True):
        path = folder / f"{name}.json"
        path.write_bytes(content)
        found[name] = read_document(path) if content.strip() else None
    return found


def test_every_document_is_read_without_an_error(documents: Mapping[str, Document | None]) -> None:
    """Except empty files; and each has statements that allow or deny something."""
    assert len(documents) > 1500
    assert {name for name, found in documents.items() if found is None} == EMPTY
    for name, found in documents.items():
        if found:
            assert found.statements, name
            assert all(s.actions.patterns and s.resources.patterns for s in found.statements), name


def test_no_document_has_a_malformed_action_or_an_unusual_statement(
    documents: Mapping[str, Document | None],
) -> None:
    """Actions missing from the catalogue are historical; the check accepts everything else."""
    catalogue = Catalogue()
    kinds = {
        finding.kind
        for found in documents.values()
        if found
        for _, finding in document_findings(found.source, catalogue)
    }
    assert kinds == {"uncatalogued-action"}


def test_nothing_of_a_document_is_lost_on_the_way_to_its_grants(
    documents: Mapping[str, Document | None],
) -> None:
    """The number of grants is that of actions times resources, counted in the file."""

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
