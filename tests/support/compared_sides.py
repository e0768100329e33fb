"""What the page of comparisons and `policybook diff` say about two sides, to compare both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from policybook.analysis.risks import Rulebook
from policybook.analysis.side_by_side import side_by_side
from policybook.catalogue.catalogue import Catalogue
from policybook.model.documents import Document, union
from policybook.output.engine.engine_data import engine_catalogue, engine_rules
from policybook.output.json.comparison_result import (
    SideDocument,
    SideResult,
    comparison_result,
    matched_rules,
)

from tests.support.engine.answers import document

SCRIPT = Path(__file__).parent / "engine/sides.js"

Source = dict[str, Any]


def sides_in_the_browser(
    catalogue: Catalogue, rules: Rulebook, cases: Sequence[tuple[list[Source], list[Source]]]
) -> list[Any]:
    """The results of the page's script."""
    if shutil.which("node") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Node.js on the PATH")
        pytest.skip("no Node.js on the PATH")
    given = {
        "catalogue": engine_catalogue(catalogue),
        "rules": engine_rules(rules.rules.values()),
        "cases": cases,
    }
    ran = subprocess.run(
        ["node", str(SCRIPT)], input=msgspec.json.encode(given), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    answers: list[Any] = json.loads(ran.stdout)
    return answers


def sides_of_the_program(
    a: list[Source], b: list[Source], catalogue: Catalogue, rules: Rulebook
) -> Any:
    """The result of the program."""
    here, there = [document(one) for one in a], [document(one) for one in b]
    found = side_by_side(here, there, catalogue)

    def side(letter: str, documents: list[Document]) -> SideResult:
        listed = tuple(
            SideDocument(f"{letter}{place}", None, None, "", len(one.statements))
            for place, one in enumerate(documents)
        )
        return SideResult(listed, matched_rules(rules.flags(union(documents)), rules.rules))

    result = comparison_result(found, side("a", here), side("b", there), catalogue)
    return json.loads(msgspec.json.encode(result))
