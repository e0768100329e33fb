"""What documents make possible together, compared with trying every subset of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pytest
from policybook.analysis.joint_paths import JointPath, Together, together
from policybook.analysis.risks import Rulebook
from policybook.iam.mitigation import MITIGATIONS, Mitigation, any_of
from policybook.model.documents import Document

from tests.support.books import small_catalogue
from tests.support.chance import chance
from tests.support.documents import allow, bare_document, deny
from tests.support.joint_paths import IF, ROLE, RULES, WRITE, Statements, random_statements


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """These rules, with a catalogue of three services."""
    return Rulebook(RULES, small_catalogue())


def found(rulebook: Rulebook, **documents: Statements) -> Together:
    """What documents of these statements make possible together."""
    return together({n: bare_document(*written) for n, written in documents.items()}, rulebook)


def only(found: Together) -> JointPath:
    """The only path."""
    (path,) = found.paths
    return path


def test_a_path_whose_steps_different_policies_allow_is_new(rulebook: Rulebook) -> None:
    """Each step names the policy and the statement that allow it, by its own number."""
    pair = found(
        rulebook,
        A=[allow("s3:GetObject"), allow("iam:PassRole")],
        B=[allow(WRITE, "arn:aws:s3:::one/*", **IF)],
    )
    path = only(pair)
    assert (path.rule, path.gain) == ("pass-and-write", "new")
    assert path.mitigation == "scoped and conditional"
    assert path.sets == (("A", "B"),)
    assert path.alone == {}
    assert [step.mitigation for step in path.steps] == ["none", "scoped and conditional"]
    assert [[(one.name, one.grant.statement) for one in step.by] for step in path.steps] == [
        [("A", 2)],
        [("B", 1)],
    ]
    assert pair.alone == {"A": {}, "B": {"write": "scoped and conditional"}}


def test_what_one_policy_does_alone_is_no_path_of_several(rulebook: Rulebook) -> None:
    """Unless another one takes away a limit."""
    both = [allow("iam:PassRole"), allow(WRITE)]
    assert found(rulebook, A=both, B=both).paths == ()
    assert found(rulebook, A=both, B=[allow("iam:PassRole", ROLE)]).paths == ()
    opened = only(
        found(
            rulebook,
            A=[allow("iam:PassRole", ROLE), allow(WRITE)],
            B=[allow("iam:PassRole")],
        )
    )
    assert (opened.gain, opened.mitigation) == ("opened", "none")
    assert opened.alone == {"A": "scoped"}
    assert opened.sets == (("A", "B"),)
    assert opened.steps[0].names == ("A", "B")


def test_other_limits_are_a_gain_too(rulebook: Rulebook) -> None:
    """A can do it on one role, and with B under a condition on any role."""
    path = only(
        found(
            rulebook,
            A=[allow("iam:PassRole", ROLE), allow(WRITE)],
            B=[allow("iam:PassRole", **IF)],
        )
    )
    assert (path.gain, path.mitigation) == ("opened", "scoped or conditional")


def test_a_deny_of_one_policy_counts_for_the_others(rulebook: Rulebook) -> None:
    """It prevents a path, or limits a step; then it is named with its policy."""
    passing, writing = [allow("iam:PassRole")], [allow(WRITE)]
    assert found(rulebook, A=[*passing, deny(WRITE)], B=writing).paths == ()
    assert found(rulebook, A=passing, B=writing, C=[deny("iam:*")]).paths == ()
    path = only(found(rulebook, A=passing, B=writing, C=[allow("s3:Get*"), deny("iam:*", ROLE)]))
    assert (path.mitigation, path.sets) == ("conditional", (("A", "B"),))
    assert path.steps[0].by[0].denied_by == (("C", 2),)
    assert path.steps[0].by[0].grant.denials == ()


def test_what_is_possible_alone_may_be_prevented_together(rulebook: Rulebook) -> None:
    """By a Deny of another policy; that is told apart."""
    both = [allow("iam:PassRole"), allow(WRITE)]
    pair = found(rulebook, A=both, B=[deny("iam:PassRole")])
    assert pair.paths == ()
    assert pair.prevented == ("pass-and-write",)
    assert set(pair.alone["A"]) == {"write", "pass-and-write"}


def test_the_smallest_sets_that_suffice_are_named(rulebook: Rulebook) -> None:
    """In the order of the policies; a larger set is none if a part of it suffices."""
    three = found(
        rulebook,
        A=[allow("iam:PassRole")],
        B=[allow(WRITE)],
        C=[allow(WRITE), allow("sqs:SendMessage")],
    )
    sets = {path.rule: path.sets for path in three.paths}
    assert sets == {"pass-and-write": (("A", "B"), ("A", "C")), "all-three": (("A", "C"),)}


# --- by trying ------------------------------------------------------------------------------------

LIMITS: list[frozenset[str]] = [frozenset(), frozenset("s"), frozenset("c"), frozenset("sc")]
# Within which limits a caller can be and still do what is mitigated so.
CAN: Mapping[Mitigation, set[frozenset[str]]] = {
    "none": set(LIMITS),
    "scoped or conditional": {limits for limits in LIMITS if limits},
    "scoped": {limits for limits in LIMITS if "s" in limits},
    "conditional": {limits for limits in LIMITS if "c" in limits},
    "scoped and conditional": {frozenset("sc")},
}


def subset(documents: Mapping[str, Statements], names: Sequence[str]) -> Document:
    """A document with what some of them allow and all of them deny."""
    written = [(n, s) for n, statements in documents.items() for s in statements]
    return bare_document(*(s for n, s in written if n in names or s["Effect"] == "Deny"))


def tried(documents: Mapping[str, Statements], rulebook: Rulebook) -> dict[str, Any]:
    """The paths that need several documents, each with the smallest sets of these."""

    def ways(document: Document) -> dict[str, set[frozenset[str]]]:
        return {flag.rule: CAN[flag.mitigation] for flag in rulebook.flags(document)}

    alone = [ways(bare_document(*statements)) for statements in documents.values()]
    every = ways(subset(documents, list(documents)))
    paths: dict[str, Any] = {}
    for name in RULES:
        before = set().union(*(found.get(name, set()) for found in alone))
        if not every.get(name, set()) - before:
            continue
        sets: list[tuple[str, ...]] = []
        for size in range(1, len(documents) + 1):
            for some in combinations(documents, size):
                gains = ways(subset(documents, some)).get(name, set()) - before
                if gains and not any(set(smaller) <= set(some) for smaller in sets):
                    sets.append(some)
        gain = "opened" if before else "new"
        paths[name] = (gain, every[name], tuple(sets))
    return paths


@pytest.mark.parametrize("block", range(4))
def test_paths_are_what_trying_every_subset_gives(rulebook: Rulebook, block: int) -> None:
    """For any documents, with Denies and conditions."""
    seen: set[tuple[str, int]] = set()
    for number in range(500):
        count = chance(f"{block} {number}").randint(1, 4)
        documents = {f"P{n}": random_statements(f"{block} {number} {n}") for n in range(count)}
        answer = found(rulebook, **documents)
        told = {p.rule: (p.gain, CAN[p.mitigation], p.sets) for p in answer.paths}
        assert told == tried(documents, rulebook), documents
        seen |= {(p.gain, len(p.sets[0])) for p in answer.paths}
        for path in answer.paths:
            for step in path.steps:
                assert step.mitigation == any_of(one.grant.mitigation for one in step.by)
                for one in step.by:
                    statement = documents[one.name][one.grant.statement - 1]
                    assert statement["Effect"] == "Allow"
                    for name, deny_number in one.denied_by:
                        assert documents[name][deny_number - 1]["Effect"] == "Deny"
    assert {("new", 2), ("opened", 2)} <= seen
    assert set(CAN) == set(MITIGATIONS)
