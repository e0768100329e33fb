"""Texts with a form, as they stand in files: what each must look like, and how a fault names it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
PolicyName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_+=,.@-]{1,128}(?!\n)$",
        extra={"kind": "bad-name", "expected": "a policy name of letters, digits and _+=,.@-"},
    ),
]
Arn = Annotated[
    str,
    Meta(
        pattern=r"^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([!-~]+/)*[A-Za-z0-9_+=,.@-]+(?!\n)$",
        extra={
            "kind": "bad-arn",
            "expected": "the ARN of a managed policy, such as arn:aws:iam::aws:policy/Name",
        },
    ),
]
VersionId = Annotated[
    str,
    Meta(
        pattern=r"^v[1-9][0-9]{0,5}(?!\n)$",
        extra={"kind": "bad-version", "expected": "a version id such as v3"},
    ),
]
Day = Annotated[date, Meta(extra={"kind": "bad-date", "expected": "a date of the form YYYY-MM-DD"})]
AsOf = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?(?!\n)$",
        extra={"kind": "bad-date", "expected": "a month or a day, YYYY-MM or YYYY-MM-DD"},
    ),
]
Prefix = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]{1,64}(?!\n)$",
        extra={"kind": "bad-prefix", "expected": "a service prefix in lower case"},
    ),
]
Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$",
        extra={"kind": "bad-name", "expected": "lower-case words joined by hyphens"},
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=r"^https://[!-~]+(?!\n)$",
        max_length=2_000,
        extra={"kind": "bad-link", "expected": "an address that begins with https://"},
    ),
]
PolicyType = Literal[
    "aws-managed",
    "job-function",
    "service-role",
    "service-linked-role",
    "customer-managed",
    "unknown",
]
Effect = Literal["Allow", "Deny"]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that stands in a file: frozen, and an unknown key is a fault."""
