"""What AWS's lists say about condition keys and ARNs, as an argument for the rules that need it."""

from __future__ import annotations

from typing import Protocol


class AwsReference(Protocol):
    """A source of facts that the text of a policy does not show."""

    @property
    def date(self) -> str:
        """The day of the lists, YYYY-MM-DD."""

    def is_array(self, key: str) -> bool | None:
        """Whether a condition key, in lower case, has several values; None if that is not known."""

    def apart(self, one: str, other: str) -> bool:
        """Whether two resource patterns match ARNs of known formats, but none in common."""


class NoReference:
    """Nothing is known beyond the text of a policy."""

    date = ""

    def is_array(self, _key: str) -> bool | None:
        """No key is known."""
        return None

    def apart(self, _one: str, _other: str) -> bool:
        """No format is known."""
        return False


NO_REFERENCE = NoReference()
