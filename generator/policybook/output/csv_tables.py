"""Tables for spreadsheets; the first row has the names of the columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from policybook.analysis.catalogue_growth import CatalogueStep
from policybook.analysis.since import Start
from policybook.book.addresses import API_ROOT
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.dependencies import of_rule, of_service
from policybook.book.facts.actions import GrantRow
from policybook.book.facts.levels import is_on_any
from policybook.book.prose.policy_sentence import plain
from policybook.book.site_file import FileFamily, file_family, one_file
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.catalogue.services import LEVELS
from policybook.output.csv_risks import passrole, risks, rule
from policybook.output.csv_text import Row, condition_text, pair, text_of, value_text
from policybook.output.json.conditions import condition_block


def policies(context: BookContext) -> Iterator[Row]:
    """Yield a row for each policy, with the number of its effective actions by access level.

    The last columns are the number of wildcard patterns that match no action, the last change with
    an effect, empty if none is known, and a sentence about what the policy does.
    """
    levels = (*LEVELS, UNCATALOGUED)
    facts = ("name", "arn", "type", "version", "updated", "services", "verdict", "state")
    changed = ("changed_by", "changed", "changed_verdict")
    yield (*facts, *levels, "unmatched patterns", *changed, "sentence")
    for name, policy in context.book.policies.items():
        line = context.policy_lines.of(name)
        counts = {level.name: level.count for level in line.levels}
        last = line.last.effective
        yield (
            name,
            policy.facts.arn,
            line.type,
            line.version,
            line.updated,
            "all" if line.everything else line.services,
            line.verdict,
            line.state,
            *(counts.get(level, 0) for level in levels),
            line.unmatched,
            *((last.key, last.day, last.verdict) if last else ("", "", "")),
            plain(line.sentence),
        )


def statements(context: BookContext) -> Iterator[Row]:
    """Yield a row for each statement of a current document of a policy that grants something.

    Of `action` and `not_action` one is empty, and of `resource` and `not_resource`.
    """
    facts = ("policy", "version", "statement", "sid", "effect")
    yield (*facts, "action", "not_action", "resource", "not_resource", "condition")
    for name, policy in context.book.granting.items():
        current = policy.current
        for s in current.document.statements if current and current.document else ():
            yield (
                name,
                current.key if current else "",
                s.number,
                s.sid,
                s.effect,
                *pair(s.actions.patterns, s.actions.negated),
                *pair(s.resources.patterns, s.resources.negated),
                condition_text(s.condition and condition_block(s.condition)),
            )


def conditions(context: BookContext) -> Iterator[Row]:
    """Yield a row for each clause of a condition, by key; the values are a JSON list."""
    yield ("key", "operator", "values", "policy", "statement", "effect")
    for uses in context.index.conditions.values():
        for use in uses:
            clause = use.clause
            values = msgspec.json.encode(clause.values).decode()
            yield clause.key, clause.operator, values, use.policy, use.statement, use.effect


def changes(context: BookContext, lines: Iterable[ChangeLine] | None = None) -> Iterator[Row]:
    """Yield a row for each event, with the numbers of gained and lost grants.

    Args:
        context: The book.
        lines: The events to list. Default: all.
    """
    facts = ("day", "kind", "policy", "key", "compared_with", "verdict", "gained", "lost")
    yield (*facts, "services", "levels", "text")
    for line in context.events.lines() if lines is None else lines:
        about = line.touched
        yield (
            line.day,
            line.kind,
            line.policy,
            line.key,
            line.against,
            line.verdict,
            line.gained,
            line.lost,
            " ".join(about.services),
            ", ".join(about.levels),
            line.text,
        )


def removals(context: BookContext) -> Iterator[Row]:
    """Yield a row for each grant that was removed, with the two versions that were compared."""
    facts = ("day", "policy", "before", "version", "kind", "service", "restored_by", "part")
    yield (*facts, "effect", "action", "not_action", "resource", "not_resource", "condition")
    for name in context.book.policies:
        for found in context.removals.of(name):
            versions = (found.before, found.key)
            what = (found.day, name, *versions, found.way, found.prefix, found.returned)
            for evidence in found.evidence:
                grant = evidence.grant
                yield (
                    *what,
                    evidence.kind,
                    grant.effect,
                    *pair(grant.action.patterns, grant.action.negated),
                    *pair(grant.resource.patterns, grant.resource.negated),
                    condition_text(grant.condition and condition_block(grant.condition)),
                )


def actions(context: BookContext, prefix: str) -> Iterator[Row]:
    """Yield the rows of a service: one for each statement and the actions that it grants alike.

    They are of one access level, and the statement grants them through the same wildcards, with the
    same certainty, since the same version. Rows are sorted by policy and statement. Of a policy
    whose statements cover all services only the most certain grant of each action counts;
    `all_services` marks it. Actions that no statement grants have rows without a policy at the end.
    The table of statements has the resources and conditions.

    Args:
        context: The book.
        prefix: The service prefix.
    """
    yield ("actions", "level", "policy", "statement", "wildcards", "by_name", *_GRANT_COLUMNS)
    found = context.actions.granted(prefix)
    alike: dict[tuple[GrantRow | None, str], list[str]] = defaultdict(list)
    of_all: set[GrantRow] = set()
    for line in context.services.action_lines(prefix):
        rows = [grant.row for grant in found.get(line.full.lower(), ())]
        every = context.actions.granted_by_all(line.full)
        of_all.update(every)
        for row in (*rows, *every) or (None,):
            alike[row, line.level].append(line.full)
    for row, level in sorted(alike, key=_place):
        columns = _row_columns(row, row in of_all) if row else [""] * (4 + len(_GRANT_COLUMNS))
        yield (" ".join(alike[row, level]), level, *columns)


_SINCE_COLUMNS = ("since", "since_day", "first_seen")
_FORM_COLUMNS = ("in_form_since", "in_form_since_day", "in_form_first_seen")
_STATEMENT_COLUMNS = ("every_resource", "condition", "certainty", "all_services")
_GRANT_COLUMNS = (*_STATEMENT_COLUMNS, *_SINCE_COLUMNS, *_FORM_COLUMNS)


def _place(alike: tuple[GrantRow | None, str]) -> tuple[bool, str, int]:
    """Where the rows of a statement are; those of no statement come last."""
    row = alike[0]
    return (False, row.use.policy, row.use.statement) if row else (True, "", 0)


def _row_columns(row: GrantRow, of_all: bool) -> Row:
    return (
        row.use.policy,
        row.use.statement,
        " ".join(row.patterns) or ("NotAction" if row.use.actions.negated else ""),
        "yes" if row.by_name else "no",
        "yes" if is_on_any(row.use) else "no",
        ", ".join(row.strengths),
        row.certainty,
        "yes" if of_all else "no",
        *_start_columns(row.since),
        *_start_columns(row.in_form_since),
    )


def _start_columns(start: Start | None) -> Row:
    return (start.key, start.day, "yes" if start.first_seen else "no") if start else ("", "", "")


def steps(found: Iterable[CatalogueStep]) -> Iterator[Row]:
    """Yield a row for each added and removed action and each pattern that gained or lost it.

    An action that no pattern with a wildcard grants has one row without a policy.
    """
    yield ("before", "after", "change", "action", "level", *_GROWTH_COLUMNS)
    for step in found:
        gaining = _patterns(step)
        for service in step.services:
            for change, actions in (("added", service.added), ("gone", service.gone)):
                for known in actions:
                    facts = (step.before.date, step.after.date, change, known.name, known.level)
                    for row in gaining[change, known.name] or [("",) * len(_GROWTH_COLUMNS)]:
                        yield (*facts, *row)


def _patterns(step: CatalogueStep) -> Mapping[tuple[str, str], list[Row]]:
    """The columns about each pattern that gained or lost an action, by change and action."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for policy in step.policies:
        facts = (policy.policy, policy.version, policy.day, "yes" if policy.older else "no")
        for growth in policy.patterns:
            named = (growth.pattern, " ".join(map(value_text, growth.not_action or ())))
            for change, actions in (("added", growth.added), ("gone", growth.gone)):
                for known in actions:
                    found[change, known.name].append((*facts, growth.statement, *named))
    return found


