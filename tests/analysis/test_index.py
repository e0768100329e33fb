"""The index: every look-up compared with reading all documents again, one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from policybook.analysis.index import Index, Use, folded, index, slices, term_order
from policybook.data.loader import load
from policybook.iam.grants import EVERYTHING, single_terms
from policybook.model.book import Book
from policybook.model.documents import Term

from tests.support.books import DATA, SAMPLES, facts, write
from tests.support.oracle import document

BOOKS = {"sagemaker": DATA, "edges": SAMPLES / "edges"}


@cache
def indexed(name: str) -> tuple[Book, Index]:
    """A book and its index."""
    book = load(BOOKS[name])
    return book, index(book)


# --- Against reading again ------------------------------------------------------------------------


class Row(NamedTuple):
    """One action on one resource of a statement, as in its document."""

    policy: str
    statement: int
    effect: str
    action: str
    resource: str
    clauses: tuple[tuple[str, str, tuple[str, ...]], ...]


def listed(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A condition's value as text."""
    return str(value).lower() if isinstance(value, bool) else value


def rows(book: Book) -> Iterator[Row]:
    """Every row of the current documents, directly from the content of their files."""
    for name, policy in book.policies.items():
        source = (
            policy.current.document.source if policy.current and policy.current.document else {}
        )
        for number, s in enumerate(listed(source.get("Statement", [])), 1):
            clauses = tuple(
                (operator, key, tuple(map(text, listed(values))))
                for operator, keys in s.get("Condition", {}).items()
                for key, values in keys.items()
            )
            actions = [a.strip() for a in listed(s.get("Action", []))]
            if "NotAction" in s:
                actions = ["but " + " ".join(listed(s["NotAction"]))]
            resources = listed(s.get("Resource", []))
            if "NotResource" in s:
                resources = ["but " + " ".join(listed(s["NotResource"]))]
            for action in actions:
                for resource in resources:
                    yield Row(name, number, s["Effect"], action, resource, clauses)


def spelled(term: Term) -> list[str]:
    """A term in the notation of the rows."""
    return ["but " + " ".join(term.patterns)] if term.negated else list(term.patterns)


def unfolded(use: Use) -> set[Row]:
    """The rows of a part of a statement."""
    clauses = tuple((c.operator, c.key, c.values) for c in use.condition)
    return {
        Row(use.policy, use.statement, use.effect, action, resource, clauses)
        for action in spelled(use.actions)
        for resource in spelled(use.resources)
    }


