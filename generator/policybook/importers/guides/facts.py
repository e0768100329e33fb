"""What a guide page says of managed policies: facts, and AWS's words where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from policybook.model.documents import Document

PageForm = Literal["markdown", "html", "text"]


class PrefixNote(Struct, frozen=True):
    """What the page says of one or several service prefixes, such as `ec2`."""

    prefixes: tuple[str, ...]
    text: str
    line: int


class GuideDocument(Struct, frozen=True):
    """A JSON document that the page shows.

    Attributes:
        content: Its bytes as shown.
        line: The line of the page on which it starts.
        document: Its statements as the loader reads them; None if the loader refuses it.
        refused: Why the loader refuses it, in one line.
        alone: Whether it is one statement without a document around it.
    """

    content: bytes
    line: int
    document: Document | None
    refused: str = ""
    alone: bool = False


class GuidePolicy(Struct, frozen=True):
    """A policy that has a section of the page.

    Attributes:
        name: Its name, which can be a folder's.
        line: The line of its heading.
        introduction: The paragraphs and items before notes and documents.
        notes: What the page says of service prefixes, in its order.
        documents: The JSON documents of the section.
        arn: Its ARN, if the section states it.
        rest: The section's other paragraphs and items.
    """

    name: str
    line: int
    introduction: tuple[str, ...] = ()
    notes: tuple[PrefixNote, ...] = ()
    documents: tuple[GuideDocument, ...] = ()
    arn: str | None = None
    rest: tuple[str, ...] = ()

    @property
    def by_prefix(self) -> Mapping[str, tuple[str, ...]]:
        """The notes' texts by service prefix; AWS sometimes has several for one."""
        found: dict[str, tuple[str, ...]] = {}
        for note in self.notes:
            for prefix in note.prefixes:
                found[prefix] = (*found.get(prefix, ()), note.text)
        return found


class PolicyMention(Struct, frozen=True):
    """A policy that the page lists outside the sections: its name, the text, and what is above.

    `under` is the paragraph in front of the list, which says what is listed.
    """

    name: str
    text: str
    under: str
    line: int


class PolicyUpdate(Struct, frozen=True):
    """A row of the page's table of updates.

    Attributes:
        policies: The names of the policies, as far as the row names any.
        version: The number of the version, if the row has one.
        label: What the row says beside the name, such as "New policy".
        change: The text of the change.
        day: The day; None if it could not be read.
        line: The line of the page.
    """

    policies: tuple[str, ...]
    version: int | None
    label: str
    change: str
    day: date | None
    line: int


class GuidePage(Struct, frozen=True):
    """A page.

    Attributes:
        form: The form in which it was read.
        title: Its title.
        address: Its address at AWS, if it states it, beginning with https.
        policies: The policies with a section, in order.
        updates: The rows of its tables of updates, in order.
        tracking: The day on which AWS began to track changes.
        mentions: Policies that lists outside the sections name.
        documents: JSON documents outside the sections of policies.
        unread: A line for each thing that could not be read, with the line of the page.
    """

    form: PageForm
    title: str
    address: str | None = None
    policies: tuple[GuidePolicy, ...] = ()
    updates: tuple[PolicyUpdate, ...] = ()
    tracking: date | None = None
    mentions: tuple[PolicyMention, ...] = ()
    documents: tuple[GuideDocument, ...] = ()
    unread: tuple[str, ...] = ()

    def policy(self, name: str) -> GuidePolicy | None:
        """The policy of that name, if it has a section."""
        return next((policy for policy in self.policies if policy.name == name), None)
