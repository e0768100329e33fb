"""Plain values as the types of the model, with every error.

msgspec converts a file fast, and stops at the first error. For a file that it refuses, and only
then, `jsonschema` finds all errors, by the JSON Schema that msgspec derives from the same type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct

from policybook.data.remedies import as_form, as_list, as_mapping, as_text, near
from policybook.errors import Finding, KeyPath, shown
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
        return None, _without_misspelt(found) or (other,)


@lru_cache
def _validator(of: type) -> Draft202012Validator:
    # Imported here, since valid data never needs it and the import takes 0.2 s.
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415  # seldom needed

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
            yield from _unknown_keys(at, value, schema["properties"])
        case "minItems":
            expected = "a list with at least one entry"
            yield Finding(path=at, kind="empty", expected=expected, found="an empty list")
        case _:
            if list(error.absolute_schema_path)[-2:-1] == ["propertyNames"]:
                at = (*at, value)
            yield _wrong_value(at, value, schema)


def _unknown_keys(
    at: KeyPath, value: Mapping[str, Any], keys: Mapping[str, Any]
) -> Iterator[Finding]:
    expected = f"one of {', '.join(keys)}"
    for key in (key for key in value if key not in keys):
        yield Finding(
            path=(*at, key),
            kind="unknown-key",
            expected=expected,
            found=repr(key),
            hint=near(key, [name for name in keys if name not in value]),
        )


def _wrong_value(at: KeyPath, value: Any, schema: Mapping[str, Any]) -> Finding:
    kind, expected = _words(schema, value)
    found = shown(value)
    if not isinstance(value, str):
        kind = "wrong-type"
    return Finding(
        path=at, kind=kind, expected=expected, found=found, hint=_remedy(at, kind, value, schema)
    )


def _remedy(at: KeyPath, kind: str, value: Any, schema: Mapping[str, Any]) -> str:
    """What a value was most likely meant to be, that does not fit the schema; or ""."""
    if "enum" in schema:
        return near(value, schema["enum"])
    match schema.get("type", "string" if "x-kind" in schema else "object"):
        case "array":
            return as_list(value, schema["items"].get("type") == "string")
        case "object" if at[-2:-1] == ("Condition",):
            return "put the key below an operator such as StringEquals"
        case "object":
            return as_mapping(value, schema.get("properties", ()), schema.get("required", ()))
        case "null":
            return ""
    if isinstance(value, str):
        return as_form(kind, value, schema.get("pattern", ""))
    return as_text(value)


def _without_misspelt(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings without those about a key that is missing because it is misspelt."""
    misspelt = {(f.path[:-1], f.hint) for f in found if f.kind == "unknown-key"}

    def is_misspelt(finding: Finding) -> bool:
        name = finding.expected.removeprefix("the key ")
        return (finding.path, f"did you mean {name}?") in misspelt

    return tuple(finding for finding in found if not is_misspelt(finding))


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
    options = [
        _words(schema, error.instance)[1] for schema in schemas if schema.get("type") != "null"
    ]
    at = tuple(error.absolute_path)
    fitting: Any = [inner.schema for errors in alternatives.values() for inner in errors]
    remedies = (_remedy(at, "wrong-type", error.instance, schema) for schema in fitting)
    yield Finding(
        path=at,
        kind="wrong-type",
        expected=" or ".join(options),
        found=shown(error.instance),
        hint=next(filter(None, remedies), ""),
    )


_TYPES = {
    "string": "a string",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def _words(schema: Mapping[str, Any], value: Any) -> tuple[str, str]:
    """The kind of error, and what is expected, of a value that does not fit the schema."""
    if "x-kind" in schema:
        return schema["x-kind"], schema["x-expected"]
    if "enum" in schema:
        return "wrong-value", f"one of {', '.join(schema['enum'])}"
    if "maxLength" in schema and isinstance(value, str):
        least, most = schema.get("minLength", 0), schema["maxLength"]
        return "wrong-type", f"a string of {least} to {most} characters"
    return "wrong-type", _TYPES[schema.get("type", "object")]  # what is referred to is an object