def prefix(action: str) -> str:
    """The service that the action is listed under."""
    everything = action.startswith("but ") or ":" not in action
    return "*" if everything else action.split(":", maxsplit=1)[0].lower()


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_each_look_up_leads_to_just_what_the_documents_say(name: str) -> None:
    """By policy, by service and by resource."""
    book, found = indexed(name)
    by: dict[str, dict[str, set[Row]]] = {
        key: defaultdict(set) for key in ("policy", "service", "resource")
    }
    for row in rows(book):
        by["policy"][row.policy].add(row)
        by["service"][prefix(row.action)].add(row)
        by["resource"][row.resource].add(row)
    for key, table in (("policy", found.uses), ("service", found.services)):
        assert {k: {r for use in uses for r in unfolded(use)} for k, uses in table.items()} == by[
            key
        ]
    assert by["resource"] == {
        spelled(term)[0]: {
            row for use in uses for row in unfolded(use) if row.resource == spelled(term)[0]
        }
        for term, uses in found.resources.items()
    }


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_conditions_are_looked_up_by_their_folded_keys(name: str) -> None:
    """Each clause of each statement occurs once, with the services of the statement."""
    book, found = indexed(name)
    expected = {
        (folded(key), row.policy, row.statement, operator, key, values)
        for row in rows(book)
        for operator, key, values in row.clauses
    }
    uses = [(key, use) for key, several in found.conditions.items() for use in several]
    assert expected == {
        (key, u.policy, u.statement, u.clause.operator, u.clause.key, u.clause.values)
        for key, u in uses
    }
    assert len(uses) == len(expected)
    services = defaultdict(set)
    for row in rows(book):
        services[row.policy, row.statement].add(prefix(row.action))
    assert all(set(u.prefixes) == services[u.policy, u.statement] for _, u in uses)


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_mappings_are_in_the_order_of_their_keys(name: str) -> None:
    """`*` before all other services and resources; then NotResource; then by text."""
    _, found = indexed(name)
    for keys in (found.uses, found.services, found.conditions, found.groups_of, found.roles_of):
        assert list(keys) == sorted(keys)
    assert list(found.resources) == sorted(found.resources, key=term_order)
    first, *rest = found.resources
    assert first == Term(("*",))
    assert [t.negated for t in rest] == sorted((t.negated for t in rest), reverse=True)


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_every_version_has_a_transition_and_what_is_dated_an_event(name: str) -> None:
    """Rollbacks, deprecations and the start of each group's tracking are events too."""
    book, found = indexed(name)
    for policy in book.policies.values():
        transitions = found.transitions[policy.name]
        assert tuple(t.version for t in transitions) == policy.versions
    expected = [
        (version.day, policy.name, version.key)
        for policy in book.policies.values()
        for version in policy.versions
        if version.day
    ]
    expected += [
        (back.observed, policy.name, f"{back.to}-again-{back.observed}")
        for policy in book.policies.values()
        for back in policy.facts.rollbacks
    ]
    expected += [
        (gone.date, "", policy.name)
        for policy in book.policies.values()
        if (gone := policy.deprecation).date
    ]
    expected += [(g.tracking.since, "", s) for s, g in book.groups.items() if g.tracking]
    events = [
        (e.day, e.transition.policy, e.transition.key)
        if e.transition
        else (e.day, "", e.group or e.deprecated or "")
        for e in found.events
    ]
    assert sorted(events) == sorted(expected)
    assert [day for day, *_ in events] == sorted((day for day, *_ in events), reverse=True)


# --- In particular --------------------------------------------------------------------------------


def test_events_of_one_day_are_by_name_and_then_newest_first() -> None:
    """Events of groups come after those of policies."""
    _, found = indexed("edges")
    assert [
        (
            e.day,
            f"{e.transition.policy} {e.transition.key}"
            if e.transition
            else e.deprecated or e.group,
        )
        for e in found.events
    ] == [
        (date(2020, 6, 1), "Dated"),
        (date(2020, 5, 5), "Odd v5"),
        (date(2020, 4, 3), "Rolled v4-again-2020-04-03"),
        (date(2020, 4, 2), "Rolled v8"),
        (date(2020, 4, 1), "Dated v1"),
        (date(2020, 4, 1), "Rolled v6"),
        (date(2020, 4, 1), "Rolled v4"),
        (date(2020, 3, 31), "Rolled v3"),
        (date(2020, 3, 1), "Forms v2"),
        (date(2020, 2, 1), "Forms v1"),
        (date(2020, 1, 1), "Everything 2020-01-01"),
        (date(2020, 1, 1), "edges"),
    ]


def test_only_the_current_version_is_looked_up() -> None:
    """The current version is the default, even if a newer one has a document."""
    _, found = indexed("edges")
    (use,) = found.uses["Rolled"]
    assert use.actions == Term(("sqs:ListQueues",))
    assert "Gone" not in found.uses
    assert "Dated" not in found.uses


def test_what_names_every_service_is_listed_apart() -> None:
    """`*` and NotAction, in Allow and in Deny."""
    _, found = indexed("edges")
    assert [(use.policy, use.effect, use.actions) for use in found.services[EVERYTHING]] == [
        ("Everything", "Allow", Term(("*",))),
        ("Everything", "Allow", Term(("iam:*",), negated=True)),
        ("Forms", "Deny", Term(("s3:*", "iam:*"), negated=True)),
    ]


