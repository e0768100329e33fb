"""The command: what it answers, and how it ends: 0 done, 1 findings, 2 could not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policybook import __version__

from tests.support.books import DATA, SAMPLES, awful, facts, write
from tests.support.cli import answer, refusal, run
from tests.support.properties import examples
from tests.support.sites import command

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FOLDER = DATA / "policies" / PIPELINES
EDGES = SAMPLES / "edges"


# --- The command itself ---------------------------------------------------------------------------


def test_the_program_runs_as_a_module_and_names_its_version() -> None:
    """As a user runs it."""
    ran = command("--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"policybook, version {__version__}\n"


def test_help_names_every_command() -> None:
    """Each with a line of its own."""
    text = answer("--help")
    answering = ("show", "changes", "grants", "diff", "drift")
    for name in ("build", "serve", "check", "export", "init", *answering):
        assert f"\n  {name} " in text
        assert answer(name, "--help").startswith(f"Usage: policybook {name} ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["show"],
        ["diff", "A"],
        ["drift", "A"],
        ["drift", "A", "B", "--format", "html"],
        ["check", "--format", "xml"],
        ["diff", "A", "B", "C"],
        ["export"],
        ["init"],
    ],
)
def test_a_wrong_use_ends_with_2(arguments: list[str]) -> None:
    """And says how the command is used."""
    status, text = refusal(*arguments)
    assert status == 2
    assert text.startswith("Usage: policybook")


# --- check ----------------------------------------------------------------------------------------


def test_check_ends_with_0_for_notes_and_with_1_for_faults(tmp_path: Path) -> None:
    """A line for each, and the number of both at the end."""
    clean = run("check", "--data", DATA)
    assert (clean.exit_code, clean.stderr) == (0, "0 faults, 4 notes\n")
    assert len(clean.stdout.splitlines()) == 4
    faulty = run("check", "--data", awful(tmp_path / "awful"))
    faults, notes = (int(part.split()[0]) for part in faulty.stderr.split(","))
    assert faulty.exit_code == 1
    assert len(faulty.stdout.splitlines()) == faults + notes
    assert faulty.stdout.count("\nnote: ") == notes


def test_check_finds_the_data_through_mkdocs_yml(tmp_path: Path) -> None:
    """Which names the folder."""
    text = "site_name: x\nplugins:\n  - policybook:\n      data_dir: own\n"
    config = write(tmp_path, {"mkdocs.yml": text, "docs/x.md": ""}) / "mkdocs.yml"
    write(tmp_path, {"own/policies/P/policy.yml": facts("Q")})
    result = run("check", "-f", config)
    assert result.exit_code == 1
    assert "own/policies/P/policy.yml:1: name: expected the folder's name P" in result.stdout


def test_check_answers_in_json_too() -> None:
    """Each finding with all its parts."""
    found = json.loads(answer("check", "--data", DATA, "--format", "json"))
    assert [sorted(finding) for finding in found] == [
        ["expected", "file", "found", "kind", "level", "line", "path"]
    ] * 4
    assert found[0]["path"] == ["Statement", 3, "Action", 57]
    assert found[0]["line"] == 85


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--data", "absent"], "absent: expected a data folder, found none"),
        (["-f", "absent.yml"], "absent.yml"),
        (["-f", "plain.yml"], "mkdocs.yml: expected policybook among the plugins, found none"),
    ],
)
def test_without_data_a_command_could_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], text: str
) -> None:
    """One line says why, and the status is 2."""
    monkeypatch.chdir(write(tmp_path, {"plain.yml": "site_name: x\n", "docs/x.md": ""}))
    for name in (["check"], ["show", "P"], ["diff", "P", "P"]):
        status, said = refusal(*name, *arguments)
        assert status == 2
        assert text in said


def test_faults_of_the_data_keep_other_commands_from_answering(tmp_path: Path) -> None:
    """They name them and end with 1."""
    data = write(tmp_path, {"policies/P/policy.yml": facts("P", "oops: 1\n")})
    for arguments in (["show", "P"], ["diff", "P", "P"]):
        status, text = refusal(*arguments, "--data", data)
        assert status == 1
        assert text.endswith("[unknown-key]")


# --- show -----------------------------------------------------------------------------------------


def test_show_says_what_a_policy_is_and_grants() -> None:
    """Its current version, or the one that is asked for."""
    lines = answer("show", PIPELINES, "--data", DATA).splitlines()
    assert lines[:5] == [
        PIPELINES,
        f"  arn       arn:aws:iam::aws:policy/{PIPELINES}",
        "  type      aws-managed",
        "  version   v3",
        "  published 2023-02-17",
    ]
    assert lines[6] == "  versions  v3, v2, v1"
    assert lines[7 + 34] == (
        "    5 Allow elasticmapreduce:ListSteps on arn:aws:elasticmapreduce:*:*:cluster/*"
    )
    assert lines[7 + 35].startswith("  risk: ")
    first = answer("show", f"{PIPELINES}@v1", "--data", DATA).splitlines()
    assert first[7 + 19].startswith("  risk: ")
    assert first[7 + 18] == (
        "    3 Allow iam:PassRole on arn:aws:iam::*:role/*"
        " if iam:PassedToService StringEquals lambda.amazonaws.com"
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Forms", ["2 Deny everything but s3:*, iam:* on everything but arn:aws:s3:::one, arn:"]),
        ("Rolled", ["version   v4", "versions  v8, v6, v4, v3"]),
        ("Rolled@v6", ["version   v6", "its document is not known"]),
        ("Gone", ["deprecated unknown", "no document known", "versions  none known"]),
        ("Everything@2020-01-01", ["1 Allow * on *", "2 Allow everything but iam:* on *"]),
    ],
)
def test_show_has_words_for_what_is_odd(name: str, parts: list[str]) -> None:
    """Everything but, a rollback, what is not known."""
    text = answer("show", name, "--data", EDGES)
    assert [part for part in parts if part not in text] == []


def test_show_answers_in_json_too() -> None:
    """In the form of the API."""
    found = json.loads(answer("show", f"{PIPELINES}@v1", "--data", DATA, "--format", "json"))
    assert found["name"] == PIPELINES
    assert len(found["grants"]) == 19
    assert [version["id"] for version in found["versions"]] == ["v3", "v2", "v1"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AmazonSageMakerFulAccess", "near: AmazonSageMakerFullAccess, AmazonSageMakerReadOnly"),
        ("datascientist", "expected a policy of the book, found 'datascientist'; near: DataScien"),
        ("Nothing", "expected a policy of the book, found 'Nothing'"),
        ("", "expected a policy of the book, found ''"),
        ("@v1", "expected a policy of the book, found ''"),
        (f"{PIPELINES}@v9", f"{PIPELINES}: expected a known version (v3, v2, v1), found 'v9'"),
        ("DataScientist@v1", "DataScientist: expected a known version (none), found 'v1'"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(name: str, text: str) -> None:
    """In show and on both sides of diff, with status 2."""
    for arguments in (["show", name], ["diff", name, PIPELINES], ["diff", PIPELINES, name]):
        status, said = refusal(*arguments, "--data", DATA)
        assert status == 2
        assert said.startswith(text) or text in said
        assert "\n" not in said


# --- diff -----------------------------------------------------------------------------------------


def test_diff_tells_what_was_gained_and_lost() -> None:
    """The verdict first, then a line for each grant with its kind."""
    lines = answer("diff", f"{PIPELINES}@v1", PIPELINES, "--data", DATA).splitlines()
    assert lines[0] == "widened"
    assert len(lines) == 1 + 17
    assert all(line.startswith("  + ") for line in lines[1:])
    assert lines[1] == (
        "  + action: Allow lambda:GetFunction on arn:aws:lambda:*:*:function:*sagemaker*"
    )
    back = answer("diff", PIPELINES, f"{PIPELINES}@v1", "--data", DATA).splitlines()
    assert back[0] == "narrowed"
    assert sorted(line.replace("- ", "+ ") for line in back[1:]) == sorted(lines[1:])


def grants(found: Any) -> list[tuple[str, str, str | None, str | None]]:
    """The parts of each entry that are single texts."""
    return [(e["kind"], e["effect"], e["action"], e["resource"]) for e in found]


def test_diff_answers_in_json_too(tmp_path: Path) -> None:
    """Verdict, gained and lost; each entry has kind, effect, action, resource and condition."""
    old = {"Effect": "Allow", "Action": ["s3:GetObject", "sqs:*"], "Resource": "*"}
    new = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": True}, "StringLike": {"k": ["a", "b"]}},
    }
    write(tmp_path, {"a.json": json.dumps({"Statement": old})})
    write(tmp_path, {"b.json": json.dumps({"Statement": [new]})})
    text = answer("diff", tmp_path / "a.json", tmp_path / "b.json", "--format", "json")
    found = json.loads(text)
    assert {"verdict", "gained", "lost"} <= set(found)
    assert found["verdict"] == "mixed"
    assert grants(found["gained"]) == [("action", "Allow", "s3:PutObject", "*")]
    assert grants(found["lost"]) == [
        ("condition", "Allow", "s3:GetObject", "*"),
        ("action", "Allow", "sqs:*", "*"),
    ]
    condition = {"Bool": {"aws:SecureTransport": ["true"]}, "StringLike": {"k": ["a", "b"]}}
    assert found["gained"][0]["condition"] == condition
    assert found["lost"][0]["condition"] == {}


def test_diff_in_json_says_everything_but(tmp_path: Path) -> None:
    """NotAction and NotResource have keys of their own, and the single one is null."""
    value = {"Statement": {"Effect": "Deny", "NotAction": ["a:B", "c:D"], "NotResource": "x"}}
    write(tmp_path, {"a.json": json.dumps({"Statement": []}), "b.json": json.dumps(value)})
    text = answer("diff", tmp_path / "a.json", tmp_path / "b.json", "--format", "json")
    (entry,) = json.loads(text)["lost"]
    assert (entry["kind"], entry["effect"]) == ("deny", "Deny")
    assert (entry["action"], entry["not_action"]) == (None, ["a:B", "c:D"])
    assert (entry["resource"], entry["not_resource"]) == (None, ["x"])


def test_diff_takes_names_and_paths_on_either_side(tmp_path: Path) -> None:
    """YAML and JSON, also in the envelope that `aws iam get-policy-version` prints."""
    bare = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}],
    }
    whole = {"PolicyVersion": {"CreateDate": "2020-01-01T00:00:00Z", "Document": bare}}
    write(tmp_path, {"bare.json": json.dumps(bare), "whole.json": json.dumps(whole)})
    write(tmp_path, {"bare.yaml": json.dumps(bare)})
    for one in ("bare.json", "whole.json", "bare.yaml"):
        for other in ("bare.json", "whole.json", "bare.yaml"):
            assert answer("diff", tmp_path / one, tmp_path / other) == "identical\n"
    mixed = answer("diff", PIPELINES, tmp_path / "whole.json", "--data", DATA)
    assert mixed.startswith("mixed\n  + resource: Allow lambda:InvokeFunction on *\n")
    same = answer("diff", FOLDER / "v3.yml", f"{PIPELINES}@v3", "--data", DATA)
    assert same == "identical\n"


def test_diff_of_two_files_needs_no_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor any mkdocs.yml."""
    write(tmp_path, {"a.json": '{"Statement": []}'})
    monkeypatch.chdir(tmp_path)
    assert answer("diff", "a.json", "./a.json") == "identical\n"


