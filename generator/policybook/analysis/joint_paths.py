"""What documents make possible together that none of them does alone, by the risk rules.

A principal has what any of its policies allows, less what any of them denies (IAM User Guide,
"Policy evaluation logic"). So the documents are read as one: each step of a rule may be granted by
another document, and a Deny of one also counts for what the others allow. What remains to be judged
is whether limited steps fit together, such as whether their resources are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal

from msgspec import Struct, structs

from policybook.analysis.risks import Flag, Rulebook, StepGrant
from policybook.iam.mitigation import Mitigation, all_of, any_of
from policybook.model.documents import Document, union

Gain = Literal["new", "opened"]


class Contribution(Struct, frozen=True):
    """An Allow statement of one of the documents that grants a step.

    The numbers in `grant` are those of its own document, so `grant.denials` has only Denies of that
    one; `denied_by` has all, each with the name of its document.
    """

    name: str
    grant: StepGrant
    denied_by: tuple[tuple[str, int], ...]


class JointStep(Struct, frozen=True):
    """A step, what limits it, and what grants it, in the order of the documents."""

    mitigation: Mitigation
    by: tuple[Contribution, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The documents that grant the step, each once."""
        return tuple(dict.fromkeys(one.name for one in self.by))


class JointPath(Struct, frozen=True):
    """A rule, by its id, that documents match together as none does alone.

    `gain` is `new` if none matches it alone, and `opened` if some do, but under limits that the
    documents together do not have; `alone` has these limits by document. `sets` are the smallest
    sets of documents that suffice, while all are attached: the Denies of all of them count.
    """

    rule: str
    gain: Gain
    mitigation: Mitigation
    steps: tuple[JointStep, ...]
    sets: tuple[tuple[str, ...], ...]
    alone: Mapping[str, Mitigation]


class Together(Struct, frozen=True):
    """What documents make possible together.

    `paths` are the rules that need several of them, in the order of the rules. `alone` has the
    rules that a single document matches, with its limits, by document. `prevented` are the rules
    that a document matches alone, but not next to the Denies of the others.
    """

    paths: tuple[JointPath, ...]
    alone: Mapping[str, Mapping[str, Mitigation]]
    prevented: tuple[str, ...]


def together(documents: Mapping[str, Document], rulebook: Rulebook) -> Together:
    """Find what documents make possible together that none does alone.

    Args:
        documents: The documents that are attached to one principal, by a name.
        rulebook: The risk rules.
    """
    alone = {
        name: {flag.rule: flag.mitigation for flag in rulebook.flags(document)}
        for name, document in documents.items()
    }
    joint = rulebook.flags(union(tuple(documents.values())))
    places = _places(documents)
    paths = (_path(flag, places, alone) for flag in joint)
    matched = {flag.rule for flag in joint}
    single = {rule for found in alone.values() for rule in found}
    prevented = tuple(rule for rule in rulebook.rules if rule in single - matched)
    return Together(tuple(path for path in paths if path), alone, prevented)


_Places = Sequence[tuple[str, int]]


def _places(documents: Mapping[str, Document]) -> _Places:
    """The document and the number in it of each statement of the union."""
    return [(name, s.number) for name, found in documents.items() for s in found.statements]


def _path(
    flag: Flag, places: _Places, alone: Mapping[str, Mapping[str, Mitigation]]
) -> JointPath | None:
    """The path of a rule; None if a document matches it alone within no stricter limits."""
    single = {name: found[flag.rule] for name, found in alone.items() if flag.rule in found}
    if single and not _gains(flag.mitigation, single.values()):
        return None
    steps = tuple(
        JointStep(mitigation, tuple(_contribution(grant, places) for grant in grants))
        for mitigation, grants in zip(flag.steps, flag.grants, strict=True)
    )
    gain: Gain = "opened" if single else "new"
    sets = tuple(_smallest(tuple(alone), steps, tuple(single.values())))
    return JointPath(flag.rule, gain, flag.mitigation, steps, sets, single)


def _gains(now: Mitigation, alone: Iterable[Mitigation]) -> bool:
    """Whether something is possible within limits in which nothing was possible before."""
    before = any_of(alone)
    return any_of((before, now)) != before


def _contribution(grant: StepGrant, places: _Places) -> Contribution:
    name, number = places[grant.statement - 1]
    denied_by = tuple(places[denial - 1] for denial in grant.denials)
    own = tuple(number for of, number in denied_by if of == name)
    return Contribution(name, structs.replace(grant, statement=number, denials=own), denied_by)


def _smallest(
    documents: Sequence[str], steps: Sequence[JointStep], alone: Sequence[Mitigation]
) -> Iterator[tuple[str, ...]]:
    """Yield the sets of documents that gain something of which no part does, smallest first.

    One document for each step is enough: a caller within some limits needs one grant of each step.
    """
    granting = {name for step in steps for name in step.names}
    names = [name for name in documents if name in granting]
    found: list[set[str]] = []
    for size in range(1, len(steps) + 1):
        for some in combinations(names, size):
            if not any(smaller <= set(some) for smaller in found):
                limits = _limits(steps, some)
                if limits and (not alone or _gains(limits, alone)):
                    found.append(set(some))
                    yield some


def _limits(steps: Sequence[JointStep], names: Sequence[str]) -> Mitigation | None:
    """What limits the steps if only some documents grant them; None if they grant not all."""
    found = [[one.grant.mitigation for one in step.by if one.name in names] for step in steps]
    return all_of(map(any_of, found)) if all(found) else None
