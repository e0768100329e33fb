"""Every file of the site except its pages, and the index of the API, which lists them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.book.dependencies import of_policy
from policybook.book.documents import detached, document_file
from policybook.book.site_file import Dependencies, FileFamily, SiteFile, file_family, one_file
from policybook.data.schemas.published import json_schema, schema_file
from policybook.data.validation import FILE_TYPES
from policybook.model.documents import Document
from policybook.output import (
    cards,
    csv_tables,
    list_files,
    policy_table,
    risk_steps,
    well_known,
)
from policybook.output.engine import engine_data, engine_policies
from policybook.output.feeds import feed_files
from policybook.output.json import api
from policybook.output.json.deprecated_results import DeprecatedFile
from policybook.output.json.list_results import index_result
from policybook.output.search_index import finder

_RESULTS = Path(api.__file__).parent


def _schema(context: BookContext, kind: str) -> bytes:
    return schema_file(kind)


def _api_schema(context: BookContext) -> bytes:
    title = "policybook: api/v1/deprecated.json"
    schema = json_schema(DeprecatedFile, title, "api:deprecated", _RESULTS)
    return json.dumps(schema, indent=2).encode() + b"\n"


def _documents(context: BookContext) -> Iterator[SiteFile]:
    for name, policy in context.book.policies.items():
        for version in detached(policy):
            if version.document:
                render = partial(_document, version.document)
                yield SiteFile(document_file(policy, version), render, of_policy(context, name))


def _document(document: Document) -> bytes:
    return msgspec.json.encode(document.source) + b"\n"  # the page indents it


def _index(context: BookContext) -> bytes:
    added = NEW_ACTIONS if context.growth.has_steps else ()
    return api.in_envelope(context, index_result(context, (*LISTED, *added)))


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
    one_file(
        "schemas/api/deprecated.json",
        "JSON Schema of `api/v1/deprecated.json`",
        _api_schema,
        lambda context: Dependencies(()),
    ),
    *feed_files.FILES,
)
"""The files listed in the index of the API, in its order."""

NEW_ACTIONS = (api.NEW_ACTIONS, csv_tables.NEW_ACTIONS, *feed_files.NEW_ACTIONS)
"""The files that are also listed if the data has an older catalogue."""

FILES: tuple[FileFamily, ...] = (
    *LISTED,
    *NEW_ACTIONS,
    one_file(f"{API_ROOT}index.json", "", _index),
    FileFamily("policies/{name}/{version}.json", "", _documents),
    *list_files.FILES,
    *risk_steps.FILES,
    *finder.FILES,
    *engine_data.FILES,
    *engine_policies.FILES,
    *cards.FILES,
    *well_known.FILES,
)


def site_files(context: BookContext) -> Iterator[SiteFile]:
    """Yield every file of the site except its pages."""
    for family in FILES:
        yield from family.files(context)