def test_diff_says_what_cannot_be_decided(tmp_path: Path) -> None:
    """A principal has no place in a managed policy."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    write(tmp_path, {"a.json": json.dumps({"Statement": statement})})
    write(tmp_path, {"b.json": json.dumps({"Statement": {**statement, "Principal": "*"}})})
    lines = answer("diff", tmp_path / "a.json", tmp_path / "b.json").splitlines()
    assert lines == ["undetermined", "  ? Principal, which a managed policy does not have"]


@pytest.mark.parametrize(
    ("other", "status", "text"),
    [
        (f"{PIPELINES}@v2", 2, f"{PIPELINES}: expected a document of version v2, found none"),
        ("DataScientist", 2, "DataScientist: expected a document of any version, found none"),
        ("absent.json", 2, "absent.json: expected a policy document, found no file"),
        ("a/b", 2, "a/b: expected a policy document, found no file"),
        ("empty.json", 1, "empty.json: expected some content, found an empty file [empty]"),
        ("bad.yml", 1, "bad.yml:2: Statement[0]: expected the key Effect, found none [no-effect]"),
    ],
)
def test_diff_names_a_document_that_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str, status: int, text: str
) -> None:
    """On either side."""
    statement = "Statement:\n  - {Action: '*', Resource: '*'}\n"
    monkeypatch.chdir(write(tmp_path, {"empty.json": "", "bad.yml": statement}))
    for sides in ([PIPELINES, other], [other, PIPELINES]):
        said = refusal("diff", *sides, "--data", DATA)
        assert said[0] == status
        assert said[1].startswith(text)


# --- build, export and init -----------------------------------------------------------------------


def test_init_starts_a_book_that_has_no_faults(tmp_path: Path) -> None:
    """In a new folder, or in an empty one."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "new" / "book", tmp_path / "empty"):
        assert "policybook build" in answer("init", folder)
        assert run("check", "-f", folder / "mkdocs.yml").exit_code == 0


