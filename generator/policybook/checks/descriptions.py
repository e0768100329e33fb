"""Checks of what sources say about policies: words of others need a licence and a link."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.checks.context import CheckContext, policy_finding
from policybook.errors import Finding, KeyPath, one_line
from policybook.model.descriptions import Description, is_page


def quotations(context: CheckContext) -> Iterator[Finding]:
    """Words of a page have a licence and the address of the page, and no hidden characters."""
    for policy in context.book.policies.values():
        for source, said in policy.facts.descriptions.items():
            at: KeyPath = ("descriptions", source)
            from_page = is_page(source) or said.license or said.url
            for key in ("license", "url") if from_page and said.has_words else ():
                if getattr(said, key) is None:
                    expected = f"the key {key}, since words of the page are quoted"
                    yield policy_finding(policy, at, "unlicensed-words", expected, "none")
            for path, text in _words(said):
                if hidden := next((c for c in text if c != "\n" and not c.isprintable()), ""):
                    expected = "a quotation without hidden characters"
                    yield policy_finding(
                        policy, (*at, *path), "hidden-character", expected, one_line(hidden)
                    )


def _words(said: Description) -> Iterator[tuple[KeyPath, str]]:
    """The words of the source, each with its key path."""
    yield ("title",), said.title or ""
    yield ("text",), said.text or ""
    yield from ((("notes", prefix), text) for prefix, text in said.notes.items())
    for place, update in enumerate(said.updates):
        yield ("updates", place, "change"), update.change or ""
