"""The managed policies of an AWS account, from a real server of moto: what is read and what not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from policybook.commands.main import commands
from policybook.data.loader import load
from policybook.importers.accounts import iam_api

from tests.support.books import BOOK, REPOSITORY, write
from tests.support.git_archives import Archive, document, imported, snapshot
from tests.support.iam_server import ACCOUNT, KEYS, IamServer, text_of
from tests.support.sites import contents

OWN = f"arn:aws:iam::{ACCOUNT}:policy"
TWO = {"v1": "2020-01-01", "v2": "2020-01-02"}


@pytest.fixture(scope="module")
def server() -> Iterator[IamServer]:
    """Moto's server, which all tests of this module share."""
    with IamServer().running() as running:
        yield running


@pytest.fixture
def iam(server: IamServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> IamServer:
    """An account without policies, and a user with credentials and no other AWS configuration."""
    server.reset()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def data(data: Path) -> Path:
    """A data folder without policies."""
    return write(data, {"book.yml": BOOK})


def run(iam: IamServer, data: Path, *options: str) -> Result:
    """`policybook import account` in this process."""
    arguments = ["import", "account", "--endpoint-url", iam.url, "--data", str(data), *options]
    result = CliRunner().invoke(commands, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(result: Result) -> str:
    """The one line of an import that could not run."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("read ")]
    assert len(lines) == 1, lines
    return lines[0]


def text(data: Path, name: str = "P") -> str:
    """The policy's `policy.yml`."""
    return (data / f"policies/{name}/policy.yml").read_text("utf-8")


# --- what is read ---------------------------------------------------------------------------------


def test_a_policy_is_written_with_all_that_iam_says_of_it(iam: IamServer, data: Path) -> None:
    """Made by IAM's own calls; the days are those on which the test runs."""
    client = iam.client
    made = client.create_policy(
        PolicyName="P",
        Path="/team/a/",
        Description='Reads "all",\n and more.',
        Tags=[{"Key": "team", "Value": "a b"}, {"Key": "empty", "Value": ""}],
        PolicyDocument=text_of("v1"),
    )
    for id_ in ("v2", "v3"):
        client.create_policy_version(
            PolicyArn=made["Policy"]["Arn"], PolicyDocument=text_of(id_), SetAsDefault=id_ == "v2"
        )
    assert run(iam, data).exit_code == 0
    days = r"published: [0-9-]{10}, sources: \{account: \{published: [0-9-]{10}\}\}"
    assert re.fullmatch(
        "name: P\n"
        rf"arn: {OWN}/team/a/P\n"
        "type: customer-managed\n"
        "created: [0-9-]{10}\n"
        "attachable: true\n"
        "descriptions:\n"
        r"  account: \{text: 'Reads \"all\", and more.', tags: \{empty: '', team: a b\}, "
        r"default: v2, newest: v3\}\n"
        "versions:\n"
        rf"  - \{{id: v3, {days}\}}\n"
        rf"  - \{{id: v2, {days}\}}\n"
        rf"  - \{{id: v1, {days}\}}\n",
        text(data),
    )
    policy = load(data).policies["P"]
    assert policy.current
    assert policy.current.key == "v2"
    assert policy.tags == {"empty": "", "team": "a b"}
    assert policy.path == "/team/a/"


def test_a_policy_of_aws_has_no_trace_of_the_account(iam: IamServer, data: Path) -> None:
    """Each version has its own day of creation."""
    iam.of_aws("P", TWO, path="/service-role/", description="Reads.")
    iam.own("Own", TWO)
    assert run(iam, data, "--scope", "aws").exit_code == 0
    assert text(data) == (
        "name: P\n"
        "arn: arn:aws:iam::aws:policy/service-role/P\n"
        "type: service-role\n"
        "created: 2020-01-01\n"
        "attachable: true\n"
        "descriptions:\n"
        "  account: {text: Reads., default: v2}\n"
        "versions:\n"
        "  - {id: v2, published: 2020-01-02, sources: {account: {published: 2020-01-02}}}\n"
        "  - {id: v1, published: 2020-01-01, sources: {account: {published: 2020-01-01}}}\n"
    )
    assert not any(ACCOUNT.encode() in content for content in contents(data).values())


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["Aws", "One", "Two"]),
        (["--scope", "aws"], ["Aws"]),
        (["--scope", "local"], ["One", "Two"]),
        (["--only", "T*"], ["Two"]),
    ],
)
def test_scope_and_names_can_be_chosen(
    iam: IamServer, data: Path, options: list[str], names: list[str]
) -> None:
    """Nothing else is asked for."""
    iam.of_aws("Aws", TWO)
    iam.own("One", TWO, path="/a/")
    iam.own("Two", TWO, path="/b/c/")
    assert run(iam, data, *options).exit_code == 0
    assert sorted(load(data).policies) == names
    assert sum(asked["Action"] == "GetPolicy" for asked in iam.calls) == len(names)


