"""Sets of texts that patterns describe, and which of several sets have a text in common.

The answer is exact, since all patterns read each text together, character by character. It is
needed where several patterns cover another one only together, as `a*` and everything except `a*` do
for `*`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, product

from msgspec import Struct

from policybook.iam.patterns import (
    ANY,
    OTHER,
    STAR,
    covers_tokens,
    is_variable,
)

MOST_STEPS = 30_000  # of a pattern by a letter
MOST_VARIABLES = 8  # patterns with variables that may match one text


class Undecided(Exception):
    """Sets cannot be compared, or there are too many combinations to look at."""


class TextPattern(Struct, frozen=True):
    """A pattern as tokens; see `patterns.tokens`.

    Wildcards match none of the first `colons` colons of a text. With `fold`, letters match in any
    case.
    """

    tokens: tuple[str, ...]
    colons: int = 0
    fold: bool = False

    @property
    def is_literal(self) -> bool:
        """Whether the pattern matches one text only, its tokens."""
        return not self.fold and all(len(token) == 1 for token in self.tokens)


class TextSet(Struct, frozen=True):
    """The texts that one of the patterns matches; if `negated`, all other texts."""

    patterns: tuple[TextPattern, ...]
    negated: bool = False


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
            inner = bit if colons < pattern.colons else 0
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
        self._moves: dict[int, Mapping[str, int]] = {}

    def _closed(self, places: int) -> int:
        """The positions, and those after each `*` among them."""
        places = passing(places, self.stars)
        free = places & self.stars & ~self.inner_stars
        return places & -(1 << free.bit_length() - 1) if free else places

    def step(self, places: int, letter: str) -> int:
        """The positions after reading a letter."""
        stars, takes = self.stars, self.anys
        if letter == ":":
            stars &= ~self.inner_stars
            takes &= ~self.inner_anys
        return self._closed(places & stars | (places & (takes | self.letters.get(letter, 0))) << 1)

    def moves(self, places: int) -> Mapping[str, int]:
        """The positions after each letter; one that is not among them leads where `OTHER` does.

        They are computed once, since statements have most of their patterns in common.
        """
        found = self._moves.get(places)
        if found is None:
            letters = [letter for letter, bits in self.letters.items() if bits & places]
            letters += [OTHER, ":"] if self.pattern.colons else [OTHER]
            found = self._moves[places] = {one: self.step(places, one) for one in letters}
        return found


@lru_cache(maxsize=2_048)
def _reader(pattern: TextPattern) -> _Reader:
    return _Reader(pattern)


def passing(places: int, passed: int) -> int:
    """The positions, and all that follow them without leaving the positions of `passed`.

    An added bit is carried to the end of a run of ones, so one addition does it for all runs.
    """
    return places | (passed + (places & passed)) ^ passed


def text_truths(sets: Sequence[TextSet], must: int, samples: Iterable[str] = ()) -> Iterator[int]:
    """Which of the sets hold for a text, for each kind of text; bit n stands for set n.

    Args:
        sets: The sets.
        must: The sets, as bits, that have to hold. Texts for which they do not are left out.
        samples: Texts to look at first.

    Yields:
        Each combination once. Variables with the same name have the same value, and any value;
        variables with other names are independent.

    Raises:
        Undecided: It takes more than `MOST_STEPS`.
    """
    patterns = tuple(dict.fromkeys(p for found in sets for p in found.patterns))
    number = {pattern: place for place, pattern in enumerate(patterns)}
    members = [(sum(1 << number[p] for p in {*found.patterns}), found.negated) for found in sets]
    needed = [m for n, (m, negated) in enumerate(members) if must >> n & 1 and not negated]
    walk = _Walk(patterns, needed)
    seen: set[int] = set()
    texts = next(_only_texts(s for n, s in enumerate(sets) if must >> n & 1), None)
    rest = walk.of_every_text() if texts is None else ()
    for accepted in chain(chain.from_iterable(map(walk.of_text, texts or samples)), rest):
        found = sum(1 << n for n, (m, neg) in enumerate(members) if bool(m & accepted) != neg)
        if found & must == must and found not in seen:
            seen.add(found)
            yield found


def _only_texts(sets: Iterable[TextSet]) -> Iterator[list[str]]:
    """The texts of each set that has no others."""
    for found in sets:
        if not found.negated and all(pattern.is_literal for pattern in found.patterns):
            yield ["".join(pattern.tokens) for pattern in found.patterns]


_State = tuple[int, tuple[tuple[int, int], ...]]
"""The place in the tree of literal patterns, -1 outside of it, and the positions of each reader.

