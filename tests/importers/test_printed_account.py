"""Accounts as the `aws` command printed them: what is read of one and of several, and what not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from policybook.commands.main import commands
from policybook.data.loader import load

from tests.support.books import BOOK, write
from tests.support.git_archives import document
from tests.support.iam_details import TRUST, details, fill
from tests.support.iam_server import ACCOUNT, KEYS, IamServer
from tests.support.sites import contents

ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"


@pytest.fixture(scope="module")
def server() -> Iterator[IamServer]:
    """Moto's server, with an account of 300 policies."""
    with IamServer().running() as running:
        running.reset()
        fill(running.client, policies=300, roles=60)
        yield running


@pytest.fixture(scope="module")
def printed_by_aws(server: IamServer) -> dict[str, Any]:
    """What the command prints of it."""
    return details(server.client)


@pytest.fixture
def data(data: Path) -> Path:
    """A data folder without policies."""
    return write(data, {"book.yml": BOOK})


def run(data: Path, *arguments: object) -> Result:
    """`policybook import account` in this process."""
    result = CliRunner().invoke(
        commands, ["import", "account", "--data", str(data), *map(str, arguments)]
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def lines(data: Path, *arguments: object, status: int = 0) -> list[str]:
    """What an import says; it has to end with that status."""
    result = run(data, *arguments)
    assert result.exit_code == status, result.output
    return result.stdout.splitlines()


def version(number: int, action: str, *, default: bool = True) -> dict[str, Any]:
    """A version of a managed policy."""
    return {
        "VersionId": f"v{number}",
        "IsDefaultVersion": default,
        "CreateDate": f"2024-01-{number:02}T12:00:00+00:00",
        "Document": document(action),
    }


def managed(
    name: str, *versions: dict[str, Any], account: str = ONE, **more: Any
) -> dict[str, Any]:
    """A managed policy."""
    arn = f"arn:aws:iam::{account}:policy/{name}"
    return {
        "PolicyName": name.rpartition("/")[2],
        "Arn": arn,
        "PolicyVersionList": list(versions),
        **more,
    }


def role(name: str, *arns: str, account: str = ONE, **more: Any) -> dict[str, Any]:
    """A role with these policies."""
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "AssumeRolePolicyDocument": TRUST,
        "AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": arn} for arn in arns],
        **more,
    }


def page(folder: Path, name: str, **lists: Any) -> Path:
    """A file with what the command prints."""
    path = folder.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"IsTruncated": False, **lists}))
    return path


# --- one account ----------------------------------------------------------------------------------


def test_an_account_of_300_policies_is_a_clean_book(
    data: Path, printed_by_aws: dict[str, Any]
) -> None:
    """Policies, roles with trust, boundary and inline policies, and groups; users are counted."""
    found = lines(data, page(data, "details.json", **printed_by_aws))
    assert found == [
        f"{ACCOUNT}: counted and not named: 1 user with 1 inline policy; --users imports them",
        f"{ACCOUNT}: 60 roles and 1 group",
        f"{data}: 382 new versions of 322 policies, 322 of them new; 0 of 382 states skipped",
    ]
    book = load(data)
    assert len(book.policies) == 322
    assert book.policies["Limit"].type == "permissions-boundary"
    assert book.policies["P001"].facts.arn == f"arn:aws:iam::{ACCOUNT}:policy/team/P001"
    assert book.policies["P005"].current
    assert book.policies["P005"].current.key == "v2"
    own = book.policies["Own~role.R003"]
    assert (own.type, own.facts.arn) == ("inline", None)
    assert own.current
    assert own.current.document
    found_role = book.roles["R003"]
    assert found_role.policies == ("P003", "Own~role.R003")
    assert found_role.boundary == "Limit"
    assert found_role.trust == TRUST
    assert found_role.accounts == (ACCOUNT,)
    assert book.roles["group/Staff"].policies == ("P000", "Own~group.Staff")
    assert book.accounts[ACCOUNT].facts.users == "1"
    assert not any(b"alice" in content for content in contents(data).values())
    checked = CliRunner().invoke(commands, ["check", "--data", str(data)])
    assert checked.output.endswith("0 errors, 0 warnings\n")


