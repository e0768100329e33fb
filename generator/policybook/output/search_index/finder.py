"""The finder's index: every action, policy, service, condition key and resource pattern, compact.

The first keystroke only waits for the names; the other files are fetched when they are needed. The
browser derives an address from a kind and a name; the index only has the addresses that differ. The
format is described in docs/reference/finder.md; `assets/finder/index.js` reads it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.facts.catalogue import display_key
from policybook.book.site_file import file_family, one_file
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.iam.grants import EVERYTHING
from policybook.output.search_index.arns import arn_dependencies, arn_services, service_arns
from policybook.output.search_index.membership import membership_file
from policybook.output.search_index.opensearch import description
from policybook.output.search_index.operations import indexed_operations
from policybook.output.search_index.packing import (
    IndexedAction,
    IndexedService,
    Packed,
    common_verbs,
    distances,
    segment,
)
from policybook.output.search_index.policies import PolicyRows, policy_rows, versions
from policybook.output.search_index.site_pages import IndexedPage, site_pages

FORMAT = 4
NAMES = "search/names.json"
PATTERNS = "search/patterns.json"
VERSIONS = "search/versions.json"
MEMBERSHIP = "search/membership.json"
ARNS = "search/arns/{service}.json"
DESCRIPTION = "opensearch.xml"


class Names(Struct, frozen=True):
    """The first file: names. Positions count from 0.

    Attributes:
        format: The version of the format.
        stamp: A hash of the names of the policies, the same in all files.
        site: The site's own pages: title, address, further words separated by commas, and a
            description.
        arns: The services with a file about their ARNs, separated by spaces.
        elsewhere: The address for a service without a page.
        resources: The number of resource patterns.
        verbs: The most frequent first words of actions, each written as one letter.
        usual: For each verb, the letter of the access level that most of its actions have.
        prefixes: The service prefixes.
        titles: The name of each service, or "".
        pages: For each service, a digit that says which of its actions have pages.
        nouns: For each service, the packed names of its actions.
        odd: Action names that cannot be packed, by the position of the service.
        fewest: For each service, the smallest number of policies that grant one of its actions.
        counts: For each service, how many more policies than that grant each action.
        levels: For each service, the access level of each action; `.` for the verb's usual one.
        flips: The actions that differ from the rule in `pages`, by the position of the service.
        slugs: The last segments of addresses that differ from the name of the action, by the
            position of the service, then of the action.
        policies: The names of the policies.
        rows: What is shown of each policy.
        keys: The condition keys.
        key_slugs: The slugs that cannot be derived from the key, by its position.
        operations: The API operations without an action of their name, by the actions that they
            need: 1 if they always need them and 0 if only in some cases, the actions, and for each
            service its prefix and the names.
    """

    format: int
    stamp: str
    site: tuple[IndexedPage, ...]
    arns: str
    elsewhere: str
    resources: int
    verbs: tuple[str, ...]
    usual: str
    prefixes: tuple[str, ...]
    titles: tuple[str, ...]
    pages: str
    nouns: tuple[str, ...]
    odd: Mapping[int, tuple[str, ...]]
    fewest: tuple[int, ...]
    counts: tuple[str, ...]
    levels: tuple[str, ...]
    flips: Mapping[int, tuple[int, ...]]
    slugs: Mapping[int, Mapping[int, str]]
    policies: tuple[str, ...]
    rows: PolicyRows
    keys: tuple[str, ...]
    key_slugs: Mapping[int, str]
    operations: tuple[tuple[int | str, ...], ...]


class Patterns(Struct, frozen=True):
    """The second file: resource patterns by the page that lists them. Positions count from 0.

    Attributes:
        format: The version of the format.
        stamp: A hash of the names of the policies, the same in all files.
        services: The pages, each with the number of its patterns.
        patterns: The patterns; a list means all resources except those.
        anchors: The anchors of the patterns, ten characters each.
        policies: For each pattern, the positions of its policies, each as the distance from the
            one before.
        denying: The policies that only have the pattern in a Deny, by the position of the pattern.
    """

    format: int
    stamp: str
    services: tuple[tuple[str, int], ...]
    patterns: tuple[str | tuple[str, ...], ...]
    anchors: str
    policies: tuple[str, ...]
    denying: Mapping[int, tuple[int, ...]]


def nearest_to_action(context: BookContext, prefix: str, name: str) -> Target:
    """Return the address for an action: its page, else its service, else the list of services.

    Args:
        context: The book.
        prefix: The service prefix.
        name: The name of the action, without the prefix.
    """
    if f"{prefix}:{name}".lower() in context.actions.with_pages():
        return addresses.action(prefix, name)
    if prefix in context.services.prefixes():
        return addresses.service(prefix, "actions")
    return _elsewhere(context)


def _elsewhere(context: BookContext) -> Target:
    named = EVERYTHING in context.index.services
    return addresses.service(EVERYTHING) if named else addresses.SERVICES


def services(context: BookContext) -> Iterator[IndexedService]:
    """Yield every service of the catalogue and of the policies, by prefix, with all its actions."""
    named = set(context.services.prefixes())
    past = {name.partition(":")[0] for name in context.actions.ever_granted()}
    for prefix in sorted({*context.catalogue.prefixes, *named, *past}):
        actions = (
            IndexedAction(name, level, policies, nearest_to_action(context, prefix, name))
            for name, level, policies in _actions(context, prefix, prefix in named)
        )
        target = addresses.service(prefix) if prefix in named else _elsewhere(context)
        yield IndexedService(prefix, context.catalogue.name(prefix) or "", target, tuple(actions))


def _actions(context: BookContext, prefix: str, named: bool) -> Iterator[tuple[str, str, int]]:
    if named:
        for line in context.services.action_lines(prefix):
            yield line.name, line.level, line.policies
        return
    service = context.catalogue.service(prefix)
    counts = context.services.granting_counts()
    for key, action in service.actions.items() if service else ():
        yield action.name, action.level, counts[f"{prefix}:{key}"]
    for name in context.actions.retired(prefix):
        spelled = context.actions.ever_granted()[name].name.partition(":")[2]
        yield spelled, UNCATALOGUED, counts[name]


# --- names ---------------------------------------------------------------------------------------


def names(context: BookContext) -> Names:
    """Create the first file."""
    found, verbs, packed = _packed(context)
    keys = {
        key: display_key(use.clause.key for use in uses)
        for key, uses in context.index.conditions.items()
    }
    policies = context.book.policies
    return Names(
        format=FORMAT,
        stamp=_stamp(context),
        site=site_pages(context),
        arns=" ".join(arn_services(context)),
        elsewhere=_elsewhere(context).place,
        resources=len(context.index.resources),
        verbs=tuple(verbs),
        usual="".join(level for _, level in verbs.values()),
        prefixes=tuple(service.prefix for service in found),
        titles=tuple(service.title for service in found),
        pages="".join(p.pages for p in packed),
        nouns=tuple(p.nouns for p in packed),
        odd={place: p.unpacked for place, p in enumerate(packed) if p.unpacked},
        fewest=tuple(p.fewest for p in packed),
        counts=tuple(",".join(p.counts) for p in packed),
        levels=tuple(p.levels for p in packed),
        flips={place: p.flips for place, p in enumerate(packed) if p.flips},
        slugs={place: p.slugs for place, p in enumerate(packed) if p.slugs},
        policies=tuple(policies),
        rows=policy_rows(context),
        keys=tuple(keys.values()),
        key_slugs={
            place: slug
            for place, (key, shown) in enumerate(keys.items())
            if (slug := segment(addresses.condition(key))) != _plain_slug(shown)
        },
        operations=indexed_operations(context.operations.all().values()),
    )


def _packed(
    context: BookContext,
) -> tuple[tuple[IndexedService, ...], Mapping[str, tuple[str, str]], tuple[Packed, ...]]:
    """All services, the verbs that are written as letters, and the packed names of actions."""
    found = tuple(services(context))
    verbs = common_verbs(found)
    return found, verbs, tuple(Packed(service, verbs) for service in found)


def _plain_slug(key: str) -> str:
    """Return the slug that the browser derives from a condition key."""
    return re.sub(r"[^a-z0-9.-]+", "_", key.lower()).strip("_")


# --- resource patterns ---------------------------------------------------------------------------


def patterns(context: BookContext) -> Patterns:
    """Create the second file."""
    uses = context.index.resources
    terms = tuple(context.resources.places())
    place_of = {name: place for place, name in enumerate(context.book.policies)}
    policies = [sorted({place_of[use.policy] for use in uses[term]}) for term in terms]
    allowing = [
        {place_of[use.policy] for use in uses[term] if use.effect == "Allow"} for term in terms
    ]
    denying = (tuple(p for p in policies[n] if p not in allowing[n]) for n in range(len(terms)))
    return Patterns(
        format=FORMAT,
        stamp=_stamp(context),
        services=tuple((s, len(found)) for s, found in context.resources.by_service().items()),
        patterns=tuple(term.patterns if term.negated else term.patterns[0] for term in terms),
        anchors="".join(addresses.resource_anchor(term).removeprefix("r-") for term in terms),
        policies=tuple(distances(places) for places in policies),
        denying={place: found for place, found in enumerate(denying) if found},
    )


def _stamp(context: BookContext) -> str:
    """Hash the names of the policies: files fit together only if their hashes are equal."""
    return hashlib.sha256("\n".join(context.book.policies).encode()).hexdigest()[:8]


def _names_file(context: BookContext) -> bytes:
    return msgspec.json.encode(names(context)) + b"\n"


def _patterns_file(context: BookContext) -> bytes:
    return msgspec.json.encode(patterns(context)) + b"\n"


def _versions_file(context: BookContext) -> bytes:
    return msgspec.json.encode(versions(context.book, FORMAT, _stamp(context))) + b"\n"


def _membership_file(context: BookContext) -> bytes:
    found, _, packed = _packed(context)
    actions = [own.full_names(one.prefix) for one, own in zip(found, packed, strict=True)]
    file = membership_file(context, actions, FORMAT, _stamp(context))
    return msgspec.json.encode(file) + b"\n"


def _arns_file(context: BookContext, service: str) -> bytes:
    found = service_arns(context, service, FORMAT, _stamp(context))
    return msgspec.json.encode(found) + b"\n"


FILES = (
    one_file(NAMES, "", _names_file),
    one_file(PATTERNS, "", _patterns_file),
    one_file(VERSIONS, "", _versions_file),
    one_file(MEMBERSHIP, "", _membership_file),
    file_family(ARNS, "", arn_services, _arns_file, arn_dependencies),
    # Browsers only read it if the site has an address of its own.
    one_file(
        DESCRIPTION,
        "",
        lambda c: description(c.book.facts.title, c.site_url),
        present=lambda context: bool(context.site_url),
    ),
)
