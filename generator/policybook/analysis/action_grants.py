"""Which policies grant an action, through which statements, today or on a given day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from policybook.analysis.effective_actions import Answer, answers, best, is_one_action
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import PolicybookError
from policybook.iam.arn_formats import Formats
from policybook.iam.denies import GRANTED
from policybook.model.book import Book
from policybook.model.policies import Policy, Version
from policybook.wording import close_names, did_you_mean

_ARN = re.compile(r"\*|arn:[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:\S.*", re.DOTALL)


class GrantingPolicy(Struct, frozen=True):
    """A policy with statements that match a request in the given version, and its answers.

    `since` is the oldest known version since which every known document grants the action. If none
    of the answers is a grant with an effect, it is that since which statements match.
    """

    policy: str
    version: Version
    answers: tuple[Answer, ...]
    since: Version

    @property
    def grants(self) -> bool:
        """Whether one of the answers is a grant with an effect."""
        return best(self.answers) in GRANTED


class UncertainPolicy(Struct, frozen=True):
    """A policy whose default version on the day is uncertain, and why."""

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
    """Every policy with a grant that matches a request, ordered by name.

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
    formats = catalogue.formats(named)
    granting, unsure = [], []
    for name, policy in book.policies.items():
        version, why = default_at(policy, day) if day else (policy.current, "")
        if why:
            unsure.append(UncertainPolicy(name, why))
        if version and version.document:
            found = answers(version.document, named, resource, formats)
            if found:
                since = _since(policy, version, (named, resource, formats), best(found) in GRANTED)
                granting.append(GrantingPolicy(name, version, found, since))
    return ActionGrants(named, day, tuple(granting), tuple(unsure))


def _since(
    policy: Policy, version: Version, request: tuple[str, str | None, Formats], grants: bool
) -> Version:
    since = version
    for older in policy.sequence[policy.sequence.index(version) + 1 :]:
        if older.document:
            found = answers(older.document, *request)
            if not found or (grants and best(found) not in GRANTED):
                break
            since = older
    return since


def default_at(policy: Policy, day: date) -> tuple[Version | None, str]:
    """The version that was the default on a day, and why that is uncertain.

    A version is the default from the day on which it was published or first observed. Before the
    first version there is no default, which may be uncertain too.

    Args:
        policy: The policy.
        day: The day.

    Returns:
        The version, or None if there was none; and the reasons for doubt, "" without any.
    """
    dated = [v for v in policy.sequence if v.day]
    found = next((v for v in dated if v.day and v.day <= day), None)
    if not found:
        return None, _before(policy, dated, day)
    since = found.day
    for back in policy.facts.rollbacks:
        if since and since <= back.observed <= day and (to := policy.version(back.to)):
            found, since = to, back.observed
    named = policy.version(policy.facts.default) if policy.facts.default else None
    doubts: list[str] = []
    if named and named is not found and found is dated[0]:
        doubts.append(f"{named.key} is the default instead of {found.key}, since when is not known")
        found = named
    if found.document is None:
        doubts.append(f"{found.key} is known by its date only")
    else:
        doubts += _doubts(policy, found, day)
    return found, "; ".join(doubts)


def _before(policy: Policy, dated: Sequence[Version], day: date) -> str:
    """Why it is uncertain that the policy had no version before the first dated one."""
    if not dated:
        return "none of its versions is dated" if policy.versions else ""
    first, created = dated[-1], policy.facts.created
    if created and created <= day:
        return f"it was created on {created}, and {first.key} is the first version known"
    if not created and (first.number or 1) > 1:
        return f"what was before {first.key} is not known"
    return ""


def _doubts(policy: Policy, found: Version, day: date) -> Iterator[str]:
    newer = [v.number for v in policy.versions if v.number and v.number > (found.number or 0)]
    if found.number and newer and min(newer) > found.number + 1:
        first, last = found.number + 1, min(newer) - 1
        which = f"v{first}" if first == last else f"v{first} to v{last}"
        yield f"{which} are not known and may have been the default after {found.key}"
    undated = [v.key for v in policy.sequence if v.number and not v.day]
    later = [key for key in undated if found.number and int(key[1:]) > found.number]
    if later:
        yield f"of {', '.join(reversed(later))} the day is not known"
    gone = policy.facts.deprecated
    if gone and gone.date and gone.date <= day:
        yield f"it was deprecated on {gone.date}"


def _known(book: Book, catalogue: Catalogue, action: str) -> str:
    """The action as spelled in the catalogue, or else in a policy."""
    if not is_one_action(action):
        raise PolicybookError(f"expected one action such as s3:GetObject, found {action!r}")
    prefix, _, _ = action.lower().partition(":")
    entry = catalogue.action(action)
    if entry:
        return f"{prefix}:{entry.name}"
    named = {
        pattern.lower(): pattern
        for _, _, document in book.documents()
        for statement in document.statements
        for pattern in statement.actions.patterns
        if is_one_action(pattern)
    }
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
