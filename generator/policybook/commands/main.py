"""The group of all commands, and the entry point."""

from __future__ import annotations

import gc
import os
import sys

import click

from policybook import __version__
from policybook.commands.build import build
from policybook.commands.changes import changes
from policybook.commands.check import check
from policybook.commands.diff import diff
from policybook.commands.export import export
from policybook.commands.grants import grants
from policybook.commands.growth import drift, growth
from policybook.commands.import_git import import_git
from policybook.commands.init import init
from policybook.commands.serve import serve
from policybook.commands.show import show


@click.group()
@click.version_option(__version__, help="Show the version.")
def commands() -> None:
    """Document IAM managed policies: what they grant, and what changed.

    Exit status: 0 for success, 1 if there are findings, 2 if the command could not run.
    """
    # Material and MkDocs print advice on their own future at every start; ours is in
    # ARCHITECTURE.md.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    # A command keeps nearly all its objects until it ends. Garbage collection finds nothing to
    # free, and takes more than half of the time.
    gc.disable()


@commands.group("import")
def import_group() -> None:
    """Import policies and their history into the data folder."""


import_group.add_command(import_git)
for command in (build, serve, check, show, changes, diff, grants, growth, drift, export, init):
    commands.add_command(command)


def main() -> None:
    """Run the command line and end the process.

    The process ends without freeing its objects, which takes a second for a large book.
    """
    status: object = 0
    try:
        commands(prog_name="policybook")
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)
