"""Printing lines, JSON and MkDocs' log."""

from __future__ import annotations

from collections.abc import Iterable

import click


def print_lines(lines: Iterable[str]) -> None:
    """Print each line."""
    for line in lines:
        click.echo(line)


def print_json(value: object) -> None:
    """Print the value as JSON, indented by two spaces."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_log(level: str) -> None:
    """Print log records of MkDocs and its plugins from this level on to standard error."""
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(level)
