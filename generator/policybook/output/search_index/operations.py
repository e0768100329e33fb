"""API operations in the finder's index."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.analysis.operations import Operation


def indexed_operations(operations: Iterable[Operation]) -> tuple[tuple[int | str, ...], ...]:
    """The operations by the actions that they need, as `Names.operations` has them."""
    alike: dict[tuple[int, str], dict[str, list[str]]] = {}
    for found in operations:
        needed = found.actions or found.every_action
        key = int(bool(found.actions)), " ".join(needed)
        prefix, _, name = found.name.partition(":")
        alike.setdefault(key, {}).setdefault(prefix, []).append(name)
    return tuple(
        (*key, *(" ".join((prefix, *names)) for prefix, names in services.items()))
        for key, services in alike.items()
    )
