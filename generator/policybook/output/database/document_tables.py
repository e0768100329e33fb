"""The tables of current documents: statements, grants, patterns and conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policybook.analysis.index import folded
from policybook.book.context import BookContext
from policybook.model.documents import Statement
from policybook.output.database.declarations import (
    DatabaseRow,
    DataTable,
    as_json,
    boolean,
    integer,
    json,
    number,
    text,
)
from policybook.output.database.numbers import Numbers
from policybook.output.json.conditions import condition_block


def _current(context: BookContext, numbers: Numbers) -> Iterator[tuple[str, str, int, Statement]]:
    """Each statement of a current document: policy, key of the version, and its number."""
    for (name, statement), place in numbers.statements.items():
        current = context.book.policies[name].current
        if current and current.document:
            yield name, current.key, place, current.document.statements[statement - 1]


def _statements(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for name, key, place, statement in _current(context, numbers):
        yield (
            place,
            numbers.policies[name],
            numbers.versions[name, key],
            statement.number,
            statement.sid,
            statement.effect,
            as_json(statement.actions.patterns),
            statement.actions.negated,
            as_json(statement.resources.patterns),
            statement.resources.negated,
            as_json(condition_block(statement.condition)) if statement.condition else None,
        )


def _grants(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for name, policy in context.book.granting.items():
        places: Counter[int] = Counter()
        for grant, start in (
            context.history.standing(name, policy.current) if policy.current else ()
        ):
            places[grant.statement] += 1
            action, resource = grant.action, grant.resource
            yield (
                numbers.statements[name, grant.statement],
                places[grant.statement],
                None if action.negated else numbers.action_patterns[action.patterns[0]],
                None if resource.negated else numbers.resource_patterns[resource.patterns[0]],
                start.key if start else None,
            )


def _clauses(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for _, _, place, statement in _current(context, numbers):
        for clause_place, clause in enumerate(statement.condition, 1):
            yield (
                place,
                clause_place,
                numbers.condition_keys[folded(clause.key)],
                clause.operator,
                clause.key,
                as_json(clause.values),
            )


def _action_patterns(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for pattern, place in numbers.action_patterns.items():
        yield place, pattern, len(context.catalogue.named_by(pattern))


def _resource_patterns(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for pattern, place in numbers.resource_patterns.items():
        yield place, pattern


def _condition_keys(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for key, place in numbers.condition_keys.items():
        yield place, key


TABLES = (
    DataTable(
        name="statements",
        text="The statements of the current version of each policy that grants something.",
        columns=(
            number("statements"),
            integer("policy_id", "the policy", refers="policies"),
            integer("version_id", "its current version", refers="versions"),
            integer("number", "its place in the document", "statements, from 1"),
            text("sid", "its Sid", optional=True),
            text("effect", "`Allow` or `Deny`"),
            json("actions", "the action patterns"),
            boolean("not_actions", "whether it is about all actions except `actions`"),
            json("resources", "the resource patterns"),
            boolean("not_resources", "whether it is about all resources except `resources`"),
            json("condition", "the condition block, values always as lists", optional=True),
        ),
        unique=(("policy_id", "number"),),
        rows=_statements,
    ),
    DataTable(
        name="action_patterns",
        text="The action patterns of current documents, as written.",
        columns=(
            number("action_patterns"),
            text("pattern", "the pattern"),
            integer("matches", "how many it matches; 1 for an unknown name", "actions"),
        ),
        rows=_action_patterns,
    ),
    DataTable(
        name="resource_patterns",
        text="The resource patterns of current documents, as written.",
        columns=(number("resource_patterns"), text("pattern", "the pattern")),
        rows=_resource_patterns,
    ),
    DataTable(
        name="grants",
        text="The statements taken apart: one action pattern on one resource pattern.",
        columns=(
            integer("statement_id", "the statement", refers="statements"),
            integer("place", "the order among its grants", "grants, from 1"),
            integer(
                "action_pattern_id",
                "the action pattern; null if the statement has NotAction, which is not split",
                refers="action_patterns",
                optional=True,
            ),
            integer(
                "resource_pattern_id",
                "the resource pattern; null if the statement has NotResource, which is not split",
                refers="resource_patterns",
                optional=True,
            ),
            text(
                "in_form_since",
                "the key of the oldest version or rollback since which the policy has the grant",
                optional=True,
            ),
        ),
        key=("statement_id", "place"),
        rows=_grants,
    ),
    DataTable(
        name="condition_keys",
        text="The condition keys of current documents.",
        columns=(
            number("condition_keys"),
            text("key", "the key in lower case; a tag's key is replaced by `<key>`"),
        ),
        unique=(("key",),),
        rows=_condition_keys,
    ),
    DataTable(
        name="condition_clauses",
        text="The entries of the condition blocks of current documents.",
        columns=(
            integer("statement_id", "the statement", refers="statements"),
            integer("place", "the order in its condition block", "clauses, from 1"),
            integer("condition_key_id", "the condition key", refers="condition_keys"),
            text("operator", "the operator"),
            text("key", "the key as written"),
            json("key_values", "the values"),
        ),
        key=("statement_id", "place"),
        indexes=(("condition_key_id",),),
        rows=_clauses,
    ),
)
