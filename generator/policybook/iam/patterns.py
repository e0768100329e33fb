"""IAM's wildcard patterns: whether one matches a name, covers another pattern, overlaps with one.

In actions and resources `*` matches any sequence of characters, also an empty one, and `?` matches
exactly one character (IAM User Guide, "IAM JSON policy elements: Resource", "Using wildcards"). In
resources `${…}` is a policy variable, whose value is not known here, and `${*}`, `${?}` and `${$}`
are those characters themselves. Names of variables have no case; `${aws:userid, 'none'}` has a
default value (IAM User Guide, "IAM policy elements: Variables and tags").

Every function is exact over an alphabet that has characters outside the patterns. A variable is
treated as a text of its own that only `*` or the same variable is certain to match. The time is
proportional to the product of the patterns' lengths.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Tokens are single characters, these two wildcards, and whole variables such as "${aws:username}".
STAR = "**"
ANY = "??"
_TOKEN = re.compile(r"\$\{([*?$])\}|(\$\{[^}]*\})|(.)", re.DOTALL)
_SPECIAL = re.compile(r"[*?]|\$\{")
VARIABLE = re.compile(r"\$\{[^}]*\}")

# A character that no pattern contains: the worst case of what `*` and `?` of a pattern may match.
OTHER = "\U0010ffff"


@lru_cache(maxsize=4_096)
def tokens(pattern: str) -> tuple[str, ...]:
    """The pattern as tokens; each run of wildcards is its `?`s followed by at most one `*`."""
    if not _SPECIAL.search(pattern):
        return tuple(pattern)
    found: list[str] = []
    starred = False
    for escaped, variable, char in _TOKEN.findall(pattern):
        if char == "*":
            starred = True
        elif char == "?":
            found.append(ANY)
        else:
            if starred:
                found.append(STAR)
                starred = False
            found.append(escaped or _named(variable) or char)
    return (*found, STAR) if starred else tuple(found)


def _named(variable: str) -> str:
    """The variable with its name in lower case and without the space before a default value."""
    name, comma, default = variable.partition(",")
    return f"{name.strip().lower()}, {default.strip()}" if comma else variable.lower()


def literal(text: str) -> tuple[str, ...]:
    """The text as tokens in which `*` and `?` are ordinary characters; variables stay variables."""
    if "${" not in text:
        return tuple(text)
    return tuple(
        escaped or _named(variable) or char for escaped, variable, char in _TOKEN.findall(text)
    )


def as_text(pattern: str) -> str:
    """The pattern with each `${` as text, for a document whose Version has no variables."""
    return pattern.replace("${", "${$}{")


def completed(pattern: str) -> str:
    """The pattern with `*` for each of an ARN's six fields that it lacks, as IAM completes it."""
    if pattern[:4] != "arn:" or ("${" not in pattern and pattern.count(":") >= 5):
        return pattern
    missing = 5 - VARIABLE.sub("", pattern).count(":")
    return pattern + ":*" * missing if missing > 0 else pattern


class _Machine:
    """A pattern as a nondeterministic automaton; a set of positions is the bits of an integer."""

    def __init__(self, pattern: tuple[str, ...]) -> None:
        self.stars = self.anys = 0
        self.literals: dict[str, int] = {}
        for place, token in enumerate(pattern):
            if token == STAR:
                self.stars |= 1 << place
            elif token == ANY:
                self.anys |= 1 << place
            else:
                self.literals[token] = self.literals.get(token, 0) | 1 << place
        self.runs = self._runs(pattern)
        self.start = self._closed(1)
        self.end = 1 << len(pattern)

    @staticmethod
    def _runs(pattern: tuple[str, ...]) -> list[int]:
        """The positions of each run of several `?` that ends in a `*`, including that `*`."""
        runs = []
        for star in (place for place, token in enumerate(pattern) if token == STAR):
            first = star
            while first and pattern[first - 1] == ANY:
                first -= 1
            if star - first > 1:
                runs.append((1 << star + 1) - (1 << first))
        return runs

    def _closed(self, places: int) -> int:
        """The positions and those after a `*`, without positions that a later one makes redundant.

        What matches from before a `*` also matches from the `*`, and what matches from within a run
        of `?` that ends in a `*` also matches from later in that run. Without this reduction the
        number of sets grows exponentially with such runs.
        """
        places |= (places & self.stars) << 1
        if stars := places & self.stars:
            places &= -(1 << stars.bit_length() - 1)
        for run in self.runs:
            if within := places & run:
                places &= ~run | 1 << within.bit_length() - 1
        return places

    def step(self, places: int, token: str) -> int:
        """The positions after reading a character, or a variable, which `?` does not match."""
        takes = self.literals.get(token, 0) | (self.anys if len(token) < 2 else 0)
        return self._closed(places & self.stars | (places & takes) << 1)

    def step_any(self, places: int) -> int:
        """The positions after reading one unknown character."""
        return self._closed(places & self.stars | (places & ~self.stars & self.end - 1) << 1)

    def skip(self, places: int) -> int:
        """The positions after reading any sequence of characters."""
        return ~((places & -places) - 1) & (self.end << 1) - 1 if places else 0


