"""Whether several grants together let through everything that one grant does.

A grant is a box: the requests whose action, resource and value of each condition key lie in a set
for each of them. A box lies in several others together if, for every kind of action that it has,
the others with that kind cover its resources, and so on through the condition keys. `s3:*` on two
buckets lies in `s3:*` on one and `s3:*` on the other; `StringEquals` with two values lies in two
statements with one value each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from itertools import tee
from typing import Literal

from msgspec import Struct

from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.iam.clause_truths import truths
from policybook.iam.conditions import Answer, by_key, in_words, no_stricter
from policybook.iam.patterns import ANY, OTHER, STAR, completed, covers, overlaps, tokens
from policybook.iam.terms import matched, term_covers, term_overlaps
from policybook.iam.text_sets import TextPattern, TextSet, Undecided, text_truths
from policybook.model.documents import Clause, Term


class Box(Struct, frozen=True):
    """Requests for some actions, in lower case, on some resources under a condition block."""

    actions: Term
    resources: Term
    condition: tuple[Clause, ...] = ()


def covered(
    box: Box, others: Iterable[Box], reference: AwsReference = NO_REFERENCE
) -> tuple[Answer, str]:
    """Whether every request of a box is one of the other boxes together.

    Args:
        box: The box that has to be covered.
        others: The boxes that may cover it, each in part.
        reference: Tells which condition keys have several values.

    Returns:
        The answer and, if it is None, what could not be compared.
    """
    meeting = [found for other in others if (found := _meeting(box, other, reference))]
    search = _Search(box, meeting, reference)
    if search.covers(range(len(meeting)), hopeful=False):
        return True, ""
    if search.doubt and search.covers(range(len(meeting)), hopeful=True):
        return None, search.doubt
    return False, ""


def may_cover(
    condition: tuple[Clause, ...], others: Iterable[tuple[Clause, ...]], reference: AwsReference
) -> bool:
    """Whether condition blocks together may let through all requests that a block lets through.

    Args:
        condition: The block that has to be covered.
        others: The blocks that may cover it, each in part.
        reference: Tells which condition keys have several values.

    Returns:
        False if a request shows that they do not; True if they do, or that cannot be decided.
    """
    boxes = [Box(_ANY, _ANY, other) for other in others]
    search = _Search(Box(_ANY, _ANY, condition), boxes, reference)
    return search.covers(range(len(boxes)), hopeful=True, depth=2)


_ANY = Term(("*",))


def _meeting(box: Box, other: Box, reference: AwsReference) -> Box | None:
    """The other box, with those of its patterns only that matter; None if they share nothing."""
    actions = _part(other.actions, box.actions, NO_REFERENCE)
    resources = _part(other.resources, box.resources, reference)
    if not (term_overlaps(actions, box.actions) and term_overlaps(resources, box.resources)):
        return None
    return Box(actions, resources, other.condition)


def _part(term: Term, narrow: Term, reference: AwsReference) -> Term:
    """The term without the patterns that match nothing of the narrow one.

    Which ARNs exist matters for exceptions only: a pattern more never covers less.
    """
    texts = matched(narrow)
    if narrow.negated:
        given = set(texts)
        kept = [p for p in matched(term) if p not in given and not any(covers(t, p) for t in texts)]
    else:
        kept = [
            p
            for p in matched(term)
            if any(
                overlaps(p, text) and not (term.negated and reference.apart(p, text))
                for text in texts
            )
        ]
    return Term(tuple(kept), term.negated)


class _Search:
    """The search for a kind of request that is in the box, but in none of the others."""

    def __init__(self, box: Box, others: Sequence[Box], reference: AwsReference) -> None:
        self._box = box
        self._others = others
        self._reference = reference
        self._given = by_key(box.condition)
        self._wanted = [by_key(other.condition) for other in others]
        keys = {key: None for wanted in (self._given, *self._wanted) for key in wanted}
        self._keys = tuple(keys)
        self.doubt = ""

    def covers(self, left: Iterable[int], hopeful: bool, depth: int = 0) -> bool:
        """Whether the boxes at the positions `left` cover the box from an axis on.

        Args:
            left: The positions of boxes that have the kinds of the axes before.
            hopeful: Whether a box counts that may have a kind, but cannot be compared.
            depth: The axis: 0 for actions, 1 for resources, then the condition keys.
        """
        places = tuple(left)
        if depth == len(self._keys) + 2:
            return bool(places)
        return all(self.covers(p, hopeful, depth + 1) for p in self._kinds(places, hopeful, depth))

    def _kinds(
        self, places: tuple[int, ...], hopeful: bool, depth: int
    ) -> Iterator[tuple[int, ...]]:
        """For each kind of value on an axis that the box has, the other boxes that have it too."""
        key = self._keys[depth - 2] if depth > 1 else ""
        try:
            if depth > 1:
                yield from self._kinds_of_key(key, places)
            else:
                axis = _RESOURCES if depth else _ACTIONS
                terms = {p: axis.term(self._others[p]) for p in places}
                yield from _kinds_of_text(axis, axis.term(self._box), terms)
        except Undecided:
            if key:
                yield tuple(p for p in places if self._has(p, key, hopeful))
            else:
                self.doubt = self.doubt or "too many patterns"
                yield places if hopeful else ()

    def _kinds_of_key(self, key: str, places: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        given = self._given.get(key, ())
        clauses = dict.fromkeys(given)
        for place in places:
            clauses.update(dict.fromkeys(self._wanted[place].get(key, ())))
        number = {clause: 1 << n for n, clause in enumerate(clauses)}
        found = truths(tuple(clauses), self._reference.is_array(key), (1 << len(given)) - 1)
        if found is None:
            raise Undecided
        needed = [(p, sum(number[c] for c in self._wanted[p].get(key, ()))) for p in places]
        for bits in found:
            yield tuple(p for p, wanted in needed if bits & wanted == wanted)

    def _has(self, place: int, key: str, hopeful: bool) -> bool:
        """Whether another box has every value of the box for a key."""
        wanted, given = self._wanted[place].get(key, ()), self._given.get(key, ())
        if not wanted:
            return True
        answer, _ = no_stricter(wanted, given, self._reference)
        if answer is not True:
            array = self._reference.is_array(key)
            self.doubt = self.doubt or in_words(wanted, given or wanted, array)
        return answer is True or hopeful


# --- actions and resources ------------------------------------------------------------------------


class _Axis(Struct, frozen=True, eq=False):
    """The actions or the resources of boxes.

    `every` is the set of all texts that count; `typical` is one that no pattern but `*` matches.
    """

    element: Literal["actions", "resources"]
    every: TextSet
    typical: str

    def term(self, box: Box) -> Term:
        """The box's term on this axis."""
        return box.actions if self.element == "actions" else box.resources


