"""Printing lines, JSON, notes and MkDocs' log, as loud as `-q` and `-v` wish."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from policybook.commands.colours import coloured, red
from policybook.errors import one_line

QUIET, VERBOSE = "policybook.quiet", "policybook.verbose"


def print_lines(lines: Iterable[str]) -> None:
    """Print each line, with colours if standard output is a terminal."""
    colours = has_colours(sys.stdout)
    for line in lines:
        click.echo(coloured(line) if colours else line, color=colours)


def print_summary(lines: Iterable[str]) -> None:
    """Print what a command did, unless it should be quiet."""
    if not is_set(QUIET):
        print_lines(lines)


def print_note(line: str) -> None:
    """Print a count or the like to standard error, unless the command should be quiet."""
    if not is_set(QUIET):
        click.echo(line, err=True)


def print_detail(line: str) -> None:
    """Print to standard error what only somebody wants to know who asked for more."""
    if is_set(VERBOSE):
        click.echo(one_line(line), err=True)


def print_error(message: str) -> None:
    """Print an error to standard error; some have several lines, and data may be in each."""
    colours = has_colours(sys.stderr)
    for line in map(one_line, message.split("\n")):
        click.echo(red(line) if colours else line, err=True, color=colours)


def print_json(value: object) -> None:
    """Print the value as JSON, indented by two spaces."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_log(level: str) -> None:
    """Print log records of MkDocs and its plugins from this level on to standard error.

    With `-q` these are the errors alone, and with `-v` everything.
    """
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel("ERROR" if is_set(QUIET) else "DEBUG" if is_set(VERBOSE) else level)


def has_colours(stream: Any) -> bool:
    """Whether lines on a stream have colours.

    They have on a terminal. `NO_COLOR` (see no-color.org) and a terminal that calls itself dumb
    have none; `FORCE_COLOR` has them everywhere.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return bool(stream and stream.isatty()) and os.environ.get("TERM") != "dumb"


def is_set(mode: str) -> bool:
    """Whether the command was given the option of a mode."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(mode))
