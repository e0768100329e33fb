"""Values beside types: every error at once, and none where the value is valid."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.data.validation import FILE_TYPES, typed
from policybook.errors import Finding, KeyPath
from policybook.model.book import BookFile, Group, Guide
from policybook.model.documents import DocumentFile
from policybook.model.policies import PolicyFacts
from policybook.model.roles import RolesFile

from tests.support.properties import examples

SOURCE = {"title": "T", "url": "https://example.org/", "as_of": "2021-08"}
LINK = {"title": "T", "url": "https://example.org/x"}
STATEMENT = {
    "Sid": "One",
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "*",
    "Condition": {"Bool": {"k": True}, "StringLike": {"k": ["a", False]}, "Null": {"k": "true"}},
    "Principal": {"AWS": ["*", None]},
}
VALID: dict[str, Any] = {
    "catalogue": {
        "day": "2020-02-29",
        "source": "S 0.1",
        "services": {
            "s3": {
                "name": "S",
                "actions": {"Read": [{"names": ["Get", "Head"], "types": ["object"]}]},
                "types": {"object": ["arn:${Partition}:s3:::${Name}"]},
            },
            "x-1": {"name": "X"},
        },
    },
    "policy": {
        "name": "P",
        "arn": "arn:aws:iam::aws:policy/service-role/P",
        "type": "service-role",
        "created": "2020-02-29",
        "attachable": True,
        "deprecated": {"date": None, "successors": ["Q"]},
        "permissions": {"s3": "Reads.", "access-analyzer": "Writes."},
        "claims": [{"text": "Says.", "statements": [STATEMENT]}],
        "links": [{"title": "T", "url": "https://example.org/x"}],
        "versions": [
            {"id": "v2", "published": "2021-01-01", "change": None},
            {"published": "2020-01-01", "document": "guide-2020", "source": SOURCE},
        ],
    },
    "document": {
        "Version": "2012-10-17",
        "Id": None,
        "Statement": [STATEMENT, {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["a"]}],
    },
    "successors": {
        "policies": [
            {"name": "P", "state": "deprecated", "successors": ["Q"], "source": LINK},
            {"name": "R", "state": "on-the-way-out", "date": "2021-01-01", "source": LINK},
        ],
    },
    "boundaries": {"policies": [{"name": "P", "source": LINK}]},
    "operations": {
        "groups": [
            {"operations": ["s3:HeadObject"], "actions": ["s3:GetObject"], "source": LINK},
            {
                "operations": ["x:Do"],
                "sometimes": [{"action": "x:Read", "when": "it reads"}],
                "source": LINK,
            },
        ],
    },
    "group": {
        "title": "T",
        "introduction": ["One.", "Two."],
        "policies": ["P"],
        "tracking": {"since": "2021-01-01", "text": "T"},
    },
    "guide": {
        "title": "T",
        "summary": "S",
        "sections": [
            {
                "title": "T",
                "text": ["P."],
                "snippet": {
                    "caption": "C",
                    "statements": [STATEMENT],
                    "invalid": [{"part": "p", "why": "w"}],
                },
            }
        ],
    },
    "account": {"users": "3", "policies": {"P": {"version": "v3", "same_as": "v1"}}},
    "role": {"name": "group/G", "policies": ["P"], "trust": {"Statement": []}},
    "roles": {
        "roles": [
            {"name": "R", "summary": "S", "policies": ["P"], "passes": ["R"]},
            {
                "name": "Q",
                "policies": ["P", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"],
                "boundary": "arn:aws:iam::111122223333:policy/Edge",
            },
        ]
    },
    "sources": {
        "sources": {
            "git": {
                "title": "T",
                "url": "https://example.org/x",
                "revision": "1",
                "digest": "d",
                "first": "2020-01-01",
                "last": "2020-01-02",
            }
        }
    },
    "rules": {
        "rules": [
            {
                "id": "r-1",
                "title": "T",
                "kind": "pass-role",
                "reason": "R.",
                "link": {"title": "T", "url": "https://example.org/x"},
                "steps": [
                    {"does": "d", "actions": ["iam:Pass*"], "context": {"iam:k": ["a", "b"]}},
                    {
                        "does": "d",
                        "level": "Read",
                        "but": ["Get*"],
                        "open": True,
                        "limited_by": ["aws:Org/x"],
                    },
                ],
            }
        ]
    },
    "book": {"title": "T", "introduction": [], "sources": [SOURCE]},
}


def places(value: object, at: KeyPath = ()) -> Iterator[KeyPath]:
    """The key path of the value and of each value in it."""
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from places(inner, (*at, place))


def changed(value: Any, at: KeyPath, new: object) -> Any:
    """The value with `new` at the key path."""
    if not at:
        return new
    found = copy.copy(value)
    found[at[0]] = changed(found[at[0]], at[1:], new)
    return found


def converts(value: object, of: type) -> bool:
    """Whether the library takes the value for the type."""
    try:
        msgspec.convert(value, of, strict=True)
    except msgspec.ValidationError:
        return False
    return True


def named(found: tuple[Finding, ...]) -> list[tuple[KeyPath, str]]:
    """The errors by path and kind."""
    return [(error.path, error.kind) for error in found]


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_a_valid_value_of_each_file_type_has_no_errors(kind: str) -> None:
    """It becomes the type; absent keys have their defaults."""
    found, errors = typed(VALID[kind], FILE_TYPES[kind])
    assert isinstance(found, FILE_TYPES[kind])
    assert errors == ()


ODD: tuple[object, ...] = (
    None,
    True,
    "",
    "x",
    "v0",
    "2020-02-30",
    "2021-08",
    "https://",
    "Allow",
    "x" * 20_001,
    [],
    [None],
    ["x", ["y"]],
    {},
    {"x": "y"},
    {"x": {"y": None}},
    STATEMENT,
)


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_a_value_has_errors_just_where_it_does_not_convert(kind: str) -> None:
    """Each part of a valid value replaced by each odd one: the error is at that part or in it."""
    of = FILE_TYPES[kind]
    for at in places(VALID[kind]):
        for odd in ODD:
            value = changed(VALID[kind], at, odd)
            found, errors = typed(value, of)
            assert (found is not None) == (not errors) == converts(value, of), (at, odd)
            for error in errors:
                assert error.path[: len(at)] == at, (at, odd, error)
                assert error.kind != "wrong-type" or error.expected != "a valid value"


@examples(2)
@given(data=st.data(), kind=st.sampled_from(sorted(FILE_TYPES)))
def test_several_odd_parts_give_all_their_errors_at_once(data: st.DataObject, kind: str) -> None:
    """The errors of a value with several odd parts are those of the parts taken one at a time."""
    valid, of = VALID[kind], FILE_TYPES[kind]
    chosen: list[KeyPath] = []
    for at in data.draw(st.lists(st.sampled_from(list(places(valid))[1:]), max_size=5)):
        if not any(at[: len(c)] == c or c[: len(at)] == at for c in chosen):
            chosen.append(at)
    value = valid
    single: list[Finding] = []
    for at in chosen:
        odd = data.draw(st.sampled_from(ODD))
        value = changed(value, at, odd)
        single += typed(changed(valid, at, odd), of)[1]
    assert sorted(map(repr, typed(value, of)[1])) == sorted(map(repr, single))


@pytest.mark.parametrize(
    ("of", "value", "errors"),
    [
        (PolicyFacts, None, [((), "wrong-type")]),
        (PolicyFacts, [], [((), "wrong-type")]),
        (
            PolicyFacts,
            {},
            [((), "missing-key"), ((), "missing-key"), ((), "missing-key")],
        ),
        (
            PolicyFacts,
            {
                "name": "a b",
                "arn": "arn:aws:s3:::x",
                "type": "managed",
                "created": "2020-13-01",
                "attachable": "true",
                "colour": "red",
                "permissions": {"S3": "", "sqs": None},
                "versions": [
                    {"id": "3"},
                    {"published": "today", "source": {**SOURCE, "as_of": "2021"}},
                    {"document": "A B", "ids": "v1"},
                    "v1",
                ],
                "links": [{"title": "T", "url": "http://x"}],
            },
            [
                (("name",), "bad-name"),
                (("arn",), "bad-arn"),
                (("type",), "wrong-value"),
                (("created",), "bad-date"),
                (("attachable",), "wrong-type"),
                (("colour",), "unknown-key"),
                (("permissions", "S3"), "bad-prefix"),
                (("permissions", "S3"), "wrong-type"),
                (("permissions", "sqs"), "wrong-type"),
                (("versions", 0, "id"), "bad-version"),
                (("versions", 1, "published"), "bad-date"),
                (("versions", 1, "source", "as_of"), "bad-date"),
                (("versions", 2, "document"), "bad-name"),
                (("versions", 2, "ids"), "unknown-key"),
                (("versions", 3), "wrong-type"),
                (("links", 0, "url"), "bad-link"),
            ],
        ),
        (
            DocumentFile,
            {
                "Version": "2020-01-01",
                "Statement": [
                    {"Action": "s3:*", "Resource": [None]},
                    {"Effect": "allow", "Action": {"s3": "*"}, "action": "x"},
                    {"Effect": "Deny", "Condition": {"Bool": True, "Null": {"k": None}}},
                ],
            },
            [
                (("Version",), "wrong-value"),
                (("Statement", 0, "Resource", 0), "wrong-type"),
                (("Statement", 0), "no-effect"),
                (("Statement", 1, "Effect"), "wrong-value"),
                (("Statement", 1, "Action"), "wrong-type"),
                (("Statement", 1, "action"), "unknown-key"),
                (("Statement", 2, "Condition", "Bool"), "wrong-type"),
                (("Statement", 2, "Condition", "Null", "k"), "wrong-type"),
            ],
        ),
        (DocumentFile, {"Statement": {"Action": "*"}}, [(("Statement",), "no-effect")]),
        (Group, {"title": "", "introduction": "One.", "policies": [""]}, None),
        (Guide, {"title": "T", "summary": "S", "sections": [{}]}, None),
        (RolesFile, {"roles": [{"summary": "S"}]}, [(("roles", 0), "missing-key")]),
        (BookFile, {"title": "T", "introduction": [], "sources": [SOURCE, {}]}, None),
    ],
)
def test_the_errors_of_a_value_are_named_with_path_and_kind(
    of: type, value: object, errors: list[tuple[KeyPath, str]] | None
) -> None:
    """Each once; the loader puts them in the order of the file."""
    found, listed = typed(value, of)
    assert found is None
    if errors is not None:
        assert sorted(named(listed), key=str) == sorted(errors, key=str)
    assert all(error.expected and error.found for error in listed)


def test_an_error_says_in_words_what_was_expected_and_found() -> None:
    """A form's own words, the values to choose from, or the type."""
    value = {"name": "a b", "arn": 1, "type": "x", "attachable": [], "summary": "", "x": 1}
    told = {(error.expected, error.found) for error in typed(value, PolicyFacts)[1]}
    assert ("a policy name of letters, digits and _+=,.@-", "'a b'") in told
    assert (
        "one of aws-managed, customer-managed, inline, job-function, permissions-boundary, "
        "resource-control-policy, service-control-policy, service-linked-role, service-role, "
        "unknown",
        "'x'",
    ) in told
    assert ("true or false", "a list") in told
    assert ("a string of 1 to 20000 characters", "''") in told
    assert any(expected.startswith("one of name, arn, type") for expected, _ in told)


def test_a_long_value_is_shown_cut() -> None:
    """So that an error stays one line."""
    (error,) = typed({**VALID["policy"], "name": "x" * 10_000}, PolicyFacts)[1]
    assert len(error.found) < 100
    assert "\n" not in error.found


@pytest.mark.parametrize("value", [["P"], {"P": "Q"}, True])
def test_a_value_that_is_no_text_has_the_wrong_type_whatever_texts_are_allowed(
    value: object,
) -> None:
    """Not a bad name, which is the error of a text."""
    kinds = [
        [error.kind for error in typed({**VALID["policy"], "name": name}, PolicyFacts)[1]]
        for name in (value, "/")
    ]
    assert kinds == [["wrong-type"], ["bad-name"]]
