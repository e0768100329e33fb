"""Who may do what on the ARNs of a service: a file for each service that an ARN can name.

The browser fetches it when an ARN is typed. A service's ARNs are those with its name in their third
field, such as `ec2` in `arn:aws:ec2:eu-west-1:123456789012:instance/i-1`. They are not only used by
actions with that prefix: `ssm:SendCommand` has instances of EC2, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from policybook.analysis.index import Use
from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.iam.arn_formats import ArnFormat, Formats
from policybook.iam.grants import EVERYTHING, prefix_of, single_terms
from policybook.iam.patterns import overlaps
from policybook.model.documents import Term
from policybook.output.search_index.packing import LEVEL_LETTERS

_FIELDS = 6


class ServiceArns(Struct, frozen=True):
    """The file of a service. Positions count from 0.

    Attributes:
        format: The version of the format.
        stamp: A hash of the names of the policies, the same in all files.
        formats: The formats of the ARNs, each with the characters that no placeholder of its last
            field has.
        actions: The full names of all actions that have such ARNs, and those of the service that
            are not in AWS's action list.
        levels: The letter of each action's access level.
        formats_of: For each action the positions of its formats, separated by spaces; "" if it may
            have any ARN of the service.
        patterns: The action patterns of statements.
        terms: The positions of patterns, separated by spaces; after a `!` it means all actions
            except those.
        rows: For each resource pattern its position in `patterns.json`, then three numbers for each
            statement with it: the position of the policy, 0 for Allow, 1 for Allow under a
            condition, 2 for Deny, 3 for Deny under a condition, and the position of the term.
    """

    format: int
    stamp: str
    formats: tuple[tuple[str, str], ...]
    actions: tuple[str, ...]
    levels: str
    formats_of: tuple[str, ...]
    patterns: tuple[str, ...]
    terms: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


Actions = dict[str, tuple[str, Formats]]
"""Actions by full name in lower case: the access level, and the formats of their ARNs."""


def arn_services(context: BookContext) -> tuple[str, ...]:
    """Return the services with a file, sorted: those of AWS's formats and of resource patterns."""
    named = context.resources.by_service()
    return tuple(sorted({*_by_service(context.catalogue), *named} - {"any", "several"}))


def service_arns(context: BookContext, service: str, format_: int, stamp: str) -> ServiceArns:
    """Create the file of a service.

    Args:
        context: The book.
        service: The service, as the third field of ARNs has it.
        format_: The version of the format.
        stamp: The hash of the names of the policies.
    """
    actions = dict(_by_service(context.catalogue).get(service, {}))
    uses = [*_uses(context, service, actions)]
    if service in context.index.services:
        for use, _ in uses:
            actions |= _unlisted(context.catalogue, service, use)
    every = (form for _, listed in actions.values() for form in listed or ())
    own = dict.fromkeys(form for form in every if _service_of(form) == service)
    formats = {form: place for place, form in enumerate(own)}
    patterns: dict[str, int] = {}
    terms: dict[str, int] = {}
    rows = _rows(context, uses, patterns, terms)
    return ServiceArns(
        format=format_,
        stamp=stamp,
        formats=tuple(_narrowed(formats)),
        actions=tuple(context.catalogue.spelled(name) or name for name in actions),
        levels="".join(LEVEL_LETTERS[level] for level, _ in actions.values()),
        formats_of=tuple(
            " ".join(str(formats[form]) for form in listed or () if form in formats)
            for _, listed in actions.values()
        ),
        patterns=tuple(patterns),
        terms=tuple(terms),
        rows=rows,
    )


@lru_cache(maxsize=4)
def _by_service(catalogue: Catalogue) -> Mapping[str, Actions]:
    """The actions of the catalogue that have ARNs of each service.

    An action with a type of unknown format may have any ARN of its own service.
    """
    found: dict[str, Actions] = defaultdict(dict)
    for prefix in catalogue.prefixes:
        service = catalogue.service(prefix)
        for key, action in (service.actions if service else {}).items():
            name = f"{prefix}:{key}"
            formats = catalogue.formats(name)
            for field in {prefix} if formats is None else set(map(_service_of, formats)):
                found[field][name] = action.level, formats
    return {field: found[field] for field in found if "*" not in field and "$" not in field}


@lru_cache(maxsize=4)
def _fields(catalogue: Catalogue) -> Mapping[str, list[str]]:
    """The services whose ARNs an action has, by its full name in lower case."""
    found: dict[str, list[str]] = defaultdict(list)
    for service, actions in _by_service(catalogue).items():
        for name in actions:
            found[name].append(service)
    return found


