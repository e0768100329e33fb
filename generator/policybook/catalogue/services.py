"""What a catalogue holds of a service, and what every source of one provides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from msgspec import Struct

LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")
"""AWS's access levels, the least risky first (Service Authorization Reference, "Access levels")."""


class Action(Struct, frozen=True):
    """An action: its name as AWS spells it, its access levels, resource types and condition keys.

    `level` is the one of its `levels` that is last in `LEVELS`. Condition keys are those of the
    action and of its resource types, in alphabetical order; the description may be "".
    """

    name: str
    levels: tuple[str, ...]
    level: str
    resource_types: tuple[str, ...]
    condition_keys: tuple[str, ...] = ()
    description: str = ""


class ResourceType(Struct, frozen=True):
    """A type of resource: its name, the formats of its ARNs with `${…}`, and condition keys."""

    name: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...] = ()


class Service(Struct, frozen=True):
    """A service; its actions and resource types are by name in lower case, in order."""

    prefix: str
    name: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]


class CatalogueSource(Protocol):
    """Where a catalogue is read from."""

    @property
    def date(self) -> str:
        """The day of the data, YYYY-MM-DD."""

    @property
    def source(self) -> str:
        """What it is, with its version if it has one."""

    @property
    def names(self) -> Mapping[str, str]:
        """The services' names by prefix, in order of prefix."""

    def service(self, prefix: str) -> Service:
        """The service with one of the prefixes of `names`, read from its file."""

    def authorised(self, prefix: str) -> Mapping[str, tuple[str, ...]]:
        """The actions that authorise each of the service's API operations, as far as it says."""

    def key_names(self, prefix: str) -> Collection[str]:
        """The condition keys of a service, as AWS spells them; none if they are not known."""
        ...

    def key_types(self, prefix: str) -> Mapping[str, bool]:
        """Whether they have several values, for the condition keys of a service in lower case."""
