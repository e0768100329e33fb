"""Changes: written cases, laws, and every verdict compared with trying every request."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.compare import compare
from policybook.analysis.timeline import transitions, unlisted
from policybook.data.strict_yaml import parsed_yaml
from policybook.model.changes import Change, Verdict
from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.books import GOLDEN
from tests.support.changes import in_sets, in_words, mirrored, spoken_of
from tests.support.documents import document_of_list as of
from tests.support.documents import granting
from tests.support.oracle import allows, document
from tests.support.properties import examples
from tests.support.small_requests import REQUESTS, bodies, pairs

# --- Cases ----------------------------------------------------------------------------------------


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `golden/changes.yml`."""

    case: str
    old: Any
    new: Any
    verdict: Verdict
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


def golden() -> tuple[Case, ...]:
    """The cases, parsed like the data itself."""
    text = (GOLDEN / "changes.yml").read_text("utf-8")
    value, faults = parsed_yaml(text)
    assert not faults
    return msgspec.convert(value, tuple[Case, ...])


@pytest.mark.parametrize("case", golden(), ids=lambda case: str(case.case))
def test_the_change_is_what_the_case_says(case: Case) -> None:
    """Verdict, ordered evidence with kinds, and doubts; all reversed for the reverse change."""
    old, new = (
        document({"Version": "2012-10-17", "Statement": statements})
        for statements in (case.old, case.new)
    )
    change = compare(old, new)
    assert change.verdict == case.verdict
    assert in_words(change.gained) == case.gained
    assert in_words(change.lost) == case.lost
    assert change.undecided == case.undecided
    assert mirrored(compare(new, old)) == in_sets(change)


def test_the_cases_are_many_and_each_has_its_own_name() -> None:
    """Every verdict and every kind of evidence occurs among them."""
    cases = golden()
    assert len({case.case for case in cases}) == len(cases) >= 35
    assert {case.verdict for case in cases} == set(Verdict.__args__)  # type: ignore[attr-defined]  # a Literal has them
    kinds = {line.partition(":")[0] for case in cases for line in (*case.gained, *case.lost)}
    assert kinds == {"action", "resource", "condition", "deny"}


# --- Small documents and all requests -------------------------------------------------------------


def allowed(found: Document) -> frozenset[int]:
    """The positions of the requests that the document alone allows."""
    return frozenset(n for n, request in enumerate(REQUESTS) if allows(found, request))


@examples(4)
@given(pair=pairs())
def test_no_request_that_is_lost_or_gained_goes_unsaid(pair: tuple[Document, Document]) -> None:
    """Everything no longer allowed has evidence, unless something is undecided."""
    old, new = pair
    change = compare(old, new)
    before, after = allowed(old), allowed(new)
    if before - after:
        assert change.verdict in ("narrowed", "mixed", "undetermined")
    if after - before:
        assert change.verdict in ("widened", "mixed", "undetermined")
    if not change.undecided:
        assert all(spoken_of(REQUESTS[n], change.lost) for n in before - after)
        assert all(spoken_of(REQUESTS[n], change.gained) for n in after - before)
    if change.verdict in ("identical", "equivalent"):
        assert before == after


@examples(2)
@given(pair=pairs())
def test_every_verdict_has_its_evidence(pair: tuple[Document, Document]) -> None:
    """Gained and lost decide the verdict; doubts alone make it undetermined."""
    change = compare(*pair)
    gained, lost = bool(change.gained), bool(change.lost)
    match change.verdict:
        case "identical" | "equivalent":
            assert (gained, lost) == (False, False)
        case "widened" | "narrowed":
            assert (gained, lost) == (change.verdict == "widened", change.verdict == "narrowed")
        case "mixed":
            assert gained
            assert lost
        case "undetermined":
            assert change.undecided
            assert not (gained and lost)
    assert not change.undecided or change.verdict in ("mixed", "undetermined")
    assert (change.verdict == "identical") == (pair[0].source == pair[1].source)


@examples(2)
@given(pair=pairs())
def test_evidence_is_a_grant_of_the_side_that_has_it(pair: tuple[Document, Document]) -> None:
    """Lost Allows are in the old document, and new Denies in the new one."""
    old, new = pair
    change = compare(old, new)
    for evidence, here, there in (
        *((e, old, new) for e in change.lost),
        *((e, new, old) for e in change.gained),
    ):
        side = there if evidence.kind == "deny" else here
        statement = side.statements[evidence.grant.statement - 1]
        assert (evidence.kind == "deny") == (evidence.grant.effect == "Deny")
        assert statement.effect == evidence.grant.effect
        assert set(evidence.grant.action.patterns) <= set(statement.actions.patterns)
        assert set(evidence.grant.resource.patterns) <= set(statement.resources.patterns)


@examples(2)
@given(pair=pairs())
def test_swapping_the_documents_swaps_gained_and_lost(pair: tuple[Document, Document]) -> None:
    """It also turns widened into narrowed; other verdicts stay the same."""
    old, new = pair
    assert mirrored(compare(new, old)) == in_sets(compare(old, new))