@lru_cache(maxsize=65_536)  # each pattern is asked for once for every service
def _services_of(catalogue: Catalogue, pattern: str) -> frozenset[str]:
    """The services whose ARNs the actions of a pattern have."""
    fields = _fields(catalogue)
    named = catalogue.named_by(pattern)
    return frozenset(chain.from_iterable([fields[name] for name in named if name in fields]))


def _narrowed(formats: Iterable[ArnFormat]) -> Iterator[tuple[str, str]]:
    """The formats with what their names never have, which is the same for all actions.

    Of S3's own actions it is known that the name of a bucket has no slash; `ssm:SendCommand` has
    the same buckets.
    """
    known = {form.text: form.never for form in formats if len(form.never) > 1}
    for form in formats:
        yield form.text, known.get(form.text, form.never) if form.never else ""


def _service_of(form: ArnFormat) -> str:
    return (*form.text.split(":", 3), "", "", "")[2]


def _unlisted(catalogue: Catalogue, service: str, use: Use) -> Actions:
    """The action patterns of a statement for which AWS's list has no action."""
    if use.prefix != service or use.actions.negated:
        return {}
    return {
        pattern.lower(): (UNCATALOGUED, None)
        for pattern in use.actions.patterns
        if set(catalogue.named_by(pattern).values()) <= {UNCATALOGUED}
    }


def _uses(
    context: BookContext, service: str, actions: Mapping[str, object]
) -> Iterator[tuple[Use, tuple[str, ...]]]:
    """The statements with actions of the service's ARNs, and their patterns of such actions."""
    catalogue = context.catalogue
    for prefix in _prefixes(context, service, actions):
        for use in context.index.services[prefix]:
            kept = tuple(
                pattern
                for pattern in use.actions.patterns
                if prefix_of(pattern) == service or service in _services_of(catalogue, pattern)
            )
            if (kept or use.actions.negated) and any(
                _may_name(term, service) for term in single_terms(use.resources)
            ):
                yield use, kept


def _prefixes(context: BookContext, service: str, actions: Iterable[str]) -> list[str]:
    """The service prefixes of statements that may have actions of the service's ARNs, sorted."""
    prefixes = {service, EVERYTHING, *(name.partition(":")[0] for name in actions)}
    return sorted(prefixes & set(context.index.services))


def arn_dependencies(context: BookContext, service: str) -> Dependencies:
    """The policies of a service's file, and the positions of all policies and resource patterns."""
    actions = _by_service(context.catalogue).get(service, {})
    uses = (context.index.services[p] for p in _prefixes(context, service, actions))
    names = {use.policy for found in uses for use in found}
    return Dependencies(tuple(sorted(names)), (context.resources.order_digest(),))


def _may_name(term: Term, service: str) -> bool:
    """Whether a resource pattern, or all except some, may match an ARN of the service."""
    return term.negated or _may_match(term.patterns[0], service)


@lru_cache(maxsize=65_536)
def _may_match(pattern: str, service: str) -> bool:
    head, _, _ = pattern.partition("*")
    if "?" not in head and "${" not in head and head.count(":") > 2:
        return head.split(":", 3)[2] == service
    return overlaps(pattern, ":".join(("arn", "*", service, *"*" * (_FIELDS - 3))))


def _places(context: BookContext) -> Mapping[str, int]:
    """The positions of the policies by name."""
    return {name: place for place, name in enumerate(context.book.policies)}


def _rows(
    context: BookContext,
    uses: Iterable[tuple[Use, tuple[str, ...]]],
    patterns: dict[str, int],
    terms: dict[str, int],
) -> tuple[tuple[int, ...], ...]:
    """The statements by resource pattern; `patterns` and `terms` get what they name."""
    place_of, resource_at = _places(context), context.resources.places()
    found: dict[int, list[int]] = defaultdict(list)
    for use, kept in uses:
        at = " ".join(str(patterns.setdefault(p, len(patterns))) for p in map(str.lower, kept))
        text = f"!{at}" if use.actions.negated else at
        term = terms.setdefault(text, len(terms))
        flag = 2 * (use.effect == "Deny") + bool(use.condition)
        for resource in single_terms(use.resources):
            place = resource_at[Term(resource.patterns, resource.negated)]
            found[place] += (place_of[use.policy], flag, term)
    return tuple((place, *found[place]) for place in sorted(found))
