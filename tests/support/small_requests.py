"""Few actions, resources and conditions: every request over them, and statements of any form."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st
from policybook.model.documents import Document

from tests.support.documents import document_of_list as of
from tests.support.oracle import Request, contexts

ACTIONS = ("s:GetA", "s:GetB", "s:PutA", "t:Run")
ACTION_PATTERNS = ("*", "*:*", "s:*", "S:Get*", "s:Get?", "s:geta", "s:GetA", "s:PutA", "t:Run")
RESOURCES = ("*", "x", "xx", "y")
RESOURCE_PATTERNS = ("*", "x", "x*", "?", "y")
VALUES = ("a", "b", "z")
CONDITIONS: tuple[Mapping[str, Mapping[str, Any]], ...] = (
    {},
    {"StringEquals": {"k": "a"}},
    {"StringEquals": {"K": ["b", "a"]}},
    {"StringLike": {"k": "*"}},
    {"StringNotEquals": {"k": "a"}},
    {"StringEqualsIfExists": {"k": "a"}},
    {"ForAllValues:StringEquals": {"k": "a"}},
    {"ForAnyValue:StringEquals": {"k": "a"}},
    {"Null": {"k": "true"}},
    {"StringEquals": {"k": "a", "m": "a"}},
    {"StringEquals": {"m": "a"}},
)
REQUESTS = tuple(
    Request(action, resource, context)
    for action, resource, context in product(
        ACTIONS, RESOURCES, tuple(contexts({"k": VALUES, "m": ("a", "b")}))
    )
)


def one_or_several(patterns: tuple[str, ...]) -> st.SearchStrategy[str | list[str]]:
    """One pattern as text, or a list of some."""
    one = st.sampled_from(patterns)
    return st.one_of(one, st.lists(one, min_size=1, max_size=2))


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of any form over the few actions, resources and conditions above."""
    found: dict[str, Any] = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "NotAction"))): draw(
            one_or_several(ACTION_PATTERNS)
        ),
        draw(st.sampled_from(("Resource", "Resource", "NotResource"))): draw(
            one_or_several(RESOURCE_PATTERNS)
        ),
    }
    condition = draw(st.sampled_from(CONDITIONS))
    return {**found, "Condition": condition} if condition else found


bodies = st.lists(statements(), max_size=3)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Document, Document]:
    """Two documents, often with common statements, and often differing in one element of one."""
    old = draw(bodies)
    new = [dict(statement) for statement in old]
    match draw(st.sampled_from(("other", "more", "less", "part", "part", "part"))):
        case "more":
            new.append(draw(statements()))
        case "less" if new:
            new.pop()
        case "part" if new:
            changed = draw(statements())
            key = draw(st.sampled_from(sorted(changed)))
            place = draw(st.integers(0, len(new) - 1))
            rivals = {"Action", "NotAction"}, {"Resource", "NotResource"}
            gone = next((rival for rival in rivals if key in rival), set())
            kept = {k: v for k, v in new[place].items() if k not in gone}
            new[place] = {**kept, key: changed[key]}
        case _:
            new = draw(bodies)
    return of(old), of(new)
