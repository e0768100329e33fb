"""The commands of a group, each of which is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from policybook.commands.options import with_shared_options


class LazyCommands(MutableMapping[str, click.Command]):
    """Commands by name. Importing all of them takes longer than many a question to the store."""

    def __init__(self, *names: str, **modules: str) -> None:
        """Set up the commands; none is imported yet.

        Args:
            names: The names of commands that are functions of that name in modules of that name.
            modules: The names of modules by those of other commands. The function is called as its
                module, or else as the command.

        """
        self._modules = {**{name: name for name in names}, **modules}
        self._found: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        """The command, with the options that all have."""
        if name not in self._found:
            found = self._modules[name]
            module = import_module(f"policybook.commands.{found}")
            named = (getattr(module, each, None) for each in (name, found))
            command = next(each for each in named if isinstance(each, click.Command))
            self._found[name] = with_shared_options(command)
        return self._found[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        """Add a command that is imported already."""
        self._modules[name], self._found[name] = "", command

    def __delitem__(self, name: str) -> None:
        """Remove a command."""
        del self._modules[name]
        self._found.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._modules)

    def __len__(self) -> int:
        """The number of commands."""
        return len(self._modules)