def test_a_statement_is_cut_into_a_slice_for_each_service() -> None:
    """Prefixes in order and in lower case; patterns keep their spelling."""
    found = document(
        {
            "Statement": [
                {"Effect": "Allow", "Action": ["SQS:B", "s3:A", "*", "sqs:C"], "Resource": "x"},
                {"Effect": "Deny", "Sid": "No", "NotAction": ["s3:A", "sqs:B"], "Resource": "x"},
            ]
        }
    )
    assert [(u.prefix, u.actions.patterns, u.statement, u.sid) for u in slices("P", found)] == [
        ("*", ("*",), 1, None),
        ("s3", ("s3:A",), 1, None),
        ("sqs", ("SQS:B", "sqs:C"), 1, None),
        ("*", ("s3:A", "sqs:B"), 2, "No"),
    ]


def test_a_negated_term_stays_whole() -> None:
    """The patterns of other statements are indexed one by one."""
    but = Term(("a", "b"), negated=True)
    assert single_terms(but) == (but,)
    assert single_terms(Term(("a", "b"))) == (Term(("a",)), Term(("b",)))


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("aws:SourceArn", "aws:sourcearn"),
        ("AWS:sourceARN", "aws:sourcearn"),
        ("aws:RequestTag/Owner", "aws:requesttag/<key>"),
        ("aws:requestTag/${aws:PrincipalTag/Team}", "aws:requesttag/<key>"),
        ("aws:ResourceTag/a:b/c", "aws:resourcetag/<key>"),
        ("aws:PrincipalTag/", "aws:principaltag/<key>"),
        ("ec2:ResourceTag/Owner", "ec2:resourcetag/<key>"),
        ("s3:ExistingObjectTag/<key>", "s3:existingobjecttag/<key>"),
        ("s3:RequestObjectTag/x", "s3:requestobjecttag/<key>"),
        ("rds:cluster-tag/Owner", "rds:cluster-tag/<key>"),
        ("dms:req-tag/x", "dms:req-tag/<key>"),
        ("aws:TagKeys", "aws:tagkeys"),
        ("aws:ResourceTag", "aws:resourcetag"),
        ("ec2:Attribute/Name", "ec2:attribute/name"),
        ("kms:EncryptionContext:aws:s3:arn", "kms:encryptioncontext:aws:s3:arn"),
        ("securityhub:ASFFSyntaxPath/Note.Tag/x", "securityhub:asffsyntaxpath/note.tag/x"),
        ("", ""),
    ],
)
def test_a_key_is_folded_to_lower_case_and_a_tag_s_own_key_away(key: str, found: str) -> None:
    """Every key whose name before the slash ends in `tag`."""
    assert folded(key) == found
    assert folded(found) == found


def test_groups_and_roles_of_a_policy() -> None:
    """Groups that name it; a policy may be in several, also as not recommended."""
    _, found = indexed("edges")
    edges = ("edges",)
    assert found.groups_of == {"Everything": edges, "Forms": edges, "Rolled": edges}
    assert found.roles_of == {"Forms": ("Giver",)}


def test_an_empty_book_has_an_empty_index(tmp_path: Path) -> None:
    """So is one whose only policy has no version."""
    found = index(load(write(tmp_path, {"policies/P/policy.yml": facts("P")})))
    assert (found.uses, found.services, found.resources, found.conditions) == ({}, {}, {}, {})
    assert (found.transitions, found.events) == ({"P": ()}, ())


def test_every_resource_comes_before_everything_but_and_both_before_patterns() -> None:
    """Also if everything is excluded; patterns are ordered by their text."""
    terms = [
        Term(("*",)),
        Term(("*",), negated=True),
        Term(("z", "a"), negated=True),
        Term(("B",)),
        Term(("a",)),
    ]
    mixed = [terms[place] for place in (3, 1, 4, 0, 2)]
    assert sorted(mixed, key=term_order) == terms
