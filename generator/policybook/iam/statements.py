"""Converts statements from the form of JSON files to the normalised form used everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from policybook.model.documents import (
    Clause,
    ConditionValues,
    Document,
    Statement,
    StatementFile,
    Strings,
    Term,
)


def document_of(found: Iterable[StatementFile], source: Mapping[str, Any]) -> Document:
    """A document made of statements from another file, such as a snippet in a guide.

    Args:
        found: The statements, in order.
        source: The mapping to keep as the document's source.
    """
    return Document(statements(found), source)


def statements(found: Iterable[StatementFile], variables: bool = True) -> tuple[Statement, ...]:
    """The statements in normalised form, numbered from 1.

    Args:
        found: The statements, in order.
        variables: Whether `${…}` is a policy variable. It is text in a document whose Version is
            older than 2012-10-17 or missing (IAM User Guide, "IAM JSON policy elements: Version").
    """
    return tuple(_statement(number, file, variables) for number, file in enumerate(found, 1))


def _statement(number: int, file: StatementFile, variables: bool) -> Statement:
    return Statement(
        number=number,
        sid=file.sid,
        effect=file.effect,
        actions=_term(file.action, file.not_action, spaces=False),
        resources=_term(file.resource, file.not_resource, spaces=True, variables=variables),
        condition=tuple(
            _clause(operator, key, _values(values), variables)
            for operator, keys in file.condition.items()
            for key, values in keys.items()
        ),
        has_principal=file.principal is not UNSET or file.not_principal is not UNSET,
        for_everybody=file.principal == "*",
    )


def _clause(operator: str, key: str, values: tuple[str, ...], variables: bool) -> Clause:
    return Clause(operator, key, values, variables or "${" not in "".join(values))


def _term(
    named: Strings | UnsetType,
    others: Strings | UnsetType,
    *,
    spaces: bool,
    variables: bool = True,
) -> Term:
    """The patterns of an element.

    White space around an action is left out: AWS's own documents have some, as in
    `access-analyzer:ListTagsForResource `, and nothing says that IAM takes it for a part of the
    name. White space within an action stays, and so the action matches none.
    """
    found = named if others is UNSET else others
    listed = () if found is UNSET else (found,) if isinstance(found, str) else found
    if not spaces:
        listed = tuple(map(str.strip, listed))
    variables = variables or "${" not in "".join(listed)
    return Term(tuple(dict.fromkeys(listed)), others is not UNSET, variables)


def _values(found: ConditionValues) -> tuple[str, ...]:
    listed = found if isinstance(found, tuple) else (found,)
    return tuple(v if isinstance(v, str) else str(v).lower() for v in listed)
