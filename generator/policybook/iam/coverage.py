"""Whether several grants together let through everything that one grant does.

A grant is a box: the requests whose action, resource and value of each condition key lie in a set
for each of them. A box lies in several others together if, for every kind of action that it has,
the others with that kind cover its resources, and so on through the condition keys. `s3:*` on two
buckets lies in `s3:*` on one and `s3:*` on the other; `StringEquals` with two values lies in two
statements with one value each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.iam.clause_truths import truths
from policybook.iam.conditions import Answer, by_key, in_words, no_stricter
from policybook.iam.patterns import covers, overlaps
from policybook.iam.term_kinds import ACTIONS, RESOURCES, kinds_of_text
from policybook.iam.terms import matched, term_overlaps
from policybook.iam.text_sets import Undecided
from policybook.iam.variable_values import (
    Values,
    assignments,
    clauses_of_values,
    clauses_with_values,
    has_variables,
    term_with_values,
)
from policybook.model.documents import Clause, Term

MOST_KINDS = 20_000  # of requests that a search looks at


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
    answer = _covered(box, meeting, reference)
    if answer[0] is False:
        if doubt := _may_never_hold(box.condition, reference):
            return None, doubt
        if any(map(_has_variables, (box, *meeting))) and not _left_out(box, meeting, reference):
            return None, "policy variables, which may have the same value"
    return answer


def _covered(box: Box, others: Sequence[Box], reference: AwsReference) -> tuple[Answer, str]:
    """Like `covered`, as if variables had any value, and conditions always held for a request."""
    search = _Search(box, others, reference)
    if search.covers_all(hopeful=False):
        return True, ""
    if search.doubt and search.covers_all(hopeful=True):
        return None, search.doubt
    return False, ""


def _has_variables(box: Box) -> bool:
    return has_variables(box.resources, box.condition)


def _left_out(box: Box, others: Sequence[Box], reference: AwsReference) -> bool:
    """Whether a request of the box is left out for some value of each variable."""
    boxes = (box, *others)
    clauses = [clause for one in boxes for clause in one.condition]
    for values in assignments((one.resources for one in boxes), clauses):
        narrow, *rest = (_valued(one, values) for one in boxes)
        given = replace(narrow, condition=narrow.condition + clauses_of_values(values))
        if _covered(given, rest, reference)[0] is False:
            return True
    return False


def _valued(box: Box, values: Values) -> Box:
    """The box with these values for its variables."""
    resources = term_with_values(box.resources, values)
    return Box(box.actions, resources, clauses_with_values(box.condition, values))


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
    box = Box(_ANY, _ANY, condition)
    if _Search(box, boxes, reference).covers_all(hopeful=True, depth=2):
        return True
    return bool(_may_never_hold(condition, reference)) or any(map(_has_variables, (box, *boxes)))


def _may_never_hold(condition: Iterable[Clause], reference: AwsReference) -> str:
    """Clauses on one key, in words, of which it is not known whether a request meets them all."""
    for key, given in by_key(condition).items():
        if truths(given, reference.is_array(key), (1 << len(given)) - 1) is None:
            plain = tuple(replace(c, operator=c.operator.rpartition(":")[2]) for c in given)
            if not truths(plain, False, (1 << len(given)) - 1):
                return f"{' and '.join(clause.operator for clause in given)} on {given[0].key}"
    return ""


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


def _term(box: Box, depth: int) -> Term:
    return box.resources if depth else box.actions


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
        self._steps = 0
        self._too_many = False  # patterns, so that telling them apart is not tried again

    def covers_all(self, hopeful: bool, depth: int = 0) -> bool:
        """Whether the boxes together cover the box; see `covers`."""
        self._steps = 0
        return self.covers(range(len(self._others)), hopeful, depth)

    def covers(self, left: Iterable[int], hopeful: bool, depth: int = 0) -> bool:
        """Whether the boxes at the positions `left` cover the box from an axis on.

        Args:
            left: The positions of boxes that have the kinds of the axes before.
            hopeful: Whether a box counts that may have a kind, but cannot be compared.
            depth: The axis: 0 for actions, 1 for resources, then the condition keys.
        """
        places = tuple(left)
        self._steps += 1
        if self._steps > MOST_KINDS:
            self.doubt = self.doubt or "too many conditions"
            return hopeful
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
            elif self._too_many:
                raise Undecided
            else:
                terms = {p: _term(self._others[p], depth) for p in places}
                axis = RESOURCES if depth else ACTIONS
                yield from kinds_of_text(axis, _term(self._box, depth), terms)
        except Undecided:
            if key:
                yield tuple(p for p in places if self._has(p, key, hopeful))
            else:
                self._too_many = True
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
        for bits in sorted(found):
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
