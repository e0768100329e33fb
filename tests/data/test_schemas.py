"""The JSON Schemas of the data files, as editors read them and as the reference has them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from policybook.data.schemas.places import PLACES, kind_of
from policybook.data.schemas.published import (
    field_texts,
    json_schema,
    schema_file,
    schema_files,
)
from policybook.data.strict_yaml import parsed_json, parsed_yaml
from policybook.data.validation import FILE_TYPES

from tests.support.books import REPOSITORY
from tests.support.sites import environment

REFERENCE = REPOSITORY / "docs/reference/data.md"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


def published(kind: str) -> dict[str, Any]:
    """The schema of a kind of file."""
    found: dict[str, Any] = json.loads(schema_file(kind))
    return found


def types() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each type that a data file is made of, by its name, with its schema."""
    for kind in FILE_TYPES:
        for name, part in published(kind)["$defs"].items():
            if name != "PolicyVersion":
                yield name, part


def fits(kind: str, value: object) -> bool:
    """Whether the schema of a kind accepts a value."""
    return bool(Draft202012Validator(published(kind)).is_valid(value))


# --- the schemas ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_the_json_schema_names_every_key_and_refuses_others(kind: str) -> None:
    """A schema for editors, with the file's own keys and which of them must be there."""
    of = FILE_TYPES[kind]
    schema = json_schema(of, kind, kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == kind
    top = schema["$defs"][of.__name__]
    fields = msgspec.structs.fields(of)
    assert set(top["properties"]) == {field.encode_name for field in fields}
    assert set(top["required"]) == {field.encode_name for field in fields if field.required}
    assert top["additionalProperties"] is False


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_the_published_schema_has_no_annotations_of_our_own(kind: str) -> None:
    """The kinds and words of errors are for the loader."""
    assert '"x-' not in msgspec.json.encode(json_schema(FILE_TYPES[kind], kind, kind)).decode()


def test_schemas_do_not_depend_on_docstrings() -> None:
    """`python -OO` has none, and Python 3.13 changed their indentation: the source says the same.

    A class with a long docstring is described without indentation, and every class is described.
    """
    code = (
        "import json; from policybook.data.schemas.published import FILE_TYPES, json_schema; "
        "print(json.dumps([json_schema(of, kind, kind) for kind, of in FILE_TYPES.items()]))"
    )
    plain, optimised = (
        subprocess.check_output([sys.executable, *flags, "-c", code], env=environment(), text=True)
        for flags in ((), ("-OO",))
    )
    assert plain == optimised
    described = [part for schema in json.loads(plain) for part in schema["$defs"].values()]
    assert all(part["description"] for part in described)
    assert any("\n\n" in part["description"] for part in described)
    assert not any("\n " in part["description"] for part in described)


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_a_schema_is_valid_and_has_a_name_of_its_own(kind: str) -> None:
    """An `$id` that names the kind of file, and that editors do not have to fetch."""
    Draft202012Validator.check_schema(published(kind))
    assert published(kind)["$id"] == f"urn:policybook:schema:{kind}"
    assert dict(schema_files())[f"{kind}.json"] == schema_file(kind)


def test_every_key_is_described_and_nothing_else_is() -> None:
    """In every type that a file is made of, by the name that the key has in files."""
    keys = {name: set(part["properties"]) for name, part in types()}
    assert {name: set(texts) for name, texts in field_texts().items()} == keys
    for _, part in types():
        assert all(key.get("description") for key in part["properties"].values())


def test_a_key_with_a_choice_of_values_names_each() -> None:
    """So that reference and editor list them; the versions of IAM's language are all there is."""
    for name, part in types():
        for key, schema in part["properties"].items():
            options = [schema, *schema.get("anyOf", ())]
            values = [value for option in options for value in option.get("enum", ())]
            if key != "Version":
                missing = [value for value in values if f"`{value}`" not in schema["description"]]
                assert missing == [], (name, key)


@pytest.mark.parametrize(
    "value",
    [
        DOCUMENT,
        {
            "PolicyVersion": {
                "Document": DOCUMENT,
                "VersionId": "v1",
                "IsDefaultVersion": True,
                "CreateDate": "2026-03-04T10:00:00+00:00",
            }
        },
        {"Document": DOCUMENT, "VersionId": "v1"},
    ],
)
def test_a_document_may_be_in_the_envelope_of_get_policy_version(value: object) -> None:
    """As the AWS CLI prints it, as the part that its `--query PolicyVersion` prints, or bare."""
    assert fits("document", value)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"PolicyVersion": {}},
        {"PolicyVersion": {"Document": {"Statement": [{"Action": "s3:GetObject"}]}}},
        {**DOCUMENT, "Statements": []},
    ],
)
def test_an_envelope_without_a_document_does_not_fit(value: object) -> None:
    assert not fits("document", value)


DATA = sorted(path for path in (REPOSITORY / "data").rglob("*") if path.suffix in (".yml", ".json"))


@pytest.mark.parametrize("path", DATA, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_editor_marks_nothing_in_a_file_that_check_accepts(path: Path) -> None:
    """Editors read YAML 1.2, where a number is a number and a date is a text."""
    kind = kind_of(path.relative_to(REPOSITORY / "data"))
    assert kind
    parsed = parsed_json if path.suffix == ".json" else parsed_yaml
    value, _ = parsed(path.read_text("utf-8"))
    errors = [e.message for e in Draft202012Validator(published(kind)).iter_errors(value)]
    assert errors == []


def test_a_text_may_look_like_a_number() -> None:
    """An account id or a number of seconds needs no quotes in the data, and none in an editor."""
    condition = {
        "NumericLessThan": {"aws:MultiFactorAuthAge": 3600},
        "StringEquals": {"aws:PrincipalAccount": [123456789012]},
    }
    statement = {**DOCUMENT["Statement"][0], "Condition": condition}  # type: ignore[dict-item]  # on purpose
    assert fits("document", {"Statement": statement})
    assert not fits("policy", {"name": "P", "arn": None, "type": "unknown", "created": 2026})


def test_each_kind_has_its_places() -> None:
    """In a folder of data; no file has two."""
    assert PLACES.keys() == FILE_TYPES.keys()
    assert kind_of(Path("policies/P/policy.yml")) == "policy"
    assert kind_of(Path("policies/P/v1.json")) == "document"
    assert kind_of(Path("deep/policies/P/v1.json")) is None
    assert kind_of(Path("notes.yml")) is None


# --- the reference --------------------------------------------------------------------------------


def test_the_reference_has_the_table_of_each_type() -> None:
    """A row for each key, from the schema; UPDATE_GOLDEN=1 writes the tables anew."""
    tables = {name: table(part) for name, part in types()}
    text = REFERENCE.read_text("utf-8")
    form = re.compile(r"(<!-- keys of (\w+) -->\n).*?(<!-- end of keys -->)", re.DOTALL)
    assert sorted(found[2] for found in form.finditer(text)) == sorted(tables)
    made = form.sub(lambda found: found[1] + tables[found[2]] + found[3], text)
    if os.environ.get("UPDATE_GOLDEN"):
        REFERENCE.write_text(made, "utf-8")
    assert REFERENCE.read_text("utf-8") == made


def table(part: dict[str, Any]) -> str:
    """The table of a type's keys; those that must be there are marked."""
    rows = [
        f"| `{key}` | {'required' if key in part.get('required', ()) else ''} | "
        f"{schema['description']} |\n"
        for key, schema in part["properties"].items()
    ]
    return "\n| key | | what it holds |\n| --- | --- | --- |\n" + "".join(rows) + "\n"