Readers, by their numbers, that cannot match any more are left out.
"""


class _Walk:
    """Patterns that read texts together.

    Patterns without wildcards are kept in one tree of letters, as there may be thousands.

    Args:
        patterns: The patterns, each once.
        needed: Sets of patterns, as bits, each of which has to match a text.
    """

    def __init__(self, patterns: Sequence[TextPattern], needed: Sequence[int]) -> None:
        self._needed = needed
        self._wild: dict[int, _Reader] = {}
        self._tree: list[dict[str, int]] = [{}]
        self._ends: list[int] = [0]  # the literal patterns that end at a place
        self._below: list[int] = [0]  # those that end there or below
        for n, pattern in enumerate(patterns):
            if pattern.is_literal:
                self._add(pattern.tokens, 1 << n)
            else:
                self._wild[n] = _reader(pattern)
        colons = any(pattern.colons for pattern in patterns)
        # All letters that no pattern has lead where `OTHER` leads.
        self._letters = frozenset((OTHER, ":") if colons else (OTHER,))
        self._within = _within(patterns)

    def _add(self, letters: Iterable[str], bit: int) -> None:
        place = 0
        self._below[0] |= bit
        for letter in letters:
            if letter not in self._tree[place]:
                self._tree[place][letter] = len(self._tree)
                self._tree.append({})
                self._ends.append(0)
                self._below.append(0)
            place = self._tree[place][letter]
            self._below[place] |= bit
        self._ends[place] |= bit

    @property
    def _start(self) -> _State:
        return 0, tuple((n, reader.start) for n, reader in self._wild.items())

    def of_text(self, text: str) -> Iterator[int]:
        """The patterns, as bits, that match the text; several if that depends on variables."""
        place, reading = self._start
        for letter in text:
            place = self._tree[place].get(letter, -1) if place >= 0 else -1
            reading = tuple([(n, self._wild[n].step(places, letter)) for n, places in reading])
        return self._choices((place, reading))

    def of_every_text(self) -> Iterator[int]:
        """The patterns, as bits, that match a text, for all texts that may match the needed sets.

        Raises:
            Undecided: It takes more than `MOST_STEPS`.
        """
        if not self._wild:
            yield from (0, *filter(None, self._ends))
            return
        waiting, seen, steps = [self._start], {self._start}, 0
        while waiting:
            state = waiting.pop()
            yield from self._choices(state)
            place, reading = state
            tree = self._tree[place] if place >= 0 else {}
            moves = [(n, self._wild[n].moves(places)) for n, places in reading]
            letters = self._letters.union(tree, *(found for _, found in moves))
            steps += len(letters) * (len(reading) + 1)
            if steps > MOST_STEPS:
                raise Undecided
            others = [(n, found, found[OTHER]) for n, found in moves]
            for letter in sorted(letters):  # in one order on every run
                left = [(n, to) for n, found, other in others if (to := found.get(letter, other))]
                after = tree.get(letter, -1), tuple(left)
                if after not in seen and self._alive(after):
                    seen.add(after)
                    waiting.append(after)

    def _alive(self, state: _State) -> bool:
        """Whether each of the needed sets has a pattern that can still match."""
        place, reading = state
        alive = self._below[place] if place >= 0 else 0
        for n, _ in reading:
            alive |= 1 << n
        return all(alive & members for members in self._needed)

    def _choices(self, state: _State) -> Iterator[int]:
        """The patterns that match here; one with variables may match or not."""
        place, reading = state
        sure, loose = self._ends[place] if place >= 0 else 0, []
        for n, places in reading:
            if places & self._wild[n].end:
                if self._wild[n].loose:
                    loose.append(1 << n)
                else:
                    sure |= 1 << n
        if len(loose) > MOST_VARIABLES:
            raise Undecided
        for chosen in product((0, 1), repeat=len(loose)):
            found = sure | sum(bit for bit, taken in zip(loose, chosen, strict=True) if taken)
            if all(found & wide or not found & narrow for narrow, wide in self._within):
                yield found


def _within(patterns: Sequence[TextPattern]) -> list[tuple[int, int]]:
    """Pairs of bits of patterns with variables, the second of which covers the first."""
    loose = [(n, one) for n, one in enumerate(patterns) if any(map(is_variable, one.tokens))]
    return [
        (1 << n, 1 << m)
        for n, one in loose
        for m, other in enumerate(patterns)
        if n != m
        and (other.fold or not one.fold)
        and other.colons in (0, one.colons)
        and covers_tokens(*(_folded(p.tokens) if other.fold else p.tokens for p in (other, one)))
    ]


def _folded(pattern: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str.lower, pattern))
