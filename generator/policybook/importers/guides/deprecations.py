"""What a guide page says of deprecations: in sections of policies, and in its tables of updates.

A row of updates gives the day. It may be about each policy that it names. A section's words have no
day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import structs

from policybook.importers.deprecation_wording import deprecation_in, names_in
from policybook.importers.guides.facts import GuidePage
from policybook.importers.writing.deprecation_entries import of_both
from policybook.model.deprecation import SourceDeprecation


def deprecations_of(page: GuidePage) -> Mapping[str, SourceDeprecation]:
    """What the page says, by the policy's name.

    If several places tell of one policy, the furthest state counts, with its earliest day, and the
    successors of all places.
    """
    texts = _texts(page)
    found: dict[str, SourceDeprecation] = {}
    for name in sorted(texts):
        for text, day in texts[name]:
            said = deprecation_in(text, name, texts.keys())
            if said:
                said = structs.replace(said, date=day)
                found[name] = of_both(found[name], said) if name in found else said
    return found


def _texts(page: GuidePage) -> Mapping[str, Sequence[tuple[str, date | None]]]:
    """The texts that may be about a policy, each with its day, by the policy's name."""
    found: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for policy in page.policies:
        found[policy.name] += [(text, None) for text in (*policy.introduction, *policy.rest)]
    for mention in page.mentions:
        found[mention.name].append((mention.text, None))
    for update in page.updates:
        for name in update.policies:
            found[name].append((f"{update.label}. {update.change}", update.day))
        for name in dict.fromkeys(names_in(update.change)):
            if name not in update.policies:
                found[name].append((update.change, update.day))
    return found
