"""Whether policies grant some actions, alone or attached together: in full, in part, or not.

Each action has its grants with the statements behind them. A Deny of one policy counts for the
grants of all (IAM User Guide, "Policy evaluation logic"). `analysis.membership` says what `in_full`
means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct, structs

from policybook.analysis.action_grants import GrantingPolicy, granting_policy
from policybook.analysis.asked_actions import AskedAction
from policybook.analysis.effective_actions import Answer, answers
from policybook.analysis.membership import in_full
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.arn_formats import Formats
from policybook.iam.denies import GRANTED, certainty_after, weakest
from policybook.model.documents import Document, Statement
from policybook.model.policies import Policy, Version

CoverState = Literal["has", "conditional", "lacks"]


class Attached(Struct, frozen=True):
    """A document that is asked about: how it is called, and the version of a policy that it is.

    `policy` and `version` are None for the document of a file.
    """

    label: str
    document: Document
    policy: Policy | None = None
    version: Version | None = None

    @property
    def was_default(self) -> bool:
        """Whether it is a version of the policy's sequence, so that it has been the default."""
        return self.policy is not None and any(v is self.version for v in self.policy.sequence)


class Held(Struct, frozen=True):
    """A grant of an action by one of the documents, after the Denies of all.

    `granting` says since when the policy grants the action; None for a document that was never the
    default of a policy.
    `denied_by` are Denies of the other documents that remove or may limit the grant: the label and
    the number of the statement.
    """

    attached: Attached
    answer: Answer
    granting: GrantingPolicy | None
    denied_by: tuple[tuple[str, int], ...]


class Cover(Struct, frozen=True):
    """Whether the documents grant an action, and all grants that match it, also those denied."""

    action: AskedAction
    state: CoverState
    grants: tuple[Held, ...]


def covers_of(
    actions: Iterable[AskedAction], attached: Sequence[Attached], catalogue: Catalogue
) -> tuple[Cover, ...]:
    """What documents that are attached together grant of some actions, in the actions' order.

    Args:
        actions: The actions.
        attached: The documents.
        catalogue: Knows the formats of the actions' ARNs.
    """
    return tuple(_cover(action, attached, catalogue) for action in actions)


def _cover(action: AskedAction, attached: Sequence[Attached], catalogue: Catalogue) -> Cover:
    grants = tuple(held for one in attached for held in _grants(action, one, attached, catalogue))
    granting = [held for held in grants if held.answer.certainty in GRANTED]
    if not granting:
        return Cover(action, "lacks", grants)
    denies = [deny for one in attached for deny in _denies(one.document)]
    full = any(
        in_full(held.answer.statement, denies, catalogue)(action.name, action.level)
        for held in granting
    )
    return Cover(action, "has" if full else "conditional", grants)


def _grants(
    action: AskedAction, one: Attached, attached: Sequence[Attached], catalogue: Catalogue
) -> Iterator[Held]:
    formats = catalogue.formats(action.name)
    found = answers(one.document, action.name, None, formats)
    granting = None
    if found and one.policy and one.version and one.was_default:
        request = (action.name, None, formats)
        granting = granting_policy(one.policy, one.version, found, request)
    others = [
        (other.label, deny)
        for other in attached
        if other is not one
        for deny in _denies(other.document)
        if catalogue.denied(deny.actions).names(action.name, action.level)
    ]
    for answer in found:
        yield _held(one, answer, granting, others, formats)


def _held(
    one: Attached,
    answer: Answer,
    granting: GrantingPolicy | None,
    others: Iterable[tuple[str, Statement]],
    formats: Formats,
) -> Held:
    """A grant after the Denies of other documents, each with the label of its document."""
    effects = [
        (label, deny.number, certainty_after(deny, answer.resource, formats))
        for label, deny in others
    ]
    left = weakest((answer.certainty, *(left for _, _, left in effects)))
    denied_by = tuple((label, number) for label, number, after in effects if after != "yes")
    return Held(one, structs.replace(answer, certainty=left), granting, denied_by)


def _denies(document: Document) -> Iterator[Statement]:
    return (s for s in document.statements if s.effect == "Deny")
