"""Changes for programs and on the command line: the same in every form, and what is asked for."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import msgspec
import pytest
from policybook.analysis.effective_actions import effective_names
from policybook.analysis.index import index
from policybook.book.change_filter import ChangeFilter, matching_changes
from policybook.book.context import BookContext
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.model.book import Book, BookFile
from policybook.model.changes import Evidence
from policybook.model.documents import Document
from policybook.output import csv_tables
from policybook.output.json.change_results import history_result, removals_result, year_result

from tests.support.books import SAMPLES, small_catalogue
from tests.support.contexts import context_of_versions as context_of
from tests.support.documents import document_of_list as of
from tests.support.policies import policy_of_days as policy

EDGES = SAMPLES / "edges"


@pytest.fixture(scope="module")
def edges() -> BookContext:
    """The book of odd documents."""
    book = load(EDGES)
    return BookContext(book, index(book), small_catalogue())


def plain(value: object) -> Any:
    """The value as a program reads it."""
    return msgspec.json.decode(msgspec.json.encode(value))


# --- files ----------------------------------------------------------------------------------------


def test_a_year_and_a_policy_tell_the_same(edges: BookContext) -> None:
    """Each version and rollback of a year in the words of its policy's file, newest first."""
    by_policy = {
        (name, event["key"]): event
        for name in edges.book.policies
        for event in plain(history_result(edges, name))["changes"]
    }
    told = [event for year in edges.events.years() for event in plain(year_result(edges, year))]
    own = [event for event in told if event["kind"] not in ("deprecated", "tracking")]
    assert {(e["policy"], e["key"]) for e in own} == by_policy.keys()
    assert all(event == by_policy[event["policy"], event["key"]] for event in own)
    assert [event["day"] for event in told] == sorted((e["day"] for e in told), reverse=True)
    assert {event["kind"] for event in told} >= {"version", "first", "dated", "rollback"}


def test_evidence_in_rows_is_all_of_the_evidence(edges: BookContext) -> None:
    """As many pairs of actions and resources as there are grants, and with the same conditions."""
    for name, story in edges.index.histories.items():
        for transition, event in zip(story, history_result(edges, name).changes, strict=True):
            change = transition.change
            for rows, found in (
                (event.gained, change.gained if change else ()),
                (event.lost, change.lost if change else ()),
            ):
                pairs = {
                    (row.kind, row.effect, action, place)
                    for row in rows
                    for action, place in product(
                        [tuple(row.actions)] if row.not_actions else [(a,) for a in row.actions],
                        [tuple(row.resources)]
                        if row.not_resources
                        else [(r,) for r in row.resources],
                    )
                }
                assert pairs == {
                    (e.kind, e.grant.effect, e.grant.action.patterns, e.grant.resource.patterns)
                    for e in found
                }


def test_effective_actions_gained_and_lost_are_those_of_the_documents() -> None:
    """By today's catalogue, apart from what the grants say."""
    context = context_of((1, "s3:Get*"), (2, "s3:GetObject"), (3, "s3:GetObject sqs:*"))
    found = history_result(context, "P").effective
    names = {
        version.key: effective_names(version.document, context.catalogue)
        for version in context.book.policies["P"].versions
        if version.document
    }
    assert found.keys() == {"v2", "v3"}
    for old, new in (("v1", "v2"), ("v2", "v3")):
        assert set(found[new].gained) == names[new] - names[old]
        assert set(found[new].lost) == names[old] - names[new]


def test_removals_stand_in_both_files(edges: BookContext) -> None:
    whole = plain(removals_result(edges))
    own = [
        r for name in edges.book.policies for r in plain(history_result(edges, name))["removals"]
    ]
    assert whole == own
    rows = [*csv_tables.removals(edges)]
    assert len(rows) - 1 == sum(
        len(row["actions"]) * len(row["resources"])
        if not (row["not_actions"] or row["not_resources"])
        else 1
        for removal in whole
        for row in removal["lost"]
    )


# --- what is asked for ----------------------------------------------------------------------------

STORY = (
    (1, "s3:GetObject"),
    (2, "s3:GetObject iam:PassRole"),
    (3, "S3:getobject iam:passrole"),
    (4, "iam:PassRole"),
)


