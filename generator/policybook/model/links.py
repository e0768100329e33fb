"""Pages elsewhere: links to them, and what a page showed on a day."""

from __future__ import annotations

from policybook.model.fields import AsOf, Day, Record, Text, Url


class Link(Record, frozen=True):
    """A link to another site."""

    title: Text
    url: Url


class Source(Record, frozen=True):
    """The page that something comes from, and when the page showed it."""

    title: Text
    url: Url
    as_of: AsOf


class SourceDays(Record, frozen=True):
    """The days that one source states of a version.

    `as_of` is the newest state of a page that shows its document without a number.
    """

    published: Day | None = None
    observed: Day | None = None
    default_since: Day | None = None
    as_of: Day | None = None
