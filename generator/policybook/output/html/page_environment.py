"""What the templates of all pages know, whichever page is rendered."""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined

from policybook.analysis.attached import LEVEL_WEIGHTS, RISK_WEIGHTS
from policybook.book import addresses, limits
from policybook.book.context import BookContext
from policybook.catalogue.services import LEVELS
from policybook.lists.packing import packed_facets
from policybook.output.html.own import Own
from policybook.output.html.plain_markup import PLAIN_FILTERS, unbroken_days
from policybook.output.html.templating import TemplateEnvironment, bytecode_cache
from policybook.wording import day


def page_environment(templates: Path, context: BookContext, own: Own) -> TemplateEnvironment:
    """Create the environment of the pages' templates.

    Args:
        templates: The folder of the templates.
        context: The book.
        own: What the book has of its own.
    """
    environment = TemplateEnvironment(
        loader=FileSystemLoader([templates / "html", *own.folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=bytecode_cache(),
    )
    environment.globals.update(
        addresses=addresses,
        catalogue_date=unbroken_days(day(context.catalogue.date)),
        limits=limits,
        level_weights=LEVEL_WEIGHTS,
        risk_weights=RISK_WEIGHTS,
        most_rows=limits.EVIDENCE_ROWS,
        most_names=limits.EVIDENCE_NAMES,
        levels=LEVELS,
        has_new_actions=context.growth.has_steps,
        packed_facets=packed_facets,
        _=own.labels.html,
        _text=own.labels.text,
    )
    environment.filters.update(PLAIN_FILTERS)
    return environment
