"""Git repositories of plain policy documents: each commit that changes one is a version."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from policybook.data.file_reader import document_in
from policybook.data.loader import load
from policybook.model.documents import Document, says_the_same

from tests.support.books import BOOK, write
from tests.support.git_archives import Archive, document, imported, refused, run, snapshot
from tests.support.sites import contents


@pytest.fixture
def data(data: Path) -> Path:
    """A data folder without policies."""
    return write(data, {"book.yml": BOOK})


def plain(action: str) -> str:
    """A document that allows one action, as a file has it."""
    return json.dumps(document(action))


def commit_id(archive: Archive, back: int = 0) -> str:
    """The first 12 hex digits of a commit, counted from the newest one."""
    return archive.git("rev-parse", f"HEAD~{back}")[:12]


def ids(data: Path, name: str) -> list[str]:
    """The ids of a policy's versions, newest first."""
    return [version.key for version in load(data).policies[name].versions]


def actions(data: Path, name: str) -> list[str]:
    """The actions of a policy's versions, newest first."""
    found = (v.document for v in load(data).policies[name].versions)
    return [d.statements[0].actions.patterns[0] for d in found if d]


# --- versions -------------------------------------------------------------------------------------


def test_each_commit_that_changes_a_document_is_a_version(archive: Archive, data: Path) -> None:
    """With the first 12 digits of the commit and its day; who made it is not read."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    archive.commit("2024-01-02", {"README.md": "nothing of a policy"})
    archive.commit("2024-02-03", {"policies/Foo.json": plain("s3:PutObject")})
    assert imported(archive, data) == [
        f"{data}: 2 new versions of 1 policy, 1 of them new; 0 of 2 states skipped"
    ]
    new, old = commit_id(archive), commit_id(archive, 2)
    assert (data / "policies/Foo/policy.yml").read_text("utf-8") == (
        "name: Foo\n"
        "arn: null\n"
        "type: customer-managed\n"
        "versions:\n"
        f"  - {{id: {new}, observed: 2024-02-03, "
        "sources: {git-documents: {observed: 2024-02-03}}}\n"
        f"  - {{id: {old}, observed: 2024-01-01, "
        "sources: {git-documents: {observed: 2024-01-01}}}\n"
    )
    assert actions(data, "Foo") == ["s3:PutObject", "s3:GetObject"]
    author = archive.git("log", "-1", "--format=%an").encode()
    assert not any(author in content for content in contents(data).values())


def test_another_form_of_the_same_document_is_no_version(archive: Archive, data: Path) -> None:
    """White space, the order of keys, and a list of one action."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    other = {"Statement": {"Resource": "*", "Action": "s3:GetObject", "Effect": "Allow"}}
    text = json.dumps({**other, "Version": "2012-10-17"}, indent=4)
    archive.commit("2024-01-02", {"policies/Foo.json": text})
    imported(archive, data)
    assert ids(data, "Foo") == [commit_id(archive, 1)]


def test_an_older_document_that_comes_back_is_a_version_again(archive: Archive, data: Path) -> None:
    """Each commit has its own name, so that nothing is guessed about a return."""
    for day, action in enumerate(("s3:GetObject", "s3:PutObject", "s3:GetObject"), 1):
        archive.commit(f"2024-01-0{day}", {"policies/Foo.json": plain(action)})
    imported(archive, data)
    assert ids(data, "Foo") == [commit_id(archive, back) for back in range(3)]


def test_importing_again_changes_no_byte_and_adds_what_is_new(archive: Archive, data: Path) -> None:
    """New versions are above the older ones, also those of one day."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    imported(archive, data)
    before = contents(data)
    imported(archive, data)
    assert contents(data) == before
    archive.commit("2024-01-01T13:00:00", {"policies/Foo.json": plain("s3:PutObject")})
    archive.commit("2024-01-01T14:00:00", {"policies/Foo.json": plain("s3:List*")})
    imported(archive, data)
    assert actions(data, "Foo") == ["s3:List*", "s3:PutObject", "s3:GetObject"]
    before = contents(data)
    imported(archive, data)
    assert contents(data) == before


def test_a_file_that_moves_is_the_same_policy(archive: Archive, data: Path) -> None:
    """A policy is known by its name; another name is another policy."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    archive.commit(
        "2024-01-02", {"policies/Foo.json": None, "iam/team/Foo.json": plain("s3:GetObject")}
    )
    archive.commit(
        "2024-01-03", {"iam/team/Foo.json": None, "iam/team/Bar.json": plain("s3:GetObject")}
    )
    lines = imported(archive, data)
    assert sorted(load(data).policies) == ["Bar"]
    assert ids(data, "Bar") == [commit_id(archive)]
    gone = f"on 2024-01-03 (commit {commit_id(archive)[:10]}); the policy is left out"
    assert f"Foo: iam/team/Foo.json was removed {gone}" in lines


