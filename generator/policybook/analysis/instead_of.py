"""What of some documents is not used: the actions that they grant beyond those that are used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.effective_actions import effective_levels
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.services import LEVELS
from policybook.model.documents import Document, union


class Unused(Struct, frozen=True):
    """What documents grant together and what of it is used, full names in lower case.

    `used` are the actions that are used and granted, `unused` the other effective actions with
    their access levels, and `not_granted` the actions that are used and that no document grants.
    """

    used: tuple[str, ...]
    unused: Mapping[str, str]
    not_granted: tuple[str, ...]

    def by_level(self) -> Mapping[str, tuple[str, ...]]:
        """The unused actions of each access level that occurs, weakest first."""
        found = {
            level: tuple(name for name, own in self.unused.items() if own == level)
            for level in (*LEVELS, UNCATALOGUED)
        }
        return {level: names for level, names in found.items() if names}


def unused_actions(
    documents: Sequence[Document], used: Collection[str], catalogue: Catalogue
) -> Unused:
    """Compare what documents grant, attached together, with the actions that are used.

    Args:
        documents: The documents.
        used: The actions that are used, full names in lower case, in order.
        catalogue: Expands wildcards.
    """
    granted = effective_levels(union(documents), catalogue) if documents else {}
    needed = set(used)
    return Unused(
        tuple(name for name in used if name in granted),
        {name: level for name, level in sorted(granted.items()) if name not in needed},
        tuple(name for name in used if name not in granted),
    )
