"""The finder's index: every action, policy, service, condition key and resource pattern, compact.

Two files, so that the first keystroke waits for names only. What the browser can work out is not
stored: an address is made from a kind and a name, and only what cannot be made so stands here. The
format is described in docs/reference/finder.md; `assets/finder/index.js` reads it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.facts.catalogue import display_key
from policybook.book.site_file import one_file
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.iam.grants import EVERYTHING
from policybook.output.search_index.opensearch import description
from policybook.output.search_index.packing import Action, Packed, Service, common_verbs, segment

FORMAT = 1
NAMES = "search/names.json"
PATTERNS = "search/patterns.json"
DESCRIPTION = "opensearch.xml"


class Names(Struct, frozen=True):
    """The first file; `nouns`, `odd`, `counts`, `levels` and `pages` have an entry for a service.

    `stamp` is that of the policies, `elsewhere` where a service without a page leads. `usual` has
    the level that most actions with each of the `verbs` are of. `flips` and `slugs` are by the
    place of a service, then of an action in it.
    """

    format: int
    stamp: str
    elsewhere: str
    resources: int
    verbs: tuple[str, ...]
    usual: str
    prefixes: tuple[str, ...]
    titles: tuple[str, ...]
    pages: str
    nouns: tuple[str, ...]
    odd: Mapping[int, tuple[str, ...]]
    counts: tuple[str, ...]
    levels: tuple[str, ...]
    flips: Mapping[int, tuple[int, ...]]
    slugs: Mapping[int, Mapping[int, str]]
    policies: tuple[str, ...]
    deprecated: tuple[int, ...]
    keys: tuple[str, ...]
    key_slugs: Mapping[int, str]


class Patterns(Struct, frozen=True):
    """The second file: resource patterns by the page that they stand on.

    A pattern that is a list stands for everything but those. `anchors` are ten characters each,
    `policies` the places of those with the pattern, each as the distance from the one before, and
    `denying` those of them that have it in denials only, by the place of the pattern.
    """

    format: int
    stamp: str
    services: tuple[tuple[str, int], ...]
    patterns: tuple[str | tuple[str, ...], ...]
    anchors: str
    policies: tuple[str, ...]
    denying: Mapping[int, tuple[int, ...]]


def nearest_to_action(context: BookContext, prefix: str, name: str) -> Target:
    """Where an action leads: its own page, else its service's list, else the list of services."""
    if f"{prefix}:{name}".lower() in context.actions.with_pages():
        return addresses.action(prefix, name)
    if prefix in context.services.prefixes():
        return addresses.service(prefix, "actions")
    return _elsewhere(context)


def _elsewhere(context: BookContext) -> Target:
    named = EVERYTHING in context.index.services
    return addresses.service(EVERYTHING) if named else addresses.SERVICES


def services(context: BookContext) -> Iterator[Service]:
    """Every service of the catalogue and of the policies, by prefix, with all its actions.

    Policies with statements about every service do not count as granting an action.
    """
    named = set(context.services.prefixes())
    past = {name.partition(":")[0] for name in context.actions.ever_granted()}
    for prefix in sorted({*context.catalogue.prefixes, *named, *past}):
        actions = (
            Action(name, level, policies, nearest_to_action(context, prefix, name))
            for name, level, policies in _actions(context, prefix, prefix in named)
        )
        target = addresses.service(prefix) if prefix in named else _elsewhere(context)
        yield Service(prefix, context.catalogue.name(prefix) or "", target, tuple(actions))


def _actions(context: BookContext, prefix: str, named: bool) -> Iterator[tuple[str, str, int]]:
    if named:
        for line in context.services.action_lines(prefix):
            yield line.name, line.level, line.policies
        return
    service = context.catalogue.service(prefix)
    for action in service.actions.values() if service else ():
        yield action.name, action.level, 0
    for name in context.actions.retired(prefix):
        yield context.actions.ever_granted()[name].name.partition(":")[2], UNCATALOGUED, 0


