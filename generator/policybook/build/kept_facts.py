"""Derived facts between builds: restored from the build cache, and collected for it."""

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
    """The derived facts of one build, and what the build cache has of them.

    A fact is valid for its owner as long as a digest of what it is made from stays the same; for
    what each kind of fact is made from, see `book.derived.Kept`.
    """

    def __init__(
        self, context: BookContext, loaded: Loaded, unchanged: Mapping[str, CachedPolicy]
    ) -> None:
        """Take what was loaded.

        Args:
            context: The book, before anything was derived from it.
            loaded: The book as it was read, with the digests of its files.
            unchanged: The policies whose files are as the cache knows them, by name.

        """
        self._context = context
        self._loaded = loaded
        self._unchanged = unchanged

    def restore(self, cache: BuildCache) -> None:
        """Give the context every fact of the cache that is still valid."""
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
        """Put the policies and the facts that were derived into the cache.

        Args:
            cache: The build cache.
            related: The pairs of policies that overlap.
            warnings: How many warnings the documents of each policy had.

        """
        computed = self._computed("policy", "rules")
        policies = {
            name: self._policy(name, computed.get(name, {}), warnings.get(name, 0))
            for name in self._loaded.parsed
        }
        left_out = {n: p for n, p in cache.policies.items() if n in self._loaded.left_out}
        if left_out:  # of a part of the policies nothing can be said of services and of overlap
            cache.keep_book(policies | left_out, cache.facts, cache.related)
            return
        others = self._computed("service", "catalogue")
        facts = {
            owner: {**cache.facts.get(owner, {}), **others.get(owner, {})}
            for owner in {**cache.facts, **others}
        }
        cache.keep_book(policies, facts if others else cache.facts, related)

    def _policy(self, name: str, computed: CachedFacts, warnings: int) -> CachedPolicy:
        """What to keep of a policy: what the cache has, where nothing of it is new."""
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
        """The digest of what facts are made from beside an owner's own files and the program."""
        if scope == "rules":
            return self._context.risks.rulebook().digest
        if scope == "service":
            policies = self._context.services.policies_about(owner)
            return joined(self._loaded.parsed[name].digest for name in policies)
        return b""
