"""Ends a build of MkDocs because of one of our errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.exceptions import Abort

from policybook.errors import PolicybookError


class BuildAborted(Abort):
    """Aborts a build because of one of our errors, which is in `error`."""

    def __init__(self, error: PolicybookError) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def aborting() -> Iterator[None]:
    """Raise BuildAborted in place of PolicybookError."""
    try:
        yield
    except PolicybookError as error:
        raise BuildAborted(error) from error