@pytest.mark.parametrize("name", ["init", "export"])
@pytest.mark.parametrize("content", ["file", "folder"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, name: str, content: str) -> None:
    """A folder with anything in it is refused, and so is a file."""
    target = tmp_path / "target"
    kept = target if content == "file" else target / "kept"
    write(tmp_path, {kept.relative_to(tmp_path).as_posix(): "kept"})
    status, text = refusal(name, target)
    assert status == 2
    assert text.endswith("expected a new or empty folder, found content")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert kept.read_text() == "kept"


@pytest.mark.parametrize("name", ["init", "export"])
def test_a_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    """Such as one inside a file."""
    (tmp_path / "file").write_text("kept")
    status, text = refusal(name, tmp_path / "file" / "folder")
    assert status == 2
    assert "\n" not in text
    assert "file" in text


@pytest.mark.parametrize("config", [".", "list.yml", "bad.yml", "latin.yml"])
@pytest.mark.parametrize("name", ["check", "build", "export"])
def test_a_configuration_that_cannot_be_read_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, config: str
) -> None:
    """A folder in its place, or a file of another form."""
    files: dict[str, str | bytes] = {
        "list.yml": "[a]\n",
        "bad.yml": "a: [\n",
        "latin.yml": b"a: \xe9\n",
        "docs/x.md": "",
    }
    monkeypatch.chdir(write(tmp_path, files))
    assert run(name, "-f", config, *(["out"] if name == "export" else [])).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_book_with_faults_is_neither_built_nor_exported(tmp_path: Path) -> None:
    """Status 1, each fault on a line, and nothing is written."""
    text = "site_name: x\nplugins: [policybook]\n"
    config = write(tmp_path, {"mkdocs.yml": text, "docs/x.md": ""}) / "mkdocs.yml"
    write(tmp_path, {"data/policies/P/policy.yml": facts("P", "oops: 1\n")})
    for arguments in (["export", "-f", config, tmp_path / "out"], ["build", "-f", config]):
        ran = command(*arguments, cwd=tmp_path)
        assert ran.returncode == 1
        assert "data/policies/P/policy.yml:4: oops: expected one of name, " in ran.stderr
        assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "site").exists()


# --- Odd arguments --------------------------------------------------------------------------------

WORDS = st.one_of(
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=6),
    st.sampled_from(
        (
            *("Forms", "Forms@v1", "Forms@v2", "Rolled@v6", "Gone", "@", "@@", "-", "--", "a@b@c"),
            *(
                "/",
                ".",
                "..",
                "a/../b",
                "x.json",
                "~/x.yml",
                "\udce9",
                "é" * 300,
            ),
            *("--format", "json", "text", "--data", "-f", "--help", "x" * 5000 + ".json"),
        )
    ),
)


@settings(examples(1.2), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(("check", "show", "diff", "drift")), words=st.lists(WORDS, max_size=3))
def test_odd_arguments_never_end_in_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: list[str]
) -> None:
    """Whatever they are, the status says how it ended."""
    monkeypatch.chdir(tmp_path)
    assert run(name, "--data", EDGES, *words).exit_code in (0, 1, 2)
