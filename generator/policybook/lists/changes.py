"""The lists of events, and of what versions removed."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.book import addresses
from policybook.book.change_lines import NOTES, ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.removals import WAY_TITLES, RemovalEntry, RemovedPart
from policybook.catalogue.services import LEVELS
from policybook.lists.cells import some
from policybook.lists.facets import service_facet, years
from policybook.lists.table import Facet, LinkCell, ListColumn, ListRow, ListTable
from policybook.model.changes import WITH_EFFECT, WITHOUT_EFFECT

VERDICTS = (*WITH_EFFECT, *reversed(WITHOUT_EFFECT))
OTHERS = ("first", "dated", "guide", "rollback", "deprecated", "tracking")

_RESULTS = {
    "lost": "permissions lost",
    "gained": "permissions gained",
    **{verdict: verdict for verdict in VERDICTS},
    **{kind: NOTES[kind] for kind in (*OTHERS, "recreated")},
}
_EFFECT_LABELS = {"yes": "changes", "no": "reissued without change"}
_RETURNED_LABELS = {"no": "not restored", "yes": "restored later"}


# --- events ---------------------------------------------------------------------------------------


def changes_list(context: BookContext) -> ListTable:
    """All events, newest first; versions reissued without change only if they are asked for."""
    lines = context.events.lines()
    return ListTable(
        name="changes",
        title="Changes",
        noun="event",
        columns=(
            ListColumn("title", "Version", "link"),
            ListColumn("day", "Day and result", "verdict"),
            ListColumn("gained", "Gained", "number", about="Grants that the version gained"),
            ListColumn("lost", "Lost", "number", about="Grants that the version lost"),
            ListColumn("services", "Services", "codes"),
            ListColumn("note", "Note", "name"),
        ),
        facets=(
            Facet("since", "In the last", "since"),
            service_facet(context, _services(lines), "all services"),
            Facet("verdict", "Result", labels=_RESULTS),
            Facet("level", "Access level", labels=dict.fromkeys(LEVELS, "")),
            Facet("year", "Year", labels=years(line.day for line in lines)),
            Facet("effect", "Show", labels=_EFFECT_LABELS, default="yes"),
        ),
        rows=tuple(map(_event, lines)),
        table="api/v1/changes.csv",
        plain=tuple(LinkCell(str(year), addresses.year(year)) for year in context.events.years()),
    )


def _services(lines: Sequence[ChangeLine]) -> set[str]:
    return {service for line in lines for service in line.touched.services} - {"*"}


def _event(line: ChangeLine) -> ListRow:
    services = line.touched.services
    shown = tuple("all services" if service == "*" else service for service in services)
    return ListRow(
        cells=(
            LinkCell(line.title, line.target),
            LinkCell(str(line.day), None, line.verdict or ""),
            line.gained or None,
            line.lost or None,
            some(shown),
            line.note,
        ),
        facets=(
            line.day,
            tuple((service, 0) for service in services),
            _results(line),
            line.touched.levels,
            (str(line.day.year),),
            ("no" if line.without_effect else "yes",),
        ),
    )


def _results(line: ChangeLine) -> tuple[str, ...]:
    """The keys of `_RESULTS` that an event has."""
    found = {
        "lost": line.lost,
        "gained": line.gained,
        line.verdict: True,
        line.kind: line.kind != "version",
    }
    return tuple(result for result in _RESULTS if found.get(result))


# --- removals -------------------------------------------------------------------------------------


def removals_list(context: BookContext) -> ListTable:
    """Every removal, newest first: a row for each service and kind of a version."""
    entries = context.removals.all_entries()
    found = [(entry, part) for entry in entries for part in entry.parts]
    return ListTable(
        name="removals",
        title="Removals",
        noun="removal",
        columns=(
            ListColumn("title", "Version", "link"),
            ListColumn("day", "Day", "day"),
            ListColumn("kind", "Kind", "name"),
            ListColumn("service", "Service", "codes"),
            ListColumn("actions", "Actions", "codes"),
            ListColumn("restored", "Restored by", "link"),
        ),
        facets=(
            Facet("since", "In the last", "since"),
            service_facet(context, {part.prefix for _, part in found} - {"*"}, "all services"),
            Facet("kind", "Kind", labels=WAY_TITLES),
            Facet("returned", "Restored", labels=_RETURNED_LABELS),
            Facet("year", "Year", labels=years(entry.day for entry in entries)),
        ),
        rows=tuple(_removal(context, entry, part) for entry, part in found),
        table="api/v1/removals.csv",
    )


def _removal(context: BookContext, entry: RemovalEntry, part: RemovedPart) -> ListRow:
    back = addresses.policy(entry.policy, part.returned)
    actions = tuple(dict.fromkeys(text for row in part.rows for text in row.actions))
    service = "all services" if part.prefix == "*" else part.prefix
    return ListRow(
        cells=(
            LinkCell(entry.title, context.removals.place(entry)),
            entry.day,
            part.title,
            (service,),
            some(actions),
            LinkCell(part.returned_title, back) if part.returned else None,
        ),
        facets=(
            entry.day,
            ((part.prefix, 0),),
            (part.way,),
            ("yes" if part.returned else "no",),
            (str(entry.day.year),) if entry.day else (),
        ),
        anchors=(entry.anchor,),
    )
