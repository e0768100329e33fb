"""Checks that depend on the kind of a policy, and of the policies that roles name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import write
from tests.support.cli import run

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
SCP = "arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-12345678"
RCP = SCP.replace("service", "resource")
AWS_SCP = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
IAM = "arn:aws:iam::111122223333:policy/P"


def policy(type_: str, arn: str, *statements: Mapping[str, Any], name: str = "P") -> dict[str, str]:
    """The files of a policy."""
    return {
        f"policies/{name}/policy.yml": f"name: {name}\narn: {arn}\ntype: {type_}\n"
        "versions: [{id: v1, published: 2020-01-01}]\n",
        f"policies/{name}/v1.json": json.dumps(
            {"Version": "2012-10-17", "Statement": list(statements)}
        ),
    }


def findings(folder: Path, files: Mapping[str, str]) -> list[str]:
    """What `check` prints about a data folder, without the paths, and without the last line."""
    data = write(folder / "data", {"book.yml": "title: T\nintroduction: []\n", **files})
    found = run("check", "--data", data).output.splitlines()
    return [line.partition("data/")[2] for line in found if "data/" in line]


@pytest.mark.parametrize(
    ("type_", "arn", "statement", "kind", "part"),
    [
        ("service-control-policy", SCP, {**DENY, "Principal": "*"}, "principal", "no principal in"),
        ("resource-control-policy", RCP, DENY, "principal", "the Principal '*'"),
        (
            "resource-control-policy",
            RCP,
            {**DENY, "Principal": {"AWS": "*"}},
            "principal",
            "found 'another Principal'",
        ),
        (
            "resource-control-policy",
            RCP,
            {**ALLOW, "Principal": "*"},
            "allows",
            "expected the Effect Deny in a resource control policy",
        ),
        (
            "resource-control-policy",
            RCP,
            {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*", "Principal": "*"},
            "unsupported-element",
            "expected no NotAction in a resource control policy",
        ),
        (
            "permissions-boundary",
            IAM,
            {**ALLOW, "Principal": "*"},
            "principal",
            "which IAM refuses",
        ),
    ],
)
def test_elements_that_a_kind_lacks_are_errors(
    type_: str, arn: str, statement: Mapping[str, Any], kind: str, part: str, tmp_path: Path
) -> None:
    """By the user guides of IAM and AWS Organizations."""
    (found,) = findings(tmp_path, policy(type_, arn, statement))
    assert f"[{kind}]" in found
    assert part in found


@pytest.mark.parametrize(
    ("type_", "arn", "statement"),
    [
        ("service-control-policy", SCP, {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        ("service-control-policy", SCP, {**ALLOW, "Resource": "arn:aws:s3:::b/*"}),
        ("service-control-policy", AWS_SCP, {**ALLOW, "Action": "*"}),
        ("resource-control-policy", RCP, {**DENY, "Principal": "*", "NotResource": "*"}),
        ("permissions-boundary", IAM, ALLOW),
        ("permissions-boundary", "arn:aws:iam::aws:policy/P", ALLOW),
    ],
)
def test_what_a_kind_may_have_is_no_finding(
    type_: str, arn: str, statement: Mapping[str, Any], tmp_path: Path
) -> None:
    """Also elements that only this kind has."""
    statement = dict(statement)
    if "NotResource" in statement:
        del statement["Resource"]
    assert findings(tmp_path, policy(type_, arn, statement)) == []


@pytest.mark.parametrize(
    ("type_", "arn", "expected"),
    [
        ("service-control-policy", IAM, "an ARN of AWS Organizations with service_control_policy"),
        ("service-control-policy", RCP, "an ARN of AWS Organizations with service_control_policy"),
        ("customer-managed", SCP, "an ARN of IAM"),
        ("permissions-boundary", SCP, "an ARN of IAM"),
        ("customer-managed", "arn:aws:iam::aws:policy/P", "an account id"),
        ("aws-managed", IAM, "the account aws"),
    ],
)
def test_an_arn_suits_the_type(type_: str, arn: str, expected: str, tmp_path: Path) -> None:
    """Its service and its account."""
    found = findings(tmp_path, policy(type_, arn, ALLOW))
    assert [line for line in found if "[bad-arn]" in line and f"expected {expected}" in line]


def test_a_long_control_policy_is_a_warning(tmp_path: Path) -> None:
    """An organization may have a higher quota than the one that the guide has."""
    resources = [f"arn:aws:s3:::{'b' * 50}{number}/*" for number in range(80)]
    files = policy("service-control-policy", SCP, {**DENY, "Resource": resources})
    data = write(tmp_path / "data", {"book.yml": "title: T\nintroduction: []\n", **files})
    found = run("check", "--data", data)
    assert "expected at most 5,120 characters without white space" in found.output
    assert "0 errors, 1 warning" in found.output


# --- roles ----------------------------------------------------------------------------------------

POLICIES = {
    **policy("customer-managed", IAM.replace("/P", "/Reader"), ALLOW, name="Reader"),
    **policy("permissions-boundary", IAM.replace("/P", "/Edge"), ALLOW, name="Edge"),
    **policy("service-control-policy", SCP, ALLOW, name="Guard"),
}


def of_role(folder: Path, **role: object) -> list[str]:
    """The findings about a role in a book with three policies."""
    files = {**POLICIES, "roles.yml": json.dumps({"roles": [{"name": "R", **role}]})}
    return findings(folder, files)


@pytest.mark.parametrize(
    "reference",
    [
        "Reader",
        "arn:aws:iam::111122223333:policy/Reader",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
        "arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
    ],
)
def test_a_role_may_name_policies_of_the_book_and_of_aws(reference: str, tmp_path: Path) -> None:
    """AWS's policies by their ARN need not be in the book, as policies and as boundaries."""
    assert of_role(tmp_path / "a", policies=[reference]) == []
    assert of_role(tmp_path / "b", boundary=reference) == []


