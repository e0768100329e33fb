"""What a role can do: its policies together, and what its boundary leaves of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from msgspec import structs
from policybook.analysis.role_access import RoleAccess, role_access
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book, BookFile
from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.model.roles import Role

from tests.support.books import small_catalogue
from tests.support.chance import chance
from tests.support.documents import allow, deny, document_of
from tests.support.oracle import Request, allows

OUTSIDE = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Three services."""
    return small_catalogue()


def policy(name: str, document: Document | None, **more: Any) -> Policy:
    """A policy with one version."""
    facts = {"name": name, "arn": None, "type": "customer-managed", **more}
    versions = (Version("v1", VersionFacts(id="v1"), document),)
    return Policy(PolicyFacts(**facts), versions)


def access(
    catalogue: Catalogue,
    documents: Mapping[str, Document | None],
    boundary: Document | None = None,
    **more: Any,
) -> RoleAccess:
    """What a role with all of these policies can do."""
    book = {name: policy(name, document) for name, document in documents.items()}
    if boundary:
        book["Edge"] = policy("Edge", boundary, type="permissions-boundary")
    role = Role(name="R", policies=tuple(documents), boundary="Edge" if boundary else None)
    role = structs.replace(role, **more)
    return role_access(role, Book(BookFile(title="t", introduction=()), book), catalogue)


# --- by hand --------------------------------------------------------------------------------------


def test_policies_share_their_denies(catalogue: Catalogue) -> None:
    """What one allows, another may deny."""
    found = access(
        catalogue,
        {
            "A": document_of(allow(["s3:GetObject", "s3:PutObject"])),
            "B": document_of(deny("s3:Put*")),
        },
    )
    assert list(found.levels) == ["s3:getobject"]
    assert (found.left, found.exact) == (None, False)


def test_a_deny_of_the_boundary_counts_too(catalogue: Catalogue) -> None:
    """As what it does not allow."""
    edge = document_of(allow("s3:*"), deny("s3:PutObject"))
    found = access(catalogue, {"A": document_of(allow(["s3:GetObject", "s3:PutObject"]))}, edge)
    assert list(found.remaining) == ["s3:getobject"]
    assert found.left
    assert found.left.removed == ("s3:putobject",)
    assert found.exact


def test_a_condition_makes_it_an_upper_bound(catalogue: Catalogue) -> None:
    """Of a policy or of the boundary, and a Deny that may apply."""
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    plain, limited = allow("s3:GetObject"), allow("s3:GetObject", Condition=condition)
    may = deny("s3:GetObject", Condition=condition)
    for own, edge in (((limited,), (plain,)), ((plain,), (limited,)), ((plain, may), (plain,))):
        found = access(catalogue, {"A": document_of(*own)}, document_of(*edge))
        assert (list(found.remaining), found.exact) == (["s3:getobject"], False)


def test_a_policy_outside_the_book_is_unknown(catalogue: Catalogue) -> None:
    """What remains of the others is not exact: its Denies may take more away."""
    own, edge = document_of(allow("s3:GetObject")), document_of(allow("s3:*"))
    found = access(catalogue, {"A": own}, edge, policies=("A", OUTSIDE))
    assert [policy.name for policy in found.unknown] == ["ReadOnlyAccess"]
    assert list(found.remaining) == ["s3:getobject"]
    assert not found.exact


def test_a_policy_without_a_document_is_unknown_too(catalogue: Catalogue) -> None:
    """Although the book has it."""
    found = access(catalogue, {"A": None, "B": document_of(allow("s3:GetObject"))})
    assert [policy.name for policy in found.unknown] == ["A"]
    assert list(found.levels) == ["s3:getobject"]


def test_an_unknown_boundary_leaves_nobody_knows_what(catalogue: Catalogue) -> None:
    """All that the policies allow is the most that can remain."""
    own = document_of(allow("s3:GetObject"))
    outside = role_access(
        Role(name="R", policies=("A",), boundary=OUTSIDE),
        Book(BookFile(title="t", introduction=()), {"A": policy("A", own)}),
        catalogue,
    )
    assert outside.boundary_unknown
    assert list(outside.remaining) == ["s3:getobject"]
    assert not outside.exact


