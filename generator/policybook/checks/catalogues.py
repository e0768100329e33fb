"""Checks of the stored catalogues."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.catalogue.stored import FILE, FOLDER
from policybook.checks.context import CheckContext
from policybook.errors import Finding


def later_catalogues(context: CheckContext) -> Iterator[Finding]:
    """No stored catalogue is newer than the one in use, which may be out of date."""
    in_use = context.catalogue.date
    for day in context.book.catalogues:
        if day > in_use:
            yield Finding(
                file=f"{FOLDER}/{day}/{FILE}",
                kind="time-order",
                expected=f"a day up to {in_use}, that of the action list in use",
                found=day,
                level="warning",
            )
