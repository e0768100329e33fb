"""What the commands share: the group they belong to, options, errors in one line, and printing.

Exit status 0: done, and nothing found; 1: findings; 2: could not run.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
import msgspec

from policybook import __version__
from policybook.errors import DataError, PolicybookError

P = ParamSpec("P")

# Material and MkDocs print advice on their own future at every start; ours is in ARCHITECTURE.md.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """A fault of the data ends with status 1, another error with 2, neither with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PolicybookError as error:
            click.echo(str(error), err=True)
            sys.exit(1 if isinstance(error, DataError) else 2)
        except BrokenPipeError:
            raise  # the reader has enough; click ends quietly
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"{place}{error.strerror or error}", err=True)
            sys.exit(2)

    return run


config_option = click.option(
    "-f", "--config-file", type=click.Path(), default=None, help="The mkdocs.yml to use."
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=None,
    help="The data folder; else mkdocs.yml names it.",
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.group()
@click.version_option(__version__)
def commands() -> None:
    """A knowledge base of IAM managed policies: what they grant, and what changed."""
    # Nearly all that a command makes it keeps until it ends: looking for garbage in it costs more
    # than half of the time, and finds none.
    gc.disable()


def print_lines(lines: Iterable[str]) -> None:
    """Print each line."""
    for line in lines:
        click.echo(line)


def print_json(value: object) -> None:
    """Print the value as JSON, two spaces deep."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
