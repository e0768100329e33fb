"""The forms in which the `aws` command prints what IAM says of an account and of policies.

Each entry of a list is read on its own, so that a broken one spoils no other. What has no place in
the data is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar
from urllib.parse import unquote

import msgspec
from msgspec import Raw, Struct, field

MOST_BYTES = 256_000_000  # of a file

T = TypeVar("T")


class NotPrinted(Exception):
    """A file or an entry of it is not what the command prints; the message says why."""


class Inline(Struct, rename="pascal"):
    """A policy inside a role, a group or a user."""

    policy_name: str
    policy_document: Raw


class AttachedPolicy(Struct, rename="pascal"):
    """A managed policy that something has."""

    policy_arn: str


class Boundary(Struct, rename="pascal"):
    """What limits a role or user."""

    permissions_boundary_arn: str


class PrintedPrincipal(Struct, rename="pascal"):
    """A role, a group or a user."""

    arn: str
    attached_managed_policies: list[AttachedPolicy] = field(default_factory=list)
    role_policy_list: list[Inline] = field(default_factory=list)
    group_policy_list: list[Inline] = field(default_factory=list)
    user_policy_list: list[Inline] = field(default_factory=list)
    permissions_boundary: Boundary | None = None
    assume_role_policy_document: Raw | msgspec.UnsetType = msgspec.UNSET

    @property
    def inline(self) -> list[Inline]:
        """Its inline policies."""
        return [*self.role_policy_list, *self.group_policy_list, *self.user_policy_list]


class ManagedVersion(Struct, rename="pascal"):
    """A version of a managed policy."""

    version_id: str
    document: Raw
    is_default_version: bool = False
    create_date: datetime | None = None


class Tag(Struct, rename="pascal"):
    """A tag of a policy."""

    key: str
    value: str


class Managed(Struct, rename="pascal"):
    """A managed policy, with its versions if what was printed has them."""

    arn: str
    create_date: datetime | None = None
    is_attachable: bool | None = None
    description: str | None = None
    attachment_count: int = 0
    permissions_boundary_usage_count: int = 0
    policy_version_list: list[ManagedVersion] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


class Details(Struct, rename="pascal"):
    """One page of `get-account-authorization-details`."""

    user_detail_list: list[Raw] = field(default_factory=list)
    group_detail_list: list[Raw] = field(default_factory=list)
    role_detail_list: list[Raw] = field(default_factory=list)
    policies: list[Raw] = field(default_factory=list)
    is_truncated: bool = False

    def principals(self) -> Iterator[Raw]:
        """The roles, groups and users."""
        yield from (*self.role_detail_list, *self.group_detail_list, *self.user_detail_list)


class OneVersion(Struct, rename="pascal"):
    """What `get-policy-version` prints: no policy's name is in it."""

    policy_version: ManagedVersion


class OnePolicy(Struct, rename="pascal"):
    """What `get-policy` prints."""

    policy: Managed


_LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def printed(content: bytes) -> Details | OneVersion | OnePolicy:
    """What is in a file.

    Raises:
        NotPrinted: It is nothing that these commands print.
    """
    if len(content) > MOST_BYTES:
        raise NotPrinted(f"expected at most {MOST_BYTES:,} bytes, found more")
    keys = decoded(content, dict[str, Raw])
    if any(key in keys for key in _LISTS):
        return decoded(content, Details)
    if "PolicyVersion" in keys:
        return decoded(content, OneVersion)
    if "Policy" in keys:
        return decoded(content, OnePolicy)
    raise NotPrinted(
        "expected what get-account-authorization-details, get-policy-version or get-policy prints, "
        "found other JSON"
    )


def decoded(content: bytes | Raw, of: type[T]) -> T:
    """The JSON as the type; raises NotPrinted if it is another."""
    try:
        return msgspec.json.decode(content, type=of)
    except msgspec.ValidationError as error:
        raise NotPrinted(f"expected other JSON ({error})") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotPrinted(
            f"expected JSON, found none ({error}); print it with --output json"
        ) from error


def document_text(raw: Raw) -> bytes:
    """A document as JSON; IAM itself answers with a text of it in which characters are escaped."""
    text = bytes(raw)
    if not text.startswith(b'"'):
        return text
    found = decoded(text, str)
    return (unquote(found) if found.startswith("%7B") else found).encode()
