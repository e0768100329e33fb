"""The best policies, pairs and triples for some actions, each with what it grants beyond them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from policybook.analysis.attached import Member, Scale, together
from policybook.analysis.choices import Choice, Question, choices
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.patterns import has_wildcard
from policybook.model.attachable import why_never_attached
from policybook.model.book import Book
from policybook.model.policies import Policy


class Membership(Struct, frozen=True):
    """All policies with a document that grant something as members of combinations.

    `names` are all actions that a policy grants, full names in lower case, sorted; the places of
    bits are those of this list. `members` are the policies by name, in the order of the book.
    """

    names: tuple[str, ...]
    members: Mapping[str, Member]
    scale: Scale


class Switches(Struct, frozen=True):
    """Which choices are wanted.

    `in_full` leaves out choices that grant an action only in part, and `nothing_else` policies that
    grant anything else. `attachable` leaves out policies that cannot be attached, `no_deprecated`
    deprecated ones; `customer_managed` takes customer-managed policies too. `most` is the number of
    choices of each size.
    """

    in_full: bool = False
    nothing_else: bool = False
    attachable: bool = True
    no_deprecated: bool = True
    customer_managed: bool = False
    most: int = 10

    def allow(self, policy: Policy) -> bool:
        """Whether choices may have the policy."""
        if self.attachable and why_never_attached(policy):
            return False
        if self.no_deprecated and policy.deprecation.state == "deprecated":
            return False
        return self.customer_managed or policy.facts.type != "customer-managed"


class ChosenPolicies(Struct, frozen=True):
    """One choice: policies, what they weigh, and what they grant.

    `score` is the weight of the actions in `excess` and of the risks, `risk_score` that of the
    risks alone. `in_part` are the needed actions that are granted only in part; `excess` are the
    other actions by access level, full names in lower case. `risks` are the rules whose steps the
    policies allow together, each with whether nothing limits them.
    """

    policies: tuple[str, ...]
    score: int
    risk_score: int
    in_part: tuple[str, ...]
    excess: Mapping[str, tuple[str, ...]]
    risks: Mapping[str, bool]


class Chosen(Struct, frozen=True):
    """The answer: the choices in order, for all needed actions that some policy grants.

    `uncovered` are the others. `complete` is false if the search ended before it had looked at all
    combinations.
    """

    choices: tuple[ChosenPolicies, ...]
    uncovered: tuple[str, ...]
    complete: bool


def chosen(
    membership: Membership, allowed: Collection[str], needed: Sequence[str], switches: Switches
) -> Chosen:
    """The best choices for some actions.

    Args:
        membership: The policies.
        allowed: The names of those that choices may have.
        needed: Full names of actions in lower case.
        switches: Which choices are wanted.
    """
    place_of = {name: place for place, name in enumerate(membership.names)}
    members = [member for name, member in membership.members.items() if name in allowed]
    offered = 0
    for one in members:
        offered |= one.full if switches.in_full else one.granted
    covered = [n for n in needed if n in place_of and offered >> place_of[n] & 1]
    bits = sum(1 << place for place in {place_of[name] for name in covered})
    question = Question(bits, switches.in_full, switches.nothing_else, switches.most)
    found = choices(_useful(members, bits), membership.scale, question)
    known = set(covered)
    uncovered = tuple(name for name in needed if name not in known)
    shown = tuple(_details(membership, choice, bits) for choice in found.choices)
    return Chosen(shown, uncovered, found.complete)


def _useful(members: Iterable[Member], needed: int) -> list[Member]:
    """The policies that grant some needed action, with what they take away from each other only."""
    found = [one for one in members if one.granted & needed]
    granted = 0
    for one in found:
        granted |= one.granted
    places = {one.place for one in found}
    return [
        structs.replace(
            one,
            removed=one.removed & granted,
            limited=one.limited & granted,
            voided={place: actions for place, actions in one.voided.items() if place in places},
        )
        if one.has_denies
        else one
        for one in found
    ]


def _details(membership: Membership, choice: Choice, needed: int) -> ChosenPolicies:
    by_place = {member.place: name for name, member in membership.members.items()}
    names = tuple(by_place[place] for place in choice.places)
    members = [membership.members[name] for name in names]
    full, granted = together(members)
    excess = {
        level: tuple(names_at(membership.names, actions))
        for level, own in membership.scale.levels.items()
        if (actions := granted & ~needed & own)
    }
    risks = membership.scale.risks(members)
    return ChosenPolicies(
        names,
        choice.score,
        membership.scale.of_risks(risks),
        tuple(names_at(membership.names, needed & ~full)),
        excess,
        risks,
    )


def names_at(names: Sequence[str], actions: int) -> Iterator[str]:
    """The names at the places of a set's bits, in order."""
    digits = bin(actions)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield names[place]
        place = digits.find("1", place + 1)


def granting_some(membership: Membership, needed: Collection[str]) -> list[str]:
    """The names of the policies that grant one of some actions, given by names in lower case."""
    bits = sum(1 << place for place, name in enumerate(membership.names) if name in needed)
    return [name for name, one in membership.members.items() if one.granted & bits]


def naming_some(
    book: Book, needed: Collection[str], catalogue: Catalogue, allow: Callable[[Policy], bool]
) -> Book:
    """The book with only the allowed policies whose Allow statements name one of some actions.

    Args:
        book: The book.
        needed: Full names of actions in lower case.
        catalogue: Expands wildcards.
        allow: Which policies to take.
    """
    wanted = set(needed)

    def names_one(pattern: str) -> bool:
        lower = pattern.lower()
        if not has_wildcard(lower):
            return lower in wanted
        return not wanted.isdisjoint(catalogue.named_by(lower))

    def is_useful(policy: Policy) -> bool:
        document = policy.current.document if policy.current else None
        return any(
            s.actions.negated or any(map(names_one, s.actions.patterns))
            for s in (document.statements if document else ())
            if s.effect == "Allow"
        )

    kept = {name: p for name, p in book.granting.items() if allow(p) and is_useful(p)}
    return structs.replace(book, policies=kept)
