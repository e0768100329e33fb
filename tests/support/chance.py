"""Chance that is the same in every run, and another in every round of a soaking run."""

from __future__ import annotations

import os
import random

SEED = os.environ.get("POLICYBOOK_SEED", "")


def chance(place: int | str) -> random.Random:
    """The random numbers of one place in the tests.

    Args:
        place: What tells this place from others. `make soak` adds a seed to it.

    """
    return random.Random(f"{SEED} {place}" if SEED else place)
