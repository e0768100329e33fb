"""Documents of a policy's versions in the files of the API, as docs/reference/api.md says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def document_of(site: Path, version: Mapping[str, Any]) -> Any:
    """The document of a version in `api/v1/policies/{name}.json`, from the file that has it."""
    if version["document"] or not version["document_file"]:
        return version["document"]
    packed = json.loads((site / version["document_file"]).read_text("utf-8"))["result"]
    document = packed["documents"][version["key"]]
    numbers = document["Statement"]
    statements = [_whole(packed, n) for n in ([numbers] if type(numbers) is int else numbers)]
    return {**document, "Statement": statements[0] if type(numbers) is int else statements}


def _whole(packed: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A statement with its action patterns."""
    return {
        key: [pattern for start, end in value for pattern in packed["patterns"][start:end]]
        if key in ("Action", "NotAction") and isinstance(value, list)
        else value
        for key, value in packed["statements"][number].items()
    }