@given(body=bodies)
def test_a_document_is_identical_to_itself(body: list[dict[str, Any]]) -> None:
    """Nothing is gained or lost."""
    assert compare(of(body), of(body)) == Change("identical")


@examples(2)
@given(body=bodies, data=st.data())
def test_order_case_and_repetition_do_not_matter(
    body: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Statements and patterns in any order, actions in any case, everything twice: equivalent."""

    def other(statement: dict[str, Any]) -> dict[str, Any]:
        found = dict(statement)
        for key in ("Action", "NotAction", "Resource", "NotResource"):
            if key in found:
                listed = [found[key]] if isinstance(found[key], str) else found[key]
                found[key] = data.draw(st.permutations([*listed, *listed]))
                if "Action" in key:
                    found[key] = [pattern.swapcase() for pattern in found[key]]
        return found

    change = compare(of(body), of(data.draw(st.permutations([*body, *map(other, body)]))))
    assert change == Change("equivalent" if body else "identical")


# --- From version to version ----------------------------------------------------------------------

NONE = of([])


def policy(*versions: tuple[str, Document | None]) -> Policy:
    """A policy with these versions, newest first: an id or a date, and the document if known."""

    def version(key: str, found: Document | None) -> Version:
        if key.startswith("v"):
            return Version(key, VersionFacts(id=key, published=date(2020, 1, 1)), found)
        facts = VersionFacts(published=date.fromisoformat(key), document=f"guide-{key}")
        return Version(key, facts, found)

    facts = PolicyFacts(name="P", arn="arn:aws:iam::aws:policy/P", type="aws-managed")
    return Policy(facts, tuple(version(*given) for given in versions))


def summary(found: Policy) -> list[tuple[str, str | None, Verdict | None, int]]:
    """Version, previous version, verdict and gap of each transition."""
    return [
        (
            t.version.key,
            t.before.key if t.before else None,
            t.change.verdict if t.change else None,
            t.gap,
        )
        for t in transitions(found)
    ]


def test_each_version_is_compared_with_the_one_before_newest_first() -> None:
    """The first has nothing before it."""
    found = policy(("v3", granting("s:A")), ("v2", granting("s:A s:B")), ("v1", granting("s:A")))
    assert summary(found) == [
        ("v3", "v2", "narrowed", 0),
        ("v2", "v1", "widened", 0),
        ("v1", None, None, 0),
    ]
    assert {t.policy for t in transitions(found)} == {"P"}
    assert unlisted(found) == ()


def test_a_gap_counts_the_ids_that_are_not_listed() -> None:
    """Between two listed versions, and below the first; the change spans the gap."""
    found = policy(("v9", granting("s:A s:B")), ("v5", granting("s:A")), ("v4", NONE))
    assert summary(found) == [
        ("v9", "v5", "widened", 3),
        ("v5", "v4", "widened", 0),
        ("v4", None, None, 3),
    ]
    assert unlisted(found) == (1, 2, 3, 6, 7, 8)


def test_a_version_known_by_its_date_only_is_no_gap_and_has_no_change() -> None:
    """The next one is compared with the last known document."""
    found = policy(("v3", granting("s:A")), ("v2", None), ("v1", NONE))
    assert summary(found) == [
        ("v3", "v1", "widened", 0),
        ("v2", None, None, 0),
        ("v1", None, None, 0),
    ]
    assert unlisted(found) == ()


def test_versions_all_known_by_date_only_have_no_changes() -> None:
    """There is nothing to compare."""
    found = policy(("v3", None), ("v2", None))
    assert summary(found) == [("v3", None, None, 0), ("v2", None, None, 1)]
    assert unlisted(found) == (1,)


def test_a_version_without_id_stands_aside_once_a_numbered_one_is_newer() -> None:
    """Its number is unknown, so it closes no gap."""
    found = policy(("v5", granting("s:A s:B")), ("2021-08-01", granting("s:C")), ("v3", NONE))
    assert summary(found) == [
        ("v5", "v3", "widened", 1),
        ("2021-08-01", None, None, 0),
        ("v3", None, None, 2),
    ]
    assert [t.outside_sequence for t in transitions(found)] == [False, True, False]
    assert unlisted(found) == (1, 2, 4)


def test_a_version_without_id_is_compared_while_nothing_is_newer() -> None:
    """Or if no numbered version has a document."""
    newest = policy(("2021-08-01", granting("s:A s:B")), ("v3", granting("s:A")))
    assert summary(newest) == [("2021-08-01", "v3", "widened", 0), ("v3", None, None, 2)]
    alone = policy(("v4", None), ("2021-08-01", granting("s:A s:B")), ("2020-01-01", NONE))
    assert [verdict for _, _, verdict, _ in summary(alone)] == [None, "widened", None]


def test_a_policy_without_versions_has_no_transitions() -> None:
    """Its page says that no version is known."""
    assert transitions(policy()) == ()
    assert unlisted(policy()) == ()


def test_a_transition_names_the_missing_numbers() -> None:
    """In order, and from 1 if there is no older version."""
    newer, older = transitions(policy(("v5", NONE), ("v3", None)))
    assert newer.missing == (4,)
    assert older.missing == (1, 2)
