"""What every command has in common: help, quiet and verbose, colours, completion, closed pipes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click import Command, Group
from click.testing import CliRunner
from policybook.commands.colours import coloured
from policybook.commands.main import commands
from policybook.commands.printing import has_colours

from tests.support.books import DATA
from tests.support.cli import answer, every_command, run
from tests.support.sites import command, environment

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
EVERY = tuple(every_command())
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
DOCUMENT = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


# --- Help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, _ in EVERY])
def test_every_command_has_short_options_for_help(name: str) -> None:
    """`-h` says the same as `--help`, in lines of at most 80 characters."""
    text = answer(*name.split(), "-h")
    assert text == answer(*name.split(), "--help")
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("group", [(), ("import",)])
def test_no_description_in_a_list_of_commands_is_cut(group: tuple[str, ...]) -> None:
    """Click would end it with dots."""
    text = CliRunner().invoke(commands, [*group, "-h"], terminal_width=80).stdout
    assert "..." not in text.partition("Commands:")[2]
    assert "Commands:" in text


# --- Quiet and verbose ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "found"), EVERY)
def test_every_command_can_be_quiet_or_verbose(name: str, found: Command) -> None:
    """Before the name of the command, too."""
    options = {option for parameter in found.params for option in parameter.opts}
    assert {"-q", "--quiet", "-v", "--verbose"} <= options, name
    if not isinstance(found, Group):
        assert answer("-q", *name.split(), "-h")


def test_quiet_leaves_results_and_errors() -> None:
    """Counts are left out, in both places of the option."""
    loud = run("check", "--data", DATA)
    assert loud.stderr.endswith("warnings\n")
    for arguments in (["-q", "check"], ["check", "-q"]):
        quiet = run(*arguments, "--data", DATA)
        assert (quiet.stdout, quiet.stderr) == (loud.stdout, "")
    assert run("-q", "show", "Nothing", "--data", DATA).stderr


def test_verbose_says_what_was_read_and_leaves_the_output_as_it_is() -> None:
    """On standard error."""
    plain, more = (run(*v, "show", PIPELINES, "--data", DATA) for v in ((), ("-v",)))
    assert more.stdout == plain.stdout
    assert f"data folder: {DATA}" in more.stderr
    assert re.search(r"^took \d+\.\d s$", more.stderr, re.MULTILINE)


# --- Colours --------------------------------------------------------------------------------------


class Stream:
    """A stream that is a terminal or not."""

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "colours"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_for_terminals(
    terminal: bool, environment: dict[str, str], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`NO_COLOR` and `FORCE_COLOR` decide otherwise, the first of them above all."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_colours(Stream(terminal)) is colours


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("changes",),
        ("show", PIPELINES),
        ("diff", f"{PIPELINES}@v1", f"{PIPELINES}@v3"),
        ("risks", "AmazonSageMakerFullAccess"),
        ("grants", "sagemaker:ListModels"),
        ("covers", "--policy", "AmazonSageMakerReadOnly", "sagemaker:ListModels"),
    ],
)
def test_colours_change_no_text(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With colours it is the same text, and JSON has none."""
    plain = run(*arguments, "--data", DATA).stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    painted = CliRunner().invoke(commands, [*arguments, "--data", str(DATA)], color=True).stdout
    assert not ESCAPE.search(plain)
    assert ESCAPE.search(painted)
    assert ESCAPE.sub("", painted) == plain
    as_json = [*arguments, "--data", str(DATA), "--format", "json"]
    assert not ESCAPE.search(CliRunner().invoke(commands, as_json, color=True).stdout)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("widened", "widened"),
        ("  + added: s3:GetObject on *", "added"),
        ("2023-02-17  P v3: narrowed (after v1)", "narrowed"),
        ("    1 Deny s3:* on *", "Deny"),
        ("  effective actions: Write 3 (upper bound)", "Write"),
        ("lacks       s3:GetObject (Read)", "lacks"),
        ("warning: a.yml:1: x: expected y [unknown-key]", "warning: "),
    ],
)
def test_verdicts_levels_and_errors_have_colours(line: str, word: str) -> None:
    """The word alone, where it is one of the form and not of a text."""
    found = re.findall(r"\x1b\[[0-9;]+m([^\x1b]+)\x1b\[0m", coloured(line))
    assert found[0] == word
    assert coloured(f"a text that says {line}") == f"a text that says {line}"


# --- Completion -----------------------------------------------------------------------------------