_GROWTH_COLUMNS = ("policy", "version", "day", "older", "statement", "pattern", "not_action")


# --- the files ------------------------------------------------------------------------------------


def _one(
    name: str,
    title: str,
    rows: Callable[[BookContext], Iterator[Row]],
    present: Callable[[BookContext], bool] = lambda context: True,
) -> FileFamily:
    def render(context: BookContext) -> bytes:
        return text_of(rows(context)).encode()

    return one_file(f"{API_ROOT}{name}.csv", title, render, present=present)


def _actions_file(context: BookContext, prefix: str) -> bytes:
    return text_of(actions(context, prefix)).encode()


def _rule_file(context: BookContext, name: str) -> bytes:
    return text_of(rule(context, name)).encode()


FILES = (
    _one("policies", "all policies as a table", policies),
    _one("statements", "all statements of current documents as a table", statements),
    _one("conditions", "all clauses of conditions as a table", conditions),
    _one("changes", "all changes as a table", changes),
    _one("removals", "every grant that was removed as a table", removals),
    _one("risks", "each policy and each risk rule that it matches as a table", risks),
    file_family(
        f"{API_ROOT}risks/{{rule}}.csv",
        "the policies that allow steps of a risk rule as a table",
        lambda context: context.book.rules,
        _rule_file,
        of_rule,
    ),
    _one("passrole", "statements that allow passing roles as a table", passrole),
    file_family(
        f"{API_ROOT}actions/{{prefix}}.csv",
        "the statements that grant a service's actions as a table",
        lambda context: context.services.prefixes(),
        _actions_file,
        of_service,
    ),
)

NEW_ACTIONS = _one(
    "new-actions",
    "each action that AWS added or removed, with the patterns that match it, as a table",
    lambda context: steps(context.growth.steps()),
    lambda context: context.growth.has_steps,
)