def test_a_policy_that_is_removed_after_an_import_stays_in_the_data(
    archive: Archive, data: Path
) -> None:
    """An import takes nothing away, and says so."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:*"), "b/Bar.json": plain("s3:*")})
    imported(archive, data)
    archive.commit("2024-01-02", {"policies/Foo.json": None})
    assert any("was removed on 2024-01-02" in line for line in imported(archive, data))
    assert sorted(load(data).policies) == ["Bar", "Foo"]


def test_what_cannot_be_read_is_named_and_the_last_good_state_stays(
    archive: Archive, data: Path
) -> None:
    """Also if it is the last state; a commit after it is a version again."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    archive.commit("2024-01-02", {"policies/Foo.json": "{ broken"})
    archive.commit("2024-01-03", {"policies/Foo.json": ""})
    archive.commit("2024-01-04", {"policies/Foo.json": '{"Statement": [{"Effect": "Allow"}]}'})
    lines = imported(archive, data)
    assert ids(data, "Foo") == [commit_id(archive, 3)]
    assert [line.split(": ", 2)[0] for line in lines[:3]] == [
        f"policies/Foo.json at {commit_id(archive, back)[:10]}" for back in (2, 1, 0)
    ]
    assert "no JSON" in lines[0]
    assert "empty" in lines[1]
    assert "expected Action or NotAction" in lines[2]


def test_a_file_of_which_no_state_can_be_read_ends_with_status_1(
    archive: Archive, data: Path
) -> None:
    """The others are imported."""
    bad = '{"Statement": [{"Effect": "Allow"}]}'
    archive.commit("2024-01-01", {"p/Foo.json": bad, "p/Bar.json": plain("s3:GetObject")})
    lines = imported(archive, data, status=1)
    assert lines[0].endswith("and no other state of it can be read")
    assert sorted(load(data).policies) == ["Bar"]


def test_a_merge_is_the_commit_that_brings_what_was_merged(archive: Archive, data: Path) -> None:
    """What a side branch had in between, the branch never showed."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    main = archive.git("symbolic-ref", "--short", "HEAD")
    archive.git("checkout", "--quiet", "-b", "side")
    archive.commit("2024-01-02", {"policies/Foo.json": plain("s3:Put*")})
    archive.commit("2024-01-03", {"policies/Foo.json": plain("s3:PutObject")})
    archive.git("checkout", "--quiet", main)
    archive.commit("2024-01-04", {"b/Bar.json": plain("sqs:SendMessage")})
    archive.git("merge", "--quiet", "--no-ff", "side", "-m", "x", moment="2024-01-05T12:00:00")
    imported(archive, data)
    assert actions(data, "Foo") == ["s3:PutObject", "s3:GetObject"]
    assert ids(data, "Foo")[0] == commit_id(archive)
    imported(archive, data / "../side", "--branch", "side")
    assert actions(data / "../side", "Foo") == ["s3:PutObject", "s3:Put*", "s3:GetObject"]


# --- names ----------------------------------------------------------------------------------------

ROLE: dict[str, Any] = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "RoleName": "Deploy",
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}],
        },
        "Policies": [{"PolicyName": "Own", "PolicyDocument": document("s3:GetObject")}],
    },
}


def cloudformation(**resources: Any) -> str:
    """A template."""
    return json.dumps({"Resources": resources})


def terraform(type_: str, label: str, **arguments: Any) -> str:
    """A configuration with one resource."""
    return json.dumps({"resource": {type_: {label: arguments}}})


@pytest.mark.parametrize(
    ("path", "content", "name", "type_"),
    [
        ("policies/Foo.json", plain("s3:GetObject"), "Foo", "customer-managed"),
        ("Foo.json", plain("s3:GetObject"), "Foo", "customer-managed"),
        ("team/Foo/policy.json", plain("s3:GetObject"), "Foo", "customer-managed"),
        ("policies/Foo/v1.json", plain("s3:GetObject"), "Foo", "customer-managed"),
        ("Foo/policy-document.json", plain("s3:GetObject"), "Foo", "customer-managed"),
        ("p/Foo.json", json.dumps({"Document": document("s3:Get*")}), "Foo", "customer-managed"),
        (
            "t.template",
            cloudformation(
                A={
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {
                        "ManagedPolicyName": "Foo",
                        "PolicyDocument": document("s3:GetObject"),
                    },
                }
            ),
            "Foo",
            "customer-managed",
        ),
        (
            "t.json",
            cloudformation(
                Logical={
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {
                        "ManagedPolicyName": {"Fn::Sub": "${Env}-foo"},
                        "PolicyDocument": document("s3:GetObject"),
                    },
                }
            ),
            "Logical",
            "customer-managed",
        ),
        ("t.json", cloudformation(A=ROLE), "Own~role.Deploy", "inline"),
        (
            "t.json",
            cloudformation(
                A={
                    "Type": "AWS::IAM::Policy",
                    "Properties": {
                        "PolicyName": "Own",
                        "Groups": ["Staff"],
                        "PolicyDocument": document("s3:GetObject"),
                    },
                }
            ),
            "Own~group.Staff",
            "inline",
        ),
        (
            "t.json",
            cloudformation(
                A={
                    "Type": "AWS::Organizations::Policy",
                    "Properties": {
                        "Name": "Guard",
                        "Type": "SERVICE_CONTROL_POLICY",
                        "Content": document("s3:GetObject"),
                    },
                }
            ),
            "Guard",
            "service-control-policy",
        ),
        (
            "x.tf.json",
            terraform("aws_iam_policy", "label", name="Foo", policy=plain("s3:GetObject")),
            "Foo",
            "customer-managed",
        ),
        (
            "x.tf.json",
            terraform("aws_iam_policy", "label", name="${var.x}-f", policy=plain("s3:GetObject")),
            "label",
            "customer-managed",
        ),
        (
            "x.tf.json",
            terraform("aws_iam_role_policy", "l", name="Own", role="R", policy=plain("s3:Get*")),
            "Own~role.R",
            "inline",
        ),
        (
            "x.tf.json",
            terraform("aws_iam_user_policy", "l", name="Own", user="U", policy=plain("s3:Get*")),
            "Own~user.U",
            "inline",
        ),
    ],
)
def test_a_policy_has_the_name_that_its_file_gives_it(
    archive: Archive, data: Path, path: str, content: str, name: str, type_: str
) -> None:
    """Templates name policies, and so do files; a file's name that names none is not one."""
    archive.commit("2024-01-01", {path: content})
    imported(archive, data)
    found = load(data).policies
    assert list(found) == [name]
    assert found[name].facts.type == type_
    assert ids(data, name) == [commit_id(archive)]


def test_what_is_no_policy_of_an_identity_is_left_out_and_named(
    archive: Archive, data: Path
) -> None:
    """Other JSON is counted; what is a document gets a line."""
    bucket = {**document("s3:GetObject")["Statement"][0], "Principal": "*"}
    archive.commit(
        "2024-01-01",
        {
            "package.json": '{"name": "x"}',
            "tsconfig.json": "{ // a comment\n}",
            "p/Foo.json": plain("s3:GetObject"),
            "p/Bucket.json": json.dumps({"Version": "2012-10-17", "Statement": [bucket]}),
            "p/t.json": cloudformation(A=ROLE),
            "p/u.json": cloudformation(
                A={
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {"PolicyDocument": {**document("s3:Get*"), "Id": {"Ref": "I"}}},
                }
            ),
        },
    )
    assert imported(archive, data) == [
        "2 JSON files without a policy document passed over: package.json, tsconfig.json",
        "p/Bucket.json: Bucket: a policy of a resource, since it has a Principal, is left out",
        "p/t.json: A: a trust policy, is left out",
        "p/u.json: A has Ref, whose value is not known; read as '${I}'",
        f"{data}: 3 new versions of 3 policies, 3 of them new; 0 of 4 states skipped",
    ]


def test_of_two_files_with_one_policy_the_first_counts(archive: Archive, data: Path) -> None:
    """The other one is named if it says something else; the first is the one that was first."""
    archive.commit("2024-01-01", {"b/Foo.json": plain("s3:GetObject")})
    archive.commit("2024-01-02", {"a/Foo.json": plain("s3:PutObject")})
    lines = imported(archive, data)
    assert lines[0] == "a/Foo.json: another document of Foo than in b/Foo.json, is left out"
    assert actions(data, "Foo") == ["s3:GetObject"]
    archive.commit("2024-01-03", {"b/Foo.json": None})
    imported(archive, data)
    assert actions(data, "Foo") == ["s3:PutObject", "s3:GetObject"]


@pytest.mark.parametrize("name", ["x" * 129, "a b", "index.html", ".hidden", "a~b~c"])
def test_a_name_that_is_no_policys_leads_nowhere(archive: Archive, data: Path, name: str) -> None:
    """Nothing is written for it."""
    content = terraform("aws_iam_policy", "l", name=name, policy=plain("s3:GetObject"))
    archive.commit("2024-01-01", {"x.tf.json": content})
    result = run(archive.folder, "--data", data)
    assert result.exit_code == 1
    assert "the name is not a policy's" in result.stdout
    assert set(contents(data)) == {"book.yml"}


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/../b"])
def test_a_name_is_never_a_path(archive: Archive, data: Path, name: str) -> None:
    """Not even one in a template."""
    content = terraform("aws_iam_policy", "l", name=name, policy=plain("s3:GetObject"))
    archive.commit("2024-01-01", {"x.tf.json": content})
    assert run(archive.folder, "--data", data).exit_code == 1
    assert set(contents(data)) == {"book.yml"}
    assert {path.name for path in data.parent.iterdir()} == {"archive", "data"}


def test_names_that_differ_by_case_only_are_one_name(archive: Archive, data: Path) -> None:
    """The first one stays."""
    archive.commit("2024-01-01", {"p/Foo.json": plain("s3:GetObject")})
    archive.commit("2024-01-02", {"p/foo.json": plain("s3:GetObject")})
    assert "differs from Foo by case only" in imported(archive, data, status=1)[0]
    assert list(load(data).policies) == ["Foo"]


# --- options --------------------------------------------------------------------------------------


def test_an_archive_that_iam_printed_is_read_as_before(archive: Archive, data: Path) -> None:
    """One snapshot below `policies/` decides; `--plain` says otherwise."""
    archive.commit("2024-01-01", {"policies/P": snapshot(1), "x/Foo.json": plain("s3:Get*")})
    imported(archive, data)
    assert sorted(load(data).policies) == ["P"]
    imported(archive, data / "../other", "--plain")
    assert sorted(load(data / "../other").policies) == ["Foo"]


def test_paths_names_and_days_can_be_chosen(archive: Archive, data: Path) -> None:
    """Paths are plain texts, not patterns."""
    archive.commit("2024-01-01", {"a/Foo.json": plain("s3:Get*"), "b/Bar.json": plain("s3:Get*")})
    archive.commit("2024-02-01", {"a/Foo.json": plain("s3:Put*"), "a/Baz.json": plain("s3:Put*")})
    imported(archive, data, "--path", "a/", "--only", "F*", "--since", "2024-01-15")
    assert sorted(load(data).policies) == ["Foo"]
    assert ids(data, "Foo") == [commit_id(archive)]
    assert load(data).sources["git-documents"].partial
    assert "found none to import" in refused(archive.folder, "--data", data, "--path", "*")
    assert "found none to import" in refused(archive.folder, "--data", data, "--path", "../a")


def test_a_book_of_them_is_not_one_of_all_of_aws(archive: Archive, data: Path) -> None:
    """The source has a name of its own."""
    archive.commit("2024-01-01", {"policies/Foo.json": plain("s3:GetObject")})
    imported(archive, data)
    book = load(data)
    assert list(book.sources) == ["git-documents"]
    assert not book.is_of_all_aws
    assert not book.policies["Foo"].is_of_aws


def test_a_version_that_the_data_has_under_its_number_gets_the_day(
    archive: Archive, data: Path
) -> None:
    """A commit with the document of v1 is v1."""
    text = "name: Foo\narn: null\ntype: customer-managed\nversions:\n  - {id: v1}\n"
    write(data, {"policies/Foo/policy.yml": text, "policies/Foo/v1.json": plain("s3:GetObject")})
    archive.commit("2024-01-01", {"p/Foo.json": plain("s3:GetObject")})
    archive.commit("2024-01-02", {"p/Foo.json": plain("s3:PutObject")})
    imported(archive, data)
    assert ids(data, "Foo") == [commit_id(archive), "v1"]


# --- random histories -----------------------------------------------------------------------------


def slowly(archive: Archive) -> dict[str, list[tuple[str, Document]]]:
    """The versions of each policy, newest first: every commit is checked out and read whole.

    That is how a person would do it who has the time. Each policy is in one file.
    """
    found: dict[str, list[tuple[str, Document]]] = {}
    last: dict[str, Document] = {}
    there: set[str] = set()
    for commit in archive.git("rev-list", "--first-parent", "--reverse", "HEAD").split():
        listed = archive.git("ls-tree", "-r", "--name-only", commit).splitlines()
        names = {Path(path).stem for path in listed if path.endswith(".json")}
        for path in (path for path in listed if path.endswith(".json")):
            content = subprocess.run(
                ["git", "-C", archive.folder, "show", f"{commit}:{path}"],
                capture_output=True,
                check=True,
            ).stdout
            read, errors = document_in(content)
            name = Path(path).stem
            if read and not errors and not (last.get(name) and says_the_same(last[name], read)):
                found[name] = [(commit[:12], read), *found.get(name, [])]
                last[name] = read
        there = names
    return {name: found[name] for name in there & found.keys()}


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_are_read_as_a_slow_reader_reads_them(
    archive: Archive, data: Path, seed: int
) -> None:
    """With moves, removals, broken states, merges, and imports in between."""
    chance = random.Random(seed)
    folders = ("a", "b", "a/c")
    main = ""
    for step in range(30):
        files: dict[str, str | None] = {}
        name = chance.choice("PQR")
        there = [f for f in folders if (archive.folder / f / f"{name}.json").exists()]
        folder = there[0] if there else chance.choice(folders)
        path = f"{folder}/{name}.json"
        kind = chance.random()
        if there and kind < 0.15:
            files[path] = None
        elif there and kind < 0.3:
            other = chance.choice([f for f in folders if f != folder])
            files = {path: None, f"{other}/{name}.json": plain(f"s3:Get{chance.randrange(3)}")}
        elif there and kind < 0.45:
            files[path] = chance.choice(["{", "", '{"Statement": [{}]}'])
        else:
            files[path] = plain(f"s3:Get{chance.randrange(3)}")
        archive.commit(f"2024-01-{step // 2 + 1:02}T{10 + step % 2}:00:00", files)
        main = main or archive.git("symbolic-ref", "--short", "HEAD")
        if chance.random() < 0.1:
            archive.git("checkout", "--quiet", "-b", f"side{step}")
            archive.commit(f"2024-01-{step // 2 + 1:02}T12:00:00", {f"a/S{step}.json": plain("*")})
            archive.git("checkout", "--quiet", main)
            archive.git("merge", "--quiet", "--no-ff", f"side{step}", "-m", "x")
        if chance.random() < 0.1:
            run(archive.folder, "--data", data, "--branch", main)
    run(archive.folder, "--data", data, "--branch", main)
    expected = slowly(archive)
    book = load(data)
    assert expected
    for policy, versions in expected.items():
        found = book.policies[policy].versions
        assert [v.key for v in found] == [key for key, _ in versions], policy
        for version, (_, known) in zip(found, versions, strict=True):
            assert says_the_same(version.document, known)
