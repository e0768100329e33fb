"""All current documents for the engine in the browser, which looks for those that overlap.

Texts are in tables, and statements are positions in them. `assets/check/policies.js` reads the
file, and `types/check.d.ts` describes it. It has no Sids, Ids and forms of writing, which mean
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from policybook.analysis.overlap import current_documents
from policybook.book.context import BookContext
from policybook.book.site_file import one_file
from policybook.model.documents import Clause, Document, Statement, Term

POLICIES = "engine/policies.json"

EngineStatement = tuple[int, int, tuple[int, ...], tuple[int, ...]]
"""Flags, the position of the condition block, and those of the actions and the resources.

The flags are 1 for Deny, 2 for NotAction, 4 for NotResource and 8 without policy variables. Each
position of a list is its distance from the one before, the first from -1, less 1."""


class EnginePolicies(Struct, frozen=True):
    """The current documents of a book.

    Attributes:
        names: The names of the policies that have a current document.
        actions: The action patterns, in order, by what they begin with.
        resources: The resource patterns.
        conditions: The condition blocks, values always as lists.
        documents: The statements of each policy.
    """

    names: tuple[str, ...]
    actions: tuple[tuple[str, tuple[str, ...]], ...]
    resources: tuple[str, ...]
    conditions: tuple[Mapping[str, Mapping[str, tuple[str, ...]]], ...]
    documents: tuple[tuple[EngineStatement, ...], ...]


def engine_policies(documents: Mapping[str, Document]) -> EnginePolicies:
    """The documents as the engine reads them.

    Args:
        documents: The documents by the name of the policy.
    """
    every = [s for document in documents.values() for s in document.statements]
    actions = sorted({pattern for s in every for pattern in s.actions.patterns}, key=_by_service)
    resources = sorted({pattern for s in every for pattern in s.resources.patterns})
    conditions = list(dict.fromkeys(s.condition for s in every))
    tables = (
        {pattern: place for place, pattern in enumerate(actions)},
        {pattern: place for place, pattern in enumerate(resources)},
    )
    blocks = {condition: place for place, condition in enumerate(conditions)}
    return EnginePolicies(
        tuple(documents),
        tuple(_grouped(actions)),
        tuple(resources),
        tuple(map(_block, conditions)),
        tuple(
            tuple(_statement(s, blocks[s.condition], *tables) for s in document.statements)
            for document in documents.values()
        ),
    )


def _by_service(pattern: str) -> tuple[str, str, str]:
    prefix, colon, name = pattern.rpartition(":")
    return prefix + colon, name.lower(), name


def _grouped(actions: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    groups: dict[str, list[str]] = {}
    for pattern in actions:
        prefix, colon, name = pattern.rpartition(":")
        groups.setdefault(prefix + colon, []).append(name)
    yield from ((head, tuple(names)) for head, names in groups.items())


def _block(condition: tuple[Clause, ...]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    block: dict[str, dict[str, tuple[str, ...]]] = {}
    for clause in condition:
        block.setdefault(clause.operator, {})[clause.key] = clause.values
    return block


def _statement(
    statement: Statement, block: int, actions: Mapping[str, int], resources: Mapping[str, int]
) -> EngineStatement:
    terms = statement.actions, statement.resources
    variables = statement.resources.variables and all(c.variables for c in statement.condition)
    flags = (
        (statement.effect == "Deny")
        + 2 * statement.actions.negated
        + 4 * statement.resources.negated
        + 8 * (not variables)
    )
    return flags, block, _places(terms[0], actions), _places(terms[1], resources)


def _places(term: Term, table: Mapping[str, int]) -> tuple[int, ...]:
    places = [table[pattern] for pattern in term.patterns]
    return tuple(place - before - 1 for before, place in zip([-1, *places], places, strict=False))


def _policies_file(context: BookContext) -> bytes:
    return msgspec.json.encode(engine_policies(current_documents(context.book)))


FILES = (one_file(POLICIES, "", _policies_file),)
