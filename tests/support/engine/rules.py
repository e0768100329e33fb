"""The tables of the engine in the browser, written from those of the program.

`UPDATE_GOLDEN=1 pytest tests/engine/test_rules.py` writes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policybook.analysis import change_rows, effective_actions, overlap
from policybook.data import file_reader, strict_yaml
from policybook.iam import (
    arn_formats,
    clause_truths,
    condition_operators,
    coverage,
    denies,
    mitigation,
    term_kinds,
    text_sets,
    variable_values,
)
from policybook.model.documents import StatementFile

from tests.support.books import REPOSITORY

FILE = REPOSITORY / "templates/theme/assets/engine/rules.js"
_HEAD = """\
// The tables of the rules, written by tests/support/engine/rules.py from those of the program.
// `UPDATE_GOLDEN=1 pytest tests/engine/test_rules.py` writes them anew.
"""


def written() -> str:
    """The module with all tables."""
    return _HEAD + "".join(_constant(name, table) for name, table in tables().items())


def _constant(name: str, table: Any) -> str:
    """A table as a constant, with each entry of a mapping on a line."""
    if not isinstance(table, Mapping):
        return f"\nexport const {name} = {json.dumps(table)};\n"
    lines = "".join(f"  {json.dumps(key)}: {json.dumps(part)},\n" for key, part in table.items())
    return f"\nexport const {name} = {{\n{lines}}};\n"


def tables() -> Mapping[str, Any]:
    """Each table by its name in the engine."""
    return {
        "LIMITS": {
            "textSteps": text_sets.MOST_STEPS,
            "textVariables": text_sets.MOST_VARIABLES,
            "samples": term_kinds.MOST_SAMPLES,
            "valueSets": clause_truths.MOST_SETS,
            "comparedValues": clause_truths.MOST_COMPARED,
            "kinds": coverage.MOST_KINDS,
            "triedValues": variable_values.MOST_TRIED,
            "documentBytes": strict_yaml.MAX_BYTES,
            "documentDepth": strict_yaml.MAX_DEPTH,
        },
        "OPERATORS": condition_operators.BASES,
        "SPELLED_OPERATORS": condition_operators.SPELLED,
        "PARTITIONS": arn_formats.PARTITIONS,
        "CERTAINTIES": denies.CERTAINTIES,
        "GRANTED": denies.GRANTED,
        "MITIGATIONS": mitigation.WITHIN,
        "ENVELOPES": file_reader.ENVELOPES,
        "STATEMENT_KEYS": StatementFile.__struct_encode_fields__,
        "CALLERS": effective_actions.CALLERS,
        "NEAR": overlap.NEAR,
        "OUTCOMES": change_rows.OUTCOMES,
    }
