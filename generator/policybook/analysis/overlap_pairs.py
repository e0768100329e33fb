"""The pairs of policies that overlap, found by their effective actions and then by their grants."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from msgspec import Struct

from policybook.analysis.compare import Covering
from policybook.analysis.effective_actions import effective_levels
from policybook.analysis.overlap import NEAR, Decided, Pair, PolicyActions, Related
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.model.documents import Document, Statement


def related(
    documents: Mapping[str, Document],
    catalogue: Catalogue,
    digests: Mapping[str, bytes] | None = None,
    past: Related | None = None,
    about: Collection[str] | None = None,
    watched: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Related:
    """All pairs of documents that overlap, ordered by name.

    Args:
        documents: The current documents by policy name.
        catalogue: Expands wildcards.
        digests: The digests of the policies' files.
        past: What an earlier build found. It is reused for pairs of policies whose digests are both
            unchanged.
        about: Only pairs with one of these policies are looked for; None for all.
        watched: Passes on the names of the policies whose pairs are looked for. Default: as they
            come.
    """
    past = past or Related()
    digests = digests or {}
    same = {n: g for n in documents if (g := past.granted.get(n)) and g.digest == digests.get(n)}
    numbers = {action: number for number, action in enumerate(past.actions)}
    fresh = {
        name: _granted(document, catalogue, numbers, digests.get(name, b""))
        for name, document in _small_first(documents, same)
    }
    if not fresh and len(same) == len(past.granted):
        return past
    granted = {name: same.get(name) or fresh[name] for name in documents}
    pairs = [pair for pair in past.pairs if pair.one in same and pair.other in same]
    changed = fresh.keys() if about is None else fresh.keys() & about
    for kind in ("some", "everything"):
        alike = {name: found for name, found in granted.items() if found.kind == kind}
        pairs += _Among(documents, alike, catalogue).pairs(alike.keys() & changed, watched)
    return Related(tuple(numbers), granted, tuple(sorted(pairs, key=_by_name)))


def _small_first(
    documents: Mapping[str, Document], same: Collection[str]
) -> Iterable[tuple[str, Document]]:
    """The documents that changed, small ones first, so that theirs are the short integers."""
    return sorted(
        ((name, document) for name, document in documents.items() if name not in same),
        key=lambda found: sum(len(s.actions.patterns) for s in found[1].statements),
    )


def _by_name(pair: Pair) -> tuple[str, str]:
    return pair.one, pair.other


def _granted(
    document: Document, catalogue: Catalogue, numbers: dict[str, int], digest: bytes
) -> PolicyActions:
    levels = effective_levels(document, catalogue)
    unknown = sorted(name for name, level in levels.items() if level == UNCATALOGUED)
    known = levels.keys() - set(unknown) if unknown else levels.keys()
    allowing = [s for s in document.statements if s.effect == "Allow"]
    whole = any(not s.actions.negated and {"*", "*:*"} & {*s.actions.patterns} for s in allowing)
    every = whole and len(known) == len(catalogue.named_by("*"))
    return PolicyActions(
        digest,
        "everything" if every else "some" if levels else "none",
        _bits(numbers.setdefault(name, len(numbers)) for name in known),
        tuple(unknown),
        tuple(sorted({name.partition(":")[0] for name in known})),
        any(s.effect == "Deny" for s in document.statements),
        any(_is_irregular(statement, catalogue) for statement in allowing),
        _bits(numbers[name] for name in _firm(document, known, catalogue)),
    )


def _firm(document: Document, known: Iterable[str], catalogue: Catalogue) -> Iterable[str]:
    """The effective actions that no Deny with a condition names."""
    denies = [s for s in document.statements if s.effect == "Deny" and s.condition]
    named = [catalogue.denied(deny.actions) for deny in denies]
    return [name for name in known if not any(actions.names(name, "") for actions in named)]


def _bits(numbers: Iterable[int]) -> bytes:
    """The integer with these bits set, as bytes, the lowest first."""
    listed = list(numbers)
    found = bytearray(max(listed, default=-1) // 8 + 1)
    for number in listed:
        found[number >> 3] |= 1 << (number & 7)
    return bytes(found)


def _is_irregular(statement: Statement, catalogue: Catalogue) -> bool:
    """Whether a statement has no resource, or something that is judged other than as text.

    That is an action pattern that is never expanded, and NotResource if it excludes all resources
    of an action, since one partition is enough for that.
    """
    if statement.resources.negated:
        named = catalogue.named(statement.actions)
        if len(catalogue.supporting(statement.actions, statement.resources)) < len(named):
            return True
    return not (statement.resources.patterns or statement.resources.negated) or any(
        pattern not in ("*", "*:*")
        and (":" not in pattern or "${" in pattern or not {*"*?"}.isdisjoint(pattern.split(":")[0]))
        for pattern in statement.actions.patterns
    )


class _Set(Struct, frozen=True, eq=False):
    """The effective actions of a policy, in a form that is fast to compare."""

    name: str
    known: int
    unknown: frozenset[str]
    services: frozenset[str]
    size: int
    denies: bool
    irregular: bool
    firm: int


def _set(name: str, granted: PolicyActions) -> _Set:
    known, unknown = int.from_bytes(granted.known, "little"), frozenset(granted.unknown)
    size = known.bit_count() + len(unknown)
    services = frozenset(granted.services)
    firm = int.from_bytes(granted.firm, "little")
    return _Set(name, known, unknown, services, size, granted.denies, granted.irregular, firm)


class _Among:
    """Policies arranged for finding those that overlap."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        granted: Mapping[str, PolicyActions],
        catalogue: Catalogue,
    ) -> None:
        self._documents = documents
        self._sets = {name: _set(name, found) for name, found in granted.items()}
        self._by_size = sorted(self._sets.values(), key=lambda found: (found.size, found.name))
        self._sizes = [found.size for found in self._by_size]
        self._denying = [found for found in self._by_size if found.denies]
        self._limited = [found for found in self._by_size if found.firm != found.known]
        self._irregular = [found for found in self._by_size if found.irregular]
        self._covering = Covering(documents, catalogue)

    def pairs(
        self, changed: Set[str], watched: Callable[[Sequence[str]], Iterable[str]]
    ) -> Iterator[Pair]:
        """Every overlapping pair with one of the changed policies, once each, in no order."""
        rest = [found for name, found in self._sets.items() if name not in changed]
        seen: set[tuple[str, str]] = set()
        for name in watched(tuple(changed)):
            one = self._sets[name]
            for other in self._candidates(one, rest):
                first, last = (one, other) if name < other.name else (other, one)
                if first is not last and (first.name, last.name) not in seen:
                    seen.add((first.name, last.name))
                    pair = self._pair(first, last)
                    if pair:
                        yield pair

    def _candidates(self, one: _Set, rest: Collection[_Set]) -> Iterator[_Set]:
        """Policies that may contain the given one or nearly equal it, and unchanged ones within it.

        Changed policies within it are found when they are the given one.
        """
        yield from self._around(one)
        yield from (o for o in rest if o.services <= one.services and not o.known & ~one.known)
        yield from self._near(one, rest)
        yield from self._by_size if one.irregular else self._irregular
        yield from self._denying if one.denies else ()
        yield from (other for other in self._limited if _may_lie_in(other, one))
        if one.firm != one.known:
            yield from (other for other in self._by_size if _may_lie_in(one, other))

    def _around(self, one: _Set) -> Iterable[_Set]:
        """The policies with all catalogued actions of the given one."""
        holders = sorted((self._holders[service] for service in one.services), key=len)
        if not holders:
            return self._by_size
        known = one.known
        found = map(self._sets.__getitem__, holders[0].intersection(*holders[1:]))
        return [other for other in found if other.known & known == known]

    @cached_property
    def _holders(self) -> Mapping[str, set[str]]:
        """The names of the policies with actions of each service."""
        found: dict[str, set[str]] = {}
        for one in self._by_size:
            for service in one.services:
                found.setdefault(service, set()).add(one.name)
        return found

    def _near(self, one: _Set, rest: Collection[_Set]) -> Iterator[_Set]:
        """The nearly equal policies; as most actions are shared, their sizes are similar.

        Smaller changed ones are found when they are the given one.
        """
        some, of = NEAR
        low = bisect_left(self._sizes, one.size * some // of if rest else one.size)
        high = bisect_right(self._sizes, one.size * of // some)
        return (other for other in self._by_size[low:high] if _is_near(one, other))

    def _pair(self, one: _Set, other: _Set) -> Pair | None:
        """The pair, if one contains the other or they are nearly equal."""
        forms, near = _needs_grants(one, other), _is_near(one, other)
        inside, around = self._lies_in(one, other), self._lies_in(other, one)
        if not (inside or around or forms or near):
            return None
        covered = self._covers(other, one) if forms or inside else "no"
        covers = self._covers(one, other) if forms or around else "no"
        if not (inside or around or near) and (covered, covers) == ("no", "no"):
            return None
        more, less = self._only(other, one), self._only(one, other)
        return Pair(one.name, other.name, more, less, covered, covers)

    def _lies_in(self, one: _Set, other: _Set) -> bool:
        """Whether all effective actions of `one` are also in `other`."""
        return one.known & other.known == one.known and all(
            self._covering.grants(other.name, action) for action in one.unknown - other.unknown
        )

    def _only(self, one: _Set, other: _Set) -> int:
        """The number of effective actions of `one` that `other` lacks."""
        unknown = one.unknown - other.unknown if one.unknown else ()
        lacking = sum(not self._covering.grants(other.name, action) for action in unknown)
        return (one.known & ~other.known).bit_count() + lacking

    def _covers(self, wide: _Set, narrow: _Set) -> Decided:
        covered = self._covering.covers(wide.name, narrow.name)
        return "undetermined" if covered is None else "yes" if covered else "no"


def _needs_grants(one: _Set, other: _Set) -> bool:
    """Whether one policy may cover the other's grants although it lacks some effective actions.

    In all other cases it cannot. Proof: let n be an effective action of the narrow document, on a
    resource that n can have. Compared as text, the Allow grants of the wide document and the Denies
    of the narrow one cover that grant together. If patterns are expanded literally, one of them
    names n with that resource. A Deny of the narrow document without a condition does not, since n
    is effective. So an Allow of the wide document names n, which is effective there too, unless a
    Deny removes it. But each Deny of the wide document must be covered by Denies of the narrow one,
    so the narrow document has a Deny too, or is not covered.

    Three cases remain. Both documents may have a Deny: that of the narrow one may have a condition
    that always holds, and so cover a Deny without condition. A Deny of the narrow document with a
    condition may name n (`_may_lie_in`). And a statement may be irregular (`_is_irregular`).
    """
    return (
        (one.denies and other.denies)
        or one.irregular
        or other.irregular
        or _may_lie_in(one, other)
        or _may_lie_in(other, one)
    )


def _may_lie_in(one: _Set, other: _Set) -> bool:
    """Whether a policy may be covered since its own Denies with a condition take away the rest."""
    return one.firm != one.known and not one.firm & ~other.known


def _is_near(one: _Set, other: _Set) -> bool:
    some, of = NEAR
    shared = (one.known & other.known).bit_count() + len(one.unknown & other.unknown)
    return shared * of >= (one.size + other.size - shared) * some
