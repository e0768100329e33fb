"""Facts from the catalogue about the book's resource patterns and condition keys."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from policybook.analysis.index import folded
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.patterns import compiled


class CatalogueFacts(Facts):
    """Resource types, services by condition key, and related actions."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue

    @derived(kept="catalogue", key=lambda service, pattern: (pattern,))
    def resource_types(self, service: str, pattern: str) -> tuple[str, ...]:
        """The resource types that a pattern may match.

        Args:
            service: The service segment of the pattern; `any` and `several` have no types.
            pattern: A resource pattern.

        Returns:
            The names of the types, in the order of the catalogue.

        """
        return self._catalogue.resource_types(service, pattern)

    @derived(kept="catalogue")
    def services_with(self, key: str) -> tuple[str, ...]:
        """The prefixes of services with an action that supports a normalised condition key."""
        return tuple(prefix for prefix, known in self.keys_by_service().items() if _has(known, key))

    @derived
    def keys_by_service(self) -> Mapping[str, tuple[frozenset[str], tuple[str, ...]]]:
        """The normalised condition keys of each service, and patterns for keys with a variable."""
        found: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        for prefix in self._catalogue.prefixes:
            service = self._catalogue.service(prefix)
            actions = service.actions.values() if service else ()
            own = {folded(key) for key in {key for a in actions for key in a.condition_keys}}
            patterns = (key.partition("${")[0] + "*" for key in own if "${" in key)
            found[prefix] = (frozenset(own), tuple(sorted(patterns)))
        return found

    @derived
    def actions_by_noun(self, prefix: str) -> Mapping[tuple[str, ...], Sequence[str]]:
        """A service's actions by each prefix of their nouns, shortest nouns first.

        The names of actions are in lower case, without the service prefix; see `noun`.
        """
        service = self._catalogue.service(prefix)
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        nouns = {k: noun(a.name) for k, a in service.actions.items()} if service else {}
        for key, words in sorted(nouns.items(), key=lambda item: (len(item[1]), item[0])):
            for size in range(1, len(words) + 1):
                found[words[:size]].append(key)
        return found


def _has(known: tuple[frozenset[str], tuple[str, ...]], key: str) -> bool:
    return key in known[0] or any(compiled(form).fullmatch(key) for form in known[1])


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def noun(name: str) -> tuple[str, ...]:
    """The words of an action's name after its verb, in lower case and without a plural s."""
    words = [word.lower() for word in _WORD.findall(name)][1:]
    return (*words[:-1], words[-1].removesuffix("s")) if words else ()


def display_key(spellings: Iterable[str]) -> str:
    """A condition key as most documents spell it, with a tag's name replaced by `<key>`."""
    counts = Counter(map(_without_tag, spellings))
    return min(counts, key=lambda k: (-counts[k], k))


def _without_tag(key: str) -> str:
    head, slash, _ = key.partition("/")
    return f"{head}/<key>" if slash and head.lower().endswith("tag") else key