@lru_cache(maxsize=16_384)
def _machine(pattern: tuple[str, ...]) -> _Machine:
    return _Machine(pattern)


def covers_tokens(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether every text that the tokens `narrow` match is matched by the tokens `wide`."""
    if _is_text(wide):
        return wide == narrow
    machine = _machine(wide)
    waiting = [(machine.start, 0)]
    seen = set(waiting)
    while waiting:
        places, at = waiting.pop()
        while at < len(narrow) and narrow[at] != STAR and places:
            token = narrow[at]
            places = machine.step(places, OTHER if token == ANY else token)
            at += 1
        if at < len(narrow) and places:
            after = {(reached, at + 1) for reached in _after_star(machine, places)}
            waiting += after - seen
            seen |= after
        elif not places & machine.end:
            return False
    return True


def _is_text(pattern: tuple[str, ...]) -> bool:
    """Whether all tokens are characters, so that the pattern matches one text only."""
    return len("".join(pattern)) == len(pattern)


def _after_star(machine: _Machine, places: int) -> list[int]:
    """The minimal sets of positions after reading 0, 1, 2, … characters outside the pattern.

    A set that contains another one is dropped: whatever the smaller set matches next, the larger
    one matches too.
    """
    reached: list[int] = []
    while places not in reached:
        reached.append(places)
        places = machine.step(places, OTHER)
    return [s for s in reached if not any(t != s and t & s == t for t in reached)]


def overlaps_tokens(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether some text is matched by both; a variable may have any value."""
    if _is_text(one) and _is_text(other):
        return one == other
    machine = _machine(_without_variables(one))
    places = machine.start
    for token in _without_variables(other):
        if token == STAR:
            places = machine.skip(places)
        elif token == ANY:
            places = machine.step_any(places)
        else:
            places = machine.step(places, token)
    return bool(places & machine.end)


def _without_variables(pattern: tuple[str, ...]) -> tuple[str, ...]:
    """The pattern with each variable replaced by `*`, without adjacent `*`s."""
    if not any(map(is_variable, pattern)):
        return pattern
    found: list[str] = []
    for token in pattern:
        loose = STAR if is_variable(token) else token
        if loose != STAR or found[-1:] != [STAR]:
            found.append(loose)
    return tuple(found)


def is_variable(token: str) -> bool:
    """Whether the token is a policy variable, such as `${aws:username}`."""
    return len(token) > 2


def covers(wide: str, narrow: str) -> bool:
    """Whether everything that the pattern `narrow` matches is matched by the pattern `wide`.

    ARNs with fewer than six fields are completed first.
    """
    if wide in ("*", narrow):
        return True
    wide, narrow = completed(wide), completed(narrow)
    return _covers_wild(wide, narrow) if _SPECIAL.search(narrow) else matches(wide, narrow)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the text, in which nothing is special."""
    head, star, rest = pattern.partition("*")
    if rest or _SPECIAL.search(head):
        return compiled(pattern).fullmatch(text) is not None
    return text.startswith(head) if star else text == head


@lru_cache(maxsize=65_536)
def _covers_wild(wide: str, narrow: str) -> bool:
    if "${" not in wide and "${" not in narrow and not narrow.startswith(fixed_start(wide)):
        return False
    return covers_tokens(tokens(wide), tokens(narrow))


def fixed_start(pattern: str) -> str:
    """The pattern up to its first wildcard: what every text that it matches begins with.

    That is so for patterns without policy variables.
    """
    return pattern.partition("*")[0].partition("?")[0]


@lru_cache(maxsize=16_384)
def overlaps(one: str, other: str) -> bool:
    """Whether something is matched by both patterns; see `covers`."""
    one, other = completed(one), completed(other)
    if "${" not in one and "${" not in other:
        here, there = fixed_start(one), fixed_start(other)
        if not here.startswith(there[: len(here)]):
            return False
    return one == other or overlaps_tokens(tokens(one), tokens(other))


@lru_cache(maxsize=65_536)
def compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression whose `fullmatch` is the pattern's match; variables match themselves.

    It never goes back: the part after each `*` is taken at the first place where it matches.
    """
    parts, width = [""], 0
    for token in tokens(pattern):
        if token == STAR:
            parts.append("")
            width = 0
        else:
            parts[-1] += "." if token == ANY else re.escape(token)
            width += 1 if token == ANY else len(token)
    found = parts[0] + "".join(f"(?>.*?{part})" for part in parts[1:-1])
    if len(parts) > 1:
        found += f"(?>.{{{width},}})(?<={parts[-1]})"
    return re.compile(found, re.DOTALL)


def has_wildcard(pattern: str) -> bool:
    """Whether the pattern has a `*` or `?` that is a wildcard, not an escaped character."""
    if "*" not in pattern and "?" not in pattern:
        return False
    return "${" not in pattern or not {STAR, ANY}.isdisjoint(tokens(pattern))
