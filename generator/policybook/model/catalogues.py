"""The catalogues of `catalogues/`: what AWS's list of services and actions was on earlier days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, get_args

from msgspec import Meta

from policybook.model.fields import Day, Prefix, Record, Text
from policybook.model.risk_rules import AccessLevel

ActionName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,128}(?!\n)$",
        extra_json_schema={
            "x-kind": "malformed-action",
            "x-expected": "the name of an action without its service, such as GetObject",
        },
    ),
]
# The keys of a mapping, whose JSON Schema msgspec does not limit to the values of a Literal.
LevelName = Annotated[
    str,
    Meta(
        pattern=rf"^({'|'.join(get_args(AccessLevel))})(?!\n)$",
        extra_json_schema={
            "x-kind": "wrong-value",
            "x-expected": f"one of {', '.join(get_args(AccessLevel))}",
        },
    ),
]


class ActionGroup(Record, frozen=True, omit_defaults=True):
    """The actions of one access level that have the same resource types.

    An action with several access levels is in the group of the most powerful one.
    """

    names: Annotated[tuple[ActionName, ...], Meta(min_length=1)]
    types: tuple[Text, ...] = ()


class CatalogueService(Record, frozen=True, omit_defaults=True):
    """A service: its actions by access level, and the formats of its resource types' ARNs."""

    name: Text
    actions: dict[LevelName, tuple[ActionGroup, ...]] = {}
    types: dict[Text, tuple[Text, ...]] = {}


class CatalogueFile(Record, frozen=True):
    """`catalogues/<day>/catalogue.json`: the services and actions of that day, by prefix."""

    day: Day
    source: Text
    services: Mapping[Prefix, CatalogueService]
