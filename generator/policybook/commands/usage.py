"""Wrong use of the command line, in one line: the command, what was expected, what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

import click

from policybook.errors import one_line
from policybook.wording import meant

_EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<found>.*)\)", re.DOTALL)


class WrongUse(click.ClickException):
    """A command that was used wrongly; it is shown in one line, and the exit status is 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line to standard error."""
        from policybook.commands.printing import print_error

        print_error(self.message)


class Commands(click.Group):
    """A group whose commands say in one line how they were used wrongly."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments, as click does."""
        with _in_one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, as click does."""
        with _in_one_line():
            return super().invoke(ctx)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise WrongUse(one_line(_said(error))) from error


def _said(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "policybook"
    said, hint = _about(error)
    return f"{command}: {said}; {hint or f'see {command} -h'}"


def _about(error: click.UsageError) -> tuple[str, str]:
    """What was expected and found, and a remedy or ""."""
    match error:
        case click.exceptions.NoSuchCommand():
            known = error.ctx.command.commands if error.ctx else ()  # type: ignore[attr-defined]  # groups have it
            name = error.command_name
            return f"expected a command, found {name!r}", meant(name, known)
        case click.NoSuchOption():
            name = error.option_name
            return f"expected an option, found {name!r}", meant(name, _options(error.ctx))
        case click.MissingParameter():
            return f"expected {_name(error)}, found none", ""
        case click.BadOptionUsage():
            if "requires an argument" in error.message:
                return f"{error.option_name}: expected a value, found none", ""
            return f"{error.option_name}: {error.message.rstrip('.')}", ""
        case click.BadParameter():
            said, _, hint = error.message.rstrip(".").partition("; ")
            return f"{_name(error)}: {said}", f"{hint}?".replace("??", "?") if hint else ""
    if extra := _EXTRA.fullmatch(error.message):
        return f"expected no further argument, found {extra['found']}", ""
    return error.message, ""


def _name(error: click.BadParameter) -> str:
    """The option or the argument as it is typed."""
    parameter = error.param
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.make_metavar(error.ctx).strip("[].") if parameter and error.ctx else "a value"


def _options(context: click.Context | None) -> list[str]:
    found = context.command.get_params(context) if context else ()
    return [name for parameter in found for name in (*parameter.opts, *parameter.secondary_opts)]


class OneOf(click.Choice[str]):
    """One of several words; an error names the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word.

        Raises:
            click.BadParameter: It is none of them.
        """
        if value in self.choices:
            return str(value)
        hint = meant(str(value), self.choices)
        return self.fail(
            f"expected one of {', '.join(self.choices)}, found {value!r}"
            + (f"; {hint}" if hint else ""),
            param,
            ctx,
        )


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number.

        Raises:
            click.BadParameter: It is no whole number, or out of bounds.
        """
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            most = "" if self.max is None else f" to {self.max}"
            said = f"expected a whole number from {self.min}{most}, found {value!r}"
            return self.fail(said, param, ctx)


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day.

        Raises:
            click.BadParameter: It has another form, or does not exist.
        """
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            return self.fail(f"expected a day as YYYY-MM-DD, found {value!r}", param, ctx)
