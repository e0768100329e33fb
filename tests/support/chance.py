"""Random numbers that are the same in every run, but different in every round of a soak run."""

from __future__ import annotations

import os
import random

SEED = os.environ.get("POLICYBOOK_SEED", "")


def chance(place: int | str) -> random.Random:
    """The random numbers of one place in the tests.

    Args:
        place: An identifier of the place. `make soak` adds a seed to it.

    """
    return random.Random(f"{SEED} {place}" if SEED else place)
