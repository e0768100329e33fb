"""How a book introduces itself: sentences about what it holds, made from its data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.book.limits import INTRODUCED_TOPICS
from policybook.model.kinds import KIND_COUNTS, NOT_GRANTING
from policybook.wording import all_of, day, number, words

_ALL = "This site covers all of AWS, with every AWS managed policy that its sources list: "


def introduction(context: BookContext) -> tuple[str, ...]:
    """Say which policies a book has, in which topics they are, and which services they name.

    Returns:
        Sentences. The first one stands by itself; those about topics and services may be missing.

    """
    policies = context.book.granting
    total, count = len(policies), len(context.index.groups_of.keys() & policies.keys())
    topics = f" in {_topics(context)}" if count else ""
    of_all, of_some = (topics, "") if count == total else ("", topics)
    start = _ALL if context.book.is_of_all_aws else "This site has "
    return (
        f"{start}{_policies(context)}{of_all}, with {_versions(context)}.",
        *([f"{words(count, 'policy is', 'policies are')}{of_some}."] if of_some else []),
        *_limiting(context),
        *_services(context),
    )


def _policies(context: BookContext) -> str:
    """The number of policies by who manages them."""
    policies = context.book.granting
    total, managed = len(policies), sum(policy.is_of_aws for policy in policies.values())
    if not managed:
        return words(total, "policy")
    others = f" and {words(total - managed, 'other policy')}" if total > managed else ""
    return f"{words(managed, 'AWS managed policy')}{others}"


def _limiting(context: BookContext) -> Iterator[str]:
    """The number of policies that grant nothing, by kind."""
    counts = Counter(policy.type for policy in context.book.limiting.values())
    found = [words(counts[type_], *KIND_COUNTS[type_]) for type_ in NOT_GRANTING if counts[type_]]
    if found:
        which = "grants nothing and is" if counts.total() == 1 else "grant nothing and are"
        yield f"It also has {all_of(found)}, which {which} counted apart."


def _versions(context: BookContext) -> str:
    versions = [v for policy in context.book.granting.values() for v in policy.versions]
    days = sorted({version.day for version in versions if version.day})
    dated = f" from {day(days[0])} to {day(days[-1])}" if days[1:] else ""
    return f"{words(len(versions), 'version')}{dated}"


def _topics(context: BookContext) -> str:
    titles = [group.title for group in context.book.groups.values()]
    if len(titles) > INTRODUCED_TOPICS:
        return words(len(titles), "topic")
    return f"the {'topic' if len(titles) == 1 else 'topics'} {all_of(titles)}"


def _services(context: BookContext) -> Iterator[str]:
    listed = context.catalogue.prefixes
    named = len(context.index.services.keys() & set(listed))
    if named:
        of_all = f"{number(named)} of the {words(len(listed), 'service')}"
        yield f"Current documents name {of_all} in AWS's action list."
