"""Findings as GitHub's workflow commands, which annotate the lines of a pull request.

The form is that of GitHub's "Workflow commands for GitHub Actions", "Setting an error message".
"""

from __future__ import annotations

from policybook.errors import Finding, one_line

_MESSAGE = {"%": "%25"}
_PROPERTY = {**_MESSAGE, ":": "%3A", ",": "%2C"}


def annotation(finding: Finding) -> str:
    """The command for a finding, in one line."""
    line = f",line={finding.line}" if finding.line else ""
    place = f"file={_escaped(finding.file, _PROPERTY)}{line}"
    title = f"title={_escaped(finding.kind, _PROPERTY)}"
    return f"::{finding.level} {place},{title}::{_escaped(finding.reason, _MESSAGE)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(char, char) for char in one_line(text))
