"""The number of examples of a property: a factor of that of the profile in use.

The profiles are `default`, `exhaustive` and `soak`; `pytest --hypothesis-profile NAME` chooses one.
"""

from __future__ import annotations

from hypothesis import settings

DEFAULT, EXHAUSTIVE, SOAK = 50, 500, 2000


def register_profiles() -> None:
    """Registers the profiles and loads `default`.

    None has a deadline: properties are about correctness, not speed, and machines may
    be slow.
    """
    for name, count in (("default", DEFAULT), ("exhaustive", EXHAUSTIVE), ("soak", SOAK)):
        settings.register_profile(name, max_examples=count, deadline=None)
    settings.load_profile("default")


def examples(factor: float) -> settings:
    """The settings of a property that needs relatively more or fewer examples.

    Args:
        factor: By what the profile's number of examples is multiplied. The properties of the
            matchers and of compare have 3 to 5: their examples are small and their cases many.

    """
    return settings(max_examples=max(1, round(settings().max_examples * factor)))
