"""Options that several commands have, and errors in one line.

Exit status 0: success, and no findings; 1: findings; 2: the command could not run; above 128: a
signal ended it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from policybook.commands.printing import QUIET, VERBOSE, print_detail, print_error
from policybook.commands.usage import Day, OneOf
from policybook.errors import DataError, DocumentError, PolicybookError

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
        start = time.perf_counter()
        try:
            command(*args, **kwargs)
        except PolicybookError as error:
            print_error(str(error))
            in_data = isinstance(error, DataError) and not isinstance(error, DocumentError)
            sys.exit(1 if in_data else 2)
        except BrokenPipeError:
            sys.exit(READER_GONE)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            print_error(f"{place}{error.strerror or error}")
            sys.exit(2)
        finally:
            print_detail(f"took {time.perf_counter() - start:.1f} s")

    return run


def with_shared_options(command: click.Command) -> click.Command:
    """The command with the options `-q` and `-v`, which every command has."""
    for flag, mode, text in (
        ("quiet", QUIET, "Print results and errors only."),
        ("verbose", VERBOSE, "Also print what is read, and how long it takes."),
    ):
        option = click.Option(
            [f"-{flag[0]}", f"--{flag}"],
            is_flag=True,
            expose_value=False,
            callback=_keeps(mode),
            help=text,
        )
        command.params.append(option)
    return command


def _keeps(mode: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def keep(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            context.meta[mode] = True

    return keep


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
        type=OneOf(formats),
        default=formats[0],
        show_default=True,
        help="Output format.",
    )


def date_option(name: str, help_text: str) -> Callable[[Decorated], Decorated]:
    """An option that takes a day as YYYY-MM-DD."""
    return click.option(
        name,
        type=Day(),
        metavar="YYYY-MM-DD",
        help=help_text,
    )
