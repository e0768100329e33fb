"""The data of the engine in the browser: AWS's action list, API operations, and the risk rules.

The code is `templates/theme/assets/engine/`; `types/engine.d.ts` describes the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from policybook.analysis.operations import Operation
from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies, one_file
from policybook.catalogue.arn_notes import arn_notes
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.condition_keys import GLOBAL_NAMES, is_array
from policybook.catalogue.services import LEVELS, Service
from policybook.model.risk_rules import Rule

CATALOGUE, OPERATIONS, RULES = (
    f"engine/{name}.json" for name in ("catalogue", "operations", "rules")
)
_DIGITS = "0123456789abcdefghijklmnopqrstuv"


class EngineService(Struct, frozen=True):
    """A service, without descriptions.

    `levels` has a digit for each action, whose bits are the positions of its levels; `types_of` has
    the position in `sets` for each. A set has positions in `types`, -1 for a type without a format.
    Each of `types` is the characters that its names never have, and the formats of its ARNs, in
    which placeholders have no names. `keys` has its condition keys, as AWS spells them, with 1 for
    those that have several values.
    """

    name: str
    actions: tuple[str, ...]
    levels: str
    types: tuple[tuple[str, ...], ...]
    sets: tuple[tuple[int, ...], ...]
    types_of: tuple[int, ...]
    keys: Mapping[str, int]


class EngineCatalogue(Struct, frozen=True):
    """AWS's action list on one day; `globals` are the global condition keys, as `keys` are."""

    date: str
    levels: tuple[str, ...]
    globals: Mapping[str, int]
    services: Mapping[str, EngineService]
    accepted: Mapping[str, tuple[str, ...]]


def engine_catalogue(catalogue: Catalogue) -> EngineCatalogue:
    """The action list as the engine reads it."""
    never = arn_notes().never()
    return EngineCatalogue(
        catalogue.date,
        LEVELS,
        {key: int(bool(is_array(key.lower(), {}))) for key in GLOBAL_NAMES},
        {
            prefix: _service(found, never, _keys(catalogue, prefix))
            for prefix in catalogue.prefixes
            if (found := catalogue.service(prefix))
        },
        arn_notes().accepted(),
    )


def _keys(catalogue: Catalogue, prefix: str) -> Mapping[str, int]:
    types = catalogue.key_types(prefix)
    return {key: int(types[key.lower()]) for key in catalogue.key_names(prefix)}


def _service(service: Service, never: Mapping[str, str], keys: Mapping[str, int]) -> EngineService:
    types = list(service.resource_types)
    named = [
        tuple(types.index(t) if t in types else -1 for t in map(str.lower, action.resource_types))
        for action in service.actions.values()
    ]
    sets = list(dict.fromkeys(named))
    return EngineService(
        service.name,
        tuple(action.name for action in service.actions.values()),
        "".join(_digit(action.levels) for action in service.actions.values()),
        tuple(
            (never.get(f"{service.prefix}:{kind}", ":"), *map(_unnamed, found.arns))
            for kind, found in service.resource_types.items()
        ),
        tuple(sets),
        tuple(map(sets.index, named)),
        keys,
    )


def _unnamed(arn: str) -> str:
    """The format with `${}` for each placeholder; `${*}` and its like are characters."""
    return re.sub(r"\$\{[^*?$}][^}]*\}", "${}", arn)


def _digit(levels: Iterable[str]) -> str:
    return _DIGITS[sum(1 << LEVELS.index(level) for level in set(levels))]


class EngineOperations(Struct, frozen=True, array_like=True):
    """API operations that the same actions authorise.

    `sometimes` has each action that is needed only in some cases, and in which. `names` has the
    operations by the prefix of their service.
    """

    actions: tuple[str, ...]
    sometimes: tuple[tuple[str, str], ...]
    names: Mapping[str, tuple[str, ...]]


def engine_operations(operations: Iterable[Operation]) -> tuple[EngineOperations, ...]:
    """The API operations that have no action of their own name, as the browser reads them."""
    alike: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], dict[str, list[str]]] = {}
    for found in operations:
        sometimes = tuple((case.action, case.when) for case in found.sometimes)
        prefix, _, name = found.name.partition(":")
        names = alike.setdefault((found.actions, sometimes), {})
        names.setdefault(prefix, []).append(name)
    return tuple(
        EngineOperations(*needed, {prefix: tuple(own) for prefix, own in names.items()})
        for needed, names in alike.items()
    )


def engine_rules(rules: Iterable[Rule]) -> tuple[Any, ...]:
    """The risk rules as the engine reads them: the entries of `rules.yml` without their prose."""
    kept = ("id", "title", "kind", "steps")
    found = msgspec.to_builtins(tuple(rules))
    return tuple({key: rule[key] for key in kept} for rule in found)


def _catalogue_file(context: BookContext) -> bytes:
    return msgspec.json.encode(engine_catalogue(context.catalogue))


def _operations_file(context: BookContext) -> bytes:
    return msgspec.json.encode(engine_operations(context.operations.all().values()))


def _rules_file(context: BookContext) -> bytes:
    return msgspec.json.encode(engine_rules(context.book.rules.values()))


FILES = (
    one_file(CATALOGUE, "", _catalogue_file, lambda context: Dependencies(())),
    one_file(OPERATIONS, "", _operations_file),
    one_file(RULES, "", _rules_file),
)
