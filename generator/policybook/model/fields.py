"""Texts of data files that must have a form: the form, and how an error names it.

`x-kind` and `x-expected` are annotations of the type's JSON Schema: the kind of the error, and what
it says was expected. `data/validation` reads them, and removes them from the published schemas.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=20_000)]


def _form(
    kind: str, expected: str, pattern: str | None = None, max_length: int | None = None
) -> Meta:
    """The form of a text, and what an error about another one says."""
    schema = {"x-kind": kind, "x-expected": expected}
    return Meta(pattern=pattern, max_length=max_length, extra_json_schema=schema)


PolicyName = Annotated[
    str,
    _form(
        "bad-name",
        "a policy name of letters, digits and _+=,.@-",
        r"^[A-Za-z0-9_+=,.@-]{1,128}(~[A-Za-z0-9_+=,.@-]{1,128})?(?!\n)$",
    ),
]
_IAM = r"arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([!-~]+/)*[A-Za-z0-9_+=,.@-]+"
_ORGANIZATIONS = (
    r"arn:aws[a-z-]*:organizations::(aws|[0-9]{12}):policy/(o-[a-z0-9]{10,32}/)?"
    r"(service|resource)_control_policy/p-[A-Za-z0-9_]{8,128}"
)
Arn = Annotated[
    str,
    _form(
        "bad-arn",
        "the ARN of a managed policy, such as arn:aws:iam::aws:policy/Name",
        rf"^({_IAM}|{_ORGANIZATIONS})(?!\n)$",
    ),
]
AccountId = Annotated[
    str, _form("bad-name", "the 12 digits of an AWS account", r"^[0-9]{12}(?!\n)$")
]
Count = Annotated[str, _form("wrong-type", "a number", r"^[0-9]{1,9}(?!\n)$")]
PolicyReference = Annotated[
    str,
    _form(
        "bad-name",
        "the name of a policy of the book, or the ARN of one outside it such as "
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        rf"^({_IAM}|[A-Za-z0-9_+=,.@-]{{1,128}}(~[A-Za-z0-9_+=,.@-]{{1,128}})?)(?!\n)$",
    ),
]
VersionId = Annotated[
    str,
    _form(
        "bad-version",
        "a version id such as v3 or v3~2, or 12 hex digits",
        r"^(v[1-9][0-9]{0,5}(~([2-9]|[1-9][0-9]))?|[0-9a-f]{12})(?!\n)$",
    ),
]
Day = Annotated[date, _form("bad-date", "a date of the form YYYY-MM-DD")]
AsOf = Annotated[
    str,
    _form(
        "bad-date",
        "a month or a day, YYYY-MM or YYYY-MM-DD",
        r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?(?!\n)$",
    ),
]
Prefix = Annotated[
    str, _form("bad-prefix", "a service prefix in lower case", r"^[a-z0-9-]{1,64}(?!\n)$")
]
Slug = Annotated[
    str, _form("bad-name", "lower-case words joined by hyphens", r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$")
]
Url = Annotated[
    str, _form("bad-link", "a URL that begins with https://", r"^https://[!-~]+(?!\n)$", 2_000)
]
Contact = Annotated[
    str,
    _form(
        "bad-link",
        "a URL that begins with https://, or an address as mailto:name@example.org",
        r"^(https://|mailto:[!-?A-~]+@)[!-~]+(?!\n)$",
        2_000,
    ),
]
TagKey = Annotated[str, Meta(min_length=1, max_length=128)]
TagValue = Annotated[str, Meta(max_length=256)]
Tags = Annotated[dict[TagKey, TagValue], _form("wrong-type", "at most 50 tags", max_length=50)]
MOST_NOTES = _form("wrong-type", "at most 500 service prefixes", max_length=500)
MOST_UPDATES = _form("wrong-type", "at most 2000 updates", max_length=2_000)


def partition_of(arn: str | None) -> str | None:
    """The partition of AWS in an ARN, such as `aws` or `aws-cn`; None if the ARN is unknown."""
    return arn.split(":")[1] if arn else None


PolicyType = Literal[
    "aws-managed",
    "job-function",
    "service-role",
    "service-linked-role",
    "customer-managed",
    "inline",
    "permissions-boundary",
    "service-control-policy",
    "resource-control-policy",
    "unknown",
]
Effect = Literal["Allow", "Deny"]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a data file holds: frozen, and an unknown key is an error."""
