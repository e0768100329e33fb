"""Errors of mkdocs.yml: one line each, with the file and the line that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.books import BOOK, facts, write
from tests.support.cli import refusal, run
from tests.support.sites import command

CONFIG = """\
site_name: A book
theme:
  name: material
  font: false
plugins:
  - search
  - policybook:
      data_dir: data
"""
NO_THEME = CONFIG.replace("theme:\n  name: material\n  font: false\n", "")
OPTIONS = (
    "data_dir, only, catalogue, catalogue_date, action_pages, database, markdown_pages, processes, "
    "link_names, content_security_policy, aws_book"
)
HOOK = "def on_page_markdown(markdown, **rest):\n    raise ValueError('two\\nlines')\n"


def book(folder: Path, config: str | bytes, **files: str | bytes) -> Path:
    """A folder with a small book, this configuration and these files; `_` is for a dot."""
    named = {name.replace("_", "."): text for name, text in files.items()}
    own = {"mkdocs.yml": config, "docs/x.md": "", "data/book.yml": BOOK}
    return write(folder, {**own, **named})


def replaced(old: str, new: str) -> str:
    """The configuration with another text."""
    assert old in CONFIG
    return CONFIG.replace(old, new)


ERRORS = [
    ("site_name: [\n", "mkdocs.yml:2: expected valid YAML, found an error"),
    ("- a\n", "mkdocs.yml: expected a mapping, found a list"),
    ("5\n", "mkdocs.yml: expected a mapping, found '5'"),
    ("\n", "mkdocs.yml: expected a mapping, found nothing"),
    (b"site_name: x\nsite_author: caf\xe9\n", "mkdocs.yml:2: expected UTF-8 text, found another"),
    (CONFIG + "INHERIT: mkdocs.yml\n", "mkdocs.yml:9: INHERIT: expected a file that does not inh"),
    (CONFIG + "INHERIT: ./other.yml\n", "other.yml:2: INHERIT: expected a file that does not inh"),
    (CONFIG + "INHERIT: bad.yml\n", "bad.yml:2: expected valid YAML, found an error"),
    (CONFIG + "INHERIT: no.yml\n", "mkdocs.yml:9: INHERIT: expected a file, found none at no.yml"),
    (CONFIG + "INHERIT: [a]\n", "mkdocs.yml:9: INHERIT: expected a file, found a list"),
    (
        replaced("data_dir: data", r'data_dir: "a\0b"'),
        "mkdocs.yml:8: plugins[1].policybook.data_dir: expected text without control characters, "
        "found U+0000",
    ),
    (
        replaced("A book", r'"\u202eA book"'),
        "mkdocs.yml:1: site_name: expected text without control characters, found U+202E",
    ),
    (
        replaced("A book", "\u202eA book"),
        "mkdocs.yml:1: expected text without control characters, found U+202E",
    ),
    (
        replaced("data_dir: data", "catalogue_before: old"),
        "mkdocs.yml:8: plugins.policybook.catalogue_before: expected older catalogues in "
        "catalogues/ of the data folder, where `policybook import catalogue` stores them, found "
        "'catalogue_before'",
    ),
    (
        replaced("data_dir: data", "catalogue_before_date: 2020-01-01"),
        "mkdocs.yml:8: plugins.policybook.catalogue_before_date: expected older catalogues in ",
    ),
    (
        replaced("data_dir: data", "data_dirr: data"),
        f"mkdocs.yml:8: plugins.policybook.data_dirr: expected one of {OPTIONS}, found 'data_dirr'",
    ),
    (replaced("data_dir: data", "data_dir: 5"), "mkdocs.yml:8: plugins.policybook.data_dir: Exp"),
    (replaced("name: material", "name: nope"), "mkdocs.yml:2: theme: Unrecognised theme name"),
    (replaced("font: false", "custom_dir: 5"), "mkdocs.yml: MkDocs cannot use it: TypeError: "),
    (CONFIG + "hooks: [bad.py]\n", "bad.py:2: the hook raised ValueError: two\\nlines"),
    (CONFIG + "hooks: [worse.py]\n", "worse.py:1: the hook raised SyntaxError: "),
    (CONFIG + "hooks: [exit.py]\n", "exit.py:1: the hook raised SystemExit: done"),
    (CONFIG + "hooks: [no.py]\n", "mkdocs.yml:9: hooks: "),
    (
        replaced("  - policybook:\n      data_dir: data\n", ""),
        "mkdocs.yml:5: expected policybook among the plugins, found none",
    ),
    ("site_name: x\n", "mkdocs.yml: expected policybook among the plugins, found none"),
]


@pytest.mark.parametrize(("config", "start"), ERRORS, ids=[start for _, start in ERRORS])
@pytest.mark.parametrize("name", ["build", "check", "serve"])
def test_an_error_is_one_line_with_its_place(
    config: str | bytes, start: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever command reads the file; the status is 2."""
    files = {
        "other_yml": "\nINHERIT: mkdocs.yml\n",
        "bad_yml": "x: 1\na: ]\n",
        "worse_py": "def (",
        "exit_py": "raise SystemExit('done')",
    }
    monkeypatch.chdir(book(tmp_path, config, **files, bad_py="\nraise ValueError('two\\nlines')\n"))
    status, said = refusal(name)
    assert status == 2
    assert said.startswith(start)
    assert said.count("\n") == 0


