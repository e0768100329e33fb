"""The results for the API operations that actions of other names authorise."""

from __future__ import annotations

from msgspec import Struct

from policybook.analysis.operations import Operation
from policybook.book.context import BookContext


class NeededResult(Struct, frozen=True):
    """An action that an operation needs only in some cases, and in which."""

    action: str
    when: str


class OperationResult(Struct, frozen=True):
    """An API operation that has no action of its own name.

    Attributes:
        operation: Its full name, such as `s3:HeadObject`.
        actions: The actions that it always needs.
        sometimes: The actions that it needs in some cases.
        source: The title of the source that says so.
        source_url: The address of the source, or null.
    """

    operation: str
    actions: tuple[str, ...]
    sometimes: tuple[NeededResult, ...]
    source: str
    source_url: str | None


class OperationsResult(Struct, frozen=True):
    """The operations of a service that have no action of their own name, in order."""

    prefix: str
    operations: tuple[OperationResult, ...]


def operation_result(found: Operation) -> OperationResult:
    """Return the result for an operation."""
    sometimes = tuple(NeededResult(case.action, case.when) for case in found.sometimes)
    return OperationResult(found.name, found.actions, sometimes, found.source, found.url or None)


def operations_result(context: BookContext, prefix: str) -> OperationsResult:
    """Return the result for the operations of a service."""
    found = context.operations.by_service()[prefix]
    return OperationsResult(prefix, tuple(map(operation_result, found)))