@pytest.mark.parametrize(
    ("reference", "finding"),
    [
        (
            "Raeder",
            "expected a policy of the book, or the ARN of one outside it, found 'Raeder'; "
            "did you mean Reader or Edge? [unknown-reference]",
        ),
        (
            "ReadOnlyAccess",
            "expected a policy of the book, or the ARN of one outside it, found 'ReadOnlyAccess'",
        ),
        (
            "arn:aws:iam::111122223333:policy/Raeder",
            "; did you mean Reader or Edge? [outside-policy]",
        ),
        (
            "arn:aws:iam::111122223333:policy/team/Reader",
            "expected the ARN of the policy of that name, arn:aws:iam::111122223333:policy/Reader",
        ),
        ("arn:aws:iam::aws:policy/", "[bad-name]"),
        ("arn:aws:s3:::bucket", "[bad-name]"),
        ("two words", "[bad-name]"),
    ],
)
def test_a_mistyped_policy_of_a_role_is_found(reference: str, finding: str, tmp_path: Path) -> None:
    """With the names that are like it, for a policy and for a boundary."""
    for key, value in (("policies", [reference]), ("boundary", reference)):
        found = of_role(tmp_path / key, **{key: value})
        assert [line for line in found if finding in line], found
        assert found[0].startswith("roles.yml:1: roles[0]." + key)


def test_a_policy_suits_its_place_in_a_role(tmp_path: Path) -> None:
    """AWS attaches no control policy to a role; the book counts no boundary as granted."""
    (attached,) = of_role(tmp_path / "a", policies=["Guard"])
    assert "expected a policy that grants, found 'Guard' of the type service-control" in attached
    (edge,) = of_role(tmp_path / "b", policies=["Edge"])
    assert "expected a policy that grants, found 'Edge' of the type permissions-boundary" in edge
    (limit,) = of_role(tmp_path / "c", boundary="Guard")
    assert "expected a managed policy of IAM, found 'Guard' of the type service-control" in limit
    assert of_role(tmp_path / "d", boundary="Edge") == []
    assert of_role(tmp_path / "e", boundary="Reader") == []


def test_a_book_of_all_of_aws_misses_an_unknown_policy_of_aws(tmp_path: Path) -> None:
    """It is a warning, since the list may be older than the role."""
    files = {
        **POLICIES,
        "roles.yml": 'roles: [{name: R, policies: ["arn:aws:iam::aws:policy/ReadOnlyAcess"]}]\n',
        "sources.yml": "sources: {git: {title: T}}\n",
    }
    found = findings(tmp_path, files)
    assert [line for line in found if "expected the ARN of a policy of AWS" in line], found