def test_a_list_of_several_pages_is_read_to_its_end(iam: IamServer, data: Path) -> None:
    """In order of name, whichever answer comes first."""
    for number in range(101):
        iam.own(f"P{number:03}", {"v1": "2020-01-01"})
    result = run(iam, data)
    assert result.stdout == (
        f"{data}: 101 new versions of 101 policies, 101 of them new; 0 of 101 states skipped\n"
    )
    assert "read 101 of 101 policies\n" in result.stderr
    assert sum(asked["Action"] == "ListPolicies" for asked in iam.calls) == 2


def test_the_policy_in_the_docs_allows_what_an_import_calls_and_no_more(
    iam: IamServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moto checks what a user with that policy may do, and one with less."""
    page = (REPOSITORY / "docs/how-to/import-an-account.md").read_text("utf-8")
    found = json.loads(re.findall(r"```json\n(.*?)```", page, re.S)[0])
    iam.own("P", TWO, tags={"a": "b"})
    with iam.allowed(found) as keys:
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        assert run(iam, data).exit_code == 0
        assert {f"iam:{action}" for action in iam.actions} == set(found["Statement"][0]["Action"])
        assert len(found["Statement"]) == 1
    without = {**found, "Statement": [{**found["Statement"][0], "Action": "iam:ListPolicies"}]}
    with iam.allowed(without) as keys:
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        assert "AccessDenied" in run(iam, data).stdout


@pytest.mark.exhaustive
def test_all_policies_that_moto_has_of_aws_are_read(iam: IamServer, data: Path) -> None:
    """More than 1,500, none skipped, and each with the one version that moto has."""
    count = iam.load_all_of_aws()
    result = run(iam, data)
    assert result.exit_code == 0
    assert count > 1_500
    assert result.stdout == (
        f"{data}: {count:,} new versions of {count:,} policies, {count:,} of them new; "
        f"0 of {count:,} states skipped\n"
    )


# --- imports in any order, and again --------------------------------------------------------------


def test_a_repeated_import_changes_no_byte_and_a_later_one_says_what_is_new(
    iam: IamServer, data: Path
) -> None:
    """What IAM said before of description, tags and default gives way."""
    arn = iam.own("P", TWO, description="Old.", tags={"a": "b"})
    run(iam, data)
    before = contents(data)
    assert run(iam, data).stdout.startswith(f"{data}: 0 new versions of 1 policy, 0 of them new")
    assert contents(data) == before
    iam.client.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    iam.client.untag_policy(PolicyArn=arn, TagKeys=["a"])
    assert run(iam, data).exit_code == 0
    assert "\n  account: {text: Old., default: v1, newest: v2}\n" in text(data)
    current = load(data).policies["P"].current
    assert current
    assert current.key == "v1"


def test_a_default_counts_until_a_newer_version_is_known(iam: IamServer, data: Path) -> None:
    """Another source has it, and IAM was asked before."""
    arn = iam.own("P", TWO)
    iam.client.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    run(iam, data)
    assert load(data).policies["P"].default_id == "v1"
    later = text(data).replace("versions:\n", "versions:\n  - {id: v3, published: 2020-02-02}\n")
    write(data, {"policies/P/policy.yml": later, "policies/P/v3.json": text_of("v3")})
    assert load(data).policies["P"].default_id is None


def package(folder: Path) -> Path:
    """The file of the npm package, with four versions of the policy P."""
    days = {"v1": "2020-01-01", "v2": "2020-01-01", "v3": "2020-01-01", "v4": "2020-01-04"}
    versions = {
        id_: {"document": dict(reversed(json.loads(text_of(id_)).items())), "createdDate": day}
        for id_, day in days.items()
    }
    moments = {
        id_: {**found, "createdDate": f"{found['createdDate']}T12:00:00Z"}
        for id_, found in versions.items()
    }
    policy = {
        "arn": "arn:aws:iam::aws:policy/P",
        "latestVersionId": "v4",
        "versions": moments,
        "createdDate": "2020-01-01T12:00:00Z",
        "lastUpdatedDate": "2020-01-04T12:00:00Z",
    }
    file = folder / "package.json"
    file.write_text(json.dumps({"P": policy}), encoding="utf-8")
    return file


def test_account_and_package_give_the_same_in_either_order(
    iam: IamServer, data: Path, tmp_path: Path
) -> None:
    """Each has versions, days and facts that the other has not."""
    kept = {"v3": "2020-01-03", "v4": "2020-01-04", "v5": "2020-01-05"}
    iam.of_aws("P", kept, description="D.", created="2020-01-01")
    file = package(tmp_path)
    other = write(tmp_path / "other", {"book.yml": BOOK})
    import_package = ["import", "package", str(file), "--data"]
    assert run(iam, data).exit_code == 0
    assert CliRunner().invoke(commands, [*import_package, str(data)]).exit_code == 0
    assert CliRunner().invoke(commands, [*import_package, str(other)]).exit_code == 0
    assert run(iam, other).exit_code == 0
    assert contents(data) == contents(other)
    assert [v.key for v in load(data).policies["P"].versions] == ["v5", "v4", "v3", "v2", "v1"]
    assert (
        "  - {id: v3, published: 2020-01-03, "
        "sources: {account: {published: 2020-01-03}, package: {}}}\n"
    ) in text(data)


def test_account_and_archive_give_the_same_in_either_order(
    iam: IamServer, archive: Archive, data: Path, tmp_path: Path
) -> None:
    """Also of a policy that was re-created: IAM knows the last life alone."""
    archive.commit("2020-01-05", {"policies/P": snapshot(4, "s3:Old")})
    second = snapshot(1, "s3:Version1", created="2021-01-01T12:00:00Z")
    archive.commit("2021-01-05", {"policies/P": second})
    arn = "arn:aws:iam::aws:policy/P"
    iam.of_aws("P", {"v1": "2021-01-01", "v2": "2021-01-02"})
    iam.client.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    other = write(tmp_path / "other", {"book.yml": BOOK})
    assert run(iam, data).exit_code == 0
    imported(archive, data)
    imported(archive, other)
    assert run(iam, other).exit_code == 0
    assert "\n  account: {default: v1~2, newest: v2~2}\n" in text(data)
    assert text(data) == text(other)
    assert contents(data) == contents(other)


def test_a_policy_of_the_account_can_have_the_name_of_one_of_aws(
    iam: IamServer, data: Path
) -> None:
    """The plain name is that of AWS, also if it comes later or differs by case."""
    iam.of_aws("P", TWO)
    iam.own("p", TWO)
    iam.own("Q", TWO, path="/q/")
    assert run(iam, data).exit_code == 0
    account = OWN.split(":")[4]
    assert sorted(load(data).policies) == ["P", "Q", f"p~{account}"]
    iam.reset()
    iam.of_aws("Q", TWO)
    assert run(iam, data).exit_code == 0
    assert sorted(load(data).policies) == ["P", "Q", f"Q~{account}.q", f"p~{account}"]


# --- what cannot be read --------------------------------------------------------------------------


def test_calls_that_come_too_fast_are_repeated(iam: IamServer, data: Path) -> None:
    """And a line says how many."""
    iam.own("P", TWO)
    iam.refuse("Throttling", {"Action": "GetPolicy"}, times=1)
    iam.refuse("Throttling", {"Action": "ListPolicies"}, times=1)
    result = run(iam, data)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == (
        "2 calls of IAM had to be repeated, mostly because of its rate limit"
    )
    assert load(data).policies["P"].versions


@pytest.mark.parametrize(
    ("action", "versions", "said"),
    [
        ("GetPolicy", 0, "P: get_policy was refused: AccessDenied (not now)"),
        ("ListPolicyVersions", 0, "P: list_policy_versions was refused: AccessDenied (not now)"),
        ("GetPolicyVersion", 1, "P v1: get_policy_version was refused: AccessDenied (not now)"),
    ],
)
def test_a_call_that_is_denied_for_one_policy_leaves_the_others(
    iam: IamServer, data: Path, action: str, versions: int, said: str
) -> None:
    """Its other versions are imported if the default one can be read."""
    arn = iam.own("P", TWO)
    iam.own("Q", TWO)
    version = {"VersionId": "v1"} if versions else {}
    iam.refuse("AccessDenied", {"Action": action, "PolicyArn": arn, **version})
    result = run(iam, data)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == said
    assert {n: len(p.versions) for n, p in load(data).policies.items() if p.versions} == {
        **({"P": 1} if versions else {}),
        "Q": 2,
    }


def test_what_is_denied_for_every_policy_is_named_for_each_in_order(
    iam: IamServer, data: Path
) -> None:
    """The whole import is read to its end, and nothing is written."""
    for name in ("Cab", "Abc", "Bca"):
        iam.own(name, TWO)
    iam.refuse("AccessDenied", {"Action": "GetPolicy"})
    result = run(iam, data)
    assert result.exit_code == 1
    reason = "get_policy was refused: AccessDenied (not now)"
    assert result.stdout.splitlines()[:3] == [f"{name}: {reason}" for name in ("Abc", "Bca", "Cab")]
    assert load(data).policies == {}


def test_no_other_version_takes_the_place_of_a_default_that_cannot_be_read(
    iam: IamServer, data: Path
) -> None:
    """The policy is not imported."""
    arn = iam.own("P", TWO)
    iam.refuse("NoSuchEntity", {"Action": "GetPolicyVersion", "PolicyArn": arn, "VersionId": "v2"})
    result = run(iam, data)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "P v2: get_policy_version was refused: NoSuchEntity (not now)",
        "P: its default version cannot be read",
    ]
    assert not list((data / "policies").iterdir())


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("no document", "expected"),
        ("[1]", "the document"),
        ("null", "the document"),
        ("", "expected"),
        ('{"Statement": [{"Effect": "Maybe"}]}', "the document has errors"),
        ('{"Statement": ' + "[" * 100 + "]" * 100 + "}", "the document has errors"),
        ('{"Version": 1' + "0" * 100 + "}", "the document has errors"),
        (json.dumps({**document("s3:\u202eGet"), "Id": "x"}), "the document has errors"),
        (json.dumps(document("s3:" + "x" * 3_000_000)), "the document has errors"),
    ],
)
def test_a_document_that_is_none_is_skipped_with_the_reason(
    iam: IamServer, data: Path, found: str, said: str
) -> None:
    """One line each, and the other versions are imported."""
    arn = iam.own("P", TWO)
    iam.document(arn, "v1", found)
    result = run(iam, data)
    assert result.exit_code == 1
    first, *_ = result.stdout.splitlines()
    assert first.startswith("P v1: ")
    assert said in first
    assert len(first) < 500
    assert [v.key for v in load(data).policies["P"].versions] == ["v2"]


def test_an_answer_that_no_program_can_read_is_named(iam: IamServer, data: Path) -> None:
    """Here one that is too deep; the other policies are imported."""
    arn = iam.own("P", TWO)
    iam.own("Q", TWO)
    iam.document(arn, "v1", "[" * 100_000 + "]" * 100_000)
    result = run(iam, data)
    assert result.exit_code == 1
    assert result.stdout.startswith("P: list_policy_versions cannot be read (maximum recursion")
    assert [name for name, policy in load(data).policies.items() if policy.versions] == ["Q"]


def test_names_and_texts_that_the_data_cannot_hold_are_named(iam: IamServer, data: Path) -> None:
    """A text with hidden characters shows them; one that is too long is left out."""
    iam.own("P", TWO, description="a\u202eb", tags={f"k{n}": "v" for n in range(51)})
    iam.own("Q", TWO, description="x" * 30_000, tags={"k\u2028": " \u200bv"})
    iam.own("../R", TWO)
    iam.own("index.html", TWO)
    result = run(iam, data)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.partition(", found")[0] for line in lines[:2]] == [
        "'../R': expected a policy's name and ARN",
        "'index.html': expected a policy's name and ARN",
    ]
    assert lines[2].startswith("P: tags is left out (")
    assert lines[3].startswith("Q: text is left out (")
    found = load(data).policies
    assert found["P"].facts.descriptions["account"].text == "a\\u202eb"
    assert found["Q"].tags == {"k\\u2028": " \\u200bv"}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ("<member><PolicyName>P</PolicyName></member>", "account: expected policies as IAM lists"),
        ("", ""),
    ],
)
def test_a_list_of_another_form_is_named(
    iam: IamServer, data: Path, members: str, said: str
) -> None:
    """Without policies there is nothing to import."""
    inner = f"<ListPoliciesResult><Policies>{members}</Policies></ListPoliciesResult>"
    answer = f"<ListPoliciesResponse>{inner}</ListPoliciesResponse>"
    iam.answer(answer.encode(), {"Action": "ListPolicies"})
    result = run(iam, data)
    if said:
        assert result.exit_code == 1
        assert result.stdout.startswith(said)
    else:
        assert refused(result) == "account: expected policies, found none to import"


# --- imports that cannot run ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "action", "said"),
    [
        (
            "AccessDenied",
            "ListPolicies",
            "account: expected a list of policies, but list_policies was refused: AccessDenied",
        ),
        ("ExpiredToken", "ListPolicies", "account: expected credentials that AWS knows, found Exp"),
        ("ExpiredToken", "GetPolicyVersion", "account: expected credentials that AWS knows, found"),
        ("InvalidClientTokenId", "GetPolicy", "account: expected credentials that AWS knows, foun"),
    ],
)
def test_what_stops_every_call_stops_the_import(
    iam: IamServer, data: Path, code: str, action: str, said: str
) -> None:
    """In one line, and nothing is written."""
    iam.own("P", TWO)
    iam.refuse(code, {"Action": action})
    assert refused(run(iam, data)).startswith(said)
    assert not (data / "policies").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--profile", "nobody"], "The config profile (nobody) could not be found"),
        (["--region", "no region"], "Provided region_name 'no region' doesn't match"),
        (["--endpoint-url", "nowhere"], "Invalid endpoint: nowhere"),
        (["--endpoint-url", "http://127.0.0.1:9"], "Could not connect to the endpoint URL"),
    ],
)
def test_a_wrong_configuration_is_named_in_one_line(
    iam: IamServer, data: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    """The import ends at once, or after a few tries."""
    monkeypatch.setattr(iam_api, "_TRIES", 2)
    line = refused(run(iam, data, *options))
    assert line.startswith("account: expected ")
    assert said in line


def test_an_endpoint_that_is_not_iam_is_named(iam: IamServer, data: Path) -> None:
    """A page of HTML, for example."""
    iam.answer(b"<html><p>Welcome<br></html>", {"Action": "ListPolicies"})
    line = refused(run(iam, data))
    assert line.startswith("account: expected a list of policies, but list_policies cannot be read")


def test_missing_credentials_are_named(
    iam: IamServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's metadata is not asked in this test."""
    for name in KEYS:
        monkeypatch.delenv(name)
    assert "Unable to locate credentials" in refused(run(iam, data))


def test_a_machine_without_boto3_is_told_how_to_install_it(
    iam: IamServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else of the program needs it."""
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    line = refused(run(iam, data))
    assert line == "expected boto3, found none; install it by: pip install 'policybook[aws]'"


def test_only_this_command_imports_boto3() -> None:
    """It takes a third of a second."""
    code = "import sys, policybook.commands.main; print('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
