"""What a book has of its own for its pages: templates, and the language of labels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from policybook.output.html.labels import Labels


class Own(Struct, frozen=True):
    """What a book has of its own.

    Attributes:
        folders: The folder of its templates (`custom_dir`), if it has one.
        pages: The names of those that stand for ours, by the kind of page that they are for:
            `policybook/policy.html` for `policy`. They can extend ours, `pages/policy.html`.
        labels: The labels of its pages.
    """

    folders: tuple[Path, ...] = ()
    pages: Mapping[str, str] = MappingProxyType({})
    labels: Labels = Labels()


NOTHING = Own()
