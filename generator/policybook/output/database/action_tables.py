"""The tables of services and actions, and of which policies grant them."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.catalogue.catalogue import UNCATALOGUED
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


def _services(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    listed = frozenset(context.catalogue.prefixes)
    for prefix, place in numbers.services.items():
        yield place, prefix, context.catalogue.name(prefix), prefix in listed


def _actions(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for lower, place in numbers.actions.items():
        action = context.catalogue.action(lower)
        yield (
            place,
            numbers.services[lower.partition(":")[0]],
            numbers.action_names[lower],
            action.level if action else UNCATALOGUED,
            as_json(action.resource_types if action else ()),
            action is not None,
        )


def _effective(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    found = (
        (numbers.actions[name], place, in_full)
        for policy, place in numbers.policies.items()
        for in_full, names in (
            (True, context.membership.granted(policy).in_full),
            (False, context.membership.granted(policy).in_part),
        )
        for name in names
    )
    yield from sorted(found)


def _action_grants(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    found = (
        (
            numbers.actions[name],
            numbers.statements[grant.row.use.policy, grant.row.use.statement],
            grant.row.certainty,
        )
        for prefix in context.services.prefixes()
        for name, grants in context.actions.granted(prefix).items()
        for grant in grants
    )
    yield from sorted(found)


TABLES = (
    DataTable(
        name="services",
        text="The services: those of AWS's action list, and others that documents name.",
        columns=(
            number("services"),
            text("prefix", "the service prefix, such as `s3`"),
            text("name", "its name in AWS's action list", optional=True),
            boolean("listed", "whether AWS's action list has it"),
        ),
        unique=(("prefix",),),
        rows=_services,
    ),
    DataTable(
        name="actions",
        text="The actions: those of AWS's action list, and others that documents name.",
        columns=(
            number("actions"),
            integer("service_id", "the service", refers="services"),
            text("name", "the full name, such as `s3:GetObject`"),
            text("level", "the access level; of several the riskiest"),
            json("resource_types", "the types of resource that it can be limited to"),
            boolean("listed", "whether AWS's action list has it"),
        ),
        rows=_actions,
    ),
    DataTable(
        name="effective_actions",
        text=(
            "The actions that the current version of each policy grants: wildcards expanded, less"
            " what an unconditional Deny takes away. An upper bound where `in_full` is 0."
        ),
        columns=(
            integer("action_id", "the action", refers="actions"),
            integer("policy_id", "the policy", refers="policies"),
            boolean(
                "in_full",
                "whether one statement allows it on all its resources without a condition, and no"
                " Deny is about it",
            ),
        ),
        key=("action_id", "policy_id"),
        rows=_effective,
    ),
    DataTable(
        name="action_grants",
        text=(
            "The Allow statements that name each action or match it with a pattern of its service."
            " Statements about all services (`*`, NotAction) are left out; `effective_actions` has"
            " what they grant."
        ),
        columns=(
            integer("action_id", "the action", refers="actions"),
            integer("statement_id", "the statement", refers="statements"),
            text(
                "certainty",
                "`yes`, `conditional`, `unsupported` (the action has no such resource), or `no` (a"
                " Deny of the policy removes it)",
            ),
        ),
        key=("action_id", "statement_id"),
        rows=_action_grants,
    ),
)
