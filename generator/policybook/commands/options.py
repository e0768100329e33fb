"""Options that several commands have, and errors in one line.

Exit status 0: success, and no findings; 1: findings; 2: the command could not run; above 128: a
signal ended it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from policybook.errors import DataError, DocumentError, PolicybookError, one_line

P = ParamSpec("P")
READER_GONE = 128 + 13
"""The exit status if the output's reader has closed it, as if SIGPIPE had ended the process."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Print errors that a user can cause without a traceback.

    Errors in the data end the process with status 1, others with status 2.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PolicybookError as error:
            _print_error(str(error))
            in_data = isinstance(error, DataError) and not isinstance(error, DocumentError)
            sys.exit(1 if in_data else 2)
        except BrokenPipeError:
            sys.exit(READER_GONE)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _print_error(f"{place}{error.strerror or error}")
            sys.exit(2)

    return run


def _print_error(message: str) -> None:
    """Print an error to standard error; some have several lines, and data may be in each."""
    click.echo("\n".join(map(one_line, message.split("\n"))), err=True)


config_option = click.option(
    "-f",
    "--config-file",
    type=click.Path(),
    default=None,
    help="MkDocs configuration file.  [default: mkdocs.yml]",
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=None,
    help="Data folder.  [default: the one that mkdocs.yml names]",
)


def format_option(*formats: str) -> Callable[[Decorated], Decorated]:
    """`--format` with these choices; the first is the default."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Output format.",
    )


def date_option(name: str, help_text: str) -> Callable[[Decorated], Decorated]:
    """An option that takes a day as YYYY-MM-DD."""
    return click.option(
        name,
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        callback=_date,
        help=help_text,
    )


def _date(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None
