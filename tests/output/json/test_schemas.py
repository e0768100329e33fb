"""The description of the API as OpenAPI, and the JSON Schema of each kind of file."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.output.files import API, LISTED, NEW_ACTIONS, site_files
from policybook.output.json.api import DOCUMENTS

from tests.support.api_schemas import OPENAPI, of_kind, refused, strict, validators
from tests.support.books import DATA, small_catalogue, write
from tests.support.contexts import context_of


@pytest.fixture(scope="module")
def described(site: Path) -> dict[str, Any]:
    """The description of the site's API."""
    found: dict[str, Any] = json.loads((site / OPENAPI).read_text())
    return found


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    """As `openapi-spec-validator` reads it."""
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_the_description_has_every_kind_of_file(described: dict[str, Any], site: Path) -> None:
    """Each file below `api/v1/` is of one path, and each JSON file but the description typed."""
    own = (family for family in LISTED if family is not DOCUMENTS)  # this book has no long ones
    api = [family.path for family in own if family.path.startswith("api/v1/")]
    assert set(described["paths"]) == {f"/{path}" for path in ("api/v1/index.json", *api)}
    kinds = {path for path in described["paths"] if path.endswith(".json")}
    assert kinds - {f"/{path}" for path in validators(site)} == {f"/{OPENAPI}"}
    patterns = [re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path[1:])) for path in described["paths"]]
    files = [p.relative_to(site).as_posix() for p in (site / "api").rglob("*") if p.is_file()]
    for path in files:
        assert len([p for p in patterns if re.fullmatch(p, path)]) == 1, path


def test_every_file_has_the_form_that_is_described(site: Path) -> None:
    """Every file of every kind, with no key that its schema lacks."""
    kinds = {path: of_kind(site, path) for path in validators(site)}
    assert [path for path, files in kinds.items() if not files] == []
    files = {
        file: validator for path, validator in validators(site).items() for file in kinds[path]
    }
    assert len(files) > 40
    assert list(refused(files)) == []


def test_every_file_has_the_form_of_its_own_schema(site: Path) -> None:
    """The same types as a file of their own, under `schemas/api/`."""
    for family in API:
        if family.result and family not in (*NEW_ACTIONS, DOCUMENTS):
            name = re.sub(r"[{}]", "", family.path.removeprefix("api/v1/")).replace("/", "-")
            schema = json.loads((site / "schemas/api" / name).read_text())
            Draft202012Validator.check_schema(schema)
            validator = Draft202012Validator(strict(schema))
            assert list(refused(dict.fromkeys(of_kind(site, family.path)[:3], validator))) == []


def test_the_new_actions_are_described_where_the_site_has_them(tmp_path: Path) -> None:
    """With an older action list there is a file more, and the description has it."""
    context = context_of(load(DATA), Catalogue(), small_catalogue())
    path = "api/v1/new-actions.json"
    wanted = {path, OPENAPI}
    write(tmp_path, {f.path: f.render() for f in site_files(context) if f.path in wanted})
    assert list(refused({tmp_path / path: validators(tmp_path)[path]})) == []


def test_another_form_is_refused(site: Path) -> None:
    """A key that is missing, one too many, and a value of another type: each is seen."""
    validator = validators(site)["api/v1/policies/{name}.json"]
    file = site / "api/v1/policies/AmazonSageMakerPipelinesIntegrations.json"
    whole = json.loads(file.read_text())
    assert validator.is_valid(whole)
    changes: tuple[Callable[[dict[str, Any]], object], ...] = (
        lambda result: result.pop("arn"),
        lambda result: result.update(more=1),
        lambda result: result.update(updated="yesterday"),
        lambda result: result["grants"][0].update(effect="Perhaps"),
        lambda result: result["versions"][0].update(verdict="better"),
    )
    for change in changes:
        other = copy.deepcopy(whole)
        change(other["result"])
        assert not validator.is_valid(other)


def test_every_type_and_key_of_a_result_is_described(described: dict[str, Any]) -> None:
    """From the docstrings of the types, in full sentences."""
    schemas = described["components"]["schemas"]
    for name in (
        "PolicyResult",
        "StandingGrantsResult",
        "EventResult",
        "RemovalResult",
        "PassingResult",
    ):
        if name in schemas:
            assert schemas[name]["description"].endswith(".")
            keys = schemas[name]["properties"]
            assert [key for key, of in keys.items() if not of.get("description")] == []
    assert schemas["PolicyResult"]["properties"]["arn"]["description"] == "Its ARN, or null."
