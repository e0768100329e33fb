"""Policies that are attached together: what they grant, and how much that weighs.

Sets of actions are the bits of integers, by the places of a list of all actions. The browser has
the same rules in `assets/choose/attached.js`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from policybook.catalogue.catalogue import UNCATALOGUED

LEVEL_WEIGHTS: Mapping[str, int] = {
    "List": 1,
    "Read": 2,
    "Write": 5,
    "Tagging": 5,
    "Permissions management": 20,
    UNCATALOGUED: 1,
}
"""What each action of an access level weighs that nobody asked for."""

RISK_WEIGHTS = (25, 100)
"""What a risk weighs that is limited, and one without limits."""


class Member(Struct, frozen=True, eq=False):
    """A policy, by its place in the book, as one of several that are attached together.

    `full` and `part` are the actions that it grants in full and in part, `removed` and `limited`
    those that it denies to others. `voided` are, by the place of another policy, the actions that
    it removes from that one's grants beside `removed`. `steps` are the steps of risk rules that it
    allows, and `open_steps` those that it allows without limits.
    """

    place: int
    full: int
    part: int
    removed: int = 0
    limited: int = 0
    voided: Mapping[int, int] = {}
    steps: int = 0
    open_steps: int = 0

    @property
    def granted(self) -> int:
        """All effective actions of the policy by itself."""
        return self.full | self.part

    @property
    def has_denies(self) -> bool:
        """Whether it has Denies that are about actions of others."""
        return bool(self.removed or self.limited or self.voided)

    @property
    def takes_away(self) -> bool:
        """Whether another policy may grant fewer actions when it is attached with this one."""
        return bool(self.removed or self.voided)


def together(members: Sequence[Member]) -> tuple[int, int]:
    """The actions that policies grant together: those in full, and all.

    A Deny of one removes an action that it denies on `*` without a condition, and makes every other
    grant that it is about one in part, or void.
    """
    full = granted = 0
    for one in members:
        own_full, own = one.full, one.granted
        for other in members:
            if other is not one:
                own &= ~(other.removed | other.voided.get(one.place, 0))
                own_full &= own & ~other.limited
        full |= own_full
        granted |= own
    return full, granted


class Scale(Struct, frozen=True):
    """What weighs how much: the actions of each access level, and the steps of each risk rule."""

    levels: Mapping[str, int]
    rules: Mapping[str, int]

    def of_actions(self, actions: int) -> int:
        """The weight of actions that nobody asked for."""
        return sum(
            LEVEL_WEIGHTS[level] * (actions & own).bit_count() for level, own in self.levels.items()
        )

    def risks(self, members: Sequence[Member]) -> Mapping[str, bool]:
        """The risk rules whose steps the policies allow together, and whether without limits.

        Denies of one policy are not taken off the steps of another.
        """
        steps = open_steps = 0
        for one in members:
            steps |= one.steps
            open_steps |= one.open_steps
        return {
            rule: own & open_steps == own for rule, own in self.rules.items() if own & steps == own
        }

    def score(self, members: Sequence[Member], needed: int) -> int:
        """What the policies weigh: actions beyond those needed, and risks."""
        _, granted = together(members)
        return self.of_actions(granted & ~needed) + self.of_risks(self.risks(members))

    def of_risks(self, risks: Mapping[str, bool]) -> int:
        """The weight of risks, each with whether nothing limits it."""
        return sum(RISK_WEIGHTS[is_open] for is_open in risks.values())