def test_a_boundary_that_is_attached_grants_nothing(catalogue: Catalogue) -> None:
    """The answer says that it is not counted."""
    edge = policy("Edge", document_of(allow("*")), type="permissions-boundary")
    book = Book(BookFile(title="t", introduction=()), {"Edge": edge})
    found = role_access(Role(name="R", policies=("Edge",)), book, catalogue)
    assert (found.levels, [policy.name for policy in found.not_counted]) == ({}, ["Edge"])
    assert found.unknown == ()


def test_an_arn_names_the_policy_of_the_book_that_has_it(catalogue: Catalogue) -> None:
    """Also AWS's own if the book has it without its ARN; no other of that name."""
    document = document_of(allow("s3:GetObject"))
    own = "arn:aws:iam::111122223333:policy/team/P"
    for reference, arn, known in (
        (own, own, True),
        (own, "arn:aws:iam::111122223333:policy/P", False),
        ("arn:aws:iam::aws:policy/P", "arn:aws:iam::111122223333:policy/P", False),
        ("arn:aws:iam::aws:policy/P", "arn:aws:iam::aws:policy/P", True),
    ):
        book = Book(BookFile(title="t", introduction=()), {"P": policy("P", document, arn=arn)})
        found = role_access(Role(name="R", policies=(reference,)), book, catalogue)
        assert bool(found.levels) == known, (reference, arn)


# --- against a slow right version -----------------------------------------------------------------

_ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*Object", "s3:*", "*", "s3:Put*Tagging")
_RESOURCES = ("*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::*/x", "arn:aws:s3:::b/y")
_ASKED = ("arn:aws:s3:::a/x", "arn:aws:s3:::a/z", "arn:aws:s3:::b/x", "arn:aws:s3:::b/y")
_CONDITIONS: tuple[Mapping[str, Any], ...] = (
    {},
    {},
    {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
)
_NAMES = ("s3:getobject", "s3:putobject", "s3:putobjecttagging")


def _statement(random_: random.Random) -> Mapping[str, Any]:
    made = allow if random_.random() < 0.75 else deny
    action: Any = random_.sample(_ACTIONS, random_.randint(1, 2))
    found = made(action, random_.sample(_RESOURCES, random_.randint(1, 2)))
    if random_.random() < 0.15:
        found["NotAction"] = found.pop("Action")
    return {**found, **random_.choice(_CONDITIONS)}


def _document(random_: random.Random, most: int = 3) -> Document:
    return document_of(*(_statement(random_) for _ in range(random_.randint(1, most))))


def _requests(action: str) -> Iterator[Request]:
    for resource, secure, org in product(_ASKED, ("true", "false"), ("o-1", "o-2")):
        context = {"aws:securetransport": (secure,), "aws:principalorgid": (org,)}
        yield Request(action, resource, context)


def _slowly(policies: Sequence[Document], boundary: Document, request: Request) -> bool:
    """As IAM's guide says it: some policy allows it, the boundary does, and none denies it."""
    denied = [
        document for document in (*policies, boundary) if allows(_turned(document, "Deny"), request)
    ]
    allowing = any(allows(_turned(document, "Allow"), request) for document in policies)
    return allowing and allows(_turned(boundary, "Allow"), request) and not denied


def _turned(document: Document, effect: str) -> Document:
    """The statements with an effect, as Allows."""
    kept = (s for s in document.statements if s.effect == effect)
    return Document(tuple(structs.replace(s, effect="Allow") for s in kept), {})


@pytest.mark.parametrize("seed", range(40))
def test_a_role_under_a_boundary_is_as_a_slow_right_version_says(
    seed: int, catalogue: Catalogue
) -> None:
    """What any request gets remains; what is certain, some resource has whatever the context."""
    random_ = chance(f"role {seed}")
    for _ in range(12):
        policies = [_document(random_) for _ in range(random_.randint(1, 3))]
        boundary = _document(random_)
        named = {f"P{number}": document for number, document in enumerate(policies)}
        found = access(catalogue, named, boundary)
        assert found.left
        for action in _NAMES:
            granted = [r for r in _requests(action) if _slowly(policies, boundary, r)]
            if granted:
                assert action in found.left.actions, (seed, action)
            if found.left.actions.get(action) == "yes":
                of = [r.resource for r in granted]
                assert any(of.count(resource) == 4 for resource in of), (seed, action)
            together = [
                r
                for r in _requests(action)
                if any(allows(_turned(d, "Allow"), r) for d in policies)
                and not any(allows(_turned(d, "Deny"), r) for d in policies)
            ]
            if together:
                assert action in found.levels
                assert action in found.left.actions or action in found.left.removed
