"""A catalogue as a data folder stores it: what a comparison with another day needs.

That is the actions with their access levels, and which resources they can have. Descriptions,
condition keys and all but the most powerful access level of an action are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import LEVELS, Action, ResourceType, Service
from policybook.model.catalogues import ActionGroup, CatalogueFile, CatalogueService

FOLDER, FILE = "catalogues", "catalogue.json"


class StoredCatalogue:
    """The catalogue in a file, as the source of a `Catalogue`."""

    def __init__(self, file: CatalogueFile) -> None:
        self._file = file
        self.date = file.day.isoformat()
        self.source = file.source
        self.names: Mapping[str, str] = {
            prefix: found.name for prefix, found in sorted(file.services.items())
        }

    def service(self, prefix: str) -> Service:
        """The service with one of the prefixes; its actions have one level and no keys."""
        found = self._file.services[prefix]
        actions = [
            Action(name, (level,), level, group.types)
            for level, groups in found.actions.items()
            for group in groups
            for name in group.names
        ]
        types = [ResourceType(name, arns) for name, arns in found.types.items()]
        return Service(
            prefix,
            found.name,
            {a.name.lower(): a for a in sorted(actions, key=lambda a: a.name.lower())},
            {t.name.lower(): t for t in sorted(types, key=lambda t: t.name.lower())},
        )

    def authorised(self, _prefix: str) -> Mapping[str, tuple[str, ...]]:
        """No operation is stored."""
        return {}

    def key_names(self, _prefix: str) -> Collection[str]:
        """No condition key is stored."""
        return ()

    def key_types(self, _prefix: str) -> Mapping[str, bool]:
        """No condition key is stored."""
        return {}


def catalogue_on(
    day: str, files: Mapping[str, CatalogueFile], in_use: Catalogue
) -> Catalogue | None:
    """The catalogue of a day; None if there is none.

    Args:
        day: The day, YYYY-MM-DD.
        files: The stored catalogues by day.
        in_use: The catalogue in use, which is the one of its own day.
    """
    if day == in_use.date:
        return in_use
    file = files.get(day)
    return Catalogue(StoredCatalogue(file)) if file else None


def stored(catalogue: Catalogue) -> CatalogueFile:
    """What is stored of a catalogue, in an order that only depends on its content.

    Raises:
        PolicybookError: A file of the catalogue has another form.
    """
    services = filter(None, map(catalogue.service, catalogue.prefixes))
    return CatalogueFile(
        day=date.fromisoformat(catalogue.date),
        source=catalogue.source,
        services={service.prefix: _stored(service) for service in services},
    )


def _stored(service: Service) -> CatalogueService:
    names: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for action in sorted(service.actions.values(), key=lambda a: (a.name.lower(), a.name)):
        names[action.level, action.resource_types].append(action.name)
    groups: dict[str, tuple[ActionGroup, ...]] = {}
    for level in LEVELS:
        if found := sorted(types for one, types in names if one == level):
            groups[level] = tuple(
                ActionGroup(names=tuple(names[level, types]), types=types) for types in found
            )
    used = {name.lower() for _, types in names for name in types}
    formats = {t.name: t.arns for key, t in service.resource_types.items() if key in used}
    return CatalogueService(name=service.name, actions=groups, types=dict(sorted(formats.items())))


def content(file: CatalogueFile) -> bytes:
    """The content of a file, with a line for each service: two days differ by a few lines."""
    lines = (f"{_json(prefix)}: {_json(found)}" for prefix, found in sorted(file.services.items()))
    head = f'{{"day": {_json(file.day)}, "source": {_json(file.source)}, "services": {{'
    return "\n".join((head, ",\n".join(lines), "}}\n")).encode()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
