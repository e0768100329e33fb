"""The rows of `policybook grants`: what a statement names, or leaves out."""

from __future__ import annotations

from typing import Any

import pytest
from policybook.analysis.action_grants import who_grants
from policybook.model.book import Book, BookFile
from policybook.output.json.grants_result import found_result

from tests.support.books import small_catalogue
from tests.support.documents import document_of
from tests.support.policies import policy_with

OBJECTS, OTHERS = "arn:aws:s3:::a/*", "arn:aws:s3:::b/*"

Row = tuple[str | None, tuple[str, ...] | None, str | None, tuple[str, ...] | None]


@pytest.mark.parametrize(
    ("elements", "rows"),
    [
        (
            {"Action": ["s3:Get*", "s3:*"], "Resource": [OBJECTS, OTHERS]},
            [
                ("s3:Get*", None, OBJECTS, None),
                ("s3:*", None, OBJECTS, None),
                ("s3:Get*", None, OTHERS, None),
                ("s3:*", None, OTHERS, None),
            ],
        ),
        (
            {"Action": "s3:Get*", "NotResource": [OBJECTS, OTHERS]},
            [("s3:Get*", None, None, (OBJECTS, OTHERS))],
        ),
        (
            {"NotAction": ["iam:*", "s3:Put*"], "Resource": [OBJECTS, OTHERS]},
            [
                (None, ("iam:*", "s3:Put*"), OBJECTS, None),
                (None, ("iam:*", "s3:Put*"), OTHERS, None),
            ],
        ),
        (
            {"NotAction": "iam:*", "NotResource": OBJECTS},
            [(None, ("iam:*",), None, (OBJECTS,))],
        ),
    ],
)
def test_what_is_left_out_is_never_told_as_granted(
    elements: dict[str, Any], rows: list[Row]
) -> None:
    """NotAction and NotResource have fields of their own, with all of their patterns."""
    document = document_of({"Effect": "Allow", **elements})
    book = Book(BookFile(title="B", introduction=()), {"P": policy_with("P", document)})
    found = found_result(who_grants(book, small_catalogue(), "s3:GetObject"))
    assert [(r.pattern, r.not_action, r.resource, r.not_resource) for r in found.policies] == rows
