"""What a guide page says of deprecations: in sections of policies, and in its tables of updates.

A row of updates gives the day. It may be about each policy that it names. A section's words have no
day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import structs

from policybook.importers.deprecation_entries import of_both
from policybook.importers.deprecation_wording import deprecation_in, names_in
from policybook.importers.guides.facts import GuidePage
from policybook.model.deprecation import SourceDeprecation


def deprecations_of(page: GuidePage) -> Mapping[str, SourceDeprecation]:
    """What the page says, by the policy's name.

    If several places tell of one policy, the furthest state counts, with its earliest day, and the
    successors of all places.
    """
    known = {policy.name for policy in page.policies}
    known.update(mention.name for mention in page.mentions)
    for update in page.updates:
        known.update((*update.policies, *names_in(update.change)))
    found: dict[str, SourceDeprecation] = {}
    for name in sorted(known):
        for text, day in _texts(page, name):
            said = deprecation_in(text, name, known)
            if said:
                said = structs.replace(said, date=day)
                found[name] = of_both(found[name], said) if name in found else said
    return found


def _texts(page: GuidePage, name: str) -> Iterator[tuple[str, date | None]]:
    """The texts that may be about a policy, each with its day."""
    section = page.policy(name)
    for text in (*section.introduction, *section.rest) if section else ():
        yield text, None
    for mention in page.mentions:
        if mention.name == name:
            yield mention.text, None
    for update in page.updates:
        if name in update.policies:
            yield f"{update.label}. {update.change}", update.day
        elif name in names_in(update.change):
            yield update.change, update.day
