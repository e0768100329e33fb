"""Every file of the site except its pages, and the index of the API, which lists them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies, FileFamily, SiteFile, file_family, one_file
from policybook.data.schemas.published import schema_file
from policybook.data.validation import FILE_TYPES
from policybook.output import (
    cards,
    csv_tables,
    list_files,
    policy_table,
    risk_steps,
    well_known,
)
from policybook.output.database.published import DATA_ROOT
from policybook.output.database.published import KINDS as DATA_KINDS
from policybook.output.engine import engine_data, engine_policies
from policybook.output.feeds import feed_files
from policybook.output.json import api, schemas
from policybook.output.json.list_results import index_result
from policybook.output.search_index import finder


def _schema(context: BookContext, kind: str) -> bytes:
    return schema_file(kind)


def _api_schema(context: BookContext, name: str) -> bytes:
    return _indented(schemas.file_schema(schemas.described(API)[name]))


def _openapi(context: BookContext) -> bytes:
    return _indented(schemas.openapi(context, _present(context)))


def _present(context: BookContext) -> tuple[FileFamily, ...]:
    """The families below `api/v1/` of which the site of a book has a file."""
    of_api = (family for family in API if family.path.startswith(API_ROOT))
    return tuple(family for family in of_api if next(family.files(context), None))


def _indented(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


def _index(context: BookContext) -> bytes:
    return api.in_envelope(context, index_result(context, listed(context)))


LISTED: tuple[FileFamily, ...] = (
    *api.FILES,
    *csv_tables.FILES,
    *policy_table.FILES,
    file_family(
        "schemas/{kind}.json",
        "JSON Schema of the data's YAML files",
        lambda context: FILE_TYPES,
        _schema,
        lambda context, kind: Dependencies(()),
    ),
    file_family(
        "schemas/api/{kind}.json",
        "JSON Schema of the JSON files of the API",
        lambda context: schemas.described(_present(context)),
        _api_schema,
        lambda context, kind: Dependencies(()),
    ),
    one_file(
        f"{API_ROOT}openapi.json",
        "description of `api/v1/` as OpenAPI 3.1",
        _openapi,
    ),
    *feed_files.FILES,
)
"""The files listed in the index of the API, in its order."""

NEW_ACTIONS = (api.NEW_ACTIONS, csv_tables.NEW_ACTIONS, *feed_files.NEW_ACTIONS)
"""The files that are also listed if the data has an older catalogue."""

DATA = tuple(
    FileFamily(f"{DATA_ROOT}{kind.path}", kind.title, lambda context: iter(()))
    for kind in DATA_KINDS
)
"""The files that are also listed if the site has the whole book as data; `build` makes them."""

INDEX = one_file(f"{API_ROOT}index.json", "", _index, result=index_result)

API: tuple[FileFamily, ...] = (INDEX, *LISTED, *NEW_ACTIONS)
"""The files that are described as OpenAPI and by schemas, as far as they are below `api/v1/`."""

FILES: tuple[FileFamily, ...] = (
    *LISTED,
    *NEW_ACTIONS,
    INDEX,
    *list_files.FILES,
    *risk_steps.FILES,
    *finder.FILES,
    *engine_data.FILES,
    *engine_policies.FILES,
    *cards.FILES,
    *well_known.FILES,
)


def listed(context: BookContext) -> tuple[FileFamily, ...]:
    """The families of files for programs that the site of a book has, in order."""
    own = (f for f in LISTED if f is not api.DOCUMENTS or next(f.files(context), None))
    added = NEW_ACTIONS if context.growth.has_steps else ()
    data = DATA if context.has_database else ()
    return (*own, *added, *data)


def site_files(context: BookContext) -> Iterator[SiteFile]:
    """Yield every file of the site except its pages."""
    for family in FILES:
        yield from family.files(context)
