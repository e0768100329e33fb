"""Commands run in this process, through click."""

from __future__ import annotations

from collections.abc import Iterator

from click import Command, Group
from click.testing import CliRunner, Result
from policybook.commands.main import commands


def run(*arguments: object) -> Result:
    """The command in this process; an unexpected exception fails the test."""
    result = CliRunner().invoke(commands, list(map(str, arguments)), prog_name="policybook")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def answer(*arguments: object) -> str:
    """The output of a command that has to succeed."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(*arguments: object) -> tuple[int, str]:
    """The exit status of a command that fails, and its error message."""
    result = run(*arguments)
    assert result.stdout == ""
    return result.exit_code, result.stderr.strip()


def every_command(group: Group = commands, name: str = "") -> Iterator[tuple[str, Command]]:
    """Every command by its name, those of groups included."""
    for inner, found in group.commands.items():
        yield f"{name}{inner}", found
        if isinstance(found, Group):
            yield from every_command(found, f"{name}{inner} ")
