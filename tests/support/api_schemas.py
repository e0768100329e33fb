"""The API's files held against its description as OpenAPI, by a library that is not ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

OPENAPI = "api/v1/openapi.json"


def strict(schema: Any) -> Any:
    """The schema, with every key refused that it does not name."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: strict(part) for key, part in schema.items()}
    named = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    return {"additionalProperties": False, **inner} if named else inner


def validators(site: Path) -> Mapping[str, Draft202012Validator]:
    """The validator of each kind of JSON file, by its path with variables in braces."""
    whole = json.loads((site / OPENAPI).read_text())
    components = strict(whole["components"])
    return {
        path.removeprefix("/"): Draft202012Validator(
            {**schema, "components": components}, format_checker=FormatChecker(["date"])
        )
        for path, methods in whole["paths"].items()
        for content, found in methods["get"]["responses"]["200"]["content"].items()
        if content == "application/json" and (schema := found["schema"])
    }


def of_kind(site: Path, path: str) -> list[Path]:
    """The site's files of a kind, by its path with a variable in braces."""
    return sorted(site.glob(re.sub(r"\{\w+\}", "*", path)))


def refused(files: Mapping[Path, Draft202012Validator]) -> Iterator[str]:
    """What is wrong with each file, in a line."""
    for path, validator in files.items():
        for error in validator.iter_errors(json.loads(path.read_bytes())):
            yield f"{path}: {error.json_path}: {error.message[:200]}"
