"""An account of IAM with policies, roles, groups and users, made by IAM's own calls to moto."""

from __future__ import annotations

import json
from typing import Any

from tests.support.git_archives import document

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"Bool": {"aws:SecureTransport": True}},
        }
    ],
}


def text_of(action: str) -> str:
    """A document that allows one action."""
    return json.dumps(document(action))


def fill(client: Any, policies: int, roles: int) -> None:
    """Give an account so many policies and roles, a boundary, a group and a user.

    Every fifth policy has a second version, and every third role an inline policy. Every second
    role has the boundary.
    """
    boundary = client.create_policy(PolicyName="Limit", PolicyDocument=text_of("s3:*"))
    arns = []
    for number in range(policies):
        made = client.create_policy(
            PolicyName=f"P{number:03}",
            Path="/team/" if number % 2 else "/",
            Description="Reads." if number % 3 else "",
            PolicyDocument=text_of(f"s3:Get{'Object' if number % 2 else 'Bucket*'}"),
        )
        arns.append(made["Policy"]["Arn"])
        if number % 5 == 0:
            client.create_policy_version(
                PolicyArn=arns[-1], PolicyDocument=text_of("sqs:SendMessage"), SetAsDefault=True
            )
    limit = {"PermissionsBoundary": boundary["Policy"]["Arn"]}
    for number in range(roles):
        name = f"R{number:03}"
        client.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(TRUST),
            **(limit if number % 2 else {}),
        )
        client.attach_role_policy(RoleName=name, PolicyArn=arns[number])
        if number % 3 == 0:
            client.put_role_policy(
                RoleName=name, PolicyName="Own", PolicyDocument=text_of("ec2:RunInstances")
            )
    client.create_group(GroupName="Staff")
    client.attach_group_policy(GroupName="Staff", PolicyArn=arns[0])
    client.put_group_policy(GroupName="Staff", PolicyName="Own", PolicyDocument=text_of("s3:*"))
    client.create_user(UserName="alice")
    client.put_user_policy(UserName="alice", PolicyName="Own", PolicyDocument=text_of("sns:*"))


def details(client: Any) -> dict[str, Any]:
    """What `get-account-authorization-details` prints of it, as the `aws` command does."""
    found = client.get_account_authorization_details()
    found.pop("ResponseMetadata")
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return plain


def of_account(found: dict[str, Any], account: str, before: str = "123456789012") -> dict[str, Any]:
    """The same of another account."""
    moved: dict[str, Any] = json.loads(json.dumps(found).replace(before, account))
    return moved
