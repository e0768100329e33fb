"""A mapping whose values are made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class LazyMapping(Mapping[str, V]):
    """Values by name, in the order of the names; each is made once."""

    def __init__(self, names: Iterable[str], value: Callable[[str], V]) -> None:
        """Set up the mapping; no value is made yet.

        Args:
            names: The names.
            value: Makes the value of a name.

        """
        self._names = dict.fromkeys(names)
        self._value = value
        self._made: dict[str, V] = {}

    def __getitem__(self, name: str) -> V:
        """The value of a name."""
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._value(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a value of the name."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """The names in order."""
        return iter(self._names)

    def __len__(self) -> int:
        """The number of names."""
        return len(self._names)