@pytest.mark.parametrize(
    ("only", "count"), [("P02*", 10), pytest.param("P*", 300, marks=pytest.mark.exhaustive)]
)
def test_the_files_say_what_iam_says_when_it_is_asked(
    only: str,
    count: int,
    data: Path,
    server: IamServer,
    printed_by_aws: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same bytes of each managed policy. Moto's list does not say what limits a role."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    other = write(data.parent / "asked", {"book.yml": BOOK})
    lines(data, page(data, "details.json", **printed_by_aws), "--only", only)
    lines(other, "--endpoint-url", server.url, "--only", only)
    assert len(list((other / "policies").glob("P*"))) == count
    assert contents(data / "policies") == contents(other / "policies")
    before = contents(data)
    lines(data, "--endpoint-url", server.url, "--only", only)
    assert contents(data) == before


def test_importing_again_changes_no_byte_in_any_order_of_pages(
    data: Path, printed_by_aws: dict[str, Any]
) -> None:
    """Also if the account was printed in several pages."""
    whole = page(data, "whole.json", **printed_by_aws)
    keys = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    pages = [
        page(data, f"pages/{place}.json", **{key: printed_by_aws[key]}, IsTruncated=place < 3)
        for place, key in enumerate(keys)
    ]
    lines(data, whole)
    before = contents(data)
    lines(data, whole)
    assert contents(data) == before
    for order in (pages, pages[::-1]):
        other = write(data.parent / f"other-{order[0].stem}", {"book.yml": BOOK})
        lines(other, *order)
        assert contents(other) == before
    lines(data, data.parent / "pages")
    assert contents(data) == before


def test_users_are_imported_if_that_is_asked_for(
    data: Path, printed_by_aws: dict[str, Any]
) -> None:
    """With their inline policies."""
    lines(data, page(data, "details.json", **printed_by_aws), "--users")
    book = load(data)
    assert book.roles["user/alice"].policies == ("Own~user.alice",)
    assert "Own~user.alice" in book.policies


def test_an_output_that_is_cut_is_said_to_be(data: Path) -> None:
    """Its roles are added to those that the data has, since the others may be on another page."""
    lines(data, page(data, "a.json", RoleDetailList=[role("A")]))
    found = lines(
        data,
        page(
            data,
            "b.json",
            RoleDetailList=[role("B")],
            IsTruncated=True,
            Policies=[managed("P", version(1, "s3:GetObject"))],
        ),
    )
    assert found[0] == f"{ONE}: the output is cut; its last page is not among the files"
    assert sorted(load(data).roles) == ["A", "B"]


def test_what_an_account_no_longer_has_is_said(data: Path) -> None:
    """Its roles go with the next import, but pages of policies stay until somebody removes them."""
    both = [managed(name, version(1, "s3:GetObject")) for name in ("P", "Q")]
    lines(data, page(data, "a.json", RoleDetailList=[role("A"), role("B")], Policies=both))
    found = lines(data, page(data, "a.json", RoleDetailList=[role("B")], Policies=both[:1]))
    assert found[0] == f"{ONE}: no longer has Q, whose pages stay"
    book = load(data)
    assert sorted(book.roles) == ["B"]
    assert sorted(book.policies) == ["P", "Q"]
    assert list(book.accounts[ONE].facts.policies) == ["P"]


def test_an_inline_policy_that_changes_gets_a_version_and_can_go_back(data: Path) -> None:
    """It is named by a digest of its document, since IAM has no number for it."""
    keys = []
    for action in ("s3:GetObject", "s3:PutObject", "s3:GetObject"):
        own: Any = {"RolePolicyList": [{"PolicyName": "In", "PolicyDocument": document(action)}]}
        lines(data, page(data, "a.json", RoleDetailList=[role("R", **own)]))
        policy = load(data).policies["In~role.R"]
        assert policy.current
        keys.append(policy.current.key)
    assert keys[0] == keys[2] != keys[1]
    assert [v.key for v in load(data).policies["In~role.R"].versions] == [keys[1], keys[0]]


def test_a_document_may_be_an_escaped_text(data: Path) -> None:
    """As IAM itself answers, and as some programs print it."""
    text = (
        "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22"
    )
    text += "%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"
    lines(
        data, page(data, "a.json", Policies=[managed("P", {**version(1, "x:Y"), "Document": text})])
    )
    found = load(data).policies["P"].current
    assert found
    assert found.document
    assert found.document.statements[0].actions.patterns == ("s3:GetObject",)


# --- several accounts -----------------------------------------------------------------------------


def test_a_policy_of_20_accounts_is_one_policy_that_says_where(data: Path) -> None:
    """And where it is older, and where it is another one."""
    accounts = [f"{number:012}" for number in range(1, 21)]
    for account in accounts:
        versions = [version(1, "s3:GetObject", default=False), version(2, "s3:PutObject")]
        if account == accounts[5]:
            versions = [version(1, "s3:GetObject")]
        if account in accounts[7:9]:
            versions = [version(4, "s3:DeleteObject")]
        listed = managed("team/P", *versions, account=account)
        page(data, f"all/{account}.json", Policies=[listed])
    found = lines(data, data.parent / "all")
    assert found[-1].endswith("2 new versions of 1 policy, 1 of them new; 0 of 37 states skipped")
    assert sum("1 older version of P left out" in line for line in found) == 16
    book = load(data)
    assert list(book.policies) == ["P"]
    assert book.policies["P"].facts.arn == f"arn:aws:iam::{accounts[0]}:policy/team/P"
    entries = {id_: one.facts.policies["P"] for id_, one in book.accounts.items()}
    assert entries[accounts[0]].same_as is None
    assert book.accounts[accounts[0]].is_source_of("P")
    assert entries[accounts[1]].same_as == "v2"
    assert entries[accounts[5]].same_as == "v1"
    assert (entries[accounts[7]].version, entries[accounts[7]].same_as) == ("v4", None)
    assert {id_ for id_, one in book.accounts.items() if one.documents} == set(accounts[7:9])
    before = contents(data)
    lines(data, data.parent / "all")
    assert contents(data) == before


def test_the_account_that_was_first_stays_the_one_whose_versions_count(data: Path) -> None:
    """Its next version moves the policy on; the others are compared with it whenever imported."""
    one = page(data, "1.json", Policies=[managed("P", version(1, "s3:GetObject"), account=TWO)])
    lines(data, one)
    other = managed("P", version(5, "s3:PutObject"), account=ONE)
    lines(data, page(data, "2.json", Policies=[other]))
    book = load(data)
    assert [v.key for v in book.policies["P"].versions] == ["v1"]
    assert book.accounts[ONE].documents
    newer = managed(
        "P", version(1, "s3:GetObject", default=False), version(2, "s3:PutObject"), account=TWO
    )
    lines(data, page(data, "1.json", Policies=[newer]))
    lines(data, page(data, "2.json", Policies=[other]))
    book = load(data)
    assert [v.key for v in book.policies["P"].versions] == ["v2", "v1"]
    assert book.accounts[ONE].facts.policies["P"].same_as == "v2"
    assert not book.accounts[ONE].documents


def test_a_policy_of_accounts_with_a_name_of_awss_is_one_beside_it(data: Path) -> None:
    """AWS's has the plain name."""
    of_aws = managed("P", version(1, "s3:*"), account="aws")
    listed = [managed("P", version(1, "s3:GetObject"), account=id_) for id_ in (ONE, TWO)]
    lines(data, page(data, "a.json", Policies=[of_aws, *listed]))
    book = load(data)
    assert sorted(book.policies) == ["P", f"P~{ONE}"]
    assert book.policies["P"].is_of_aws
    assert [list(one.facts.policies) for one in book.accounts.values()] == [[f"P~{ONE}"]] * 2


def test_roles_that_are_the_same_in_accounts_are_one_and_others_are_apart(data: Path) -> None:
    """Policies of accounts are named as the book names them, those of AWS by their ARN."""
    read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    policies = [managed("P", version(1, "s3:GetObject"), account=id_) for id_ in (ONE, TWO, THREE)]
    roles = [
        role("R", f"arn:aws:iam::{ONE}:policy/P", account=ONE),
        role("R", f"arn:aws:iam::{TWO}:policy/P", account=TWO),
        role("R", f"arn:aws:iam::{THREE}:policy/P", read_only, account=THREE),
    ]
    lines(data, page(data, "a.json", Policies=policies, RoleDetailList=roles))
    book = load(data)
    assert list(book.roles) == ["R", f"R~{THREE}"]
    assert book.roles["R"].accounts == (ONE, TWO)
    assert book.roles["R"].policies == ("P",)
    assert book.roles[f"R~{THREE}"].policies == ("P", read_only)


def test_what_people_write_of_a_role_comes_before_what_was_imported(data: Path) -> None:
    """Key by key; an import changes nothing in `roles.yml`."""
    own = "roles:\n  - name: R\n    summary: It deploys.\n    passes: [R]\n"
    write(data, {"roles.yml": own})
    policy = managed("P", version(1, "s3:GetObject"))
    lines(data, page(data, "a.json", Policies=[policy], RoleDetailList=[role("R", policy["Arn"])]))
    found = load(data).roles["R"]
    assert (found.summary, found.passes, found.policies) == ("It deploys.", ("R",), ("P",))
    assert (data / "roles.yml").read_text() == own


# --- single policies ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["P.json", "P-v3.json", "P/v3.json", "P/get-policy-version.json", "P/version.json"]
)
def test_what_get_policy_version_prints_is_of_the_policy_that_the_file_names(
    data: Path, name: str
) -> None:
    """The name of the file, or else that of its folder."""
    path = page(data, f"files/{name}", PolicyVersion=version(3, "s3:GetObject"))
    lines(data, path)
    policy = load(data).policies["P"]
    assert [v.key for v in policy.versions] == ["v3"]
    assert (policy.facts.arn, policy.facts.type) == (None, "unknown")


