"""Sets of texts that patterns describe, and which of several sets have a text in common.

The answer is exact, since all patterns read each text together, character by character. It is
needed where several patterns cover another one only together: `a*` and `*b` do not cover `?`, but
with `?` minus both there may be nothing left that a third pattern lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from msgspec import Struct

from policybook.iam.patterns import (
    ANY,
    OTHER,
    STAR,
    completed,
    covers_tokens,
    is_variable,
    matched,
    tokens,
)
from policybook.model.documents import Term

MOST_STEPS = 400_000  # of a pattern by a letter


class Undecided(Exception):
    """Sets cannot be compared, or there are too many combinations to look at."""


class TextPattern(Struct, frozen=True):
    """A pattern as tokens; see `patterns.tokens`.

    With `arn`, wildcards do not match any of the first five colons. With `fold`, letters match in
    any case.
    """

    tokens: tuple[str, ...]
    arn: bool = False
    fold: bool = False


class TextSet(Struct, frozen=True):
    """The texts that one of the patterns matches; if `negated`, all other texts."""

    patterns: tuple[TextPattern, ...]
    negated: bool = False


def text_set(term: Term) -> TextSet:
    """What an action term in lower case or a resource term names."""
    patterns = (TextPattern(tokens(completed(p))) for p in matched(term))
    return TextSet(tuple(patterns), term.negated)


class _Reader:
    """A pattern that reads a text; a set of positions in the pattern is the bits of an integer.

    A policy variable may have any value, so it reads as `*`.
    """

    def __init__(self, pattern: TextPattern) -> None:
        self.pattern = pattern
        self.loose = any(map(is_variable, pattern.tokens))
        self.end = 1 << len(pattern.tokens)
        self.stars = self.inner_stars = self.anys = self.inner_anys = 0
        self.letters: dict[str, int] = {}
        colons = 0
        for place, token in enumerate(pattern.tokens):
            bit = 1 << place
            inner = bit if pattern.arn and colons < 5 else 0
            if token == STAR or is_variable(token):
                self.stars |= bit
                self.inner_stars |= inner
            elif token == ANY:
                self.anys |= bit
                self.inner_anys |= inner
            else:
                colons += token == ":"
                for letter in {token.lower(), token.upper()} if pattern.fold else {token}:
                    self.letters[letter] = self.letters.get(letter, 0) | bit
        self.start = self._closed(1)

    def _closed(self, places: int) -> int:
        """The positions, and those after each `*` among them."""
        while places | (places & self.stars) << 1 != places:
            places |= (places & self.stars) << 1
        free = places & self.stars & ~self.inner_stars
        return places & -(1 << free.bit_length() - 1) if free else places

    def step(self, places: int, letter: str) -> int:
        """The positions after reading a letter."""
        stars, takes = self.stars, self.anys
        if letter == ":":
            stars &= ~self.inner_stars
            takes &= ~self.inner_anys
        return self._closed(places & stars | (places & (takes | self.letters.get(letter, 0))) << 1)

    def next_letters(self, places: int) -> Iterable[str]:
        """The letters that lead from the positions to other ones than an unknown letter does."""
        return (letter for letter, bits in self.letters.items() if bits & places)


def text_truths(sets: Sequence[TextSet], must: int) -> Iterator[int]:
    """Which of the sets hold for a text, for each kind of text; bit n stands for set n.

    Args:
        sets: The sets.
        must: The sets, as bits, that have to hold. Texts for which they do not are left out.

    Yields:
        Each combination once, in no particular order. Variables with the same name have the same
        value, and any value; variables with other names are independent.

    Raises:
        Undecided: It takes more than `MOST_STEPS`.
    """
    patterns = tuple(dict.fromkeys(p for found in sets for p in found.patterns))
    number = {pattern: place for place, pattern in enumerate(patterns)}
    members = [(sum(1 << number[p] for p in {*found.patterns}), found.negated) for found in sets]
    needed = [m for n, (m, negated) in enumerate(members) if must >> n & 1 and not negated]
    within = _within(patterns)
    seen: set[int] = set()
    for accepted in _accepted([_Reader(p) for p in patterns], needed, within):
        found = sum(1 << n for n, (m, neg) in enumerate(members) if bool(m & accepted) != neg)
        if found & must == must and found not in seen:
            seen.add(found)
            yield found


def _within(patterns: Sequence[TextPattern]) -> list[tuple[int, int]]:
    """Pairs of bits of patterns with variables, the second of which covers the first."""
    return [
        (1 << n, 1 << m)
        for n, one in enumerate(patterns)
        for m, other in enumerate(patterns)
        if n != m
        and any(map(is_variable, one.tokens))
        and (one.arn, one.fold) == (other.arn, other.fold)
        and covers_tokens(other.tokens, one.tokens)
    ]


def _accepted(
    readers: Sequence[_Reader], needed: Sequence[int], within: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """The patterns, as bits, that match a text, for every text that some of `needed` may match."""
    colons = any(reader.pattern.arn for reader in readers)
    start = tuple(reader.start for reader in readers)
    waiting, seen, steps = [start], {start}, 0
    while waiting:
        state = waiting.pop()
        yield from _choices(readers, state, within)
        letters = {OTHER, ":"} if colons else {OTHER}
        for reader, places in zip(readers, state, strict=True):
            letters.update(reader.next_letters(places))
        steps += len(letters) * len(readers)
        if steps > MOST_STEPS:
            raise Undecided
        for letter in sorted(letters):  # an unknown letter comes last, and is looked at first
            after = tuple(r.step(p, letter) for r, p in zip(readers, state, strict=True))
            if after not in seen and _alive(after, needed):
                seen.add(after)
                waiting.append(after)


def _alive(state: Sequence[int], needed: Sequence[int]) -> bool:
    """Whether each of the needed sets has a pattern that can still match."""
    alive = sum(1 << n for n, places in enumerate(state) if places)
    return all(alive & members for members in needed)


def _choices(
    readers: Sequence[_Reader], state: Sequence[int], within: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """The patterns that match here; one with variables may match or not."""
    matching = [(n, r.loose) for n, r in enumerate(readers) if state[n] & r.end]
    sure = sum(1 << n for n, loose in matching if not loose)
    open_ = [1 << n for n, loose in matching if loose]
    if len(open_) > 8:
        raise Undecided
    for chosen in product((0, 1), repeat=len(open_)):
        found = sure | sum(bit for bit, taken in zip(open_, chosen, strict=True) if taken)
        if all(found & wide or not found & narrow for narrow, wide in within):
            yield found
