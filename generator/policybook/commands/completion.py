"""What a shell offers for an argument: names and versions of policies, actions, files.

Shells ask at each press of a key, so neither MkDocs nor the data is read: policies are the folders
of the data folder, and actions those of the one service whose prefix is typed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

_DATA_DIR = re.compile(r"^\s+data_dir: *(?:'(.*)'|\"(.*)\"|([^\s#]+))", re.MULTILINE)


def policy_names(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The policies whose names begin with what is typed; after an `@`, the versions of one."""
    folder = _data(context) / "policies"
    name, at, _version = typed.partition("@")
    if at and (folder / name).is_dir():
        stems = sorted({path.stem for path in _entries(folder / name)} - {"policy"})
        found = [f"{name}@{stem}" for stem in stems]
    else:
        found = sorted(path.name for path in _entries(folder))
    return _beginning(found, typed)


def policy_names_and_files(
    context: click.Context, parameter: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Policies, or else files."""
    names = [] if "/" in typed else policy_names(context, parameter, typed)
    return names or [CompletionItem(typed, type="file")]


def actions(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """The prefixes of services, and after a colon the actions of one."""
    from policybook.catalogue.catalogue import Catalogue

    catalogue = Catalogue()
    prefix, colon, _name = typed.lower().partition(":")
    if not colon:
        return _beginning([f"{each}:" for each in catalogue.prefixes], typed)
    service = catalogue.service(prefix)
    known = service.actions.values() if service else ()
    return _beginning([f"{prefix}:{action.name}" for action in known], typed)


def services(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """The prefixes of services."""
    from policybook.catalogue.catalogue import Catalogue

    return _beginning(Catalogue().prefixes, typed)


def _beginning(names: Any, typed: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.lower().startswith(typed.lower())]


def _entries(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.name[0] != "."]
    except OSError:
        return []


def _data(context: click.Context) -> Path:
    """The data folder: that of the options, else the one that the configuration file names."""
    if data := context.params.get("data"):
        return Path(data)
    config = Path(context.params.get("config_file") or "mkdocs.yml")
    try:
        found = _DATA_DIR.search(config.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        found = None
    return config.parent / ("".join(filter(None, found.groups())) if found else "data")
