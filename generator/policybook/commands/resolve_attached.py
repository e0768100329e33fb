"""Resolve arguments to documents that are attached together, and to the actions asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.resolve_documents import resolve_granting
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from policybook.analysis.covers import Attached
    from policybook.data.asked_text import AskedText
    from policybook.model.book import Book


def resolve_attached(book: Book, name: str) -> Attached:
    """Find the document that an argument names; what is not certain goes to standard error.

    Args:
        book: The book to look in.
        name: What `resolve_document` takes.

    Raises:
        DocumentError: The file has errors.
        PolicybookError: There is no such file, policy, version or document, or the policy grants
            nothing.
    """
    from policybook.analysis.covers import Attached

    found = resolve_granting(book, name)
    if found.unsure:
        click.echo(f"not sure: {found.name}: {found.unsure}", err=True)
    if found.version is None:
        return Attached(found.name, found.document)
    policy = book.policies[found.name]
    return Attached(found.name, found.document, policy, policy.version(found.version))


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
    from policybook.data.file_names import STANDARD_INPUT
    from policybook.data.loader import read_text
    from policybook.data.standard_input import standard_input_text

    if argument == STANDARD_INPUT:
        return standard_input_text()
    if re.fullmatch(r"\*|[^/\\]*:[^/\\]*", argument) and not Path(argument).is_file():
        return argument
    return read_text(Path(argument))
