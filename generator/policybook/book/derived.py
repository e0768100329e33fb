"""Derived facts: each is computed once per key, and the build cache may keep it.

A fact is declared in one place, by the decorator `derived` on a method of a class of `Facts`:

    @derived(kept="policy")
    def actions_ever_granted(self, policy: str) -> tuple[str, ...]: ...

No other declaration is needed: `Facts.computed` lists and encodes what was computed, and
`Facts.restore` loads it again. None and empty results are cached as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar, get_type_hints, overload

import msgspec
from msgspec import Struct

Kept = Literal["policy", "rules", "service", "catalogue"]
"""How long the build cache may keep a fact. The first argument of a fact is its owner.

- `policy`: until a file of the owner, a policy, changes;
- `rules`: the same, and until the book's risk rules change;
- `service`: until a file of a policy that names the owner, a service, changes;
- `catalogue`: until the catalogue changes.
"""

Key = tuple[Any, ...]
Encoded = Mapping[str, Mapping[str, msgspec.Raw]]
"""Facts of one owner as MessagePack: by the fact's name, then by the rest of the key."""

Method = TypeVar("Method", bound=Callable[..., Any])


class Declaration(Struct, frozen=True):
    """The arguments of `derived`: how long the fact may be kept, and how its key is computed."""

    kept: Kept | None
    key: Callable[..., Key] | None


@overload
def derived(method: Method) -> Method: ...
@overload
def derived(
    *, kept: Kept | None = None, key: Callable[..., Key] | None = None
) -> Callable[[Method], Method]: ...
def derived(
    method: Method | None = None,
    *,
    kept: Kept | None = None,
    key: Callable[..., Key] | None = None,
) -> Method | Callable[[Method], Method]:
    """Declare that a method of `Facts` is computed once for each key.

    Args:
        method: The method; its arguments are positional and, without `key`, hashable.
        kept: How long the build cache may keep the results. Default: not beyond this build. The
            key of a kept fact is its owner, a string, and at most one more string.
        key: Computes the key from the method's arguments. Default: the arguments.

    Returns:
        The method, or the decorator if called without one.

    """

    def declare(method: Method) -> Method:
        method.__derived__ = Declaration(kept, key)  # type: ignore[attr-defined]  # read by `Facts`
        return method

    return declare(method) if method else declare


class Facts:
    """Base of classes whose methods are derived facts; each object caches its own results."""

    def __init__(self) -> None:
        self._tables: dict[str, _Table] = {}
        for name in dir(type(self)):
            declared = getattr(getattr(type(self), name), "__derived__", None)
            if declared:
                table = self._tables[name] = _Table(getattr(self, name), declared)
                setattr(self, name, table.get)

    def restore(self, owner: str, found: Encoded) -> None:
        """Restore an owner's facts from an earlier build.

        Args:
            owner: The owner of the facts.
            found: The facts; each is decoded when it is first needed.

        """
        for name, values in found.items():
            if name in self._tables:
                self._tables[name].restore(owner, values)

    def new(self) -> Iterator[tuple[str, str, Mapping[str, msgspec.Raw]]]:
        """List what was computed since `forget_new`.

        Yields:
            The owner, the name of a fact that the build cache may keep, and its new results.

        """
        for name, table in self._tables.items():
            for owner in table.computed:
                yield owner, name, table.encoded_new(owner)

    def forget_new(self) -> None:
        """Let `new` list only what is computed from now on; all results remain."""
        for table in self._tables.values():
            table.computed.clear()

    def merge(self, owner: str, name: str, found: Mapping[str, msgspec.Raw]) -> None:
        """Take over what `new` listed in another process of this build."""
        self._tables[name].merge(owner, found)

    def computed(self, scope: Kept) -> Iterator[tuple[str, str, Mapping[str, msgspec.Raw]]]:
        """List what the build cache should keep.

        Args:
            scope: The kind of facts to list.

        Yields:
            The owner, the name of the fact and its results, including restored results that were
            not needed. Owners for which nothing new was computed are left out.

        """
        for name, table in self._tables.items():
            if table.declared.kept == scope:
                for owner in table.computed:
                    yield owner, name, table.encoded(owner)


class _Table:
    """The results of one fact by key; `computed` has the new ones by owner and rest of the key."""

    def __init__(self, method: Callable[..., Any], declared: Declaration) -> None:
        self.declared = declared
        self.computed: dict[str, dict[str, Any]] = {}
        self._method = method
        self._values: dict[Key, Any] = {}
        self._restored: dict[str, Mapping[str, msgspec.Raw]] = {}

    def get(self, *arguments: Any) -> Any:
        key = self.declared.key(*arguments) if self.declared.key else arguments
        try:
            return self._values[key]
        except KeyError:
            value = self._values[key] = self._new(key, arguments)
            return value

    def _new(self, key: Key, arguments: Key) -> Any:
        if not self.declared.kept:
            return self._method(*arguments)
        owner, rest = key[0], key[1] if len(key) > 1 else ""
        raw = self._restored.get(owner, {}).get(rest)
        if raw is not None:
            return msgspec.msgpack.decode(raw, type=self._type)
        value = self._method(*arguments)
        self.computed.setdefault(owner, {})[rest] = value
        return value

    def restore(self, owner: str, values: Mapping[str, msgspec.Raw]) -> None:
        self._restored[owner] = values

    def merge(self, owner: str, values: Mapping[str, msgspec.Raw]) -> None:
        self._restored[owner] = {**self._restored.get(owner, {}), **values}
        self.computed.setdefault(owner, {})

    def encoded(self, owner: str) -> Mapping[str, msgspec.Raw]:
        return {**self._restored.get(owner, {}), **self.encoded_new(owner)}

    def encoded_new(self, owner: str) -> Mapping[str, msgspec.Raw]:
        new = self.computed[owner].items()
        return {rest: msgspec.Raw(msgspec.msgpack.encode(value)) for rest, value in new}

    @cached_property
    def _type(self) -> Any:
        return get_type_hints(self._method)["return"]
