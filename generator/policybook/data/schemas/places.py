"""Which data files have which schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from policybook.data.account_reader import KINDS

PLACES: Mapping[str, tuple[str, ...]] = {
    "policy": ("policies/*/policy.yml",),
    "document": ("policies/*/*.yml", "policies/*/*.json"),
    "group": ("groups/*.yml",),
    "guide": ("guides/*.yml",),
    "roles": ("roles.yml",),
    "account": ("accounts/*/account.yml",),
    "role": tuple(f"accounts/*/{folder}/*.yml" for folder in KINDS),
    "rules": ("rules.yml",),
    "boundaries": ("boundaries.yml",),
    "successors": ("successors.yml",),
    "operations": ("operations.yml",),
    "book": ("book.yml",),
    "sources": ("sources.yml",),
    "catalogue": ("catalogues/*/catalogue.json",),
}
"""The kinds of data files, the keys of `FILE_TYPES`, as patterns of paths below the data folder."""


def kind_of(path: PurePath) -> str | None:
    """The kind of a data file, a key of `FILE_TYPES`, by its path below the data folder."""
    for kind, patterns in PLACES.items():
        for pattern in map(PurePath, patterns):
            if len(path.parts) == len(pattern.parts) and path.match(str(pattern)):
                return kind
    return None
