"""Resolve arguments to documents that are attached together, and to the actions asked about."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.resolve import (
    resolve_doubt,
    resolve_policy,
    resolve_version,
    resolve_version_at,
)
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from policybook.analysis.covers import Attached
    from policybook.data.asked_text import AskedText
    from policybook.model.book import Book
    from policybook.model.policies import Policy, Version

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def resolve_attached(book: Book, name: str) -> Attached:
    """Find the document that an argument names; what is not certain goes to standard error.

    Args:
        book: The book to look in.
        name: NAME, NAME@VERSION, NAME@YYYY-MM-DD for the default version of a day, or the path of a
            JSON or YAML file.

    Raises:
        DataError: The file has errors.
        PolicybookError: There is no such file, policy, version or document.
    """
    from policybook.analysis.covers import Attached

    if name not in book.policies and _is_path(name):
        from policybook.data.loader import read_document

        return Attached(name, read_document(Path(name)))
    policy, version, unsure = _version(book, name)
    if unsure:
        click.echo(f"not sure: {policy.name}: {unsure}", err=True)
    if version is None or version.document is None:
        which = version.key if version else "any version"
        raise PolicybookError(
            f"{policy.name}: expected a document of {which}, found none in the data"
        )
    return Attached(policy.name, version.document, policy, version)


def _version(book: Book, name: str) -> tuple[Policy, Version | None, str]:
    """The policy, its version, and why that is uncertain."""
    before, _, key = name.rpartition("@")
    if before and name not in book.policies and _DAY.fullmatch(key):
        policy = resolve_policy(book, before)
        if not policy.version(key):
            return policy, *resolve_version_at(policy, _day(name, key))
    policy, version = resolve_version(book, name)
    return policy, version, resolve_doubt(policy) if name == policy.name else ""


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PolicybookError(f"{name}: expected a day as YYYY-MM-DD, found {text!r}") from None


def _is_path(name: str) -> bool:
    return "/" in name or name.endswith((".json", ".yml", ".yaml"))


def resolve_asked(arguments: Sequence[str]) -> AskedText:
    """Read the actions that arguments name.

    Args:
        arguments: Actions and patterns such as `s3:Get*`, and paths of files with actions; `-` is
            standard input.

    Raises:
        PolicybookError: There is no argument, or a file cannot be read.
    """
    from policybook.data.asked_text import AskedText, asked_text

    if not arguments:
        raise PolicybookError("expected actions such as s3:GetObject, or a file with actions")
    found = [asked_text(_text(argument)) for argument in arguments]
    return AskedText(
        tuple(dict.fromkeys(name for text in found for name in text.names)),
        tuple(dict.fromkeys(part for text in found for part in text.not_understood)),
    )


def _text(argument: str) -> str:
    """An argument with an action, or the content of the file that it names."""
    from policybook.data.loader import read_text
    from policybook.data.strict_yaml import MAX_BYTES

    if argument == "-":
        return sys.stdin.read(MAX_BYTES + 1)
    if re.fullmatch(r"\*|[^/\\]*:[^/\\]*", argument) and not Path(argument).is_file():
        return argument
    return read_text(Path(argument))
