"""The model as a format: every fault of a value beside a type, and JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Struct, inspect

from policybook.errors import KeyPath, shown
from policybook.model.book import BookFile, Group, Guide, RolesFile
from policybook.model.documents import DocumentFile
from policybook.model.policies import PolicyFacts
from policybook.model.risk_rules import RulesFile

T = TypeVar("T")

FILE_TYPES: Mapping[str, type[Struct]] = {
    "policy": PolicyFacts,
    "document": DocumentFile,
    "group": Group,
    "guide": Guide,
    "roles": RolesFile,
    "rules": RulesFile,
    "book": BookFile,
}


class Fault(Struct, frozen=True):
    """A value that its type does not allow: where, of which kind, and in words."""

    path: KeyPath
    kind: str
    expected: str
    found: str


def typed(value: object, of: type[T]) -> tuple[T | None, tuple[Fault, ...]]:
    """The plain value (mappings, lists, texts, booleans, None) as the type, or all its faults."""
    try:
        return msgspec.convert(value, of, strict=True), ()
    except msgspec.ValidationError as error:
        shape = _shape(of)  # type: ignore[arg-type]  # classes are hashable
        found = tuple(_faults(value, shape, (), {}))
        return None, found or (Fault((), "wrong-type", "a valid value", str(error)),)


def json_schema(of: type[Struct], title: str) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) for a file of that type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **msgspec.json.schema(of),
    }


@lru_cache
def _shape(of: Any) -> inspect.Type:
    return inspect.type_info(of)


def _faults(
    value: object, shape: inspect.Type, path: KeyPath, extra: Mapping[str, str]
) -> Iterator[Fault]:
    match shape:
        case inspect.Metadata():
            yield from _faults(value, shape.type, path, shape.extra or {})
        case inspect.AnyType():
            return
        case inspect.UnionType():
            yield from _of_union(value, shape, path, extra)
        case inspect.StructType():
            yield from _of_struct(value, shape, path)
        case inspect.DictType() if isinstance(value, dict):
            for key, inner in value.items():
                yield from _faults(key, shape.key_type, (*path, key), {})
                yield from _faults(inner, shape.value_type, (*path, key), {})
        case inspect.VarTupleType() if isinstance(value, list):
            if len(value) < (shape.min_length or 0):
                yield Fault(path, "empty", "a list of at least one", "an empty one")
            for place, inner in enumerate(value):
                yield from _faults(inner, shape.item_type, (*path, place), {})
        case _:
            yield from _of_scalar(value, shape, path, extra)


def _of_struct(value: object, shape: inspect.StructType, path: KeyPath) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(path, "wrong-type", "a mapping", shown(value))
        return
    fields = {field.encode_name: field for field in shape.fields}
    for key, inner in value.items():
        if key in fields:
            yield from _faults(inner, fields[key].type, (*path, key), {})
        else:
            yield Fault((*path, key), "unknown-key", f"one of {', '.join(fields)}", repr(key))
    for key, field in fields.items():
        if field.required and key not in value:
            kind = "no-effect" if key == "Effect" else "missing-key"
            yield Fault(path, kind, f"the key {key}", "none")


def _of_union(
    value: object, shape: inspect.UnionType, path: KeyPath, extra: Mapping[str, str]
) -> Iterator[Fault]:
    """The faults beside the one alternative that has the value's form, or one for them all."""
    if value is None and any(isinstance(t, inspect.NoneType) for t in shape.types):
        return
    for option in shape.types:
        if _form(option) is type(value):
            yield from _faults(value, option, path, extra)
            return
    options = " or ".join(
        _in_words(t, extra)[1] for t in shape.types if not isinstance(t, inspect.NoneType)
    )
    yield Fault(path, "wrong-type", options, shown(value))


def _form(shape: inspect.Type) -> type:
    match shape:
        case inspect.Metadata():
            return _form(shape.type)
        case inspect.StructType() | inspect.DictType():
            return dict
        case inspect.VarTupleType():
            return list
        case inspect.BoolType():
            return bool
        case inspect.NoneType():
            return type(None)
        case _:
            return str


def _of_scalar(
    value: object, shape: inspect.Type, path: KeyPath, extra: Mapping[str, str]
) -> Iterator[Fault]:
    """A single value: let the library judge it, by the very type it came from."""
    if isinstance(shape, inspect.VarTupleType | inspect.DictType):
        allowed = False
    elif isinstance(shape, inspect.LiteralType):
        allowed = value in shape.values
    elif isinstance(shape, inspect.StrType):
        allowed = isinstance(value, str) and _allows(shape, value)
    elif isinstance(shape, inspect.DateType):
        allowed = _converts(value, date)
    else:
        allowed = type(value) is _form(shape)
    if not allowed:
        kind, expected = _in_words(shape, extra)
        if not isinstance(value, str):
            kind = "wrong-type"
        yield Fault(path, kind, expected, shown(value))


def _allows(shape: inspect.StrType, value: str) -> bool:
    limits = msgspec.Meta(
        pattern=shape.pattern, min_length=shape.min_length, max_length=shape.max_length
    )
    return _converts(value, Annotated[str, limits])


def _converts(value: object, to: Any) -> bool:
    try:
        msgspec.convert(value, to)
    except msgspec.ValidationError:
        return False
    return True


def _in_words(shape: inspect.Type, extra: Mapping[str, str]) -> tuple[str, str]:
    """The kind of fault and what is expected, from the type's own note or from its form."""
    match shape:
        case inspect.Metadata():
            return _in_words(shape.type, shape.extra or extra)
        case _ if extra:
            return extra["kind"], extra["expected"]
        case inspect.LiteralType():
            return "wrong-value", "one of " + ", ".join(map(str, shape.values))
        case inspect.DateType():
            return "bad-date", "a date of the form YYYY-MM-DD"
        case inspect.StrType():
            least, most = shape.min_length or 0, shape.max_length
            return "wrong-type", f"a text of {least} to {most} characters" if most else "a text"
        case inspect.BoolType():
            return "wrong-type", "true or false"
        case inspect.VarTupleType():
            return "wrong-type", "a list"
        case inspect.DictType() | inspect.StructType():
            return "wrong-type", "a mapping"
        case _:
            return "wrong-type", "another value"
