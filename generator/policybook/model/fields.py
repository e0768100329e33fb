"""Texts of data files that must have a form: the form, and how an error names it.

`x-kind` and `x-expected` are annotations of the type's JSON Schema: the kind of the error, and what
it says was expected. `data/validation` reads them, and removes them from the published schemas.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
PolicyName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_+=,.@-]{1,128}(?!\n)$",
        extra_json_schema={
            "x-kind": "bad-name",
            "x-expected": "a policy name of letters, digits and _+=,.@-",
        },
    ),
]
Arn = Annotated[
    str,
    Meta(
        pattern=r"^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([!-~]+/)*[A-Za-z0-9_+=,.@-]+(?!\n)$",
        extra_json_schema={
            "x-kind": "bad-arn",
            "x-expected": "the ARN of a managed policy, such as arn:aws:iam::aws:policy/Name",
        },
    ),
]
VersionId = Annotated[
    str,
    Meta(
        pattern=r"^v[1-9][0-9]{0,5}(?!\n)$",
        extra_json_schema={"x-kind": "bad-version", "x-expected": "a version id such as v3"},
    ),
]
Day = Annotated[
    date,
    Meta(extra_json_schema={"x-kind": "bad-date", "x-expected": "a date of the form YYYY-MM-DD"}),
]
AsOf = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?(?!\n)$",
        extra_json_schema={
            "x-kind": "bad-date",
            "x-expected": "a month or a day, YYYY-MM or YYYY-MM-DD",
        },
    ),
]
Prefix = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]{1,64}(?!\n)$",
        extra_json_schema={"x-kind": "bad-prefix", "x-expected": "a service prefix in lower case"},
    ),
]
Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$",
        extra_json_schema={
            "x-kind": "bad-name",
            "x-expected": "lower-case words joined by hyphens",
        },
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=r"^https://[!-~]+(?!\n)$",
        max_length=2_000,
        extra_json_schema={
            "x-kind": "bad-link",
            "x-expected": "a URL that begins with https://",
        },
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
    """Base of everything that a data file holds: frozen, and an unknown key is an error."""
