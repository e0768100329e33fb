"""The action that says in a comment what a pull request changes: its steps, run as by GitHub."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
import yaml

from tests.support.book_folders import allowing, hostile_book
from tests.support.books import write
from tests.support.cli import answer
from tests.support.sites import environment

MARK = "<!-- policybook-review -->"
BOT, PERSON = {"type": "Bot", "login": "github-actions[bot]"}, {"type": "User", "login": "eve"}


class GitHub(ThreadingHTTPServer):
    """Answers as the API does for the comments of pull request 7; `refused` ends every writing."""

    def __init__(self) -> None:
        super().__init__(("localhost", 0), _Answers)
        self.comments: list[dict[str, Any]] = []
        self.refused = 0
        self.asked: list[str] = []


class _Answers(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        place, _, query = self.path.partition("?")
        assert place == "/repos/o/r/issues/7/comments"
        found = re.fullmatch(r"per_page=(\d+)&page=(\d+)", query)
        assert found
        size, page = int(found[1]), int(found[2])
        self._answer(200, self.server.comments[size * (page - 1) : size * page])

    def do_POST(self) -> None:
        assert self.path == "/repos/o/r/issues/7/comments"
        self._write({"id": 1000 + len(self.server.comments), "user": BOT})

    def do_PATCH(self) -> None:
        (old,) = [c for c in self.server.comments if self.path.endswith(f"comments/{c['id']}")]
        self._write(old)

    def _write(self, comment: dict[str, Any]) -> None:
        assert self.headers["Authorization"] == "Bearer secret"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        self.server.asked.append(self.command)
        if self.server.refused:
            self._answer(self.server.refused, {})
            return
        assert len(body) <= 65_536
        comment["body"] = body
        if comment not in self.server.comments:
            self.server.comments.append(comment)
        self._answer(201, comment)

    def _answer(self, status: int, value: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def github() -> Iterator[GitHub]:
    """The API, for the time of a test."""
    with GitHub() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class Ran(NamedTuple):
    """What a run of the action left: whether it failed, its summary, and what it printed."""

    failed: bool
    summary: str
    printed: str


class Pull(NamedTuple):
    """A repository with a book, and the folder of the action in it."""

    folder: Path
    github: GitHub

    def git(self, *arguments: str) -> None:
        """Run git there."""
        own = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *own, *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")

    def merged(self) -> None:
        """Commit what has changed on a branch, and check out the merge, as GitHub does."""
        self.git("checkout", "--quiet", "-b", "change")
        self.commit()
        self.git("checkout", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", "m", "change")

    def run(self, number: int | None = 7, **inputs: str) -> Ran:
        """Run the steps of the action as a runner does."""
        action = self.folder / ".github/actions/review"
        steps = yaml.safe_load((action / "action.yml").read_text())
        given = {name: one.get("default", "") for name, one in steps["inputs"].items()} | inputs
        temp = self.folder.with_name("temp")
        shutil.rmtree(temp, ignore_errors=True)
        event = {"pull_request": {"number": number}} if number else {}
        write(temp, {"event": json.dumps(event), "output": "", "summary": ""})
        outputs: dict[str, str] = {}
        failed, printed = False, ""
        for step in steps["runs"]["steps"]:
            if step.get("if") and not outputs.get("report"):
                continue
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]  # text of a pull request must not become a script
            ran = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.folder,
                env=self._environment(action, temp, filled(step.get("env", {}), given, outputs)),
                capture_output=True,
                text=True,
                check=False,
            )
            failed, printed = failed or ran.returncode != 0, printed + ran.stdout + ran.stderr
            lines = (temp / "output").read_text().splitlines()
            outputs = dict(line.split("=", 1) for line in lines)
        return Ran(failed, (temp / "summary").read_text("utf-8"), printed)

    def _environment(self, action: Path, temp: Path, own: Mapping[str, str]) -> dict[str, str]:
        return environment(
            PATH=f"{self.folder.with_name('bin')}:{os.environ['PATH']}",
            GITHUB_ACTION_PATH=str(action),
            GITHUB_API_URL=f"http://localhost:{self.github.server_port}",
            GITHUB_EVENT_NAME="pull_request",
            GITHUB_EVENT_PATH=str(temp / "event"),
            GITHUB_OUTPUT=str(temp / "output"),
            GITHUB_REPOSITORY="o/r",
            GITHUB_STEP_SUMMARY=str(temp / "summary"),
            RUNNER_TEMP=str(temp),
            **own,
        )


def filled(
    own: Mapping[str, str], inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> dict[str, str]:
    """The environment of a step, with the values of its expressions."""
    values = {f"inputs.{name}": value for name, value in inputs.items()}
    values |= {f"steps.compare.outputs.{name}": value for name, value in outputs.items()}
    values["github.token"] = "secret"
    form = re.compile(r"\$\{\{ ([\w.]+) \}\}")
    return {key: form.sub(lambda found: values[found[1]], text) for key, text in own.items()}


@pytest.fixture
def pull(tmp_path: Path, github: GitHub) -> Pull:
    """A new book in a repository, with `policybook` and `python3` beside it."""
    answer("init", tmp_path / "book")
    for name, arguments in (("policybook", "-m policybook"), ("python3", "")):
        write(tmp_path, {f"bin/{name}": f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n'})
        (tmp_path / "bin" / name).chmod(0o755)
    made = Pull(tmp_path / "book", github)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit()
    return made


def test_a_comment_says_what_changes_and_is_updated(pull: Pull) -> None:
    """A second run finds the comment of the first, behind a hundred others."""
    path = pull.folder / "data/policies/ExampleReportReader/v2.yml"
    path.write_text(path.read_text().replace("s3:ListBucket", "s3:*"))
    pull.merged()
    others = [{"id": n, "user": PERSON, "body": f"{MARK}\nmine"} for n in range(100)]
    pull.github.comments.extend(others)
    for asked in (["POST"], ["POST", "PATCH"]):
        ran = pull.run()
        assert (ran.failed, pull.github.asked) == (False, asked)
        *rest, comment = pull.github.comments
        assert rest == others
        assert comment["body"].startswith(f"{MARK}\n### 1 policy: 1 widened\n")
        assert "#### `ExampleReportReader`: widened, v2" in comment["body"]
        assert "+ widened: s3:*" in comment["body"]
        assert "risk: Make S3 buckets" in comment["body"]
        assert ran.summary.strip() == comment["body"].removeprefix(f"{MARK}\n").strip()
        assert len(ran.printed.splitlines()) == 1
    assert not subprocess.check_output(["git", "status", "--porcelain"], cwd=pull.folder)


def test_a_pull_request_that_changes_nothing_gets_no_comment(pull: Pull) -> None:
    """But a comment of an earlier state says so."""
    write(pull.folder, {"docs/more.md": "# More\n"})
    pull.merged()
    ran = pull.run()
    assert (ran.failed, pull.github.comments) == (False, [])
    assert ran.summary == "### No policy and no role changes\n\n\n"
    pull.github.comments.append({"id": 1, "user": BOT, "body": f"{MARK}\nold"})
    pull.run()
    assert pull.github.comments[0]["body"].startswith(f"{MARK}\n### No policy and no role changes")


def test_a_policy_that_was_removed_or_added_is_named(pull: Pull) -> None:
    """With the references to it, so that the data has no error."""
    data = pull.folder / "data"
    folder = data / "policies/ExampleReportReader"
    folder.rename(data / "policies/ReportReader")
    for path in [*(data / "policies/ReportReader").iterdir(), data / "roles.yml"]:
        path.write_text(path.read_text().replace("ExampleReportReader", "ReportReader"))
    for path in [*(data / "groups").iterdir(), *(data / "guides").iterdir()]:
        path.write_text(path.read_text().replace("ExampleReportReader", "ReportReader"))
    pull.merged()
    ran = pull.run()
    assert not ran.failed, ran.printed
    assert ran.summary.startswith("### 2 policies: 1 removed, 1 new; 1 role\n")
    assert "#### `ExampleReportReader`: removed from the book" in ran.summary
    assert "#### `ReportReader`: new policy, v2" in ran.summary
    assert "#### `report-viewer`: changed role\n" in ran.summary
    assert "+ ReportReader\n- ExampleReportReader" in ran.summary


def test_errors_of_the_data_are_in_the_comment_and_fail_the_step(pull: Pull) -> None:
    """Nothing is compared then. What mends a broken base is not failed."""
    path = pull.folder / "data/policies/ExampleReportReader/v2.yml"
    good = path.read_text()
    path.write_text(good.replace("Effect: Allow", "Effect: Maybe"))
    pull.merged()
    ran = pull.run()
    assert ran.failed
    (comment,) = pull.github.comments
    assert comment["body"].startswith(f"{MARK}\n### The data has 2 errors; it is not compared")
    assert "v2.yml:5: Statement[0].Effect: expected one of Allow, Deny" in comment["body"]
    path.write_text(good)
    pull.git("checkout", "--quiet", "-B", "main")
    pull.git("branch", "--delete", "--force", "change")
    pull.merged()
    ran = pull.run()
    assert not ran.failed
    assert ran.summary.startswith("### The data had 2 errors before, and has none now")


def test_a_base_without_a_book_has_new_policies_only(pull: Pull) -> None:
    """As in the pull request that adds the book."""
    pull.git("rm", "--quiet", "-r", "data")
    pull.git("commit", "--quiet", "--message", "x")
    pull.git("checkout", "--quiet", "HEAD~1", "--", "data")
    pull.merged()
    ran = pull.run()
    assert not ran.failed, ran.printed
    assert ran.summary.startswith("### 1 policy: 1 new; 1 role\n")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_without_the_right_to_comment_the_summary_has_the_report(pull: Pull, status: int) -> None:
    """As for a pull request from a fork: the run says so and does not fail."""
    write(pull.folder, {"data/roles.yml": "roles: []\n"})
    write(pull.folder, {"data/groups/reports.yml": "title: R\nintroduction: []\npolicies: []\n"})
    pull.merged()
    pull.github.refused = status
    ran = pull.run()
    assert (ran.failed, pull.github.comments) == (False, [])
    assert ran.printed.startswith("no comment, since the token may not write one")
    assert ran.summary.startswith("### 1 role\n")


def test_another_refusal_fails(pull: Pull) -> None:
    """In one line, so that nobody believes in a comment that is not there."""
    write(pull.folder, {"data/roles.yml": "roles: []\n"})
    write(pull.folder, {"data/groups/reports.yml": "title: R\nintroduction: []\npolicies: []\n"})
    pull.merged()
    pull.github.refused = 500
    ran = pull.run()
    assert ran.failed
    assert ran.printed.count("\n") == 1


def test_outside_of_pull_requests_there_is_only_a_summary(pull: Pull) -> None:
    """Such as on a push, whose commit is compared with the one before."""
    pull.merged()
    ran = pull.run(number=None)
    assert (ran.failed, pull.github.asked, ran.summary[:3]) == (False, [], "###")


def test_a_checkout_of_another_commit_than_the_merge_is_refused(pull: Pull) -> None:
    """It would be compared with the wrong commit; one that is named is right."""
    pull.commit()
    assert "expected the merge of the pull request" in pull.run().printed
    assert pull.run().failed
    assert not pull.run(base="HEAD~1").failed
    missing = pull.run(base="absent")
    assert missing.failed
    assert missing.printed.startswith("absent: expected a commit, found none.")


def test_a_long_report_is_cut_and_counts_what_is_left_out(pull: Pull) -> None:
    """It has at most as many characters as GitHub takes; those first that need a reader most."""
    for number in range(200):
        name = f"P{number:03}-{'x' * 100}"
        policy = {"name": name, "arn": None, "type": "unknown", "versions": [{"id": "v1"}]}
        document = allowing(*((f"s3:Get{'y' * 99}{n}", "*") for n in range(60)))
        files = {"policy.yml": yaml.safe_dump(policy), "v1.json": json.dumps(document)}
        write(pull.folder / "data/policies" / name, files)
    pull.commit()
    for path in (pull.folder / "data/policies").glob("P*/v1.json"):
        path.write_text(path.read_text().replace("yy", "z"))
    pull.merged()
    ran = pull.run()
    assert not ran.failed, ran.printed
    (comment,) = pull.github.comments
    assert len(comment["body"].encode()) <= 65_536
    shown = comment["body"].count("#### ")
    assert f"… and {200 - shown} more entries, which do not fit here." in comment["body"]
    assert "more lines" in comment["body"]


def test_text_of_the_data_stays_text(pull: Pull) -> None:
    """No markup, no mention, no link, and no command for the runner."""
    hostile_book(pull.folder)
    path = pull.folder / "data/policies/ExampleReportReader/v2.yml"
    path.write_text(path.read_text().replace("s3:ListBucket", "s3:*"))  # matches a rule
    rules = pull.folder / "data/rules.yml"
    title = "'@everyone #1 <b>x</b> https://evil.example ::error::x [a](b) ![i](j)'"
    text = re.sub(r"^(    title: ).*$", rf"\1{title}", rules.read_text(), flags=re.MULTILINE)
    rules.write_text(re.sub(r"^(  title: ).*$", rf"\1{title}", text, flags=re.MULTILINE))
    pull.merged()
    ran = pull.run()
    assert not ran.failed, ran.printed
    (comment,) = pull.github.comments
    outside = re.sub(
        r"^(```+)\w*\n.*?^\1$|<code>.*?</code>|`[^`\n]*`",
        "",
        comment["body"][26:],
        flags=re.MULTILINE | re.DOTALL,
    )
    assert not re.search(r"[<@]|#\d|https?:|\]\(", outside), outside
    assert "@everyone" in comment["body"]
    assert "<script>" in comment["body"]
    assert "::" not in ran.printed
