"""Removals: each way in which a grant is lost, and whether it came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from policybook.analysis.compare import compare
from policybook.analysis.removals import WAYS, Removal, removals
from policybook.analysis.timeline import transitions, with_rollbacks
from policybook.catalogue.catalogue import Catalogue
from policybook.model.changes import Evidence
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version, VersionFacts

from tests.support import oracle
from tests.support.books import small_catalogue
from tests.support.documents import document_of_list as of
from tests.support.policies import day
from tests.support.policies import policy_of_days as policy
from tests.support.properties import examples
from tests.support.small_requests import REQUESTS, bodies

Statement = Mapping[str, Any]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """A catalogue of iam, s3 and sqs."""
    return small_catalogue()


def allow(action: str | list[str], resource: str = "*", **condition: Any) -> dict[str, Any]:
    """An Allow statement."""
    block = {"Condition": {"StringEquals": condition}} if condition else {}
    return {"Effect": "Allow", "Action": action, "Resource": resource, **block}


def deny(action: str) -> dict[str, Any]:
    """A Deny statement on all resources."""
    return {"Effect": "Deny", "Action": action, "Resource": "*"}


def versions(*documents: list[dict[str, Any]]) -> Policy:
    """A policy with one version a day, oldest first."""
    return policy(*((n, n, of(body)) for n, body in enumerate(documents, 1)))


def ledger(found: Policy, catalogue: Catalogue) -> list[Removal]:
    """The removals of the policy."""
    return list(removals(with_rollbacks(found, transitions(found)), catalogue))


@pytest.mark.parametrize(
    ("old", "new", "ways"),
    [
        (["s3:GetObject", "s3:PutObject"], "s3:GetObject", [("removed", "s3")]),
        (["gone:Do", "s3:GetObject"], "s3:GetObject", [("retired", "gone")]),
        (["gone*:Do", "s3:GetObject"], "s3:GetObject", [("removed", "gone*")]),
        (["s3:Get*"], ["s3:GetObject"], [("enumerated", "s3")]),
        (["s3:*", "s3:GetObject"], ["s3:GetObject"], [("removed", "s3")]),
        (["*"], ["s3:*", "sqs:*"], [("enumerated", "*")]),
        (["S3:PutObject", "sqs:SendMessage"], "s3:putobject", [("removed", "sqs")]),
    ],
    ids=[
        "plainly",
        "with a prefix that the catalogue lacks",
        "with a wildcard in the prefix, which may be of any service",
        "a pattern for narrower ones",
        "a pattern beside what was there before",
        "everything for services",
        "whatever the case",
    ],
)
def test_actions_are_lost_plainly_with_their_service_or_for_an_enumeration(
    old: list[str], new: str | list[str], ways: list[tuple[str, str]], catalogue: Catalogue
) -> None:
    found = ledger(versions([allow(old)], [allow(new)]), catalogue)
    assert [(removal.way, removal.prefix) for removal in found] == ways


def test_resources_conditions_and_denials_are_ways_of_their_own(catalogue: Catalogue) -> None:
    """Ordered by way, regardless of the order of the statements."""
    old = [allow("s3:GetObject"), allow("s3:PutObject"), allow("iam:PassRole")]
    new = [
        allow("s3:GetObject", "arn:aws:s3:::one/*"),
        allow("s3:PutObject", **{"aws:SourceVpc": "vpc-1"}),
        allow("iam:PassRole"),
        deny("iam:PassRole"),
    ]
    found = ledger(versions(old, new), catalogue)
    assert [(removal.way, removal.prefix) for removal in found] == [
        ("resource", "s3"),
        ("condition", "s3"),
        ("denied", "iam"),
    ]


def test_an_entry_names_both_versions_and_the_day(catalogue: Catalogue) -> None:
    (found,) = ledger(
        versions([allow(["s3:GetObject", "s3:PutObject"])], [allow("s3:GetObject")]), catalogue
    )
    assert (found.policy, found.key, found.before, found.version) == ("P", "v2", "v1", "v2")
    assert str(found.day) == "2020-01-02"


def test_an_enumeration_counts_today_s_actions(catalogue: Catalogue) -> None:
    """Of the three actions of the pattern, those still granted, on any resource."""
    new = [allow(["s3:GetObject"], "arn:aws:s3:::one/*")]
    (found,) = ledger(versions([allow("s3:*Object*")], new), catalogue)
    (counted,) = found.enumerations
    assert (counted.pattern, counted.granted, counted.actions) == ("s3:*Object*", 1, 4)


def test_what_a_rollback_takes_away_is_in_the_ledger(catalogue: Catalogue) -> None:
    wide, narrow = of([allow(["s3:GetObject", "s3:PutObject"])]), of([allow("s3:GetObject")])
    found = ledger(policy((1, 1, narrow), (2, 2, wide), backs=((1, 3),)), catalogue)
    assert [(r.key, r.before, r.version, r.way) for r in found] == [
        ("v1-again-2020-01-03", "v2", "v1", "removed")
    ]


@pytest.mark.parametrize(
    ("documents", "returned"),
    [
        ([allow(["s3:GetObject", "s3:PutObject"]), allow("s3:GetObject"), allow("s3:*")], "v3"),
        ([allow(["s3:GetObject", "s3:PutObject"]), allow("sqs:*"), allow("s3:GetObject")], ""),
        ([allow("s3:GetObject"), allow("sqs:*"), allow("iam:*"), allow("s3:Get*")], "v4"),
        ([allow("s3:GetObject"), allow("s3:GetObject", "x"), allow("s3:GetObject", "x*")], ""),
        ([allow("s3:Get*"), allow("sqs:*"), allow("s3:*"), allow("sqs:*")], ""),
        ([allow("s3:Get*"), allow("sqs:*"), allow("s3:*"), allow("sqs:*"), allow("*")], "v5"),
        ([allow("s3:Get*"), allow("sqs:*"), allow("s3:*"), allow("s3:G*"), allow("*")], "v3"),
    ],
    ids=["by a wider pattern", "not whole", "later", "on some", "for a time", "at last", "to stay"],
)
def test_what_comes_back_whole_is_said_to(
    documents: list[dict[str, Any]], returned: str, catalogue: Catalogue
) -> None:
    """With the first version that grants all of it again; under a condition it does not count."""
    found = ledger(versions(*([body] for body in documents)), catalogue)
    (first,) = [removal for removal in found if removal.key == "v2" or len(found) == 1]
    assert first.returned == returned


def test_a_denial_is_gone_when_no_deny_takes_any_of_it(catalogue: Catalogue) -> None:
    plain = [allow("s3:GetObject")]
    denied = [*plain, deny("s3:GetObject")]
    wider = [*plain, deny("s3:*")]
    narrower = [*plain, {**deny("s3:GetObject"), "Resource": "arn:aws:s3:::prod*"}]
    assert ledger(versions(plain, denied, plain), catalogue)[-1].returned == "v3"
    assert ledger(versions(plain, denied, wider), catalogue)[-1].returned == ""
    assert ledger(versions(plain, denied, wider, plain), catalogue)[-1].returned == "v4"
    assert ledger(versions(plain, denied, narrower), catalogue)[-1].returned == ""
    assert ledger(versions(narrower, denied, narrower), catalogue)[-1].returned == "v3"
    other = [*plain, deny("sqs:*")]
    assert ledger(versions(plain, denied, other), catalogue)[-1].returned == "v3"


def test_what_cannot_be_decided_is_not_said_to_be_back(catalogue: Catalogue) -> None:
    """Neither a grant nor what a Deny took away."""
    key = {"aws:x": "1"}
    one, every = ({"Condition": {f"{q}StringEquals": key}} for q in ("", "ForAllValues:"))
    grant = allow("s3:GetObject")
    (removal,) = ledger(versions([{**grant, **every}], [], [{**grant, **one}]), catalogue)
    assert removal.returned == ""
    stop = deny("s3:GetObject")
    documents = [grant, {**stop, **every}], [grant, stop], [grant, {**stop, **one}]
    assert ledger(versions(*documents), catalogue)[-1].returned == ""


def test_a_guide_s_document_gives_nothing_back(catalogue: Catalogue) -> None:
    """It is outside the version sequence."""
    both, one = of([allow(["s3:GetObject", "s3:PutObject"])]), of([allow("s3:GetObject")])
    found = policy((1, 1, both), (2, 2, one), (3, 9, both))
    guide = Version("2020-01-05", VersionFacts(published=day(5), document="guide"), both)
    newer, older = found.versions[:1], found.versions[1:]
    (removal,) = ledger(Policy(found.facts, (*newer, guide, *older)), catalogue)
    assert (removal.key, removal.returned) == ("v2", "v3")


def test_what_a_rollback_gives_back_may_go_again(catalogue: Catalogue) -> None:
    """With the next version, which is compared with the one before the rollback."""
    wide, narrow = of([allow(["s3:GetObject", "s3:PutObject"])]), of([allow("s3:GetObject")])
    last = of([allow(["s3:GetObject", "sqs:*"])])
    back_and_gone = policy((1, 1, wide), (2, 2, narrow), (3, 9, last), backs=((1, 4),))
    assert [(r.key, r.returned) for r in ledger(back_and_gone, catalogue)] == [("v2", "")]


def back(evidence: Evidence, document: Document) -> bool:
    """Whether a document allows the grant again: a statement that allows it adds nothing.

    Decided by `compare` alone, without Denies: a removal by a Deny is told apart.
    """
    grant = evidence.grant
    statement: dict[str, Any] = {"Effect": grant.effect}
    for name, term in (("Action", grant.action), ("Resource", grant.resource)):
        statement[f"Not{name}" if term.negated else name] = list(term.patterns)
    for clause in grant.condition:
        values = statement.setdefault("Condition", {}).setdefault(clause.operator, {})
        values[clause.key] = list(clause.values)
    allowing = [s for s in document.source["Statement"] if s["Effect"] == "Allow"]
    change = compare(of(allowing), of([*allowing, statement]))
    return not change.undecided and not change.gained


def lifted(old: Document, evidence: Evidence, document: Document) -> bool:
    """Whether of all requests that the denial is about none is denied but those that were before.

    Told by trying each.
    """
    action, resource = oracle.lower(evidence.grant.action), evidence.grant.resource

    def denied(found: Document, request: oracle.Request) -> bool:
        return any(
            s.effect == "Deny"
            and oracle.names(oracle.lower(s.actions), request.action.lower())
            and oracle.names(s.resources, request.resource)
            and oracle.meets(s.condition, request.context)
            for s in found.statements
        )

    return not any(
        denied(document, request) and not denied(old, request)
        for request in REQUESTS
        if oracle.names(action, request.action.lower()) and oracle.names(resource, request.resource)
    )


ANY = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@examples(1.5)
@given(documents=st.lists(bodies, min_size=2, max_size=4))
@example(
    # A condition that cannot be compared with a new one, beside a statement without any.
    documents=[
        [ANY, {**ANY, "Condition": {"ForAllValues:StringEquals": {"k": "a"}}}],
        [],
        [ANY, {**ANY, "Condition": {"StringEquals": {"k": "a"}}}],
    ]
)
def test_the_ledger_has_each_loss_once_and_knows_what_came_back(
    documents: list[list[dict[str, Any]]],
) -> None:
    """Everything that a change lost stands in one removal of each service that it names.

    What is given back stays so until the end.
    """
    found = versions(*documents)
    catalogue = small_catalogue()
    history = with_rollbacks(found, transitions(found))
    entries = list(removals(history, catalogue))
    for place, transition in enumerate(history):
        own = [removal for removal in entries if removal.key == transition.key]
        lost = transition.change.lost if transition.change else ()
        assert {e for removal in own for e in removal.evidence} == set(lost)
        assert len({(removal.way, removal.prefix) for removal in own}) == len(own)
        assert [WAYS.index(r.way) for r in own] == sorted(WAYS.index(r.way) for r in own)
        for removal in own:
            assert transition.before
            assert transition.before.document
            old, since = transition.before.document, ""
            for later in reversed(history[:place]):
                document = later.version.document
                assert document
                if removal.way == "denied":
                    if since or later.key == removal.returned:
                        since = later.key
                        assert all(lifted(old, e, document) for e in removal.evidence)
                else:
                    whole = all(back(e, document) for e in removal.evidence)
                    since = (since or later.key) if whole else ""
            assert removal.way == "denied" or removal.returned == since
