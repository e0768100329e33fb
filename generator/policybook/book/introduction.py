"""How a book introduces itself: sentences about what it holds, made from its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policybook.book.context import BookContext
from policybook.book.limits import INTRODUCED_TOPICS
from policybook.wording import all_of, day, number, words

_ALL = "This site covers all of AWS, with every AWS managed policy that its sources list: "


def introduction(context: BookContext) -> tuple[str, ...]:
    """Say which policies a book has, in which topics they are, and which services they name.

    Returns:
        Sentences. The first one stands by itself; those about topics and services may be missing.

    """
    return (_extent(context), *_topics(context), *_services(context))


def _extent(context: BookContext) -> str:
    book = context.book
    versions = [version for policy in book.policies.values() for version in policy.versions]
    days = sorted({version.day for version in versions if version.day})
    dated = f" from {day(days[0])} to {day(days[-1])}" if days[1:] else ""
    start = _ALL if book.is_of_all_aws else "This site has "
    return f"{start}{_policies(context)} with {words(len(versions), 'version')}{dated}."


def _policies(context: BookContext) -> str:
    """The number of policies by who manages them."""
    total = len(context.book.policies)
    managed = sum(policy.is_of_aws for policy in context.book.policies.values())
    if not managed:
        return words(total, "policy")
    others = f" and {words(total - managed, 'other policy')}" if total > managed else ""
    return f"{words(managed, 'AWS managed policy')}{others}"


def _topics(context: BookContext) -> Iterator[str]:
    titles = [group.title for group in context.book.groups.values()]
    count = len(context.index.groups_of.keys() & context.book.policies.keys())
    total = len(context.book.policies)
    if count:
        few = len(titles) <= INTRODUCED_TOPICS
        named = f"the {_noun(titles)} {all_of(titles)}" if few else words(len(titles), "topic")
        every = "All policies are" if count == total > 1 else ""
        yield f"{every or words(count, 'policy is', 'policies are')} in {named}."


def _noun(titles: Sequence[str]) -> str:
    return "topic" if len(titles) == 1 else "topics"


def _services(context: BookContext) -> Iterator[str]:
    listed = context.catalogue.prefixes
    named = len(context.index.services.keys() & set(listed))
    if named:
        of_all = f"{number(named)} of the {words(len(listed), 'service')}"
        yield f"Current documents name {of_all} in AWS's action list."
