"""The published JSON Schemas of the data files, with a description of every key."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec import Struct

from policybook import model
from policybook.data.strict_yaml import parsed_yaml
from policybook.data.validation import FILE_TYPES

_MODEL = Path(model.__file__).parent
_FIELDS = Path(__file__).with_name("fields.yml")

_DOCUMENT = {"$ref": "#/$defs/DocumentFile"}
# What `aws iam get-policy-version` prints (AWS CLI Command Reference); keys that AWS may add to it
# are allowed, as they are when the file is read.
_ENVELOPE = {
    "title": "PolicyVersion",
    "description": "A version of a policy, as `aws iam get-policy-version` prints it.",
    "type": "object",
    "properties": {
        "Document": {**_DOCUMENT, "description": "the policy document"},
        "VersionId": {"type": "string", "description": "the version id, such as `v3`"},
        "IsDefaultVersion": {"type": "boolean", "description": "whether it is the default"},
        "CreateDate": {"type": "string", "description": "when the version was created"},
    },
    "required": ["Document"],
}
_IN_ENVELOPES = {
    "anyOf": [
        _DOCUMENT,
        {
            "type": "object",
            "properties": {"PolicyVersion": {"$ref": "#/$defs/PolicyVersion"}},
            "required": ["PolicyVersion"],
        },
        {"$ref": "#/$defs/PolicyVersion"},
    ]
}


def schema_files() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of the JSON Schema of each kind of data file."""
    for kind in FILE_TYPES:
        yield f"{kind}.json", schema_file(kind)


def schema_file(kind: str) -> bytes:
    """The JSON Schema of a kind of data file, a key of `FILE_TYPES`, as it is published."""
    schema = _for_editors(json_schema(FILE_TYPES[kind], f"policybook: {kind}", kind))
    if kind == "document":
        del schema["$ref"]
        schema = {**schema, **_IN_ENVELOPES}
        schema["$defs"]["PolicyVersion"] = _ENVELOPE
    return json.dumps(schema, indent=2, ensure_ascii=False).encode() + b"\n"


def json_schema(of: type[Struct], title: str, name: str, *sources: Path) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file of that type.

    Args:
        of: The type of the file.
        title: The title of the schema.
        name: The end of its `$id`, which is a name and no address: books are on many sites.
        *sources: The packages with the types, whose docstrings are the descriptions. Default: the
            model.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:policybook:schema:{name}",
        "title": title,
        **published_schema(msgspec.json.schema(of), *sources),
    }


def published_schema(schema: Any, *sources: Path) -> Any:
    """A schema, or schemas by name, with the docstrings of the types as descriptions.

    Args:
        schema: What msgspec makes of types.
        *sources: As for `json_schema`.
    """
    paths = sources or (_MODEL,)
    found = {name: text for path in paths for name, text in _descriptions(path).items()}
    return _published(schema, found)


def _for_editors(schema: Any) -> Any:
    """The schema with what each key holds, and as editors read YAML.

    They take `123456789012` for a number. In data files every scalar is text, so a number is right
    wherever a text of any form is.
    """
    if isinstance(schema, list):
        return [_for_editors(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _for_editors(part) for key, part in schema.items()}
    if found.get("type") == "string" and not {"pattern", "format"} & found.keys():
        found["type"] = ["string", "number"]
    for key, text in field_texts().get(str(schema.get("title")), {}).items():
        if key in found.get("properties", {}):
            found["properties"][key] = {"description": text, **found["properties"][key]}
    return found


def _published(schema: Any, descriptions: Mapping[str, str]) -> Any:
    """The schema with our descriptions, without the words of our own errors (`model/fields`)."""
    if isinstance(schema, list):
        return [_published(part, descriptions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    text, _, attributes = descriptions.get(str(schema.get("title")), "").partition(_ATTRIBUTES)
    described = {"title": schema["title"], "description": text} if text else {}
    kept = {
        key: _published(part, descriptions)
        for key, part in schema.items()
        if not key.startswith("x-") and not (key == "description" and isinstance(part, str))
    }
    for name, said in _attributes(attributes):
        kept["properties"][name]["description"] = said
    return {**described, **kept}


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    """The attributes that a docstring lists, each with what it says in one line."""
    for found in _ATTRIBUTE.finditer(text):
        yield found["name"], " ".join(found["text"].split())


_ATTRIBUTES = "\n\nAttributes:\n"
_ATTRIBUTE = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.+(?:\n {8}.+)*)$", re.MULTILINE)


@lru_cache
def field_texts() -> Mapping[str, Mapping[str, str]]:
    """What each key holds, by the name of the type and the key as files have it."""
    found, _ = parsed_yaml(_FIELDS.read_text("utf-8"))
    return cast("Mapping[str, Mapping[str, str]]", found)


@lru_cache(maxsize=8)  # the sources of a running program do not change
def _descriptions(sources: Path) -> Mapping[str, str]:
    """What the docstrings of a package's classes say, by the name of the class.

    The attributes of a class are those of its bases in the package, and its own. Docstrings are
    read from the source: `python -OO` has none, and before Python 3.13 they have another
    indentation.
    """
    trees = [ast.parse(path.read_bytes()) for path in sorted(sources.glob("*.py"))]
    nodes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    classes = {node.name: node for node in nodes}
    return {name: text for name, node in classes.items() if (text := _text(node, classes))}


def _text(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> str:
    """The docstring of a class, with the attributes of its bases before its own."""
    text, _, own = (ast.get_docstring(node) or "").partition(_ATTRIBUTES)
    names = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in classes]
    above = [_text(classes[name], classes).partition(_ATTRIBUTES)[2] for name in names]
    attributes = "\n".join(filter(None, (*above, own)))
    return f"{text}{_ATTRIBUTES}{attributes}" if text and attributes else text
