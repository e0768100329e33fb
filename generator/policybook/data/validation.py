"""Plain values as the types of the model, with every error.

msgspec converts a file fast, and stops at the first error. For a file that it refuses, and only
then, `jsonschema` finds all errors, by the JSON Schema that msgspec derives from the same type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct

from policybook.errors import Finding, shown
from policybook.model.accounts import AccountFile
from policybook.model.book import BookFile, Group, Guide, SourcesFile
from policybook.model.catalogues import CatalogueFile
from policybook.model.deprecation import SuccessorsFile
from policybook.model.documents import DocumentFile
from policybook.model.kinds import BoundariesFile
from policybook.model.operations import OperationsFile
from policybook.model.policies import PolicyFacts
from policybook.model.risk_rules import RulesFile
from policybook.model.roles import Role, RolesFile

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

T = TypeVar("T")

FILE_TYPES: Mapping[str, type[Struct]] = {
    "policy": PolicyFacts,
    "document": DocumentFile,
    "group": Group,
    "guide": Guide,
    "roles": RolesFile,
    "account": AccountFile,
    "role": Role,
    "rules": RulesFile,
    "boundaries": BoundariesFile,
    "successors": SuccessorsFile,
    "operations": OperationsFile,
    "book": BookFile,
    "sources": SourcesFile,
    "catalogue": CatalogueFile,
}


def typed(value: object, of: type[T]) -> tuple[T | None, tuple[Finding, ...]]:
    """Convert a plain value to a type.

    Args:
        value: Mappings, lists, texts, booleans and None.
        of: The type, one of `FILE_TYPES` or a part of one.

    Returns:
        The converted value and no findings, or None and every error, each once, without a file.
    """
    try:
        return msgspec.convert(value, of, strict=True), ()
    except msgspec.ValidationError as error:
        errors = _validator(of).iter_errors(value)  # type: ignore[arg-type]  # classes are hashable
        found = tuple(dict.fromkeys(finding for e in errors for finding in _findings(e)))
        other = Finding(kind="wrong-type", expected="a valid value", found=str(error))
        return None, found or (other,)


@lru_cache
def _validator(of: type) -> Draft202012Validator:
    # Imported here, since valid data never needs it and the import takes 0.2 s.
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415

    return Draft202012Validator(msgspec.json.schema(of), format_checker=FormatChecker(["date"]))


def _findings(error: ValidationError) -> Iterator[Finding]:
    """One error of `jsonschema` as findings."""
    # The library types these for schemas that are `true` or `false`, which msgspec never writes.
    value: Any = error.instance
    schema: Any = error.schema
    wanted: Any = error.validator_value
    at = tuple(error.absolute_path)
    match error.validator:
        case "anyOf":
            yield from _of_alternatives(error)
        case "required":
            for key in (key for key in wanted if key not in value):
                kind = "no-effect" if key == "Effect" else "missing-key"
                yield Finding(path=at, kind=kind, expected=f"the key {key}", found="none")
        case "additionalProperties":
            keys = schema["properties"]
            expected = f"one of {', '.join(keys)}"
            for key in (key for key in value if key not in keys):
                path = (*at, key)
                yield Finding(path=path, kind="unknown-key", expected=expected, found=repr(key))
        case "minItems":
            expected = "a list with at least one entry"
            yield Finding(path=at, kind="empty", expected=expected, found="an empty list")
        case _:
            if list(error.absolute_schema_path)[-2:-1] == ["propertyNames"]:
                at = (*at, value)
            kind, expected = _words(schema)
            if not isinstance(value, str):
                kind = "wrong-type"
            yield Finding(path=at, kind=kind, expected=expected, found=shown(value))


def _of_alternatives(error: ValidationError) -> Iterator[Finding]:
    """The errors of the one alternative that has the value's own type, or one error for all."""
    alternatives: dict[str | int, list[ValidationError]] = {}
    for inner in error.context or ():
        alternatives.setdefault(inner.relative_schema_path[0], []).append(inner)
    for errors in alternatives.values():
        if not any(inner.validator == "type" and not inner.relative_path for inner in errors):
            for inner in errors:
                yield from _findings(inner)
            return
    schemas: Any = error.validator_value
    options = [_words(schema)[1] for schema in schemas if schema.get("type") != "null"]
    yield Finding(
        path=tuple(error.absolute_path),
        kind="wrong-type",
        expected=" or ".join(options),
        found=shown(error.instance),
    )


_TYPES = {
    "string": "a string",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def _words(schema: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of error, and what is expected, of a value that does not fit the schema."""
    if "x-kind" in schema:
        return schema["x-kind"], schema["x-expected"]
    if "enum" in schema:
        return "wrong-value", f"one of {', '.join(schema['enum'])}"
    if "maxLength" in schema:
        least, most = schema.get("minLength", 0), schema["maxLength"]
        return "wrong-type", f"a string of {least} to {most} characters"
    return "wrong-type", _TYPES[schema.get("type", "object")]  # what is referred to is an object
