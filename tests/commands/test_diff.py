"""`policybook diff`: what one document grants beside another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from policybook.commands.main import commands

from tests.support.books import DATA, write
from tests.support.cli import answer, refusal, run

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FOLDER = DATA / "policies" / PIPELINES


def test_diff_tells_what_was_and_what_is_now() -> None:
    """The verdict first, both ways, then what happened to each action."""
    lines = answer("diff", f"{PIPELINES}@v1", PIPELINES, "--data", DATA).splitlines()
    assert lines[:2] == ["widened", "  B contains A; A lacks 10 actions."]
    roles = "on arn:aws:iam::*:role/* if iam:PassedToService StringEquals {}"
    assert (
        "  + added: lambda:GetFunction on arn:aws:lambda:*:*:function:*SageMaker*, "
        "arn:aws:lambda:*:*:function:*sageMaker*, arn:aws:lambda:*:*:function:*sagemaker*"
    ) in lines
    place = lines.index("  + widened: iam:PassRole")
    assert lines[place + 1 : place + 3] == [
        "      now  " + roles.format("elasticmapreduce.amazonaws.com or ec2.amazonaws.com"),
        "      kept " + roles.format("lambda.amazonaws.com"),
    ]
    back = answer("diff", PIPELINES, f"{PIPELINES}@v1", "--data", DATA).splitlines()
    assert back[:2] == ["narrowed", "  A contains B; B lacks 10 actions."]
    words = (("added", "removed"), ("widened", "narrowed"), ("+", "-"), ("now ", "was "))
    for there, here in words:
        lines = [line.replace(there, here) for line in lines]
    assert sorted(back[3:]) == sorted(lines[3:])


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
    assert (
        "\n  + widened: lambda:InvokeFunction\n      now  on *\n      kept on arn:aws:lambda:"
        in mixed
    )
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
    assert lines == [
        "undetermined",
        "  Whether A and B contain each other is undetermined; both have the same actions.",
        "  ? Principal, which a managed policy does not have",
    ]


@pytest.mark.parametrize(
    ("other", "status", "text"),
    [
        (f"{PIPELINES}@v2", 2, f"{PIPELINES}: expected a document of version v2, found none"),
        ("DataScientist", 2, "DataScientist: expected a document of any version, found none"),
        ("absent.json", 2, "absent.json: expected a policy document, found no file"),
        ("a/b", 2, "a/b: expected a policy document, found no file"),
        ("empty.json", 2, "empty.json: expected some content, found an empty file [empty]"),
        ("bad.yml", 2, "bad.yml:2: Statement[0]: expected the key Effect, found none [no-effect]"),
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


# --- several policies on a side, days, and exit status --------------------------------------------

LISTS, SENDS, BOTH = (
    json.dumps({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}})
    for actions in (["sqs:ListQueues"], ["sqs:SendMessage"], ["sqs:ListQueues", "sqs:SendMessage"])
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents in the current folder."""
    write(tmp_path, {"lists.json": LISTS, "sends.json": SENDS, "both.json": BOTH})
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("files")
def test_a_side_has_what_all_of_its_policies_grant_together() -> None:
    sides = ("--from", "lists.json", "--from", "sends.json", "--to", "both.json")
    assert answer("diff", *sides) == "equivalent\n  A and B contain each other.\n"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("lists.json",),
        ("--from", "lists.json"),
        ("lists.json", "--to", "both.json"),
        ("lists.json", "both.json", "--to", "both.json"),
    ],
)
def test_both_sides_are_needed(arguments: tuple[str, ...]) -> None:
    status, text = refusal("diff", *arguments)
    assert status == 2
    assert text.startswith("policybook diff: expected A and B, or --from and --to for each side")


def test_a_day_means_the_version_that_was_the_default_then() -> None:
    """A day before all that is known is refused."""
    found = json.loads(
        answer(
            *("diff", f"{PIPELINES}@2021-08-01", PIPELINES, "--data", DATA, "--format", "json"),
        )
    )
    document = {"name": PIPELINES, "version": "v1", "day": "2021-08-01", "unsure": ""}
    assert found["a"]["documents"] == [{**document, "statements": 3}]
    assert found["verdict"] == "widened"
    early = refusal("diff", f"{PIPELINES}@2021-01-01", PIPELINES, "--data", DATA)
    assert early == (2, f"{PIPELINES}: expected 2021-07-30 or a later day, found 2021-01-01")
    never = refusal("diff", f"{PIPELINES}@2021-02-30", PIPELINES, "--data", DATA)
    expected = f"{PIPELINES}@2021-02-30: expected a day that exists, found '2021-02-30'"
    assert never == (2, expected)


