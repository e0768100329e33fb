"""Which policies grant an action, through which statements, today or on a given day."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date

from msgspec import Struct, structs

from policybook.analysis.default_version import default_at, default_now
from policybook.analysis.effective_actions import Answer, answers, best, is_one_action
from policybook.analysis.grant_forms import Forms, forms
from policybook.analysis.since import (
    Start,
    held_since,
    last_start,
    starts,
    uncompared_history,
)
from policybook.analysis.unknown_actions import action_hint
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import PolicybookError
from policybook.iam.arn_formats import Formats
from policybook.iam.denies import GRANTED
from policybook.model.book import Book
from policybook.model.documents import Document, Term
from policybook.model.policies import Policy, Version
from policybook.wording import close_names, did_you_mean

_ARN = re.compile(r"\*|arn:[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:\S.*", re.DOTALL)


class GrantingPolicy(Struct, frozen=True):
    """A policy with statements that match a request in the given version, and its answers.

    `since` says since when every known default version has granted the action. If none of the
    answers is a grant with an effect, it says since when statements match.
    """

    policy: str
    version: Version
    answers: tuple[Answer, ...]
    since: Start
    forms: Forms

    @property
    def grants(self) -> bool:
        """Whether one of the answers is a grant with an effect."""
        return best(self.answers) in GRANTED

    def in_form_since(self, answer: Answer, pattern: str | None = None) -> Start:
        """Since when the policy grants the action in the form of an answer.

        Args:
            answer: One of the answers.
            pattern: One of its patterns. Default: all of them.
        """
        statement = answer.statement
        actions = statement.actions if statement.actions.negated else Term(answer.patterns)
        found = self.forms.of("Allow", actions, answer.resource, answer.condition)
        own = [found[pattern]] if pattern else found.values()
        return max(self.since, *own, key=lambda start: start.place)


class UncertainPolicy(Struct, frozen=True):
    """A policy of which it is uncertain what its default version grants, and why."""

    policy: str
    why: str


class ActionGrants(Struct, frozen=True):
    """The policies that grant an action.

    `action` is spelled as in the catalogue. `at` is the day, None for today. Policies that match
    without granting the action are in `granting` too; `policies` is the number of those that do.
    """

    action: str
    at: date | None
    granting: tuple[GrantingPolicy, ...]
    unsure: tuple[UncertainPolicy, ...]

    @property
    def policies(self) -> int:
        """The number of policies that grant the action."""
        return sum(granting.grants for granting in self.granting)


def who_grants(
    book: Book,
    catalogue: Catalogue,
    action: str,
    resource: str | None = None,
    day: date | None = None,
) -> ActionGrants:
    """Every policy with a grant that matches a request by name; boundaries grant nothing.

    Args:
        book: The policies.
        catalogue: The actions that are known.
        action: The full name of an action, in any case.
        resource: An ARN or a pattern of ARNs; None for any resource.
        day: The day on which the policy's default version is taken; None for today.

    Raises:
        PolicybookError: The action is neither in the catalogue nor in a policy, the resource is no
            ARN, or the day is before the first known version.
    """
    named = _known(book, catalogue, action)
    if resource is not None and not _ARN.fullmatch(resource):
        raise PolicybookError(
            f"expected an ARN such as arn:aws:s3:::bucket/key, found {resource!r}"
        )
    if day:
        _within(book, day)
    formats, about = catalogue.formats(named), book.about(named.partition(":")[0])
    granting, unsure = [], []
    # What is not about the service has a known document, so that only a day can make it unsure.
    for name, policy in (book if day else structs.replace(book, policies=about)).granting.items():
        version, why = default_at(policy, day) if day else default_now(policy)
        if why:
            unsure.append(UncertainPolicy(name, why))
        if version and version.document and name in about:
            found = answers(version.document, named, resource, formats)
            if found:
                request = (named, resource, formats)
                granting.append(granting_policy(policy, version, found, request, day))
    return ActionGrants(named, day, tuple(granting), tuple(unsure))


def granting_policy(
    policy: Policy,
    version: Version,
    found: tuple[Answer, ...],
    request: tuple[str, str | None, Formats],
    day: date | None = None,
) -> GrantingPolicy:
    """A policy with what one of its versions answers to a request, and since when.

    Args:
        policy: The policy.
        version: A version that is or was its default.
        found: What the version's document answers; at least one answer.
        request: What was asked: action, resource, and the formats of the action's ARNs.
        day: The day on which the version is taken; None for its last time as the default.

    Raises:
        ValueError: The version was never the default.
    """
    grants, service = best(found) in GRANTED, request[0].partition(":")[0].lower()
    held: list[tuple[Hashable, bool]] = []

    def holds(document: Document) -> bool:
        about = document.words_about(service)  # in most versions the same as in the next one
        if not held or held[-1][0] != about:
            then = answers(document, *request)
            held.append((about, best(then) in GRANTED if grants else bool(then)))
        return held[-1][1]

    defaults = starts(policy, uncompared_history(policy))
    last = last_start(defaults, version, day)
    if last is None:
        raise ValueError(f"{policy.name}: {version.key} was never the default")
    since = held_since(defaults, last, holds)
    return GrantingPolicy(policy.name, version, found, since, forms(defaults, last, request[0]))


def _known(book: Book, catalogue: Catalogue, action: str) -> str:
    """The action as spelled in the catalogue, or else in a policy."""
    prefix, colon, _ = action.lower().partition(":")
    entry = catalogue.action(action)
    if entry:
        return f"{prefix}:{entry.name}"
    named = {
        pattern.lower(): pattern
        for document in book.documents_about(prefix if colon else "")
        for statement in document.statements
        for pattern in statement.actions.patterns
        if is_one_action(pattern)
    }
    if not is_one_action(action):
        known = [named[key] for key in sorted(named) if key.endswith(f":{action.lower()}")]
        other = "" if colon or known else action_hint(action, catalogue)
        hint = f"; {other}" if other else did_you_mean(known)
        raise PolicybookError(f"expected one action such as s3:GetObject, found {action!r}{hint}")
    if action.lower() in named:
        return named[action.lower()]
    service = catalogue.service(prefix)
    near = {f"{prefix}:{known.name}" for known in service.actions.values()} if service else set()
    near |= {pattern for pattern in named.values() if pattern.lower().startswith(f"{prefix}:")}
    close = close_names(action, near, most=4, cutoff=0.5)
    close = close or tuple(f"{name}:*" for name in close_names(prefix, catalogue.prefixes))
    raise PolicybookError(
        f"expected an action of the catalogue of {catalogue.date} or of a policy, "
        f"found {action!r}{did_you_mean(close)}"
    )


def _within(book: Book, day: date) -> None:
    days = [v.day for policy in book.policies.values() for v in policy.versions if v.day]
    if not days or day < min(days):
        first = f"the first known is {min(days)}" if days else "no version is dated"
        raise PolicybookError(f"expected a day of the book's history, found {day}; {first}")
