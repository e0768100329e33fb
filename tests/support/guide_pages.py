"""Small guide pages and reference pages, written for tests, and their import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner, Result
from policybook.commands.main import commands

from tests.support.git_archives import document

ADDRESS = "https://docs.aws.amazon.com/kite/latest/dg/kite-policies.html"
SOURCE = "guide-kite-dg-kite-policies"


def section(name: str, action: str, notes: str = "+ `s3` – Look at your kites\\.\n") -> str:
    """The section of a policy in Markdown, with a document that allows one action."""
    shown = json.dumps(document(action), indent=2)
    return (
        f"## AWS managed policy: {name}\n\n{name} lets you fly\\.\n\nHigh\\.\n\n"
        f"**Permissions details**\n\n{notes}\n```\n{shown}\n```\n\n"
    )


def table(*rows: tuple[str, str, str]) -> str:
    """A table of updates in Markdown: policies, version and day, and the same change."""
    head = "| Policy | Version | Change | Date |\n| --- | --- | --- | --- |\n"
    return f"## Updates to policies\n\n{head}" + "".join(
        f"| {name} – Update | {version} | Added kites\\. | {day} |\n" for name, version, day in rows
    )


def page(*parts: str, title: str = "Policies of Kite") -> str:
    """A page in Markdown."""
    return f"# {title}\n\n" + "".join(parts)


def run(kind: str, file: Path, data: Path, *options: object) -> Result:
    """`policybook import guide` or `reference` in this process."""
    arguments = ["import", kind, str(file), "--data", str(data), *map(str, options)]
    result = CliRunner().invoke(commands, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def imported(kind: str, file: Path, data: Path, *options: object) -> Sequence[str]:
    """What an import says; it has to succeed."""
    result = run(kind, file, data, *options)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()
