"""How many of some actions could be limited to a resource."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Mark = Literal["all", "some", "none", "unknown", "empty"]


class Scope(Struct, frozen=True):
    """How many of some actions could be limited to a resource, cannot be, or are uncatalogued.

    Patterns that match no action are among the uncatalogued.
    """

    could: int = 0
    cannot: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """The number of actions that the catalogue has."""
        return self.could + self.cannot

    @property
    def mark(self) -> Mark:
        """How many of the known actions could be limited to a resource.

        Without known actions, `unknown` if there are other ones, else `empty`.
        """
        if not self.known:
            return "unknown" if self.unknown else "empty"
        return "none" if not self.could else "some" if self.cannot else "all"
