"""A book folder with a policy of each kind, and roles with and without a boundary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

ACCOUNT = "111122223333"
LIMITING = ("Edge", "AwsEdge", "OrgGuard", "DataPerimeter")
"""The policies of the book that grant nothing: one of each kind, and a boundary of AWS's."""

GRANTING = ("Reader", "Deployer")
AWS_ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def _document(*statements: Mapping[str, object]) -> Mapping[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: object, resource: str = "*", **more: object) -> Mapping[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _deny(action: object, resource: str = "*", **more: object) -> Mapping[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


DOCUMENTS: Mapping[str, tuple[str, str | None, tuple[Mapping[str, object], ...]]] = {
    "Reader": (
        "customer-managed",
        f"arn:aws:iam::{ACCOUNT}:policy/Reader",
        (_document(_allow(["s3:GetObject", "s3:ListBucket"], "*"), _allow("sqs:SendMessage")),),
    ),
    "Deployer": (
        "customer-managed",
        f"arn:aws:iam::{ACCOUNT}:policy/Deployer",
        (
            _document(
                _allow(["s3:PutObject", "lambda:InvokeFunction"], "*"),
                _deny("sqs:SendMessage", Condition={"Bool": {"aws:SecureTransport": "false"}}),
            ),
        ),
    ),
    # It allows iam:PassRole and lambda:CreateFunction, which the risk rule is about.
    "Edge": (
        "permissions-boundary",
        f"arn:aws:iam::{ACCOUNT}:policy/Edge",
        (
            _document(_allow(["s3:*", "sqs:*"])),
            _document(
                _allow(["s3:Get*", "s3:PutObject", "iam:PassRole", "lambda:CreateFunction"]),
                _allow("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:report-*"),
                _allow("dynamodb:Query", Condition={"Bool": {"aws:ViaAWSService": "true"}}),
            ),
        ),
    ),
    "AwsEdge": (
        "aws-managed",
        "arn:aws:iam::aws:policy/AwsEdge",
        (
            _document(
                _allow("*"),
                {
                    "Effect": "Deny",
                    "Action": "s3:DeleteObject",
                    "NotResource": "arn:aws:s3:::own/*",
                },
            ),
        ),
    ),
    "OrgGuard": (
        "service-control-policy",
        f"arn:aws:organizations::{ACCOUNT}:policy/o-exampleorgid/service_control_policy/p-12345678",
        (
            _document(_allow("*")),
            _document(
                _allow("*"),
                _deny(["organizations:LeaveOrganization", "kms:ScheduleKeyDeletion"]),
                _allow("kms:Decrypt", "arn:aws:kms:*:*:key/scp-only"),
            ),
        ),
    ),
    "DataPerimeter": (
        "resource-control-policy",
        f"arn:aws:organizations::{ACCOUNT}:policy/o-exampleorgid/resource_control_policy/p-87654321",
        (
            _document(_deny("s3:*", Principal="*")),
            _document(
                _deny(
                    "s3:*",
                    Principal="*",
                    Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorgid"}},
                )
            ),
        ),
    ),
}

ROLES: tuple[Mapping[str, object], ...] = (
    {
        "name": "Bounded",
        "summary": "Reads and writes reports.",
        "policies": ["Reader", "Deployer"],
        "boundary": "Edge",
        "passes": ["Free"],
    },
    {"name": "Free", "policies": ["Reader", "Deployer"]},
    {"name": "Outside", "policies": ["Reader", AWS_ARN], "boundary": "Edge"},
    {
        "name": "BoundedOutside",
        "policies": ["Reader"],
        "boundary": "arn:aws:iam::aws:policy/PowerUserAccess",
    },
)

RULES = {
    "rules": [
        {
            "id": "pass-and-create",
            "title": "Pass a role to a new function",
            "kind": "privilege-escalation",
            "reason": "The function acts as the role.",
            "link": {"title": "T", "url": "https://example.org/"},
            "steps": [
                {"does": "pass", "actions": ["iam:PassRole"]},
                {"does": "create", "actions": ["lambda:CreateFunction"]},
            ],
        }
    ]
}

BOUNDARIES = {
    "policies": [
        {
            "name": "AwsEdge",
            "source": {
                "title": "AwsEdge, AWS Managed Policy Reference",
                "url": "https://example.org/e",
            },
            "note": "AWS's page says that it is a boundary.",
        }
    ]
}


def kinds_book(folder: Path, *, limiting: bool = True, aws_book: str = "") -> Path:
    """Write the book.

    Args:
        folder: A new folder.
        limiting: Whether it has the policies that grant nothing, and the roles.
        aws_book: The setting of that name.

    Returns:
        The folder, with mkdocs.yml and `data`.
    """
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "docs").mkdir()
    setting = f"      aws_book: {aws_book}\n" if aws_book else ""
    (folder / "mkdocs.yml").write_text(
        "site_name: Kinds\nsite_url: https://example.org/kinds/\n"
        "theme: {name: material, font: false}\n"
        f"plugins:\n  - search\n  - policybook:\n      data_dir: data\n"
        f"      action_pages: ['s3:*', 'kms:*', 'iam:*', 'lambda:*', 'sqs:*']\n{setting}"
    )
    (data / "book.yml").write_text("title: Kinds\nintroduction: []\n")
    _write(data / "rules.yml", RULES)
    for name, (type_, arn, documents) in DOCUMENTS.items():
        if limiting or name in GRANTING:
            _policy(data / "policies" / name, name, type_, arn, documents)
    if limiting:
        _write(data / "boundaries.yml", BOUNDARIES)
        _write(data / "roles.yml", {"roles": list(ROLES)})
    return folder


def _policy(
    folder: Path,
    name: str,
    type_: str,
    arn: str | None,
    documents: tuple[Mapping[str, object], ...],
) -> None:
    folder.mkdir(parents=True)
    versions = [
        {"id": f"v{number}", "published": f"{2019 + number}-03-01"}
        for number in range(len(documents), 0, -1)
    ]
    for number, document in enumerate(documents, 1):
        (folder / f"v{number}.json").write_text(json.dumps(document))
    _write(folder / "policy.yml", {"name": name, "arn": arn, "type": type_, "versions": versions})


def _write(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False))
