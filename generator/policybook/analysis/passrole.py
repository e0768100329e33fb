"""Passing roles: which statements grant `iam:PassRole`, on which roles, and to which services.

To let a service act with a role, a user must be allowed to pass that role to the service. A
condition on `iam:PassedToService` limits the services; without it, any service is allowed (IAM User
Guide, "Grant a user permissions to pass a role to an AWS service").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from policybook.analysis.effective_actions import Answer, answers
from policybook.analysis.index import Index, Use
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.arn_formats import Formats, supported
from policybook.iam.condition_operators import parsed
from policybook.iam.denies import Certainty
from policybook.iam.grants import EVERYTHING, names_action, prefix_of
from policybook.iam.patterns import covers
from policybook.model.book import Book
from policybook.model.documents import Clause, Document, Term

PASS_ROLE = "iam:PassRole"
_NAMED = Term((PASS_ROLE.lower(),))
_KEY = "iam:passedtoservice"
_LISTING = ("stringequals", "stringequalsignorecase", "stringlike")

To = Literal["any", "listed", "unread"]


class Services(Struct, frozen=True):
    """The services to which a condition allows roles to be passed.

    `to` is `any` without a clause on `iam:PassedToService`, `listed` if `names` are the services of
    the only such clause, and `unread` if the clauses are of another form. `clauses` are those on
    `iam:PassedToService`, `others` the rest of the condition. With `absent` a request that names no
    service is allowed too.
    """

    to: To
    names: tuple[str, ...]
    clauses: tuple[Clause, ...]
    others: tuple[Clause, ...]
    absent: bool = False


class Passing(Struct, frozen=True):
    """A statement that allows passing roles, with those of its resources that are equally certain.

    `patterns` match the action; there are none for NotAction. `roles` are resource patterns in the
    document's order. `denials` are the numbers of the Deny statements that remove or may limit it.
    """

    policy: str
    version: str
    statement: int
    patterns: tuple[str, ...]
    not_action: tuple[str, ...]
    roles: tuple[Term, ...]
    services: Services
    condition: tuple[Clause, ...]
    certainty: Certainty
    denials: tuple[int, ...]

    @property
    def everything(self) -> bool:
        """Whether it grants actions of every service."""
        return all(prefix_of(pattern) == EVERYTHING for pattern in self.patterns)


def services_of(condition: Iterable[Clause]) -> Services:
    """The services that a condition allows; two clauses on `iam:PassedToService` are `unread`."""
    clauses: list[Clause] = []
    others: list[Clause] = []
    for clause in condition:
        (clauses if clause.key.lower() == _KEY else others).append(clause)
    if not clauses:
        return Services("any", (), (), tuple(others))
    operator = parsed(clauses[0].operator)
    lists = operator.base in _LISTING and operator.quantifier in ("", "foranyvalue")
    if len(clauses) > 1 or not lists:
        return Services("unread", (), tuple(clauses), tuple(others))
    names = tuple(dict.fromkeys(clauses[0].values))
    return Services("listed", names, tuple(clauses), tuple(others), operator.if_exists)


def passings(book: Book, index: Index, catalogue: Catalogue) -> tuple[Passing, ...]:
    """Every statement of a current document that allows passing roles, by policy, then number.

    Args:
        book: The policies.
        index: The index of the book.
        catalogue: Says which ARNs roles have.
    """
    formats = catalogue.formats(PASS_ROLE)
    naming: dict[str, set[int]] = defaultdict(set)
    for use in _uses(index):
        naming[use.policy].add(use.statement)
    return tuple(
        found
        for name in passing_policies(index)
        if (version := book.policies[name].current) and version.document
        for found in _passings(name, version.key, _part(version.document, naming[name]), formats)
    )


def _part(document: Document, numbers: Container[int]) -> Document:
    """The document with only these statements; the others do not affect the answer."""
    kept = tuple(statement for statement in document.statements if statement.number in numbers)
    return replace(document, statements=kept)


def _passings(policy: str, version: str, document: Document, formats: Formats) -> Iterator[Passing]:
    together: dict[tuple[int, Certainty, tuple[int, ...]], list[Answer]] = defaultdict(list)
    for answer in answers(document, PASS_ROLE, formats=formats):
        together[answer.statement.number, answer.certainty, answer.denials].append(answer)
    for (number, certainty, denials), found in together.items():
        statement, actions = found[0].statement, found[0].statement.actions
        yield Passing(
            policy=policy,
            version=version,
            statement=number,
            patterns=found[0].patterns,
            not_action=actions.patterns if actions.negated else (),
            roles=tuple(answer.resource for answer in found),
            services=services_of(statement.condition),
            condition=statement.condition,
            certainty=certainty,
            denials=denials,
        )


def passing_policies(index: Index) -> tuple[str, ...]:
    """The policies with a statement that allows passing roles, by name."""
    return tuple(sorted({use.policy for use in _uses(index) if use.effect == "Allow"}))


def _uses(index: Index) -> Iterator[Use]:
    """The parts of Allow and Deny statements that name `iam:PassRole`."""
    for prefix, uses in index.services.items():
        if prefix == EVERYTHING or covers(prefix, "iam"):
            for use in uses:
                if names_action(use.actions, _NAMED):
                    yield use


# --- per service ----------------------------------------------------------------------------------


class Principal(Struct, frozen=True):
    """A service principal in conditions, and the number of policies that pass roles to it."""

    name: str
    policies: int


def principals(index: Index, catalogue: Catalogue) -> Mapping[str, tuple[Principal, ...]]:
    """The service principals to which roles are passed, by service prefix.

    Principals without a `prefix_by_name` are left out. Statements that grant actions of every
    service are not counted, nor those whose resources include no role.

    Args:
        index: The index of the book.
        catalogue: Says which ARNs roles have.
    """
    formats = catalogue.formats(PASS_ROLE)
    policies: dict[str, set[str]] = defaultdict(set)
    for use in _uses(index):
        if use.effect == "Allow" and use.prefix != EVERYTHING and supported(use.resources, formats):
            for name in services_of(use.condition).names:
                policies[name].add(use.policy)
    found: dict[str, list[Principal]] = defaultdict(list)
    for name in sorted(policies):
        if prefix := prefix_by_name(name):
            found[prefix].append(Principal(name, len(policies[name])))
    return {prefix: tuple(listed) for prefix, listed in found.items()}


def prefix_by_name(service: str) -> str:
    """The service prefix before `.amazonaws.com`, or "" if that is not a single name.

    This looks at the name only: `events.workmail.amazonaws.com` is not the service `events`.
    """
    found = re.fullmatch(r"([a-z0-9-]+)\.amazonaws\.com(\.cn|\*)?", service)
    return found[1] if found else ""
