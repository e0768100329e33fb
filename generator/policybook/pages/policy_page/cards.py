"""The cards at the top of a policy's page: access, the last effective change, and risks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from policybook.analysis.index import Use
from policybook.analysis.last_change import LastChange
from policybook.analysis.timeline import Transition
from policybook.book.context import BookContext
from policybook.book.facts.levels import Level, effective, is_open
from policybook.book.facts.removals import RemovalEntry
from policybook.iam.grants import EVERYTHING
from policybook.iam.patterns import has_wildcard
from policybook.model.changes import Change
from policybook.model.documents import Document
from policybook.model.policies import Policy
from policybook.model.version_ids import version_id


class AccessCard(Struct, frozen=True):
    """The figures about what a policy grants.

    `unmatched` are the wildcard patterns that match no action and are not counted in `actions`.
    """

    levels: tuple[Level, ...]
    actions: int
    unmatched: tuple[str, ...]
    prefixes: tuple[str, ...]
    statements: int
    conditional: int
    denied: int
    wildcards: int
    unconditional: int
    passes_roles: bool
    upper_bound: bool
    everything: bool


class RemovedCard(Struct, frozen=True):
    """What versions of a policy removed, and how much of its history is known.

    `known` are the oldest and newest version if all between them are known, else (). `unknown` are
    the versions that are not known or not decided, in words.
    """

    entries: tuple[RemovalEntry, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]


class LastCard(Struct, frozen=True):
    """The last change with an effect, its headline and comparison, and what was ever removed."""

    last: LastChange
    headline: str
    change: Change | None
    removed: RemovedCard


def access_card(context: BookContext, document: Document, uses: tuple[Use, ...]) -> AccessCard:
    """Create the figures about a policy's current document."""
    allowed = [use for use in uses if use.effect == "Allow"]
    levels = context.levels.of_part(uses[0].policy, uses) if uses else ()
    patterns = {p for use in allowed if not use.actions.negated for p in use.actions.patterns}
    return AccessCard(
        levels=levels,
        actions=sum(level.count for level in levels),
        unmatched=context.levels.unmatched(uses[0].policy) if uses else (),
        prefixes=tuple(sorted({use.prefix for use in allowed} - {EVERYTHING})),
        statements=len(document.statements),
        conditional=sum(bool(s.condition) for s in document.statements),
        denied=sum(s.effect == "Deny" for s in document.statements),
        wildcards=sum(map(has_wildcard, patterns)),
        unconditional=len({use.statement for use in allowed if is_open(use)}),
        passes_roles="iam:passrole" in effective(context.catalogue, allowed, uses),
        upper_bound=any(use.condition or "*" not in use.resources.patterns for use in allowed),
        everything=any(use.prefix == EVERYTHING for use in allowed),
    )


def last_card(context: BookContext, policy: Policy) -> LastCard:
    """Create the card of the last effective change."""
    history = context.index.histories[policy.name]
    last = context.policy_lines.of(policy.name).last
    key = last.effective.key if last.effective else ""
    change = next((t.change for t in history if t.key == key), None)
    headline = context.events.headlines(policy.name).get(key, "")
    return LastCard(last, headline, change, _removed(context, policy, history))


def _removed(context: BookContext, policy: Policy, history: Sequence[Transition]) -> RemovedCard:
    known = [t for t in history if not t.outside_sequence and not t.returned]
    unknown = tuple(_unknown(known))
    ends = (known[-1].version, known[0].version) if known else ()
    numbered = all(version.facts.id for version in ends)
    return RemovedCard(
        tuple(context.removals.entries(policy.name)),
        tuple(version.key for version in ends) if numbered and not unknown else (),
        unknown,
    )


def _unknown(known: Sequence[Transition]) -> Iterator[str]:
    """Yield what is not known of the versions, oldest first."""
    for transition in reversed(known):
        version = transition.version
        if transition.missing:
            first, last = transition.missing[0], transition.missing[-1]
            ids = [version_id(number, version.life or 1) for number in (first, last)]
            yield f"{ids[0]} is unknown" if first == last else f"{ids[0]} to {ids[1]} are unknown"
        if not version.document:
            yield f"the document of {version.key} is unknown"
        if transition.change and transition.change.verdict == "undetermined":
            yield f"{version.key} is undetermined"
