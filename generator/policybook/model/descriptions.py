"""What sources say about policies, in their words or as facts about their pages."""

from __future__ import annotations

from typing import Annotated

from policybook.model.fields import (
    MOST_NOTES,
    MOST_UPDATES,
    AsOf,
    Day,
    Prefix,
    Record,
    Tags,
    Text,
    Url,
    VersionId,
)

GUIDE, REFERENCE = "guide-", "reference"
"""How the names of sources that are pages begin."""


def is_page(source: str) -> bool:
    """Whether a source is a page of documentation, by its name in the data."""
    return source.startswith(GUIDE) or source == REFERENCE


class PageUpdate(Record, frozen=True):
    """A row of a page's table of updates; `change` is the page's text."""

    day: Day
    version: VersionId | None = None
    change: Text | None = None


class Description(Record, frozen=True):
    """What one source says about a policy, in the source's words.

    `text`, `notes` by service prefix and each `change` are words of the page at `url`, stored under
    the `license`. Without one, only facts of the page are: its `title`, its `updates`, and the
    `prefixes` of the services that it explains. `as_of` is the state of the page: the day on which
    it was read, or if nobody has said so, the newest day that it states.
    `default` is the version that was the default when the source had none newer than `newest`;
    without `newest`, the default was the newest one.
    """

    title: Text | None = None
    text: Text | None = None
    notes: Annotated[dict[Prefix, Text], MOST_NOTES] = {}
    prefixes: Annotated[tuple[Prefix, ...], MOST_NOTES] = ()
    updates: Annotated[tuple[PageUpdate, ...], MOST_UPDATES] = ()
    url: Url | None = None
    license: Text | None = None
    as_of: AsOf | None = None
    tags: Tags = {}
    default: VersionId | None = None
    newest: VersionId | None = None

    @property
    def has_words(self) -> bool:
        """Whether words of the source are stored."""
        return bool(self.text or self.notes or any(update.change for update in self.updates))

    @property
    def explained(self) -> tuple[str, ...]:
        """The prefixes of the services that it explains, in its order."""
        return self.prefixes or tuple(self.notes)