def test_get_policy_says_whose_policy_it_is(data: Path) -> None:
    """With its ARN, description and tags, wherever the file is."""
    facts = managed("team/P", Description="Reads.", Tags=[{"Key": "a", "Value": "b"}])
    page(data, "files/facts.json", Policy=facts)
    page(data, "files/P.json", PolicyVersion=version(3, "s3:GetObject"))
    lines(data, data.parent / "files")
    book = load(data)
    assert book.policies["P"].facts.arn == f"arn:aws:iam::{ONE}:policy/team/P"
    assert book.policies["P"].tags == {"a": "b"}
    assert list(book.accounts[ONE].facts.policies) == ["P"]


def test_facts_without_a_document_are_named(data: Path) -> None:
    """And so is a version that is not the default one, if that is missing."""
    found = lines(
        data,
        page(data, "a.json", Policy=managed("P")),
        page(data, "Q.json", PolicyVersion=version(2, "s3:*", default=False)),
        status=1,
    )
    assert found[0] == "Q: its default version cannot be read"
    assert found[1].startswith("P: what get-policy prints has no document")
    assert set(contents(data)) == {"book.yml"}


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "expected JSON, found none"),
        ("", "expected JSON, found none"),
        ('{"a":' * 100_000, "expected JSON, found none"),
        ("{}", "found other JSON"),
        ('{"Policies": {}}', "expected other JSON"),
        ('{"PolicyVersion": []}', "expected other JSON"),
    ],
)
def test_a_file_that_was_not_printed_is_refused_by_name(
    data: Path, content: str, said: str
) -> None:
    """In one line, and nothing is written."""
    path = data.parent / "a.json"
    path.write_text(content)
    result = run(data, path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert set(contents(data)) == {"book.yml"}


def test_files_and_what_to_ask_iam_with_exclude_each_other(data: Path) -> None:
    """Nothing is guessed."""
    assert run(data, page(data, "a.json", Policies=[]), "--profile", "x").exit_code == 2
    missing = run(data, "missing.json")
    assert (missing.exit_code, missing.stderr) == (
        2,
        "missing.json: expected a file or a folder, found neither\n",
    )


@pytest.mark.parametrize(
    "entry",
    [
        {"Policies": [7]},
        {"Policies": [managed("a b", version(1, "s3:*"))]},
        {"Policies": [{**managed("P", version(1, "s3:*")), "Arn": "arn:aws:iam::1:policy/P"}]},
        {"Policies": [managed("P", {**version(1, "s3:*"), "VersionId": "../v1"})]},
        {"Policies": [managed("P", {**version(1, "s3:*"), "Document": {"Statement": 7}})]},
        {"Policies": [managed("P", version(1, "s3:*"), version(1, "s3:Get*"))]},
        {"RoleDetailList": [{"Arn": f"arn:aws:iam::{ONE}:role/a b"}]},
        {"RoleDetailList": [role("R", "arn:aws:iam::aws:policy/../x y")]},
        {"RoleDetailList": [role("R", AssumeRolePolicyDocument="no JSON")]},
        {"RoleDetailList": [role("R", AssumeRolePolicyDocument={"a": "\u202e"})]},
        {
            "RoleDetailList": [
                role(
                    "R", RolePolicyList=[{"PolicyName": "../x", "PolicyDocument": document("a:B")}]
                )
            ]
        },
    ],
)
def test_a_broken_entry_is_named_and_spoils_no_other(data: Path, entry: dict[str, Any]) -> None:
    """The exit status is 1, nothing is written outside, and the book can be read."""
    good = managed("Good", version(1, "s3:GetObject"))
    lists = {**entry, "Policies": [*entry.get("Policies", []), good]}
    found = lines(data, page(data, "a.json", **lists), status=1)
    assert len(found) >= 2
    assert "Good" in load(data).policies
    assert {path.name for path in data.parent.iterdir()} == {"archive", "data", "a.json"} - (
        set() if (data.parent / "archive").exists() else {"archive"}
    )


def test_a_trust_policy_that_is_too_deep_leaves_the_role_out(data: Path) -> None:
    """The loader would refuse the book otherwise."""
    deep: Any = "x"
    for _ in range(60):
        deep = {"a": deep}
    good = role("Good")
    bad = role("Bad", AssumeRolePolicyDocument=deep)
    found = lines(
        data,
        page(
            data, "a.json", RoleDetailList=[good, bad], Policies=[managed("P", version(1, "s3:*"))]
        ),
    )
    assert any(line.startswith(f"{ONE}: Bad is left out: expected at most") for line in found)
    assert list(load(data).roles) == ["Good"]


def test_an_import_that_fails_leaves_the_accounts_as_they_were(data: Path) -> None:
    """As a whole or not at all."""
    lines(data, page(data, "a.json", Policies=[managed("P", version(1, "s3:GetObject"))]))
    (data / "policies/P/policy.yml").write_text("name: Q\n")
    before = contents(data)
    policy = managed("P", version(2, "s3:GetObject"), account=TWO)
    assert run(data, page(data, "b.json", Policies=[policy])).exit_code == 1
    assert contents(data) == before