def keys(wanted: ChangeFilter) -> list[str]:
    """The keys of the matching changes of the story."""
    return [line.key for line in matching_changes(context_of(*STORY), wanted)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (ChangeFilter(), ["v4", "v2", "v1"]),
        (ChangeFilter(without_effect=True), ["v4", "v3", "v2", "v1"]),
        (ChangeFilter(verdicts=("equivalent",)), ["v3"]),
        (ChangeFilter(verdicts=("narrowed", "widened")), ["v4", "v2"]),
        (ChangeFilter(since=date(2024, 5, 12), until=date(2024, 5, 13)), ["v2"]),
        (ChangeFilter(service="IAM"), ["v2"]),
        (ChangeFilter(service="s3"), ["v4"]),
        (ChangeFilter(service="s3", verdicts=("widened",)), []),
        (ChangeFilter(policy="P*"), ["v4", "v2", "v1"]),
        (ChangeFilter(policy="p"), []),
    ],
)
def test_what_is_chosen_is_what_was_asked_for(wanted: ChangeFilter, expected: list[str]) -> None:
    assert keys(wanted) == expected


def test_of_a_service_verdicts_are_about_it_alone() -> None:
    """A version that widens one service and narrows another is mixed as a whole."""
    context = context_of((1, "s3:GetObject"), (2, "iam:PassRole"))
    (line,) = matching_changes(context, ChangeFilter(verdicts=("mixed",)))
    assert (line.gained, line.lost) == (1, 1)
    for prefix, verdict in (("s3", "narrowed"), ("iam", "widened")):
        (line,) = matching_changes(context, ChangeFilter(service=prefix))
        assert (line.verdict, line.gained + line.lost) == (verdict, 1)


def test_what_is_not_decided_is_said_of_the_services_it_is_about() -> None:
    """A doubt about one service says nothing of another."""
    old = [statement("events:PutRule", "StringEquals"), statement("s3:GetObject", "Bool")]
    new = [statement("events:PutRule", "ForAllValues:StringEquals"), statement("s3:*", "Bool")]
    context = sources_of_documents(of(old), of(new))
    (line,) = matching_changes(context, ChangeFilter(service="events"))
    assert (line.verdict, line.gained, line.lost) == ("undetermined", 0, 0)
    (line,) = matching_changes(context, ChangeFilter(service="s3"))
    assert (line.verdict, line.gained) == ("widened", 1)
    (line,) = matching_changes(context, ChangeFilter(verdicts=("undetermined",)))
    assert line.touched.services == ("events", "s3")


def statement(action: str, operator: str) -> dict[str, Any]:
    """An Allow under a condition."""
    condition = {operator: {"events:source": "true"}}
    return {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}


def sources_of_documents(old: Document, new: Document) -> BookContext:
    """A book with one policy of two versions."""
    found = policy((1, 1, old), (2, 2, new))
    book = Book(BookFile(title="B", introduction=()), {"P": found})
    return BookContext(book, index(book), small_catalogue())


def test_a_service_that_nobody_knows_is_said_with_near_ones() -> None:
    with pytest.raises(
        PolicybookError, match="expected a service prefix, found 'sq'; did you mean sqs"
    ):
        matching_changes(context_of(*STORY), ChangeFilter(service="sq"))


def test_what_changed_on_services_is_what_their_evidence_says(edges: BookContext) -> None:
    """Found again by looking at every grant of every change."""
    for prefix in ("s3", "iam", "sqs", "gone", "*"):
        slow = []
        for line in edges.events.lines():
            for transition in edges.index.histories.get(line.policy, ()):
                if transition.key == line.key and transition.change:
                    sides = (transition.change.gained, transition.change.lost)
                    gained, lost = (sum(about(e, prefix) for e in side) for side in sides)
                    if gained or lost:
                        slow.append((line.policy, line.key, gained, lost))
        fast = [(x.policy, x.key, x.gained, x.lost) for x, _ in edges.events.of_service(prefix)]
        assert fast == slow


def about(evidence: Evidence, prefix: str) -> bool:
    """Whether the grant speaks of the service, or with `*` of every service."""
    action = evidence.grant.action
    heads = {p.split(":")[0].lower() if ":" in p else "*" for p in action.patterns}
    return prefix == "*" if action.negated else prefix in heads
