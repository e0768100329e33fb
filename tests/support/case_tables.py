"""Tables of cases shared by the tests in Python and those of the theme's scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


def cases(file: str, table: str) -> list[tuple[Any, ...]]:
    """The cases of a table in `cases/`: the values of each, in order."""
    found: dict[str, list[dict[str, Any]]] = json.loads((CASES / file).read_text("utf-8"))
    return [tuple(case.values()) for case in found[table]]
