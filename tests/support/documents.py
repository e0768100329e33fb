"""Policy documents from statements defined in tests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from policybook.data.validation import typed
from policybook.iam.statements import document_of as document_of_file
from policybook.model.documents import Document, DocumentFile

from tests.support import oracle
from tests.support.oracle import document


def bare_document(*statements: Mapping[str, Any]) -> Document:
    """A document of statements as written in files."""
    found, errors = typed({"Statement": list(statements)}, DocumentFile)
    assert found, errors
    assert isinstance(found.statement, tuple)
    return document_of_file(found.statement, {})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def document_of_list(body: list[dict[str, Any]]) -> Document:
    """The document of these statements."""
    return document({"Version": "2012-10-17", "Statement": body})


@lru_cache
def granting(actions: str) -> Document:
    """A document that allows these actions."""
    return document_of_list([{"Effect": "Allow", "Action": actions.split(), "Resource": "*"}])


def document_of(*statements: Mapping[str, Any]) -> Document:
    """A document with these statements."""
    return oracle.document({"Version": "2012-10-17", "Statement": list(statements)})


def allow_each(*actions: str, resource: object = "*", **more: Any) -> dict[str, Any]:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def deny_each(*actions: str, resource: object = "*", **more: Any) -> dict[str, Any]:
    """A Deny statement."""
    return {**allow_each(*actions, resource=resource, **more), "Effect": "Deny"}
