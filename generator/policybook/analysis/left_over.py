"""What a permissions boundary or a service control policy leaves of what a document allows.

A request has to be allowed by the document and by the boundary, and denied by neither (IAM User
Guide, "Policy evaluation logic"). So an action is left if a grant of the document and one of the
boundary share resources that the action can have, and no Deny of either removes them. It is
*certain* if one of the two resources contains the other, neither grant has a condition, and no Deny
may apply. If all actions are certain, the answer is exact; else it is an upper bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct

from policybook.analysis.effective_actions import effective_levels
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.arn_formats import Formats, part
from policybook.iam.denies import GRANTED, Certainty, certainty_with, surest, weakest
from policybook.iam.grants import single_terms
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.documents import Document, Statement, Term


class LeftOver(Struct, frozen=True):
    """What is left of the effective actions of a document.

    Attributes:
        actions: The actions that are left, full names in lower case in order, and how certain each
            is: `yes` or `conditional`.
        levels: Their access levels.
        removed: The effective actions of the document that are not left, in order.
    """

    actions: Mapping[str, Certainty]
    levels: Mapping[str, str]
    removed: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether every action that is left is certain."""
        return all(certainty == "yes" for certainty in self.actions.values())


def left_over(document: Document, boundary: Document, catalogue: Catalogue) -> LeftOver:
    """What a boundary leaves of a document.

    Args:
        document: The policy document.
        boundary: A permissions boundary, or a service control policy.
        catalogue: Expands wildcards and has the resources of actions.
    """
    levels = effective_levels(document, catalogue)
    parts = [
        [(s, catalogue.denied(s.actions)) for s in found.statements]
        for found in (document, boundary)
    ]
    known: dict[tuple[object, ...], Certainty | None] = {}
    left: dict[str, Certainty] = {}
    for name in sorted(levels):
        formats = catalogue.formats(name)
        own, limits = ([s for s, a in part if a.names(name, levels[name])] for part in parts)
        key = (id(formats), *(s.number for s in own), None, *(s.number for s in limits))
        if key not in known:
            known[key] = surest(_certainties(own, limits, formats))
        certainty = known[key]
        if certainty in GRANTED:
            left[name] = certainty
    return LeftOver(
        left,
        {name: levels[name] for name in left},
        tuple(name for name in sorted(levels) if name not in left),
    )


def _certainties(
    own: Sequence[Statement], limits: Sequence[Statement], formats: Formats
) -> Iterator[Certainty]:
    """How certain one action is, for each of its grants in both documents that share resources.

    Args:
        own: The statements of the document that name the action.
        limits: Those of the boundary.
        formats: The formats of the action's ARNs.
    """
    denies = [s for s in (*own, *limits) if s.effect == "Deny"]
    allowing = ([s for s in found if s.effect == "Allow"] for found in (own, limits))
    for one, other in product(*allowing):
        alone: Certainty = "conditional" if one.condition or other.condition else "yes"
        for here, there in product(single_terms(one.resources), single_terms(other.resources)):
            yield from _shared(here, there, alone, denies, formats)


def _shared(
    here: Term, there: Term, alone: Certainty, denies: Sequence[Statement], formats: Formats
) -> Iterator[Certainty]:
    """How certain an action is on what two resource terms share; nothing if they share nothing."""
    one, other = part(here, formats), part(there, formats)
    if not one or not other:
        return
    if term_covers(other, one):
        shared: tuple[Term, ...] = (one,)
    elif term_covers(one, other):
        shared = (other,)
    elif term_overlaps(one, other):
        shared, alone = (one, other), "conditional"
    else:
        return
    yield weakest(certainty_with(denies, term, alone, formats)[0] for term in shared)
