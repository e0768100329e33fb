"""The rows of the page of passed roles, and a simple listing to compare them with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policybook.analysis.effective_actions import answers
from policybook.book.context import BookContext
from policybook.book.dependencies import of_passrole
from policybook.model.documents import Document
from policybook.pages.passrole import PassRoleView, PolicyPassings

from tests.support import oracle

Line = tuple[str, int, str]


def listed(document: Document) -> Iterator[tuple[int, str]]:
    """Each Allow statement that names the action, with each of its resource patterns."""
    for statement in document.statements:
        lower = type(statement.actions)(
            tuple(p.lower() for p in statement.actions.patterns), statement.actions.negated
        )
        if statement.effect == "Allow" and oracle.names(lower, "iam:passrole"):
            if statement.resources.negated:
                yield statement.number, "but " + " ".join(statement.resources.patterns)
            else:
                yield from ((statement.number, p) for p in statement.resources.patterns)


def shown(parts: tuple[PolicyPassings, ...]) -> Counter[Line]:
    """The rows of a part of the page, one for each role pattern."""
    return Counter(
        (
            passing.policy,
            passing.statement,
            ("but " if role.negated else "") + " ".join(role.patterns),
        )
        for part in parts
        for passing in part.passings
        for role in passing.roles
    )


def assert_whole(found: BookContext, view: PassRoleView) -> None:
    """Everything listed is shown once by policy or separately, and once under each service."""
    expected = Counter(
        (name, number, role)
        for name, policy in found.book.policies.items()
        if policy.current and policy.current.document
        for number, role in listed(policy.current.document)
    )
    apart = shown(view.everything)
    named = shown(view.policies)
    nowhere = shown(view.unsupported)
    assert named + apart + nowhere == expected
    assert not named.keys() & apart.keys()
    assert view.total == len({policy for policy, _, _ in (named + apart)})
    by_service = sum(
        (shown(part.policies) for part in view.services), shown(view.any) + shown(view.unnamed)
    )
    assert by_service.keys() == named.keys()
    assert of_passrole(found).policies == tuple(sorted({line[0] for line in expected}))


def assert_sure(found: BookContext) -> None:
    """Certainty and denials are those of the whole document's answers."""
    formats = found.catalogue.formats("iam:PassRole")
    for name, policy in found.book.policies.items():
        assert policy.current
        assert policy.current.document
        expected = {
            (a.statement.number, a.resource): (a.certainty, a.denials, a.patterns)
            for a in answers(policy.current.document, "iam:PassRole", formats=formats)
        }
        got = {
            (p.statement, role): (p.certainty, p.denials, p.patterns)
            for p in found.passrole.passings()
            if p.policy == name
            for role in p.roles
        }
        assert got == expected
