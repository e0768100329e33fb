"""Policies that are too long for one page: many services, statements and versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.documents import allow


def levels(services: int, actions: int) -> Iterator[tuple[str, str]]:
    """Full names of actions with levels, such as `s000` and `GetSomething000`."""
    kinds = (("Get", "Read"), ("Put", "Write"), ("List", "List"))
    for service in range(services):
        for action in range(actions):
            kind, level = kinds[action % len(kinds)]
            yield f"s{service:03}:{kind}Something{action:03}", level


def wide(services: int, actions: int, *, wildcards: bool) -> Mapping[str, Any]:
    """One statement on `*` with every action of these services, by name or by wildcards."""
    names = [name for name, _ in levels(services, actions)]
    patterns = [f"s{n:03}:{kind}*" for n in range(services) for kind in ("Get", "List")]
    return allow(patterns if wildcards else names)


def deep(statements: int) -> list[Mapping[str, Any]]:
    """Statements, each with a service, resource patterns and a condition of its own."""
    return [
        allow(
            [f"s{n:03}:GetSomething000", f"s{n:03}:PutSomething001"],
            [f"arn:aws:s{n:03}:*:*:thing/{n}-{m}" for m in range(2)],
            Sid=f"Statement{n}",
            Condition={"StringEquals": {"aws:ResourceTag/Owner": [f"one{n}", f"two{n}"]}},
        )
        for n in range(statements)
    ]
