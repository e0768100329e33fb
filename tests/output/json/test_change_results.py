"""Changes in JSON and on the command line: the same in every form, and filters."""

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
    """The book of unusual documents."""
    book = load(EDGES)
    return BookContext(book, index(book), small_catalogue())


def plain(value: object) -> Any:
    """The value after encoding as JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


# --- files ----------------------------------------------------------------------------------------


def test_the_files_of_years_and_policies_agree(edges: BookContext) -> None:
    """Each version and rollback of a year as in the file of its policy, newest first."""
    by_policy = {
        (name, event["key"]): event
        for name in edges.book.policies
        for event in plain(history_result(edges, name))["changes"]
    }
    events = [event for year in edges.events.years() for event in plain(year_result(edges, year))]
    own = [event for event in events if event["kind"] not in ("deprecated", "tracking")]
    assert {(e["policy"], e["key"]) for e in own} == by_policy.keys()
    assert all(event == by_policy[event["policy"], event["key"]] for event in own)
    assert [event["day"] for event in events] == sorted((e["day"] for e in events), reverse=True)
    assert {event["kind"] for event in events} >= {"version", "first", "dated", "rollback"}


def test_evidence_in_rows_is_all_of_the_evidence(edges: BookContext) -> None:
    """The same number of pairs of actions and resources as grants, with the same conditions."""
    for name, history in edges.index.histories.items():
        for transition, event in zip(history, history_result(edges, name).changes, strict=True):
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
    """By today's catalogue, separate from the grants."""
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


def test_removals_are_in_both_files(edges: BookContext) -> None:
    whole = plain(removals_result(edges))
    own = [
        r for name in edges.book.policies for r in plain(history_result(edges, name))["removals"]
    ]
    assert whole == own
    rows = [*csv_tables.removals(edges)]
    assert len(rows) - 1 == sum(
        len(row["actions"]) * len(row["resources"])
        if not (row.get("not_actions") or row.get("not_resources"))
        else 1
        for removal in whole
        for row in removal["lost"]
    )


# --- filters --------------------------------------------------------------------------------------

HISTORY = (
    (1, "s3:GetObject"),
    (2, "s3:GetObject iam:PassRole"),
    (3, "S3:getobject iam:passrole"),
    (4, "iam:PassRole"),
)


def keys(wanted: ChangeFilter) -> list[str]:
    """The keys of the changes that match."""
    return [line.key for line in matching_changes(context_of(*HISTORY), wanted)]


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
def test_filters_select_matching_changes(wanted: ChangeFilter, expected: list[str]) -> None:
    assert keys(wanted) == expected


def test_verdicts_on_a_service_are_about_that_service_only() -> None:
    """A version that widens one service and narrows another is mixed as a whole."""
    context = context_of((1, "s3:GetObject"), (2, "iam:PassRole"))
    (line,) = matching_changes(context, ChangeFilter(verdicts=("mixed",)))
    assert (line.gained, line.lost) == (1, 1)
    for prefix, verdict in (("s3", "narrowed"), ("iam", "widened")):
        (line,) = matching_changes(context, ChangeFilter(service=prefix))
        assert (line.verdict, line.gained + line.lost) == (verdict, 1)


def test_an_undecided_grant_only_concerns_its_services() -> None:
    """The verdict on another service is not affected."""
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


def test_an_unknown_service_is_an_error_with_suggestions() -> None:
    with pytest.raises(
        PolicybookError, match="expected a service prefix, found 'sq'; did you mean sqs"
    ):
        matching_changes(context_of(*HISTORY), ChangeFilter(service="sq"))


def test_changes_of_services_have_the_grants_of_their_evidence(edges: BookContext) -> None:
    """Compared with every grant of every change."""
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
    """Whether the grant is about the service, or with `*` about all services."""
    action = evidence.grant.action
    heads = {p.split(":")[0].lower() if ":" in p else "*" for p in action.patterns}
    return prefix == "*" if action.negated else prefix in heads
