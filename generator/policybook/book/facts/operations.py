"""The API operations that actions of other names authorise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policybook.analysis.operations import Operation, by_action, operations
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.model.operations import OperationGroup


class OperationFacts(Facts):
    """Operations by their name, by action and by service."""

    def __init__(self, groups: Iterable[OperationGroup], catalogue: Catalogue) -> None:
        super().__init__()
        self._groups = tuple(groups)
        self._catalogue = catalogue

    @derived
    def all(self) -> Mapping[str, Operation]:
        """All operations, by name in lower case, in order."""
        return operations(self._groups, self._catalogue)

    @derived
    def by_action(self) -> Mapping[str, tuple[Operation, ...]]:
        """The operations that each action authorises, by the action's name in lower case."""
        return by_action(self.all().values())

    @derived
    def by_service(self) -> Mapping[str, tuple[Operation, ...]]:
        """The operations of each service, by prefix, both in order."""
        found: dict[str, list[Operation]] = {}
        for name, operation in self.all().items():
            found.setdefault(name.partition(":")[0], []).append(operation)
        return {prefix: tuple(of) for prefix, of in found.items()}
