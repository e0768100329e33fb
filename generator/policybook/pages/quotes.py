"""What sources say of a policy, in their words: quotations for its page."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from policybook.model.descriptions import Description
from policybook.model.policies import Policy


class Quote(Struct, frozen=True):
    """What a source says of a policy, with its words in paragraphs; `said` has link and licence.

    `notes` are those on services that the policy does not grant.
    """

    source: str
    said: Description
    paragraphs: tuple[str, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...] = ()


def with_page_or_words(policy: Policy) -> tuple[tuple[str, Description], ...]:
    """The descriptions that have words or a page; some have only tags or the default version."""
    found = policy.facts.descriptions.items()
    return tuple((source, said) for source, said in found if said.has_words or said.title)


def quotes(policy: Policy, prefixes: Set[str]) -> tuple[Quote, ...]:
    """What each source says of the policy as a whole, and of services that are not granted.

    Args:
        policy: The policy.
        prefixes: The service prefixes that it grants.
    """
    return tuple(
        Quote(
            source,
            said,
            _paragraphs(said.text or ""),
            tuple((p, _paragraphs(note)) for p, note in said.notes.items() if p not in prefixes),
        )
        for source, said in with_page_or_words(policy)
    )


def notes_on(policy: Policy, prefix: str) -> tuple[Quote, ...]:
    """What each source says of a service prefix."""
    return tuple(
        Quote(source, said, _paragraphs(said.notes[prefix]))
        for source, said in with_page_or_words(policy)
        if prefix in said.notes
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("\n")))
