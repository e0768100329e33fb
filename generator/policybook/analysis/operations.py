"""API operations that have no action of their own name, and the actions that authorise them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.model.operations import OperationGroup, Sometimes
from policybook.wording import all_of


class Operation(Struct, frozen=True):
    """An API operation, such as `s3:HeadObject`.

    `actions` are all needed, those of `sometimes` only in their cases. `source` is the title of the
    source that says so, `url` its address; "" for AWS's service reference.
    """

    name: str
    actions: tuple[str, ...]
    sometimes: tuple[Sometimes, ...]
    source: str
    url: str = ""

    @property
    def every_action(self) -> tuple[str, ...]:
        """All actions that may be needed, each once."""
        return tuple(dict.fromkeys((*self.actions, *(s.action for s in self.sometimes))))

    @property
    def words(self) -> str:
        """What it needs, after the words "it needs": "s3:GetObject, and s3:ListBucket if …"."""
        always = [all_of(self.actions)] if self.actions else []
        return ", and ".join([*always, *(f"{s.action} if {s.when}" for s in self.sometimes)])


def operations(
    groups: Iterable[OperationGroup],
    catalogue: Catalogue,
    prefixes: Collection[str] | None = None,
) -> Mapping[str, Operation]:
    """The operations that are known, by name in lower case, in order.

    An operation with the name of an action is left out: the action of that name authorises it.
    Where AWS's service reference has an operation, what the reviewed list says of it is left out.

    Args:
        groups: The reviewed list, `operations.yml`.
        catalogue: AWS's actions, and the operations of the service reference if it has any.
        prefixes: The services whose operations are wanted, in lower case. Default: all.
    """

    def is_wanted(prefix: str) -> bool:
        return prefixes is None or prefix in prefixes

    found: dict[str, Operation] = {}
    for group in groups:
        for name in group.operations:
            if is_wanted(name.lower().partition(":")[0]):
                found[name.lower()] = Operation(
                    name, group.actions, group.sometimes, group.source.title, group.source.url
                )
    for prefix in filter(is_wanted, catalogue.prefixes):
        for name, actions in catalogue.authorised(prefix).items():
            full = f"{prefix}:{name}"
            found[full.lower()] = Operation(full, actions, (), catalogue.source)
    return {key: found[key] for key in sorted(found) if not catalogue.action(key)}


def by_action(found: Iterable[Operation]) -> Mapping[str, tuple[Operation, ...]]:
    """The operations that need each action, always or sometimes, by its name in lower case."""
    operations: dict[str, list[Operation]] = {}
    for operation in found:
        for action in operation.every_action:
            operations.setdefault(action.lower(), []).append(operation)
    return {action: tuple(of) for action, of in operations.items()}
