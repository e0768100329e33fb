"""Passing roles: which statements grant `iam:PassRole`, on which roles, and to which services.

To let a service act with a role, a user must be allowed to pass that role to the service. A
condition on `iam:PassedToService` limits the services; without it, any service is allowed (IAM User
Guide, "Grant a user permissions to pass a role to an AWS service").

Nobody lists all services to which roles can be passed. The *known* services are those that some
condition of the book names; for each of them it is decided whether a condition allows it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
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
from policybook.iam.mitigation import may_hold
from policybook.iam.patterns import STAR, covers, has_wildcard, is_variable, literal, tokens
from policybook.model.book import Book
from policybook.model.documents import Clause, Document, Term

PASS_ROLE = "iam:PassRole"
_NAMED = Term((PASS_ROLE.lower(),))
_KEY = "iam:passedtoservice"
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")

To = Literal["any", "listed", "except", "unread"]


class Services(Struct, frozen=True):
    """The services to which a condition allows roles to be passed.

    `to` is `any` if `iam:PassedToService` is not limited, `listed` if a clause says which services
    are allowed, `except` if clauses only exclude services, and `unread` if a clause is of another
    form. `names` are the known services that are allowed, unless it is `any` or `unread`, and with
    `complete` no others are. `clauses` are those on `iam:PassedToService`, `others` the rest of the
    condition. With `absent` a request that names no service is allowed too.
    """

    to: To
    names: tuple[str, ...]
    clauses: tuple[Clause, ...]
    others: tuple[Clause, ...]
    absent: bool = False
    complete: bool = False


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


def services_of(condition: Iterable[Clause], known: Sequence[str]) -> Services:
    """The services that a condition allows.

    Args:
        condition: The condition of a statement that grants `iam:PassRole`.
        known: The known services, in order; see `known_services`.
    """
    clauses: list[Clause] = []
    others: list[Clause] = []
    for clause in condition:
        (clauses if clause.key.lower() == _KEY else others).append(clause)
    to = _to(clauses)
    return Services(
        to=to,
        names=() if to in ("any", "unread") else _allowed(tuple(clauses), tuple(known)),
        clauses=tuple(clauses),
        others=tuple(others),
        absent=bool(clauses) and all(parsed(clause.operator).passes_absent for clause in clauses),
        complete=to == "listed" and any(map(_lists_texts, clauses)),
    )


@lru_cache(maxsize=4_096)
def _allowed(clauses: tuple[Clause, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in known if may_hold(clauses, {_KEY: (name,)}))


def _to(clauses: Iterable[Clause]) -> To:
    """What the clauses on `iam:PassedToService` say together."""
    limiting = [clause for clause in clauses if not _is_unlimited(clause)]
    if not limiting:
        return "any"
    if any(parsed(c.operator).family != "string" or _has_variable(c) for c in limiting):
        return "unread"
    return "except" if all(parsed(c.operator).negated for c in limiting) else "listed"


def _is_unlimited(clause: Clause) -> bool:
    """Whether the clause holds for every service."""
    operator = parsed(clause.operator)
    if operator.family == "null":
        return any(value.lower() == "false" for value in clause.values)
    return operator.base == "stringlike" and any(tokens(v) == (STAR,) for v in clause.values)


def _has_variable(clause: Clause) -> bool:
    return clause.variables and any(is_variable(t) for v in clause.values for t in literal(v))


def _lists_texts(clause: Clause) -> bool:
    """Whether the clause holds for a list of texts only, without patterns."""
    operator = parsed(clause.operator)
    if operator.family != "string" or operator.negated:
        return False
    return operator.base != "stringlike" or not any(map(has_wildcard, clause.values))


def known_services(conditions: Iterable[Iterable[Clause]]) -> tuple[str, ...]:
    """The services that the clauses on `iam:PassedToService` name, sorted."""
    clauses = {c for condition in conditions for c in condition if c.key.lower() == _KEY}
    return tuple(sorted({name for clause in clauses for name in _named_services(clause)}))


def _named_services(clause: Clause) -> Iterator[str]:
    """The services of a clause's values; `ec2.*` names the one that begins with this label.

    Services are in lower case, so another text names none, and neither does a `*` in a text.
    """
    operator = parsed(clause.operator)
    for value in clause.values if operator.family == "string" else ():
        name = value.lower() if operator.base.endswith("ignorecase") else value
        if operator.base.endswith("like") and has_wildcard(value):
            name = f"{value.partition('.')[0]}.amazonaws.com"
            if not covers(value, name):
                continue
        if _SERVICE.fullmatch(name):
            yield name


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
    known = _known(index)
    return tuple(
        found
        for name in passing_policies(index)
        if (version := book.policies[name].current) and version.document
        for found in _passings(
            name, version.key, _part(version.document, naming[name]), formats, known
        )
    )


def _known(index: Index) -> tuple[str, ...]:
    return known_services(use.condition for use in _uses(index) if use.effect == "Allow")


def _part(document: Document, numbers: Container[int]) -> Document:
    """The document with only these statements; the others do not affect the answer."""
    kept = tuple(statement for statement in document.statements if statement.number in numbers)
    return replace(document, statements=kept)


def _passings(
    policy: str, version: str, document: Document, formats: Formats, known: Sequence[str]
) -> Iterator[Passing]:
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
            services=services_of(statement.condition, known),
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
    """A known service, and the number of policies with a condition that passes roles to it."""

    name: str
    policies: int


def principals(index: Index, catalogue: Catalogue) -> Mapping[str, tuple[Principal, ...]]:
    """The known services to which roles are passed, by service prefix.

    Services without a `prefix_by_name` are left out. Statements that grant actions of every
    service, that pass roles to any service, or whose resources include no role are not counted.

    Args:
        index: The index of the book.
        catalogue: Says which ARNs roles have.
    """
    formats = catalogue.formats(PASS_ROLE)
    known = _known(index)
    policies: dict[str, set[str]] = defaultdict(set)
    for use in _uses(index):
        if use.effect == "Allow" and use.prefix != EVERYTHING and supported(use.resources, formats):
            for name in services_of(use.condition, known).names:
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
    found = re.fullmatch(r"([a-z0-9-]+)\.amazonaws\.com(\.cn)?", service)
    return found[1] if found else ""
