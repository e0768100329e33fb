"""Policy documents: as IAM writes them, and in a normalized form."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, structs

from policybook.model.fields import (
    Effect,
    Record,
)

Strings = str | tuple[str, ...]


ConditionValues = str | bool | tuple[str | bool, ...]


class StatementFile(Record, frozen=True, rename="pascal", omit_defaults=True):
    """One statement of a policy document (IAM guide, "IAM JSON policy elements: Statement")."""

    effect: Effect
    sid: str | None = None
    action: Strings | UnsetType = UNSET
    not_action: Strings | UnsetType = UNSET
    resource: Strings | UnsetType = UNSET
    not_resource: Strings | UnsetType = UNSET
    condition: dict[str, dict[str, ConditionValues]] = {}
    principal: Any = UNSET
    not_principal: Any = UNSET


class DocumentFile(Record, frozen=True, rename="pascal"):
    """A policy document (IAM guide, "Grammar of the IAM JSON policy language")."""

    statement: StatementFile | tuple[StatementFile, ...]
    version: Literal["2012-10-17", "2008-10-17"] = "2008-10-17"
    id: str | None = None


EVERY_SERVICE = "*"
"""Stands for all services among the prefixes of those that something may be about."""


class Term(Struct, frozen=True):
    """Patterns of actions or of resources; if `negated`, everything except what they match.

    `variables` is false if a pattern has `${` and the document's Version has no policy variables.
    """

    patterns: tuple[str, ...]
    negated: bool = False
    variables: bool = True


class Clause(Struct, frozen=True, order=True):
    """One entry of a condition block: operator, key and values, one of which must match.

    `variables` is as in a `Term`.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    variables: bool = True


class Statement(Struct, frozen=True):
    """A normalized statement: single values are tuples of one, and condition values are strings.

    `number` is the statement's position in the document, from 1. `for_everybody` says that its
    Principal is `*`.
    """

    number: int
    sid: str | None
    effect: Effect
    actions: Term
    resources: Term
    condition: tuple[Clause, ...]
    has_principal: bool = False
    for_everybody: bool = False


class Document(Struct, frozen=True):
    """A policy document: its statements, and `source`, the document as its file has it.

    `file` is the file's name in the policy's folder; "" for a document from elsewhere.
    """

    statements: tuple[Statement, ...]
    source: Mapping[str, Any]
    file: str = ""

    def about(self, prefix: str) -> Sequence[Statement]:
        """The statements, without some of which it is known that they are not about a service.

        That is known only of a document that is stored.

        Args:
            prefix: The service's prefix, in lower case.
        """
        return self.statements

    def words_about(self, prefix: str) -> Hashable:
        """What is equal to that of another document only if both say the same of a service.

        It may differ although they do, and is for documents of one policy.

        Args:
            prefix: The service's prefix, in lower case.
        """
        return self.statements


def union(documents: Sequence[Document]) -> Document:
    """One document with the statements of all, numbered through in their order.

    A single document is returned as it is. A principal has what all of its policies allow, less
    what any of them denies (IAM User Guide, "Policy evaluation logic").
    """
    if len(documents) == 1:
        return documents[0]
    statements = [statement for document in documents for statement in document.statements]
    return Document(
        tuple(structs.replace(s, number=number) for number, s in enumerate(statements, 1)),
        {"Statement": [document.source for document in documents]},
    )


def says_the_same(one: Document | None, other: Document | None) -> bool:
    """Whether two documents have the same statements, however they are written."""
    if not one or not other:
        return False
    return one.statements == other.statements and _rest(one) == _rest(other)


def _rest(document: Document) -> Mapping[str, Any]:
    return {key: value for key, value in document.source.items() if key != "Statement"}


class Grant(Struct, frozen=True):
    """One part of a statement: one action pattern on one resource pattern.

    NotAction and NotResource are not split: such a term is negated and has all of its patterns.
    `statement` is the statement's number.
    """

    effect: Effect
    action: Term
    resource: Term
    condition: tuple[Clause, ...]
    statement: int