def completed(cwd: Path, *words: str) -> list[str]:
    """What zsh is offered for the last word."""
    ran = command(
        cwd=cwd,
        _POLICYBOOK_COMPLETE="zsh_complete",
        COMP_WORDS=" ".join(["policybook", *words]),
        COMP_CWORD=str(len(words)),
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    return [value for kind, value in zip(lines[::3], lines[1::3], strict=True) if kind == "plain"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with a configuration that names the data of this repository."""
    shutil.copytree(DATA, tmp_path / "own data")
    config = "plugins:\n  - policybook:\n      data_dir: 'own data'  # ours\n"
    (tmp_path / "mkdocs.yml").write_text(config)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("che",), ["check"]),
        (("import", "acc"), ["account"]),
        (("check", "--max"), ["--max-age"]),
        (("check", "--format", "s"), ["sarif"]),
        (("show", "amazonsagemakerp"), [PIPELINES]),
        (("show", f"{PIPELINES}@"), [f"{PIPELINES}@v1", f"{PIPELINES}@v3"]),
        (("grants", "sqs:SendM"), ["sqs:SendMessage"]),
        (("grants", "sq"), ["sqlworkbench:", "sqs:"]),
        (("covers", "--policy", "AmazonSageMakerRe"), ["AmazonSageMakerReadOnly"]),
        (("changes", "--service", "sqs"), ["sqs"]),
        (("show", "Nothing"), []),
    ],
)
def test_shells_complete_commands_options_policies_and_actions(
    book: Path, words: tuple[str, ...], offered: list[str]
) -> None:
    """By the data folder that the configuration names."""
    assert completed(book, *words) == offered


def test_shells_complete_in_a_folder_without_a_book(tmp_path: Path) -> None:
    """Nothing is offered, and nothing said."""
    assert completed(tmp_path, "show", "A") == []


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_actions_with_their_colon(book: Path) -> None:
    """Once a colon does not separate words any more, as the reference says."""
    program = book / "policybook"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policybook "$@"\n')
    program.chmod(0o755)
    script = (
        "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}\n"
        'eval "$(_POLICYBOOK_COMPLETE=bash_source policybook)"\n'
        "COMP_WORDS=(policybook grants sqs:SendM)\nCOMP_CWORD=2\n"
        '_policybook_completion policybook sqs:SendM grants\necho "${COMPREPLY[@]}"\n'
    )
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=book,
        env=environment(PATH=f"{book}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "sqs:SendMessage\n", ran.stderr


# --- Standard input and closed pipes --------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "-"),
        ("show", "-"),
        ("risks", "-"),
        ("show", "own.json", "--boundary", "-"),
        ("diff", "-", "own.json"),
        ("diff", "--from", "own.json", "--to", "-"),
        ("covers", "--policy", "-", "s3:GetObject"),
        ("choose", "--instead-of", "-", "s3:GetObject"),
    ],
)
def test_a_document_can_come_from_standard_input(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a file with one is taken."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.json").write_text(DOCUMENT)
    data = () if arguments[0] == "diff" else ("--data", str(DATA))
    ran = CliRunner().invoke(commands, [*arguments, *data], input=DOCUMENT)
    assert ran.exit_code in (0, 1), ran.output
    assert "expected" not in ran.stderr


def test_a_page_can_come_from_standard_input(tmp_path: Path) -> None:
    """It is read as a file with the same content is."""
    page = "# S3 policies\n\n## AWS managed policy: AmazonS3X\n\nA text.\n"
    (tmp_path / "page.md").write_text(page)
    for number, (name, given) in enumerate((("page.md", None), ("-", page))):
        arguments = ["import", "guide", "--data", str(tmp_path / f"{number}"), name]
        if name != "-":
            arguments[-1] = str(tmp_path / name)
        ran = CliRunner().invoke(commands, arguments, input=given)
        assert "expected a page, found none" not in ran.output
        (tmp_path / f"said{number}").write_text(
            ran.output.replace(str(tmp_path / f"{number}"), "D").replace(arguments[-1], "F")
        )
    assert (tmp_path / "said0").read_text() == (tmp_path / "said1").read_text()


@pytest.mark.parametrize("arguments", ["--help", "check -h", f"check --data {DATA}"])
def test_a_reader_that_closes_the_pipe_ends_a_command_quietly(arguments: str) -> None:
    """As `head` does: nothing is said about it."""
    ran = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m policybook {arguments} | true'],
        cwd=DATA.parent,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    noise = [line for line in ran.stderr.splitlines() if not line.endswith("warnings")]
    assert noise == []
