"""What every `policybook import` does with what it has read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from policybook.commands.options import date_option
from policybook.commands.printing import print_lines, print_note, print_summary
from policybook.errors import one_line, shown
from policybook.wording import all_of, number, words

if TYPE_CHECKING:
    from policybook.importers.records import Archive

T = TypeVar("T")

only_option = click.option(
    "--only",
    default="*",
    help="Import only policies whose names match this pattern with * and ?.",
)
license_option = click.option(
    "--license",
    "license_name",
    metavar="NAME",
    callback=lambda _, __, name: _license(name),
    help="Licence under which the words of the pages may be used, such as CC-BY-SA-4.0; without "
    "it only facts and links are stored.",
)
files_argument = click.argument(
    "files", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
as_of_option = date_option("--as-of", "Day of which the pages are.")


def reading(what: str) -> Callable[[Iterable[T], int], Iterable[T]]:
    """What passes on all that is read, and says how much of it has been.

    On a terminal that is a progress bar, and elsewhere a line after each tenth.
    """

    def shown(found: Iterable[T], count: int) -> Iterable[T]:
        if sys.stderr.isatty():
            with click.progressbar(found, length=count, label="Reading", file=sys.stderr) as bar:
                yield from bar
            return
        step = max(count // 10, 1)
        for place, one in enumerate(found, 1):
            yield one
            if place % step == 0 or place == count:
                print_note(f"read {place} of {count} {what}")

    return shown


def _license(name: str | None) -> str | None:
    if name is not None and not (name.strip() and name.isprintable() and len(name) <= 200):
        raise click.BadParameter(f"expected the name of a licence, found {shown(name)}")
    return name


def write_archives(archives: Sequence[Archive], folder: Path) -> int:
    """Write what was read of one or several sources into the data folder, and report it.

    Returns:
        The exit status: 1 if something could not be read at all.
    """
    from policybook.importers.writing import writer

    written = writer.write(archives, folder)
    skipped = [state for archive in archives for state in archive.skipped]
    notes = [note for archive in archives for note in archive.notes]
    names = {policy.name for archive in archives for policy in archive.all_policies()}
    print_lines(map(one_line, (*written.matches, *map(str, skipped), *notes, *written.notes)))
    print_summary(
        [
            *(line for archive in archives for line in _accounts(archive)),
            f"{folder}: {words(written.versions, 'new version')} of "
            f"{words(len(names), 'policy')}, {number(written.policies)} of them new; "
            f"{number(len(skipped))} of {words(sum(a.states for a in archives), 'state')} skipped",
        ]
    )
    return 1 if any(state.lost for state in skipped) else 0


def _accounts(archive: Archive) -> Iterator[str]:
    """What was read of each account beside its policies: the number of roles, groups and users."""
    from policybook.model.roles import kind_of

    for account in archive.accounts:
        kinds = Counter(kind_of(role.name) for role in account.roles or ())
        if found := [words(count, kind) for kind, count in sorted(kinds.items(), reverse=True)]:
            yield f"{account.id}: {all_of(found)}"
