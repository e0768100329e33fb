"""Findings as SARIF 2.1.0, which GitHub and editors read.

The format is OASIS's "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; the number
in a docstring is that of its section.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from policybook import __version__
from policybook.errors import Finding, dotted

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """The log of one run (3.13): the kinds of findings as rules, and a result for each finding."""
    kinds = sorted({finding.kind for finding in findings})
    places = {kind: place for place, kind in enumerate(kinds)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "policybook",
                        "version": __version__,
                        "rules": [{"id": kind} for kind in kinds],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, places[finding.kind]) for finding in findings],
            }
        ],
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    """A result (3.27) with its location (3.28); a finding about a whole file has no region."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.file)}}
    if finding.line:
        physical["region"] = {"startLine": finding.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": dotted(finding.path)}]
    return {
        "ruleId": finding.kind,
        "ruleIndex": rule,
        "level": finding.level,
        "message": {"text": finding.reason},
        "locations": [location],
    }