def test_a_document_comes_from_standard_input_too() -> None:
    """An error in it has its line."""
    piped = CliRunner().invoke(commands, ["diff", "-", str(FOLDER / "v3.yml")], input=LISTS)
    assert piped.stdout.splitlines()[0] == "mixed"
    named = ["diff", "-", str(FOLDER / "v3.yml")]
    broken = CliRunner().invoke(commands, named, input='{"Statement": [\n{}]}')
    assert broken.exit_code == 2
    assert broken.stderr.startswith("-:2: Statement[0]: expected the key Effect, found none")


def test_standard_input_is_read_once() -> None:
    """A second - is not an empty document."""
    twice = CliRunner().invoke(commands, ["diff", "-", "-"], input=LISTS)
    expected = "-: expected standard input, found it read before; - can be named once\n"
    assert (twice.exit_code, twice.stderr) == (2, expected)


@pytest.mark.usefixtures("files")
def test_a_document_that_cannot_be_read_is_no_finding(tmp_path: Path) -> None:
    """Exit status 1 would say that B is wider."""
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    ran = run("diff", broken, broken, "--fail-on", "widened")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"{broken}:1: expected valid JSON")


def test_an_empty_version_is_refused() -> None:
    """It does not mean the current one."""
    expected = f"{PIPELINES}@: expected a version or a day after @, found none"
    assert refusal("diff", f"{PIPELINES}@", PIPELINES, "--data", DATA) == (2, expected)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("a", "b", "failing"),
    [
        ("lists", "both", {"widened", "any"}),
        ("both", "lists", {"narrowed", "any"}),
        ("lists", "sends", {"widened", "narrowed", "any"}),
        ("lists", "lists", set()),
        ("lists", "unclear", {"undetermined", "any"}),
    ],
)
def test_a_comparison_can_fail_a_job(a: str, b: str, failing: set[str], tmp_path: Path) -> None:
    """By each of the options; the output is the same."""
    statement = {**json.loads(LISTS)["Statement"], "Principal": "*"}
    write(tmp_path, {"unclear.json": json.dumps({"Statement": statement})})
    sides = (f"{a}.json", f"{b}.json")
    plain = answer("diff", *sides)
    for option in ("widened", "narrowed", "any", "undetermined"):
        ran = run("diff", *sides, "--fail-on", option)
        assert (ran.exit_code, ran.stdout) == (int(option in failing), plain), option
    assert run("diff", *sides, *("--fail-on", "narrowed", "--fail-on", "widened")).exit_code == int(
        bool(failing & {"narrowed", "widened"})
    )


def test_the_json_has_both_sides_with_actions_by_service_and_risks() -> None:
    """Its keys are those that the page shows."""
    sides = ("--from", f"{PIPELINES}@v1", "--to", "AmazonSageMakerFullAccess")
    found = json.loads(answer("diff", *sides, "--data", DATA, "--format", "json"))
    assert list(found) == [
        *("verdict", "gained", "lost", "undecided", "formats_date", "reverse", "summary"),
        *("b_contains_a", "a_contains_b", "a", "b", "services", "rows"),
    ]
    assert (found["reverse"], found["b_contains_a"], found["a_contains_b"]) == ("mixed", "no", "no")
    assert found["services"]["lambda"] == {
        "only_a": {"Write": ["CreateFunction", "DeleteFunction", "UpdateFunctionCode"]},
        "both": {"Write": ["InvokeFunction"]},
        "only_b": {"List": ["ListFunctions"]},
        "otherwise": {"InvokeFunction": "mixed"},
    }
    here, there = ({risk["rule"] for risk in found[side]["risks"]} for side in ("a", "b"))
    assert "change-function-code" in here - there
    assert "pass-role-glue-job" in there - here
    kinds = {(row["outcome"], *row["actions"][:1]) for row in found["rows"]}
    assert ("changed", "lambda:InvokeFunction") in kinds