def test_every_unknown_option_of_the_plugin_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each on a line of its own."""
    text = replaced("data_dir: data", "one: 1\n      two: 2")
    monkeypatch.chdir(book(tmp_path, text))
    status, said = refusal("build")
    assert status == 2
    assert [line.partition(": expected")[0] for line in said.splitlines()] == [
        "mkdocs.yml:8: plugins.policybook.one",
        "mkdocs.yml:9: plugins.policybook.two",
    ]


@pytest.mark.parametrize(
    ("config", "page", "said"),
    [
        (NO_THEME, "", "mkdocs.yml: theme: expected the theme 'material', found none\n"),
        (
            replaced("material\n  font: false", "mkdocs"),
            "",
            "mkdocs.yml:2: theme: expected the theme 'material', found 'mkdocs'\n",
        ),
        (
            CONFIG,
            b"one\ncaf\xe9\n",
            "docs/y.md:2: expected UTF-8 text, found another encoding; save the file as UTF-8\n",
        ),
        (
            CONFIG,
            "one\n\u202etwo\n",
            "docs/y.md:2: expected text without control characters, "
            "found U+202E (RIGHT-TO-LEFT OVERRIDE)\n",
        ),
        (CONFIG + "hooks: [h.py]\n", "", "h.py:2: the hook raised ValueError: two\\nlines\n"),
        (
            replaced("A book", "!ENV OWN_NAME"),
            "",
            "mkdocs.yml:1: site_name: expected text without control characters, found U+001B\n",
        ),
    ],
    ids=["no-theme", "other-theme", "encoding", "control-character", "hook", "environment"],
)
def test_what_a_build_finds_late_is_one_line_too(
    config: str, page: str | bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is left in the folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OWN_NAME", "a\x1b[2J")
    write(book(tmp_path, config, h_py=HOOK), {"docs/y.md": page})
    ran = run("build")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (2, "", said)
    left = {path.name for path in tmp_path.iterdir()} - {"__pycache__", ".cache"}
    assert left == {"data", "docs", "h.py", "mkdocs.yml"}


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (r'data_dir: "a\0b"', "text without control characters, found U+0000"),
        ("nope: 1", "one of "),
    ],
)
def test_mkdocs_refuses_an_option_of_the_plugin_too(option: str, said: str, tmp_path: Path) -> None:
    """In its own words around ours."""
    ran = command("build", cwd=book(tmp_path, replaced("data_dir: data", option)), module="mkdocs")
    name = option.partition(":")[0]
    assert ran.returncode == 1
    assert f"Plugin 'policybook' option '{name}': expected {said}" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_errors_of_the_data_come_before_the_theme(tmp_path: Path) -> None:
    """They are more."""
    write(book(tmp_path, NO_THEME), {"data/policies/P/policy.yml": facts("P", "oops: 1\n")})
    ran = command("build", cwd=tmp_path)
    assert ran.returncode == 1
    assert ran.stderr.endswith("[unknown-key]\n")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "dev_addr: Must be a string of format 'IP:PORT'"),
        ("localhost:x", "dev_addr: 'x' is not a valid port"),
        ("no host:8000", "dev_addr: 'no host' does not appear to be an IPv4 or IPv6 address"),
        ("localhost:65536", "dev_addr: expected a port from 0 to 65535, found 65536"),
        (
            "192.0.2.1:8000",
            "dev_addr: expected an address to listen on, found 192.0.2.1:8000 "
            "(Cannot assign requested address)",
        ),
    ],
)
# MkDocs leaves the socket open on which it could not listen.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)
def test_an_address_that_cannot_be_served_is_one_line(
    address: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the command line, or of mkdocs.yml with its line."""
    monkeypatch.chdir(book(tmp_path, CONFIG))
    status, found = refusal("serve", "-a", address)
    if "expected" not in said:
        said += "; write host and port, such as localhost:8000"
    assert (status, found.splitlines()[-1]) == (2, said)
    if "expected" not in said:
        write(tmp_path, {"mkdocs.yml": f"{CONFIG}dev_addr: {address}\n"})
        assert refusal("serve") == (2, f"mkdocs.yml:9: {said}")
