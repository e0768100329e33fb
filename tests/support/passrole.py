"""The rows of the page of passed roles, and a simple listing to compare them with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policybook.analysis.effective_actions import answers
from policybook.book.addresses import passed_to
from policybook.book.addresses import passing as passing_target
from policybook.book.context import BookContext
from policybook.book.dependencies import of_passrole
from policybook.model.documents import Document
from policybook.pages.passrole import PassRoleView

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


def shown(found: BookContext) -> Counter[Line]:
    """The statements of the page's list, one line for each role pattern."""
    return Counter(
        (
            passing.policy,
            passing.statement,
            ("but " if role.negated else "") + " ".join(role.patterns),
        )
        for passing in found.passrole.passings()
        for role in passing.roles
    )


def assert_whole(found: BookContext, view: PassRoleView) -> None:
    """Every statement is one row, which its policy and its services lead to."""
    expected = Counter(
        (name, number, role)
        for name, policy in found.book.policies.items()
        if policy.current and policy.current.document
        for number, role in listed(policy.current.document)
    )
    assert shown(found) == expected
    passings = found.passrole.passings()
    assert len(view.table.rows) == len(passings)
    for passing, row in zip(passings, view.table.rows, strict=True):
        targets = (passing_target(passing.policy), *map(passed_to, passing.services.names))
        assert row.anchors == tuple(target.anchor for target in targets)
    sure = {passing.policy for passing in passings if passing.certainty != "unsupported"}
    assert view.total == len(sure)
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
