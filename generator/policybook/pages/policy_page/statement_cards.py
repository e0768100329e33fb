"""The statements of a policy's current document: what each is about, and since when it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from policybook.analysis.index import Use
from policybook.analysis.since import Start
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.model.documents import Statement
from policybook.model.policies import Policy


class StandingPart(Struct, frozen=True):
    """Action patterns of a statement that stand in their form since the same version.

    There are none for NotAction.
    """

    start: Start
    patterns: tuple[str, ...]


class StatementCard(Struct, frozen=True):
    """A statement, without its patterns: the tables of permissions and resources have them.

    `permalink` stays valid when the policy has a newer version. `prefixes` are its services.
    """

    statement: Statement
    permalink: Target
    prefixes: tuple[str, ...]
    standing: tuple[StandingPart, ...]


def statement_cards(
    context: BookContext, policy: Policy, uses: tuple[Use, ...]
) -> Iterator[StatementCard]:
    """Yield a card for each statement of the current document, in order."""
    current = policy.current
    if not current or not current.document:
        return
    prefixes: dict[int, list[str]] = defaultdict(list)
    for use in uses:
        prefixes[use.statement].append(use.prefix)
    standing = dict(_standing(context, policy))
    for statement in current.document.statements:
        number = statement.number
        yield StatementCard(
            statement,
            addresses.permalink(policy.name, current.key, number),
            tuple(prefixes[number]),
            standing.get(number, ()),
        )


def _standing(
    context: BookContext, policy: Policy
) -> Iterator[tuple[int, tuple[StandingPart, ...]]]:
    """Yield the parts of each statement of the current document by its number, oldest first."""
    current, forms = policy.current, context.history.current_forms(policy.name)
    if not current or not current.document or not forms:
        return
    for s in current.document.statements:
        found: dict[Start, list[str]] = defaultdict(list)
        for pattern, start in forms.of(s.effect, s.actions, s.resources, s.condition).items():
            found[start] += [pattern] if pattern else []
        ordered = sorted(found.items(), key=lambda item: item[0].place)
        yield s.number, tuple(StandingPart(start, tuple(names)) for start, names in ordered)
