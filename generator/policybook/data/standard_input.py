"""Standard input, which commands read where an argument is `-`."""

from __future__ import annotations

import sys

from msgspec import structs

from policybook.data.file_names import STANDARD_INPUT
from policybook.data.strict_yaml import MAX_BYTES, decoded
from policybook.errors import DocumentError, PolicybookError


def standard_input(most: int = MAX_BYTES) -> bytes:
    """The content of standard input, at most one byte more than a file may have.

    It is closed then: who reads it again is told so, and does not find it empty.

    Raises:
        PolicybookError: The process has no standard input, or it was read before.
    """
    if sys.stdin is None or sys.stdin.closed:
        found = "none" if sys.stdin is None else "it read before; - can be named once"
        raise PolicybookError(f"{STANDARD_INPUT}: expected standard input, found {found}")
    with sys.stdin.buffer as stream:
        return stream.read(most + 1)


def standard_input_text() -> str:
    """The text of standard input.

    Raises:
        DocumentError: It is too large, empty, or not UTF-8.
        PolicybookError: The process has no standard input, or it was read before.
    """
    text, errors = decoded(standard_input())
    if errors:
        raise DocumentError([structs.replace(error, file=STANDARD_INPUT) for error in errors])
    return text
