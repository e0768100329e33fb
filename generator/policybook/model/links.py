"""Pages elsewhere: links to them, and what a page showed on a day."""

from __future__ import annotations

from policybook.model.fields import AsOf, Record, Text, Url


class Link(Record, frozen=True):
    """A link to another site."""

    title: Text
    url: Url


class Source(Record, frozen=True):
    """The page that something comes from, and when the page showed it."""

    title: Text
    url: Url
    as_of: AsOf
