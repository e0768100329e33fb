"""Colours of verdicts, levels and errors in lines of text, for terminals.

A line is coloured by its form, after it is made: so what a pipe gets is the same without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import click

_VERDICTS: Mapping[str, str] = {
    "widened": "yellow",
    "narrowed": "cyan",
    "mixed": "magenta",
    "undetermined": "magenta",
    "identical": "green",
    "equivalent": "green",
    "added": "yellow",
    "removed": "cyan",
}
_LEVELS: Mapping[str, str] = {
    "Permissions management": "red",
    "Write": "yellow",
    "Tagging": "yellow",
    "Read": "green",
    "List": "green",
}
_ANSWERS: Mapping[str, str] = {
    **{"yes": "green", "has": "green", "conditional": "yellow", "lacks": "red", "no": "red"},
    **{"open": "red", "Allow": "green", "Deny": "red"},
}
_VERDICT = "|".join(_VERDICTS)


def _word(colours: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    """What colours the group `word` of a match."""

    def colour(found: re.Match[str]) -> str:
        whole, start = found[0], found.start()
        begin, end = found.start("word") - start, found.end("word") - start
        word = click.style(whole[begin:end], fg=colours[whole[begin:end]], bold=True)
        return whole[:begin] + word + whole[end:]

    return colour


# The form of a line, and what is coloured in it. The first form that fits is the line's.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"^(?P<word>{_VERDICT})$"), _word(_VERDICTS)),
    (re.compile(rf"^ +[-+~] (?P<word>{_VERDICT})(?=:)"), _word(_VERDICTS)),
    (
        re.compile(rf"^\d{{4}}-.*[:,] (?P<word>{_VERDICT})(?=( \(after [^)]*\))?$)"),
        _word(_VERDICTS),
    ),
    (re.compile(r"^  risk: .*: (?P<word>open|conditional)(?= \[)"), _word(_ANSWERS)),
    (re.compile(r"^ +\d+ (?P<word>Allow|Deny)\b"), _word(_ANSWERS)),
    (re.compile(r"^(  )?(?P<word>yes|no|has|conditional|lacks)(?=  +)"), _word(_ANSWERS)),
)
_COUNTED = re.compile(rf"(?P<word>{'|'.join(_LEVELS)})(?= \d)")
_FINDING = re.compile(r"^(?P<level>warning: |error: )?(?P<place>\S+?: )(?=.*\[[a-z-]+\]$)")


def coloured(line: str) -> str:
    """The line with colours, if it has the form of one with a verdict, a level or an answer."""
    if found := _FINDING.match(line):
        level = found["level"] or ""
        colour = "yellow" if level == "warning: " else "red"
        return (
            click.style(level, fg=colour, bold=True)
            + click.style(found["place"], fg=None if level else colour, bold=True)
            + line[found.end() :]
        )
    if line.startswith("  effective actions: "):
        return _COUNTED.sub(_word(_LEVELS), line)
    for form, colour_of in _FORMS:
        if form.match(line):
            return form.sub(colour_of, line, count=1)
    return line


def red(line: str) -> str:
    """An error that ends a command."""
    return click.style(line, fg="red")