# The name of an action has exactly one colon.
_ACTIONS = _Axis("actions", TextSet((TextPattern(tokens("*:*"), colons=2),)), f"{OTHER}:{OTHER}")
_RESOURCES = _Axis("resources", TextSet((), negated=True), OTHER)


def typical_action(term: Term) -> str | None:
    """An action that a term names and that few other patterns match; None without one at hand."""
    return _typical(_ACTIONS, term)


def typical_resource(term: Term) -> str | None:
    """A resource that a term names and that few other patterns match; None without one at hand."""
    return _typical(_RESOURCES, term)


@lru_cache(maxsize=4_096)
def _typical(axis: _Axis, term: Term) -> str | None:
    texts = matched(term)
    if term.negated:
        return None if any(covers(text, axis.typical) for text in texts) else axis.typical
    if len(texts) != 1 or "${" in texts[0]:
        return None
    found = "".join(OTHER if t in (STAR, ANY) else t for t in tokens(completed(texts[0])))
    if axis is _ACTIONS and ":" not in found:
        return f"{found}:{OTHER}" if texts[0].endswith("*") else None
    return found


def _kinds_of_text(
    axis: _Axis, narrow: Term, terms: Mapping[int, Term]
) -> Iterator[tuple[int, ...]]:
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
def _truths_of_terms(axis: _Axis, narrow: Term, others: tuple[Term, ...]) -> Iterator[int | None]:
    """The truths of the axis's texts, a term, and others; None at the end if they are undecided.

    They are found when they are read, and kept for other boxes that ask for the same: read a copy.
    """
    own = _text_set(_relevant(axis, narrow, others))
    samples = [_typical(axis, narrow), *_exceptions(axis, narrow, others)]
    sets = (axis.every, own, *map(_text_set, others))
    (kept,) = tee(_or_none(text_truths(sets, 0b11, filter(None, samples))), 1)
    return kept


def _or_none(found: Iterator[int]) -> Iterator[int | None]:
    try:
        yield from found
    except Undecided:
        yield None


def _exceptions(axis: _Axis, narrow: Term, others: Iterable[Term]) -> Iterator[str | None]:
    """Typical texts of what other terms leave out, for a term that leaves out something, too."""
    for term in others if narrow.negated else ():
        for pattern in matched(term) if term.negated else ():
            yield _typical(axis, Term((pattern,)))


def _relevant(axis: _Axis, narrow: Term, others: Iterable[Term]) -> Term:
    """The term without exceptions that do not matter for telling the other terms apart."""
    if not narrow.negated:
        return narrow
    patterns = [p for term in others for p in matched(term)]
    kept = (
        exception
        for exception in matched(narrow)
        if covers(exception, axis.typical) or any(overlaps(exception, p) for p in patterns)
    )
    return Term(tuple(kept), negated=True)


def _text_set(term: Term) -> TextSet:
    patterns = (TextPattern(tokens(completed(p))) for p in matched(term))
    return TextSet(tuple(patterns), term.negated)
