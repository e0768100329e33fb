"""Reads the accounts of a data folder: `accounts/<id>/account.yml`, and what is beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from policybook.data.file_reader import FileReader
from policybook.model.accounts import Account, AccountFile
from policybook.model.documents import Document
from policybook.model.roles import Role

FOLDER, FILE = "accounts", "account.yml"
KINDS = {"roles": "", "groups": "group/", "users": "user/"}
"""The folders of roles, groups and users, and what is in front of the names that these have."""


def accounts(reader: FileReader) -> Mapping[str, Account]:
    """The accounts by id, in order, as far as they can be read.

    Args:
        reader: Reads the data folder, and gets the errors.
    """
    found = (account(reader, folder) for folder in _folders(reader))
    return {one.id: one for one in found if one}


def account(reader: FileReader, folder: Path) -> Account | None:
    """The account in a folder, or None if its file has errors."""
    paths = [path for path in reader.entries(folder) if path.name[:1] != "."]
    if folder / FILE not in paths:
        reader.error(folder, "missing-file", f"a file {FILE}", "none")
        return None
    facts = reader.file(folder / FILE, AccountFile)
    if not facts:
        return None
    documents: dict[str, Document] = {}
    for path in paths:
        name, ending = path.stem, path.suffix
        entry = facts.policies.get(name)
        if path.name in (FILE, *KINDS):
            continue
        if ending != ".json" or not entry or entry.same_as:
            expected = f"the document NAME.json of a policy that {FILE} has without same_as"
            reader.error(path, "unlisted-document", expected, repr(path.name))
        elif document := reader.document(path):
            documents[name] = document
    roles = {file: role for kind in KINDS for file, role in _roles(reader, folder, kind)}
    return Account(folder.name, facts, roles, documents)


def _roles(reader: FileReader, folder: Path, kind: str) -> Iterator[tuple[str, Role]]:
    """The roles, groups or users of an account, each with the path of its file."""
    for path in reader.entries(folder / kind):
        if path.name.startswith("."):
            continue
        if path.suffix != ".yml":
            reader.error(path, "unlisted-file", "a file NAME.yml", repr(path.name))
        elif role := reader.file(path, Role):
            name = KINDS[kind] + path.stem
            if role.name != name:
                expected = f"the file's name {name}"
                reader.error(path, "bad-name", expected, repr(role.name), ("name",))
            else:
                yield path.relative_to(reader.root).as_posix(), role


def _folders(reader: FileReader) -> Iterator[Path]:
    """The folders that are named as accounts."""
    for path in reader.entries(reader.root / FOLDER):
        if path.name.startswith("."):
            continue
        if path.is_symlink() or not os.path.isdir(path):
            other = "a link" if path.is_symlink() else "a file"
            reader.error(path, "unlisted-file", "a folder for each account", other)
        elif not re.fullmatch("[0-9]{12}", path.name):
            expected = "a folder named as the 12 digits of its account"
            reader.error(path, "bad-name", expected, repr(path.name))
        else:
            yield path
