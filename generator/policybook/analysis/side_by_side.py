"""Compares two sets of policies: what each side allows, and whether one contains the other.

A set allows what the union of its statements allows, as for a role that has all of its policies:
a Deny of one policy limits the others too (IAM guide, "Policy evaluation logic").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from policybook.analysis.compare import Covering, compare, reverse_of
from policybook.analysis.effective_actions import effective_levels
from policybook.analysis.overlap import Decided
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.iam.grants import names_action
from policybook.model.changes import WITHOUT_EFFECT, Change, Evidence, Verdict
from policybook.model.documents import Document, Term, union

Levels = Mapping[str, str]


class SideBySide(Struct, frozen=True):
    """Two sets of policies, A and B.

    `change` leads from A to B: what it gained, only B grants, what it lost, only A. The effective
    actions are full names in lower case with their access levels. An action that AWS's list lacks
    is in `both` if one side names it and a pattern of the other covers it. `otherwise` has those of
    `both` for which the sides differ in resources, conditions or Denies, each with the verdict on
    the change from A to B.
    """

    change: Change
    only_a: Levels
    both: Levels
    only_b: Levels
    otherwise: Mapping[str, Verdict]

    @property
    def reverse(self) -> Verdict:
        """The verdict on the change from B to A."""
        return reverse_of(self.change.verdict)

    @property
    def b_contains_a(self) -> Decided:
        """Whether B covers every grant of A."""
        return _contains(self.change, self.change.lost)

    @property
    def a_contains_b(self) -> Decided:
        """Whether A covers every grant of B."""
        return _contains(self.change, self.change.gained)


def side_by_side(a: Sequence[Document], b: Sequence[Document], catalogue: Catalogue) -> SideBySide:
    """Compare two sets of policies.

    Args:
        a: The documents of one side.
        b: The documents of the other side.
        catalogue: Expands wildcards, and says what AWS's lists know of condition keys and ARNs.
    """
    here, there = union(a), union(b)
    change = compare(here, there, catalogue)
    levels_a, levels_b = effective_levels(here, catalogue), effective_levels(there, catalogue)
    covering = Covering({"a": here, "b": there}, catalogue)
    only_a, also_b = _split(levels_a, levels_b, "b", covering)
    only_b, also_a = _split(levels_b, levels_a, "a", covering)
    both = also_b | also_a
    differing = both if change.verdict not in WITHOUT_EFFECT else {}
    otherwise = dict(_otherwise(here, there, differing, catalogue))
    return SideBySide(change, only_a, both, only_b, otherwise)


def _contains(change: Change, lacking: Sequence[Evidence]) -> Decided:
    if lacking:
        return "no"
    return "undetermined" if change.undecided else "yes"


def _split(
    own: Levels, other: Levels, name: str, covering: Covering
) -> tuple[dict[str, str], dict[str, str]]:
    """The actions of one side that the other one lacks, and those that it has."""
    shared = {
        action: level
        for action, level in own.items()
        if action in other or (level == UNCATALOGUED and covering.grants(name, action))
    }
    return {a: level for a, level in own.items() if a not in shared}, shared


def _otherwise(
    here: Document, there: Document, actions: Levels, catalogue: Catalogue
) -> Iterator[tuple[str, Verdict]]:
    """The actions for which the sides differ, with the verdict on each.

    Actions that the same statements name differ in the same way, so one of them stands for all.
    """
    in_a, in_b = (_naming(document, actions, catalogue) for document in (here, there))
    alike: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = defaultdict(list)
    for action in actions:
        alike[tuple(in_a[action]), tuple(in_b[action])].append(action)
    for (numbers_a, numbers_b), named in alike.items():
        a, b = _about(here, numbers_a, named[0]), _about(there, numbers_b, named[0])
        verdict = compare(a, b, catalogue).verdict
        if verdict not in WITHOUT_EFFECT:
            yield from ((action, verdict) for action in named)


def _naming(
    document: Document, actions: Levels, catalogue: Catalogue
) -> defaultdict[str, list[int]]:
    """The numbers of the statements that name each of some actions."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    unknown = [action for action, level in actions.items() if level == UNCATALOGUED]
    for statement in document.statements:
        named = {action for action in catalogue.named(statement.actions) if action in actions}
        named.update(a for a in unknown if names_action(statement.actions, Term((a,))))
        for action in named:
            found[action].append(statement.number)
    return found


def _about(document: Document, numbers: Iterable[int], action: str) -> Document:
    """The statements with these numbers, about one action only."""
    statements = tuple(
        structs.replace(document.statements[number - 1], number=place, actions=Term((action,)))
        for place, number in enumerate(numbers, 1)
    )
    return Document(statements, {"Statement": statements})
