"""JSON Schemas of the API's files, and its description as OpenAPI, from the declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

from policybook import __version__, analysis, model
from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.book.site_file import FileFamily
from policybook.data.schemas.published import json_schema, published_schema
from policybook.output.json.results import Envelope

SOURCES = tuple(
    Path(found).parent for found in (__file__, str(analysis.__file__), str(model.__file__))
)
"""The packages with the types of results, whose docstrings are the descriptions."""

_VARIABLE = re.compile(r"\{(\w+)\}")
_VARIABLES: Mapping[str, str] = {
    "name": "the name of a policy",
    "prefix": "a service prefix, such as `s3`",
    "role": "the name of a role as in the address of its page",
    "rule": "the id of a risk rule",
    "year": "a year with changes, such as `2024`",
}
_CONTENT = {".json": "application/json", ".csv": "text/csv"}


def described(families: Iterable[FileFamily]) -> Mapping[str, FileFamily]:
    """The families whose results have a type, by the name of their schema.

    It is `policies-name` for `api/v1/policies/{name}.json`.
    """
    return {schema_name(family.path): family for family in families if family.result}


def schema_name(path: str) -> str:
    """The name of the schema of a family, by its path."""
    inner = path.removeprefix(API_ROOT).removesuffix(".json")
    return _VARIABLE.sub(r"\1", inner).replace("/", "-")


def file_schema(family: FileFamily) -> Mapping[str, Any]:
    """The JSON Schema (draft 2020-12) of a file of the family, in its envelope."""
    title, name = f"policybook: {family.path}", f"api:{schema_name(family.path)}"
    return json_schema(_file_type(family), title, name, *SOURCES)


def openapi(context: BookContext, families: Iterable[FileFamily]) -> Mapping[str, Any]:
    """The description of the API as OpenAPI 3.1.

    Args:
        context: The book.
        families: The families of files; those outside `api/v1/` are left out.
    """
    of_api = [family for family in families if family.path.startswith(API_ROOT)]
    types = [_file_type(family) for family in of_api if family.result]
    template = "#/components/schemas/{name}"
    schemas, components = msgspec.json.schema_components(types, ref_template=template)
    refs = iter(schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{context.book.facts.title}: JSON and tables",
            "version": __version__,
            "description": (
                "Files below the root of the site, which any HTTP client can fetch. Every JSON file"
                " has the same envelope."
            ),
        },
        "servers": [{"url": "../../", "description": "the root of the site"}],
        "paths": {
            f"/{family.path}": {"get": _get(family, next(refs) if family.result else None)}
            for family in of_api
        },
        "components": {"schemas": published_schema(components, *SOURCES)},
    }


def _get(family: FileFamily, schema: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What GET of a family's files returns; without a schema it is text."""
    content = _CONTENT[family.path[family.path.rindex(".") :]]
    shown = schema or ({} if content == "application/json" else {"type": "string"})
    variables = _VARIABLE.findall(family.path)
    found = {"200": {"description": family.title, "content": {content: {"schema": shown}}}}
    missing = {"404": {"description": "the site has no such file"}} if variables else {}
    return {
        "operationId": f"get{_camel_case(family.path.removeprefix(API_ROOT))}",
        "summary": family.title,
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": _VARIABLES[name],
                "schema": {"type": "string"},
            }
            for name in variables
        ],
        "responses": {**found, **missing},
    }


def _file_type(family: FileFamily) -> type[Struct]:
    """The envelope with the type of the family's result."""
    result = get_type_hints(family.result)["return"]
    return msgspec.defstruct(
        f"{_camel_case(schema_name(family.path))}File",
        [("result", result)],
        bases=(Envelope,),
        frozen=True,
    )


def _camel_case(text: str) -> str:
    return "".join(word.capitalize() for word in re.findall(r"[a-z0-9]+", text))
