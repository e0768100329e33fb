"""Policy documents, as IAM writes them, and in one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

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


class Term(Struct, frozen=True):
    """What one side of a grant names: one pattern, or, negated, everything but several."""

    patterns: tuple[str, ...]
    negated: bool = False


class Clause(Struct, frozen=True, order=True):
    """One line of a condition block: operator, key and the values of which one must match."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(Struct, frozen=True):
    """A statement in one form: lists are tuples, single values are lists of one, values are text.

    `number` counts from 1 in the order of the document.
    """

    number: int
    sid: str | None
    effect: Effect
    actions: Term
    resources: Term
    condition: tuple[Clause, ...]
    has_principal: bool = False


class Document(Struct, frozen=True):
    """A policy document: its statements, and `source`, the mapping that `file` holds.

    `file` is the file's name in the policy's folder, or "" where the document stands elsewhere.
    """

    statements: tuple[Statement, ...]
    source: Mapping[str, Any]
    file: str = ""


class Grant(Struct, frozen=True):
    """One statement taken apart: one action pattern on one resource pattern, or "everything but".

    `action.patterns` and `resource.patterns` hold one pattern unless the term is negated.
    """

    effect: Effect
    action: Term
    resource: Term
    condition: tuple[Clause, ...]
    statement: int
