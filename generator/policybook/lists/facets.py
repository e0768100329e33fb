"""Facets that several lists have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policybook.book.context import BookContext
from policybook.lists.table import Facet
from policybook.model.deprecation import STATES
from policybook.wording import label

CONDITION_LABELS = {
    "none": "no conditions",
    "some": "some statements",
    "all": "every statement",
}
"""How many of some statements have a condition."""


def state_facet() -> Facet:
    """Whether policies are deprecated."""
    return Facet("state", "Deprecated", labels={state: label(state, "state") for state in STATES})


def risk_facet(context: BookContext) -> Facet:
    """The risk rules of the book."""
    rules = context.book.rules.values()
    return Facet("risk", "Risk", labels={rule.id: rule.title for rule in rules})


def service_facet(context: BookContext, prefixes: Iterable[str], every: str = "") -> Facet:
    """Service prefixes with the services' names; `every` is the label of `*`, all services."""
    names = {prefix: context.catalogue.name(prefix) or "" for prefix in sorted(set(prefixes))}
    return Facet("service", "Service", "services", {**names, **({"*": every} if every else {})})


def years(days: Iterable[object]) -> Mapping[str, str]:
    """The years of days, newest first, as choices of a facet."""
    return dict.fromkeys(sorted({year for day in days if (year := _year(day))}, reverse=True), "")


def _year(day: object) -> str:
    (text,) = day if isinstance(day, tuple) and day else (day,)
    return str(text)[:4] if text else ""
