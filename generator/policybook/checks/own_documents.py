"""Checks of a reader's own policy documents, which are in no book."""

from __future__ import annotations

from policybook.catalogue.catalogue import Catalogue
from policybook.checks.documents import document_findings, size_findings
from policybook.data.own_documents import OwnDocument
from policybook.errors import Finding


def own_findings(own: OwnDocument, catalogue: Catalogue) -> tuple[Finding, ...]:
    """All errors and warnings about a document, in order of line, as for a customer's policy.

    Args:
        own: The document.
        catalogue: The actions that AWS has.
    """
    source = own.document.source if own.document else None
    found = [] if source is None else [f for _, f in document_findings(source, catalogue)]
    found += [] if source is None else size_findings(source)
    placed = (*own.findings, *map(own.placed, found))
    return tuple(sorted(placed, key=lambda finding: finding.order))
