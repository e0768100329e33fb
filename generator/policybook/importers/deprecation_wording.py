"""What a text says of a policy's deprecation: AWS's descriptions, notes, rows of updates.

The text is about one policy, unless a sentence names another one first. In any case of letters:

* "is deprecated", "has been retired", "(deprecated)" or "Deprecated:" at the start say that the
  policy is deprecated.
* "will be deprecated", "on a deprecation path" or "on the path to deprecation" say that it is on
  the way out.
* "use X instead", "replaced by X", "superseded by X", "in favor of X", "the replacement is X" and
  "X replaces it" name a successor. If nothing else is said, the policy is on the way out: whoever
  has it attached may still use it. "Use X" counts if the text says one of the above.

A negated sentence says nothing, and "use this policy instead of X" nothing of this policy. A name
must be one that the caller knows, or look like a policy's: ten characters and three capitals, which
names of services such as CloudWatch and DynamoDB lack.

Texts are untrusted: they are cut, and so is each sentence, which bounds the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from policybook.importers.wording_of_pages import is_bare_name
from policybook.model.deprecation import SourceDeprecation, State

MOST_SENTENCES = 100
MOST_CHARACTERS = 800  # of a sentence
MOST_SUCCESSORS = 8

_SENTENCES = re.compile(r"(?<=[.!?;]) +|\n+")
_MARKUP = str.maketrans("", "", "`*\\")
_NAME = r"[A-Za-z][A-Za-z0-9_+=@-]{4,127}"
_NAMES = rf"{_NAME}(?:(?:,? (?:and|or)(?: the)?|,| /) {_NAME})*"
_ONE_OF = r"(?:(?:the|an?|newer?|aws|amazon|managed|iam|policy|policies|scoped)[ :]+)*"
_USE = (
    r"(?:use|using|attach|attaching|adopt|choose"
    r"|(?:switch|switching|migrate|migrating|move|moving|change|changing) to)"
)

_STATES: tuple[tuple[State, re.Pattern[str]], ...] = (
    (
        "on-the-way-out",
        re.compile(
            r"\bdeprecation path\b|\bpath to deprecation\b"
            r"|\b(?:will|going to|planned to)(?: soon| later)? be(?: soon)? "
            r"(?:deprecated|retired)\b",
            re.I,
        ),
    ),
    (
        "deprecated",
        re.compile(
            r"\b(?:is|are|was|were|been)(?: now| also)? (?:deprecated|retired)\b"
            r"|\(deprecated\)|^\W*deprecated\b",
            re.I,
        ),
    ),
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|no plans?|isn.t|won.t|aren.t)\b.{0,40}deprecat", re.I
)
_SUCCESSORS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_USE} {_ONE_OF}(?P<new>{_NAMES})(?: managed)?(?: polic(?:y|ies))?,? "
        rf"(?:instead|in place|rather)(?: (?:of|than) {_ONE_OF}(?P<old>{_NAME}))?",
        rf"\binstead(?: of {_ONE_OF}(?P<old>{_NAME}))?,? (?:please )?"
        rf"{_USE} {_ONE_OF}(?P<new>{_NAMES})",
        rf"\b(?:replaced|superseded) (?:by|with) {_ONE_OF}(?P<new>{_NAMES})",
        rf"\breplace (?:it|this policy) (?:by|with) {_ONE_OF}(?P<new>{_NAMES})",
        rf"\bin favou?r of {_ONE_OF}(?P<new>{_NAMES})",
        rf"\breplacement(?: policy)?(?: is|:) {_ONE_OF}(?P<new>{_NAMES})",
        rf"(?P<new>{_NAMES}) (?:replaces|supersedes) {_ONE_OF}(?P<old>{_NAME}|it\b)",
    )
)
_ALSO = re.compile(rf"\b{_USE} {_ONE_OF}(?P<new>{_NAMES})", re.I)


def deprecation_in(
    text: str, policy: str, known: Set[str] = frozenset()
) -> SourceDeprecation | None:
    """What a text says of the deprecation of a policy.

    Args:
        text: The text.
        policy: The name of the policy that it is about.
        known: Names of policies, which need not be written as only such names are.

    Returns:
        The state and the successors in their order, without days; None if the text says nothing.
    """
    reader = _Reader(policy, known)
    sentences = [s for s in _sentences(text) if not _NEGATED.search(s)]
    states = {state for s in sentences if (state := reader.state(s))}
    found = [name for s in sentences for name in reader.successors(s, _SUCCESSORS)]
    if states:
        found += [name for s in sentences for name in reader.successors(s, (_ALSO,))]
    successors = tuple(dict.fromkeys(found))[:MOST_SUCCESSORS]
    if not states and not successors:
        return None
    return SourceDeprecation(
        state="deprecated" if "deprecated" in states else "on-the-way-out", successors=successors
    )


def _sentences(text: str) -> Iterator[str]:
    plain = text[: MOST_SENTENCES * MOST_CHARACTERS].translate(_MARKUP)
    for sentence in _SENTENCES.split(plain)[:MOST_SENTENCES]:
        yield " ".join(sentence[:MOST_CHARACTERS].split())


def looks_like_a_policy(word: str) -> bool:
    """Whether a word is written as names of policies are, and not as those of services."""
    return is_bare_name(word) and len(word) >= 10 and sum(map(str.isupper, word)) >= 3


def names_in(text: str) -> Iterator[str]:
    """The words of a text that look like names of policies."""
    return filter(looks_like_a_policy, _words(text.translate(_MARKUP)))


def _words(text: str) -> Iterator[str]:
    return (word.strip("-=+@") for word in re.findall(_NAME, text))


class _Reader:
    """Reads sentences about one policy."""

    def __init__(self, policy: str, known: Set[str]) -> None:
        self._policy = policy
        self._known = known

    def state(self, sentence: str) -> State | None:
        """The state that a sentence says the policy has."""
        for state, pattern in _STATES:
            found = pattern.search(sentence)
            if found and self._is_about(sentence[: found.start()]):
                return state
        return None

    def successors(self, sentence: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[str]:
        """The policies that a sentence says to use instead."""
        for pattern in patterns:
            for found in pattern.finditer(sentence):
                old = found.groupdict().get("old") or self._policy
                named = self._names(old)
                if named and self._policy not in named:
                    continue
                if old is self._policy and not self._is_about(sentence[: found.start()]):
                    continue
                yield from (n for n in self._names(found["new"]) if n != self._policy)

    def _is_about(self, before: str) -> bool:
        """Whether what stands before is about the policy, and not about another one."""
        named = self._names(before)
        return not named or self._policy in named

    def _names(self, text: str) -> tuple[str, ...]:
        return tuple(filter(self._is_name, _words(text)))

    def _is_name(self, word: str) -> bool:
        return word == self._policy or word in self._known or looks_like_a_policy(word)
