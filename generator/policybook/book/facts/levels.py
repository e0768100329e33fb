"""Counts of effective actions by access level, and how much is allowed on `*`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.index import Index, Use, slices
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.scope import Scope
from policybook.catalogue.services import LEVELS
from policybook.iam.denies import GRANTED, certainties_with, granted
from policybook.model.documents import Term
from policybook.model.policies import Policy, Version

ANY = Term(("*",))


class Level(Struct, frozen=True):
    """An access level and the number of actions that have it."""

    name: str
    count: int

    @property
    def style(self) -> str:
        """The level's first word in lower case, for style sheets."""
        return self.name.split()[0].lower()


def _part(policy: str, uses: Sequence[Use]) -> tuple[str, str]:
    return policy, " ".join([f"{use.statement}:{use.prefix}" for use in uses])


class LevelFacts(Facts):
    """Effective actions of parts of documents, by access level."""

    def __init__(self, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._index = index
        self._catalogue = catalogue

    @derived(kept="policy", key=_part)
    def of_part(self, policy: str, uses: Sequence[Use]) -> tuple[Level, ...]:
        """The levels of some uses of a policy's current document, without denied actions.

        Args:
            policy: The policy's name.
            uses: Parts of the statements of its current document.

        Returns:
            The counts by level, weakest level first.

        """
        return levels_of(self._catalogue, uses, self._index.uses[policy])

    @derived(kept="policy")
    def by_service(self, policy: str) -> Mapping[str, tuple[Level, ...]]:
        """The levels of the current document's effective actions, by service prefix, in order.

        Includes what it grants through patterns of every service, such as `*`.
        """
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for name, level in effective(self._catalogue, self._index.uses.get(policy, ())).items():
            found[name.partition(":")[0]][name] = level
        return {prefix: counted(found[prefix]) for prefix in sorted(found)}

    @derived
    def on_resource(self, term: Term) -> tuple[Level, ...]:
        """The levels of what any policy allows on a resource pattern, by effective actions."""
        uses = self._index.resources[term]
        policies = {use.policy for use in uses}
        if len(policies) == 1:  # as of most patterns: the cache has what their policies allow
            return self.of_part(uses[0].policy, uses)
        found: dict[str, str] = {}
        for use in uses:
            found.update(effective(self._catalogue, (use,), self._index.uses[use.policy]))
        return counted(found)

    @derived(kept="policy")
    def unmatched(self, policy: str) -> tuple[str, ...]:
        """The patterns that the current document allows and that match no action."""
        return unmatched(self._catalogue, self._index.uses.get(policy, ()))

    def unmatched_of(self, policy: Policy, version: Version) -> tuple[str, ...]:
        """The patterns that a version of the policy allows and that match no action."""
        if version is policy.current:
            return self.unmatched(policy.name)
        document = version.document
        return unmatched(self._catalogue, tuple(slices(policy.name, document)) if document else ())

    def of_version(self, policy: Policy, version: Version) -> tuple[Level, ...]:
        """The levels of all effective actions of a version of the policy."""
        if version is policy.current:
            return self.of_part(policy.name, self._index.uses.get(policy.name, ()))
        document = version.document
        uses = tuple(slices(policy.name, document)) if document else ()
        return levels_of(self._catalogue, uses)

    @derived(kept="policy")
    def scope_on_any(self, policy: str) -> Scope:
        """How many actions that the current document allows on `*` could be limited to resources.

        See `Catalogue.scope`.
        """
        return self.scope_of(policy, filter(is_on_any, self._index.uses[policy]))

    def scope_of(self, policy: str, uses: Iterable[Use]) -> Scope:
        """How many actions of some uses of the current document could be limited to resources."""
        catalogue, own, every = self._catalogue, tuple(uses), self._index.uses[policy]
        patterns = unmatched(catalogue, own, every)
        return catalogue.scope((*effective(catalogue, own, every), *patterns))


def effective(
    catalogue: Catalogue, uses: Iterable[Use], all_uses: Iterable[Use] | None = None
) -> Mapping[str, str]:
    """The effective actions of Allow uses, with their levels.

    Actions that a Deny of the same policy removes on all resources of an Allow are left out, and
    those that can have none of its resources.

    Args:
        catalogue: The catalogue of actions, used to expand wildcards.
        uses: Parts of the policy's statements.
        all_uses: All parts of its statements, for their Denies. Default: `uses`.

    Returns:
        Access levels by full name in lower case.

    """
    allowed = [use for use in uses if use.effect == "Allow"]
    denied = [use for use in (all_uses or uses) if use.effect == "Deny"]
    named: dict[str, str] = {}
    for use in allowed:
        denies = [deny for deny in denied if deny.policy == use.policy]
        named.update(granted(use, denies, catalogue))
    return named


def unmatched(
    catalogue: Catalogue, uses: Iterable[Use], all_uses: Iterable[Use] | None = None
) -> tuple[str, ...]:
    """The patterns of Allow uses that match no action, in lower case and in order.

    They are not actions, so they are not among the effective ones. Patterns that a Deny of the same
    policy removes are left out. The arguments are those of `effective`.
    """
    allowed = [use for use in uses if use.effect == "Allow"]
    denied = [use for use in (all_uses or uses) if use.effect == "Deny"]
    found: set[str] = set()
    for use in allowed:
        denies = [deny for deny in denied if deny.policy == use.policy]
        certainty = certainties_with(use, denies, catalogue)
        patterns = catalogue.unmatched(use.actions).items()
        found.update(pattern for pattern, level in patterns if certainty(pattern, level) in GRANTED)
    return tuple(sorted(found))


def levels_of(
    catalogue: Catalogue, uses: Iterable[Use], all_uses: Iterable[Use] | None = None
) -> tuple[Level, ...]:
    """The number of effective actions of each level; arguments as for `effective`."""
    return counted(effective(catalogue, uses, all_uses))


def counted(actions: Mapping[str, str]) -> tuple[Level, ...]:
    """Count actions by level.

    Args:
        actions: Access levels by name of action.

    Returns:
        The levels that occur, weakest first.

    """
    return levels(Counter(actions.values()))


def levels(counts: Mapping[str, int]) -> tuple[Level, ...]:
    """The levels with a number of actions above 0, weakest first."""
    return tuple([Level(name, counts[name]) for name in _EVERY_LEVEL if counts.get(name)])


_EVERY_LEVEL = (*LEVELS, UNCATALOGUED)


def is_on_any(use: Use) -> bool:
    """Whether `*` is among the statement's resources."""
    return not use.resources.negated and "*" in use.resources.patterns


def is_open(use: Use) -> bool:
    """Whether the statement allows actions on all resources without a condition."""
    return use.effect == "Allow" and not use.condition and "*" in use.resources.patterns
