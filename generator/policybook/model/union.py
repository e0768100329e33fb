"""Several documents as one.

A principal has what all of its policies allow, less what any of them denies (IAM User Guide,
"Policy evaluation logic").
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from policybook.model.documents import Document


def union(documents: Sequence[Document]) -> Document:
    """One document with the statements of all, numbered through in their order.

    A single document is returned as it is.
    """
    if len(documents) == 1:
        return documents[0]
    statements = [statement for document in documents for statement in document.statements]
    return Document(
        tuple(structs.replace(s, number=number) for number, s in enumerate(statements, 1)),
        {"Statement": [document.source for document in documents]},
    )