# --- names ---------------------------------------------------------------------------------------


def names(context: BookContext) -> Names:
    """The first file."""
    found = tuple(services(context))
    verbs = common_verbs(found)
    packed = tuple(Packed(service, verbs) for service in found)
    keys = {
        key: display_key(use.clause.key for use in uses)
        for key, uses in context.index.conditions.items()
    }
    policies = context.book.policies
    return Names(
        format=FORMAT,
        stamp=_stamp(policies),
        elsewhere=_elsewhere(context).place,
        resources=len(context.index.resources),
        verbs=tuple(verbs),
        usual="".join(level for _, level in verbs.values()),
        prefixes=tuple(service.prefix for service in found),
        titles=tuple(service.title for service in found),
        pages="".join(p.pages for p in packed),
        nouns=tuple(p.nouns for p in packed),
        odd={place: p.odd for place, p in enumerate(packed) if p.odd},
        counts=tuple(",".join(str(a.policies or "") for a in p.actions) for p in packed),
        levels=tuple(p.levels for p in packed),
        flips={place: p.flips for place, p in enumerate(packed) if p.flips},
        slugs={place: p.slugs for place, p in enumerate(packed) if p.slugs},
        policies=tuple(policies),
        deprecated=tuple(n for n, p in enumerate(policies.values()) if p.facts.deprecated),
        keys=tuple(keys.values()),
        key_slugs={
            place: slug
            for place, (key, shown) in enumerate(keys.items())
            if (slug := segment(addresses.condition(key))) != _plain_slug(shown)
        },
    )


def _plain_slug(key: str) -> str:
    """The slug that the browser makes of a condition key."""
    return re.sub(r"[^a-z0-9.-]+", "_", key.lower()).strip("_")


# --- resource patterns ---------------------------------------------------------------------------


def patterns(context: BookContext) -> Patterns:
    """The second file."""
    uses = context.index.resources
    terms = sorted(uses, key=addresses.resource_service)  # which keeps the order within a service
    place_of = {name: place for place, name in enumerate(context.book.policies)}
    policies = [sorted({place_of[use.policy] for use in uses[term]}) for term in terms]
    allowing = [
        {place_of[use.policy] for use in uses[term] if use.effect == "Allow"} for term in terms
    ]
    denying = (tuple(p for p in policies[n] if p not in allowing[n]) for n in range(len(terms)))
    return Patterns(
        format=FORMAT,
        stamp=_stamp(place_of),
        services=tuple(Counter(map(addresses.resource_service, terms)).items()),
        patterns=tuple(term.patterns if term.negated else term.patterns[0] for term in terms),
        anchors="".join(addresses.resource_anchor(term).removeprefix("r-") for term in terms),
        policies=tuple(_distances(places) for places in policies),
        denying={place: found for place, found in enumerate(denying) if found},
    )


def _distances(places: Iterable[int]) -> str:
    found, last = [], -1
    for place in places:
        found.append(str(place - last - 1))
        last = place
    return ",".join(found)


def _stamp(policies: Iterable[str]) -> str:
    """What both files say of the policies that they number, so that none is taken for another."""
    return hashlib.sha256("\n".join(policies).encode()).hexdigest()[:8]


def _names_file(context: BookContext) -> bytes:
    return msgspec.json.encode(names(context)) + b"\n"


def _patterns_file(context: BookContext) -> bytes:
    return msgspec.json.encode(patterns(context)) + b"\n"


def _description(context: BookContext) -> bytes:
    return description(context.book.facts.title, context.site_url)


FILES = (
    one_file(NAMES, "", _names_file),
    one_file(PATTERNS, "", _patterns_file),
    # Browsers read it only where the site has an address of its own.
    one_file(DESCRIPTION, "", _description, exists=lambda context: bool(context.site_url)),
)
