"""Restores derived facts from the build cache, and stores them for the next build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import structs

from policybook.analysis.overlap import Related
from policybook.book.context import BookContext
from policybook.book.derived import Kept
from policybook.build.cache import BuildCache, CachedFact, CachedFacts, CachedPolicy
from policybook.build.digests import joined
from policybook.data.loader import Loaded


class KeptFacts:
    """The derived facts of one build, and their cached values.

    A cached fact is valid if the digest of its inputs is the same; for the inputs of each kind of
    fact see `book.derived.Kept`.
    """

    def __init__(
        self, context: BookContext, loaded: Loaded, unchanged: Mapping[str, CachedPolicy]
    ) -> None:
        """Set up the facts; nothing is restored yet.

        Args:
            context: The book, before any fact is derived from it.
            loaded: The loaded book, with the digests of its files.
            unchanged: The cached policies whose files have not changed, by name.

        """
        self._context = context
        self._loaded = loaded
        self._unchanged = unchanged

    def restore(self, cache: BuildCache) -> None:
        """Restore all cached facts that are still valid."""
        rules = self._digest("rules", "")
        for name, policy in self._unchanged.items():
            self._restore(name, policy.facts, {b"", rules})
        for owner, facts in cache.facts.items():
            about = owner in self._context.index.services
            self._restore(owner, facts, {b"", self._digest("service", owner) if about else b""})

    def _restore(self, owner: str, found: CachedFacts, valid: set[bytes]) -> None:
        for subject, facts in self._context.subjects():
            own = {
                name.removeprefix(f"{subject}."): fact.answers
                for name, fact in found.items()
                if name.startswith(f"{subject}.") and fact.digest in valid
            }
            facts.restore(owner, own)

    def keep(self, cache: BuildCache, related: Related, warnings: Mapping[str, int]) -> None:
        """Store the policies and their derived facts.

        Args:
            cache: The build cache.
            related: The pairs of overlapping policies.
            warnings: The number of warnings about the documents of each policy, by name.

        """
        computed = self._computed("policy", "rules")
        policies = {
            name: self._policy(name, computed.get(name, {}), warnings.get(name, 0))
            for name in self._loaded.parsed
        }
        left_out = {n: p for n, p in cache.policies.items() if n in self._loaded.left_out}
        if left_out:  # facts about services and overlap need all policies
            cache.keep_book(policies | left_out, cache.facts, cache.related)
            return
        others = self._computed("service", "catalogue")
        facts = {
            owner: {**cache.facts.get(owner, {}), **others.get(owner, {})}
            for owner in {**cache.facts, **others}
        }
        cache.keep_book(policies, facts if others else cache.facts, related)

    def _policy(self, name: str, computed: CachedFacts, warnings: int) -> CachedPolicy:
        """The policy to store: the cached one itself if nothing about it is new."""
        same = self._unchanged.get(name)
        if same:
            return structs.replace(same, facts={**same.facts, **computed}) if computed else same
        transitions = self._context.index.transitions[name]
        changes = tuple(transition.change for transition in transitions)
        return CachedPolicy(self._loaded.parsed[name], changes, warnings, computed)

    def _computed(self, *scopes: Kept) -> Mapping[str, CachedFacts]:
        """The facts that this build computed, by owner."""
        found: dict[str, dict[str, CachedFact]] = defaultdict(dict)
        for scope in scopes:
            for subject, facts in self._context.subjects():
                for owner, name, answers in facts.computed(scope):
                    fact = CachedFact(self._digest(scope, owner), answers)
                    found[owner][f"{subject}.{name}"] = fact
        return found

    def _digest(self, scope: Kept, owner: str) -> bytes:
        """The digest of a fact's inputs other than its owner's files and the program."""
        if scope == "rules":
            return self._context.risks.rulebook().digest
        if scope == "service":
            policies = self._context.services.policies_about(owner)
            return joined(self._loaded.parsed[name].digest for name in policies)
        return b""
