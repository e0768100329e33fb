"""Checks of condition keys: AWS has each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import structs

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.condition_keys import GLOBAL_NAMES, is_listed
from policybook.checks.context import CheckContext
from policybook.checks.elements import statements
from policybook.errors import Finding, KeyPath, shown
from policybook.wording import close_names, meant


def condition_keys(context: CheckContext) -> Iterator[Finding]:
    """Condition keys of documents and of risk rules are in AWS's lists; others are warnings."""
    for policy, _, document in context.book.documents():
        if policy.name not in context.unchanged:
            file = f"policies/{policy.name}/{document.file}"
            for finding in unlisted_keys(document.source, context.catalogue):
                yield structs.replace(finding, file=file)
    for place, rule in enumerate(context.book.rules.values()):
        for number, step in enumerate(rule.steps):
            at: KeyPath = ("rules", place, "steps", number)
            named = (
                *(((*at, "limited_by", i), key) for i, key in enumerate(step.limited_by)),
                *(((*at, "context", key), key) for key in step.context),
            )
            for path, key in named:
                for finding in _finding(key, context.catalogue):
                    yield structs.replace(finding, file="rules.yml", path=path)


def unlisted_keys(source: Any, catalogue: Catalogue) -> Iterator[Finding]:
    """The warnings about condition keys of a document that AWS does not have, in its order.

    Args:
        source: The document as its file has it, with its statements well-formed.
        catalogue: What AWS has.
    """
    for at, statement in statements(source):
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                for finding in _finding(key, catalogue):
                    yield structs.replace(finding, path=(*at, "Condition", operator, key))


@lru_cache(maxsize=65_536)
def _finding(key: str, catalogue: Catalogue) -> tuple[Finding, ...]:
    prefix = key.lower().partition(":")[0]
    listed = _listed(catalogue).get(prefix, ())
    without_keys = not listed and catalogue.service(prefix) is not None
    if without_keys or is_listed(key, listed) is not False:
        return ()
    finding = Finding(
        kind="unlisted-condition-key",
        expected=f"a condition key in AWS's list of {catalogue.date}",
        found=shown(key),
        level="warning",
        hint=meant(key, _near(key, catalogue)),
    )
    return (finding,)


@lru_cache(maxsize=4)
def _listed(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """All keys that services list, by their prefixes; some services list keys of others."""
    found: dict[str, set[str]] = {}
    for service in catalogue.prefixes:
        for key in catalogue.key_names(service):
            found.setdefault(key.lower().partition(":")[0], set()).add(key)
    return {prefix: tuple(sorted(keys)) for prefix, keys in found.items()}


def _near(key: str, catalogue: Catalogue) -> Iterator[str]:
    """The keys that may be meant: those with its prefix or a near one, and the global ones."""
    prefix, colon, name = key.lower().partition(":")
    listed = _listed(catalogue)
    yield from GLOBAL_NAMES
    if not colon:
        yield from (
            one
            for keys in listed.values()
            for one in keys
            if one.lower().endswith(f":{key.lower()}")
        )
        return
    yield from listed.get(prefix, ())
    if prefix not in listed:
        near = close_names(prefix, listed)
        yield from (one for p in near for one in listed[p] if one.lower() == f"{p}:{name}".lower())
