"""The policies, pairs and triples that grant all of some actions, and how much more they grant.

A pair or triple counts only if none of its policies can be left out. The search is exact: it ends
early only after `MOST_STEPS`, and then says so. `assets/choose/search.js` takes the same steps.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence

from msgspec import Struct

from policybook.analysis.attached import Member, Scale, together

MOST_POLICIES = 3
"""Policies of a choice."""

MOST_STEPS = 400_000
"""Pairs that are looked at and triples that are weighed, before the search ends."""


class Choice(Struct, frozen=True, order=True):
    """Policies that grant everything needed: what they weigh, and their places in the book.

    Choices are ordered by weight, then by the number of policies, then by place.
    """

    score: int
    size: int
    places: tuple[int, ...]


class Found(Struct, frozen=True):
    """The best choices of each size together, in order, and whether all were looked at."""

    choices: tuple[Choice, ...]
    complete: bool


class Question(Struct, frozen=True):
    """What is needed, as bits.

    `in_full` asks for choices that grant everything in full, `nothing_else` for policies that grant
    nothing else, and `most` is the number of choices of each size.
    """

    needed: int
    in_full: bool = False
    nothing_else: bool = False
    most: int = 10


def choices(members: Sequence[Member], scale: Scale, question: Question) -> Found:
    """The best choices of one, two and three policies, in order.

    Args:
        members: The policies to choose from, in the order of the book.
        scale: What weighs how much.
        question: What is needed; nothing needs nothing, and has no choice.
    """
    if not question.needed:
        return Found((), complete=True)
    search = _Search(members, scale, question)
    search.singles()
    search.larger()
    found = sorted(choice for best in search.best for choice in best)
    return Found(tuple(found), search.steps <= MOST_STEPS)


class _Search:
    def __init__(self, members: Sequence[Member], scale: Scale, question: Question) -> None:
        self.question = question
        self.scale = scale
        self.best: tuple[list[Choice], ...] = tuple([] for _ in range(MOST_POLICIES))
        self.steps = 0
        self.masks = {one.place: self._mask(one) for one in members}
        useful = [one for one in members if self._is_useful(one)]
        self.own = {one.place: self._score((one,)) for one in useful}
        # Those with Denies come first: without them, each further policy only adds weight.
        self.members = sorted(
            useful, key=lambda one: (not one.takes_away, self.own[one.place], one.place)
        )
        granting: dict[int, list[Member]] = {bit: [] for bit in _bits(question.needed)}
        for one in self.members:
            for bit in _bits(self.masks[one.place]):
                granting[bit].append(one)
        self.granting = sorted(granting.items(), key=lambda entry: len(entry[1]))

    def singles(self) -> None:
        """Find the policies that grant everything by themselves."""
        for one in self.members:
            if not self._missing((one,)):
                self._add((one,))

    def larger(self) -> None:
        """Find pairs and triples: each has a policy with the action that fewest policies grant."""
        for one in self._granting_rarest(self.question.needed):
            if self._missing((one,)):
                for other in self._granting_rarest(self._missing((one,))):
                    heavier = max(self.own[one.place], self.own[other.place])
                    plain = not one.takes_away and not other.takes_away
                    if plain and self._is_too_heavy(heavier, 2, 3):
                        break  # those that follow weigh even more
                    self.steps += 1
                    if self.steps > MOST_STEPS:
                        return
                    self._pair((one, other))

    def _pair(self, pair: tuple[Member, Member]) -> None:
        missing = self._missing(pair)
        if not missing:
            self._add(pair)
            return
        plain = not any(one.takes_away for one in pair)
        bound = self._score(pair) if plain else 0
        for third in self._granting_rarest(missing):
            heavier = max(bound, self.own[third.place])
            if plain and not third.takes_away and self._is_too_heavy(heavier, 3):
                break
            if not missing & ~self.masks[third.place]:
                self.steps += 1
                if self.steps > MOST_STEPS:
                    return
                self._add((*pair, third))

    # --- what a set of policies grants and weighs ---

    def _mask(self, one: Member) -> int:
        return (one.full if self.question.in_full else one.granted) & self.question.needed

    def _is_useful(self, one: Member) -> bool:
        if self.question.nothing_else and one.granted & ~self.question.needed:
            return False
        return bool(self.masks[one.place])

    def _missing(self, members: Sequence[Member]) -> int:
        if not any(one.has_denies for one in members):
            found = self.question.needed
            for one in members:
                found &= ~self.masks[one.place]
            return found
        full, granted = together(members)
        return self.question.needed & ~(full if self.question.in_full else granted)

    def _score(self, members: Sequence[Member]) -> int:
        return self.scale.score(members, self.question.needed)

    def _granting_rarest(self, missing: int) -> list[Member]:
        """The policies with the action that fewest policies grant; of several the first one."""
        return next(members for bit, members in self.granting if bit & missing)

    # --- the best so far ---

    def _is_too_heavy(self, score: int, *sizes: int) -> bool:
        """Whether no choice of these sizes with such a weight is among the best."""
        found = (self.best[size - 1] for size in sizes)
        return all(len(b) == self.question.most and score > b[-1].score for b in found)

    def _add(self, members: Sequence[Member]) -> None:
        size = len(members)
        places = tuple(sorted(one.place for one in members))
        choice = Choice(self._score(members), size, places)
        best = self.best[size - 1]
        full = len(best) == self.question.most
        if (full and choice > best[-1]) or choice in best or not self._is_wanted(members):
            return
        insort(best, choice)
        del best[self.question.most :]

    def _is_wanted(self, members: Sequence[Member]) -> bool:
        """Whether the policies grant everything, and nothing less of them does."""
        return not self._missing(members) and all(map(self._missing, _smaller(members)))


def _smaller(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    """All smaller sets that are not empty, of at most three policies."""
    if len(members) > 1:
        yield from ((one,) for one in members)
    if len(members) > 2:
        yield from (tuple(m for m in members if m is not one) for one in members)


def _bits(actions: int) -> Iterator[int]:
    """The bits of a set, each as a set of its own, the lowest first."""
    while actions:
        bit = actions & -actions
        yield bit
        actions ^= bit
