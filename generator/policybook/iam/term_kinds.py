"""Which terms name a text, for each kind of text that one term names.

The terms are those of several statements, all for actions or all for resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import lru_cache
from itertools import islice, tee

from msgspec import Struct

from policybook.iam.patterns import ANY, OTHER, STAR, completed, covers, overlaps, tokens
from policybook.iam.terms import matched, term_covers
from policybook.iam.text_sets import TextPattern, TextSet, Undecided, text_truths
from policybook.model.documents import Term

MOST_SAMPLES = 50  # texts to look at before all of them


class Axis(Struct, frozen=True, eq=False):
    """The actions or the resources of boxes.

    `every` is the set of all texts that count; `typical` is one that no pattern but `*` matches.
    """

    every: TextSet
    typical: str


# The name of an action has exactly one colon.
ACTIONS = Axis(TextSet((TextPattern(tokens("*:*"), colons=2),)), f"{OTHER}:{OTHER}")
RESOURCES = Axis(TextSet((), negated=True), OTHER)


def typical_action(term: Term) -> str | None:
    """An action that a term names and that few other patterns match; None without one at hand."""
    return _typical(ACTIONS, term)


def typical_resource(term: Term) -> str | None:
    """A resource that a term names and that few other patterns match; None without one at hand."""
    return _typical(RESOURCES, term)


@lru_cache(maxsize=4_096)
def _typical(axis: Axis, term: Term) -> str | None:
    texts = matched(term)
    if term.negated:
        return None if any(covers(text, axis.typical) for text in texts) else axis.typical
    if len(texts) != 1 or "${" in texts[0]:
        return None
    found = "".join(OTHER if t in (STAR, ANY) else t for t in tokens(completed(texts[0])))
    if axis is ACTIONS and ":" not in found:
        return f"{found}:{OTHER}" if texts[0].endswith("*") else None
    return found


def kinds_of_text(axis: Axis, narrow: Term, terms: Mapping[int, Term]) -> Iterator[tuple[int, ...]]:
    """For each kind of text that a term names, the other terms, by their keys, that name it too.

    Kinds that are easily found come first.
    """
    whole = [key for key, term in terms.items() if term_covers(term, narrow)]
    parts = {key: term for key, term in terms.items() if key not in whole}
    if not parts and _typical(axis, narrow) is not None:
        yield tuple(whole)
        return
    for bits in copy(_truths_of_terms(axis, narrow, tuple(parts.values()))):
        if bits is None:
            raise Undecided
        yield (*whole, *(key for n, key in enumerate(parts, 2) if bits >> n & 1))


@lru_cache(maxsize=256)
def _truths_of_terms(axis: Axis, narrow: Term, others: tuple[Term, ...]) -> Iterator[int | None]:
    """The truths of the axis's texts, a term, and others; None at the end if they are undecided.

    They are found when they are read, and kept for other boxes that ask for the same: read a copy.
    """
    own = _text_set(_relevant(axis, narrow, others))
    samples = [_typical(axis, narrow), *islice(_exceptions(axis, narrow, others), MOST_SAMPLES)]
    sets = (axis.every, own, *map(_text_set, others))
    (kept,) = tee(_or_none(text_truths(sets, 0b11, filter(None, samples))), 1)
    return kept


def _or_none(found: Iterator[int]) -> Iterator[int | None]:
    try:
        yield from found
    except Undecided:
        yield None


def _exceptions(axis: Axis, narrow: Term, others: Iterable[Term]) -> Iterator[str | None]:
    """Typical texts of what other terms leave out, for a term that leaves out something, too."""
    for term in others if narrow.negated else ():
        for pattern in matched(term) if term.negated else ():
            yield _typical(axis, Term((pattern,)))


def _relevant(axis: Axis, narrow: Term, others: Iterable[Term]) -> Term:
    """The term without exceptions that do not matter for telling the other terms apart."""
    if not narrow.negated:
        return narrow
    patterns = [p for term in others for p in matched(term)]
    if any(covers(pattern, axis.typical) for pattern in patterns):
        return narrow  # a text that no other term matches may be among the exceptions only
    kept = (
        exception
        for exception in matched(narrow)
        if covers(exception, axis.typical) or any(overlaps(exception, p) for p in patterns)
    )
    return Term(tuple(kept), negated=True)


def _text_set(term: Term) -> TextSet:
    patterns = (TextPattern(tokens(completed(p))) for p in matched(term))
    return TextSet(tuple(patterns), term.negated)
