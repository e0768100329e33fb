"""Which actions each policy grants, denies to others, and what makes a choice heavier.

The file is for the page that chooses policies. Actions and policies are named by their places in
the file of names. For each service it has the different sets of actions that policies grant, and
for each policy which of these sets it has; most policies share their sets with others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.attached import LEVEL_WEIGHTS, RISK_WEIGHTS
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.membership import MembershipFacts
from policybook.model.attachable import why_never_attached
from policybook.model.book import Book
from policybook.model.policies import Policy
from policybook.model.risk_rules import Rule
from policybook.output.search_index.packing import LEVEL_LETTERS

Digits = Mapping[int, str]
"""A digit for each action of a service, without zeros at the end, by the place of the service."""


class MembershipFile(Struct, frozen=True):
    """The file. Positions count from 0.

    Attributes:
        format: The version of the format.
        stamp: A hash of the names of the policies, the same in all files.
        sets: For each service the different sets of actions, separated by spaces, the most frequent
            first: a digit for each action, without zeros at the end.
        grants: For each policy its sets, separated by commas: the distance from the last service,
            or nothing for the next one, and after a `.` the position of the set, or nothing for the
            first. The digit is 1 for an action granted in part and 2 for one granted in full.
        denies: What policies deny to others, by the position of the policy. The digit is 1 for an
            action that is limited and 2 for one that is removed.
        voided: The actions that a policy's Denies remove from another's grants although they only
            limit them in general: by the position of one, then of the other.
        steps: For each policy the steps of risk rules that it allows, separated by commas; a `*`
            follows if nothing limits the step.
        rules: The id and the title of each risk rule, the number of its steps, and its address.
        unattachable: The positions of policies that cannot be attached.
        customer_managed: The positions of customer-managed policies.
        weights: The weight of an action by the letter of its access level.
        risk_weights: The weight of a risk that is limited, and of one that is not.
    """

    format: int
    stamp: str
    sets: tuple[str, ...]
    grants: tuple[str, ...]
    denies: Mapping[int, str]
    voided: Mapping[int, Mapping[int, str]]
    steps: tuple[str, ...]
    rules: tuple[tuple[str, str, int, str], ...]
    unattachable: tuple[int, ...]
    customer_managed: tuple[int, ...]
    weights: Mapping[str, int]
    risk_weights: tuple[int, int]


def membership_file(
    context: BookContext, actions: Sequence[Sequence[str]], format_: int, stamp: str
) -> MembershipFile:
    """Create the file.

    Args:
        context: The book.
        actions: For each service its actions, full names in lower case, in the order of the names.
        format_: The version of the format.
        stamp: The hash of the names of the policies.
    """
    facts, book = context.membership, context.book
    place_of = {n: (s, a) for s, own in enumerate(actions) for a, n in enumerate(own)}
    policy_at = {name: place for place, name in enumerate(book.policies)}
    granted = [_granted(facts, name, place_of) for name in book.policies]
    denied = {
        policy_at[name]: _digits(place_of, found.limited, found.removed)
        for name, found in facts.denied().items()
    }
    sets = _Sets(len(actions), (*granted, *denied.values()))
    return MembershipFile(
        format=format_,
        stamp=stamp,
        sets=tuple(" ".join(own) for own in sets.texts),
        grants=tuple(map(sets.row, granted)),
        denies={place: sets.row(found) for place, found in denied.items()},
        voided={
            policy_at[denying]: {policy_at[n]: _places(place_of, own) for n, own in others.items()}
            for denying, others in facts.voided().items()
        },
        steps=tuple(map(_steps, map(facts.steps, book.policies))),
        rules=tuple(map(_rule, book.rules.values())),
        unattachable=_where(book, lambda policy: bool(why_never_attached(policy))),
        customer_managed=_where(book, lambda policy: policy.facts.type == "customer-managed"),
        weights={LEVEL_LETTERS[level]: weight for level, weight in LEVEL_WEIGHTS.items()},
        risk_weights=RISK_WEIGHTS,
    )


def _granted(
    facts: MembershipFacts, policy: str, place_of: Mapping[str, tuple[int, int]]
) -> Digits:
    found = facts.granted(policy)
    return _digits(place_of, found.in_part, found.in_full)


def _places(place_of: Mapping[str, tuple[int, int]], names: Iterable[str]) -> str:
    return " ".join(".".join(map(str, place_of[name])) for name in names)


def _rule(rule: Rule) -> tuple[str, str, int, str]:
    return rule.id, rule.title, len(rule.steps), addresses.risk(rule.id).place


def _where(book: Book, holds: Callable[[Policy], bool]) -> tuple[int, ...]:
    """The positions of the policies for which something holds."""
    return tuple(place for place, policy in enumerate(book.policies.values()) if holds(policy))


def _steps(found: tuple[tuple[int, ...], tuple[int, ...]]) -> str:
    allowed, unlimited = found
    return ",".join(f"{step}{'*' * (step in unlimited)}" for step in allowed)


def _digits(
    place_of: Mapping[str, tuple[int, int]], ones: Iterable[str], twos: Iterable[str]
) -> Digits:
    found: dict[int, dict[int, str]] = {}
    for digit, names in (("1", ones), ("2", twos)):
        for name in names:
            service, action = place_of[name]
            found.setdefault(service, {})[action] = digit
    return {service: _text(own) for service, own in found.items()}


class _Sets:
    """The different sets of each service, the most frequent first, and rows that name them."""

    def __init__(self, services: int, used: Iterable[Digits]) -> None:
        counts: list[Counter[str]] = [Counter() for _ in range(services)]
        for digits in used:
            for service, text in digits.items():
                counts[service][text] += 1
        self.texts = [sorted(own, key=lambda text: (-own[text], text)) for own in counts]
        self._place = [{text: place for place, text in enumerate(own)} for own in self.texts]

    def row(self, digits: Digits) -> str:
        """The sets of a policy."""
        return ",".join(self._parts(digits))

    def _parts(self, digits: Digits) -> Iterator[str]:
        last = -1
        for service in sorted(digits):
            place = self._place[service][digits[service]]
            yield f"{service - last - 1 or ''}{f'.{place}' if place else ''}"
            last = service


def _text(own: Mapping[int, str]) -> str:
    digits = ["0"] * (max(own) + 1)
    for place, digit in own.items():
        digits[place] = digit
    return "".join(digits)
