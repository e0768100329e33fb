"""The tables of changes, with their evidence, and of what was removed."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.analysis.evidence import EvidenceRow
from policybook.analysis.timeline import Transition
from policybook.book.context import BookContext
from policybook.model.changes import in_newer
from policybook.output.database.declarations import (
    DatabaseRow,
    DataTable,
    as_json,
    boolean,
    date,
    integer,
    json,
    number,
    text,
)
from policybook.output.database.numbers import Numbers
from policybook.output.json.change_results import removals_result, transition_result
from policybook.output.json.conditions import condition_block
from policybook.output.json.evidence_results import group_results


def _transitions(context: BookContext) -> Iterator[Transition]:
    for history in context.index.histories.values():
        yield from history


def _changes(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for transition in _transitions(context):
        name, found = transition.policy, transition_result(context, transition)
        yield (
            numbers.changes[name, transition.key],
            numbers.policies[name],
            transition.key,
            found.kind,
            found.day,
            numbers.versions[name, transition.version.key],
            numbers.version(name, found.compared_with),
            found.verdict,
            found.headline,
            found.text,
            as_json(found.undecided),
            as_json(found.missing),
            as_json(found.services),
            as_json(found.levels),
        )


def _evidence(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    place = 0
    for transition in _transitions(context):
        change = numbers.changes[transition.policy, transition.key]
        gained, lost = context.events.rows(transition)
        for sign, rows in (("gained", gained), ("lost", lost)):
            for row in rows:
                place += 1
                yield (place, change, sign, *_parts(row, gained=sign == "gained"))


def _parts(row: EvidenceRow, *, gained: bool) -> DatabaseRow:
    return (
        row.kind,
        row.effect,
        as_json(row.actions),
        row.negated,
        as_json(row.resources.patterns),
        row.resources.negated,
        as_json(condition_block(row.condition)) if row.condition else None,
        in_newer(row.kind, gained=gained),
        as_json(group_results(row.other)) if row.other else None,
        as_json(group_results(row.kept)) if row.kept else None,
    )


def _removals(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for place, found in enumerate(removals_result(context), 1):
        yield (
            place,
            numbers.changes[found.policy, found.key],
            numbers.policies[found.policy],
            found.kind,
            found.service,
            found.day,
            numbers.versions[found.policy, found.before],
            numbers.versions[found.policy, found.version],
            found.restored_by,
            as_json([{name: getattr(row, name) for name in _LOST} for row in found.lost]),
            as_json(found.enumerations),
        )


_LOST = ("kind", "effect", "actions", "not_actions", "resources", "not_resources", "condition")

TABLES = (
    DataTable(
        name="changes",
        text="Every version and rollback of each policy, newest first, with what it changed.",
        columns=(
            number("changes"),
            integer("policy_id", "the policy", refers="policies"),
            text("key", "the key of the version or rollback, unique within the policy"),
            text("kind", "`version`, `rollback`, `first`, `dated`, `recreated` or `guide`"),
            date("day", "the day of the change"),
            integer("version_id", "the version that it leads to", refers="versions"),
            integer("compared_with", "the version before", refers="versions", optional=True),
            text("verdict", "the verdict; null without a comparison", optional=True),
            text("headline", "what it did, in a line, or empty"),
            text("note", "what AWS says about it, or empty"),
            json("undecided", "why grants could not be compared"),
            json("missing", "the version numbers missing between the two versions"),
            json("services", "the service prefixes of its grants"),
            json("levels", "the access levels of its grants"),
        ),
        unique=(("policy_id", "key"),),
        indexes=(("day",),),
        rows=_changes,
    ),
    DataTable(
        name="change_evidence",
        text="What each change gained and lost: grants with the same resources and condition.",
        columns=(
            number("change_evidence"),
            integer("change_id", "the change", refers="changes"),
            text("sign", "`gained` or `lost`"),
            text("kind", "the part that differs: `action`, `resource`, `condition` or `deny`"),
            text("effect", "`Allow` or `Deny`"),
            json("actions", "the action patterns"),
            boolean("not_actions", "whether it is about all actions except `actions`"),
            json("resources", "the resource patterns"),
            boolean("not_resources", "whether it is about all resources except `resources`"),
            json("condition", "the condition block, values always as lists", optional=True),
            boolean(
                "in_newer",
                "whether the newer document has these grants, so that the older one has `other`;"
                " else the other way round",
            ),
            json("other", "what the other document grants of the same, as grants", optional=True),
            json("kept", "what both documents grant of it, as grants", optional=True),
        ),
        indexes=(("change_id",),),
        rows=_evidence,
    ),
    DataTable(
        name="removals",
        text="Permissions of one service that a change removed, all of one kind.",
        columns=(
            number("removals"),
            integer("change_id", "the change", refers="changes"),
            integer("policy_id", "the policy", refers="policies"),
            text("kind", "the kind of removal, as in the API"),
            text("service", "the service prefix; `*` for all services"),
            date("day", "the day of the removal"),
            integer("before_id", "the version that had the permissions", refers="versions"),
            integer("version_id", "the version that lacks them", refers="versions"),
            text("restored_by", "the key of the change that restored all of it", optional=True),
            json("lost", "the lost grants"),
            json("enumerations", "lost wildcards that were replaced by lists"),
        ),
        indexes=(("service",), ("policy_id",)),
        rows=_removals,
    ),
)
