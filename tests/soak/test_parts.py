"""A few cases of each part of `make soak`, which runs thousands."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from tests.support.soak.environments import ENVIRONMENTS
from tests.support.soak.events import drawn_event, noted_in
from tests.support.soak.forked import Child, Ended, assert_in_one_line
from tests.support.soak.parts import PARTS
from tests.support.soak.progress import Progress, Run, read_run, write_run
from tests.support.soak.read_back import Site
from tests.support.soak.texts import FORBIDDEN, MARK, Texts
from tests.support.soak.workers import results

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork")


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", PARTS)
def test_a_few_cases_of_each_part(name: str, tmp_path: Path) -> None:
    """For about ten seconds; each says how it ended."""
    found = [*results(name, range(PARTS[name].few), 1)]
    assert [result.error for result in found if result.error] == []
    assert all(result.outcome for result in found)


def test_the_parts_have_the_numbers_of_cases_that_the_docs_say() -> None:
    """And there are twelve environments."""
    counts = {name: part.cases for name, part in PARTS.items()}
    assert counts["hostile-data"] == 10_000
    assert counts["hostile-builds"] == 200
    assert counts["killed-builds"] == counts["killed-imports"] == 500
    assert counts["full-disk"] == 20
    assert counts["random-edits"] == 30
    assert counts["engine"] == 100_000
    assert len(ENVIRONMENTS) == 12
    page = Path(__file__).parents[2] / "docs/contributing/testing.md"
    rows = page.read_text("utf-8")
    for name, count in counts.items():
        assert f"| `{name}` | {count:,} |" in rows, name


# --- what reads the output back can fail ----------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("a/index.html", f"<p><{MARK}>", "element"),
        ("a/index.html", f"<p on{MARK}=1>", "attribute"),
        ("a/index.html", f"<p class='x {MARK}'>", "class"),
        ("a/index.html", f"<a href='javascript:{MARK}'>", "scheme"),
        ("a/index.html", f"<a href=' JAVA\tscript:{MARK}'>", "scheme"),
        ("a/index.html", f"<a href='//{MARK}.example'>", "link out"),
        ("a/index.html", f"<a href='../../{MARK}'>", "link to nothing"),
        ("a/index.html", f"<title><{MARK}></title></textarea><script>{MARK}", "element"),
        ("a.xml", f"<feed><{MARK}/></feed>", "element"),
        ("a.json", json.dumps({"items": [{"content_html": f"<p><{MARK}>"}]}), "element"),
        ("a.csv", f"a,b\r\n1,={MARK}\r\n", "formula"),
        ("a.csv", f"a,b\r\n1,\uff1d{MARK}\r\n", "formula"),
        ("a.csv", "a,b\r\n1\r\n", "lengths"),
        (f"../{MARK}.json", "{}", "path"),
        (f"a/<{MARK}>.json", "{}", "characters"),
        (f"{'a' * 201}.json", "{}", "200"),
    ],
)
def test_what_hostile_text_has_become_is_found(path: str, content: str, problem: str) -> None:
    found = [*Site({path: content.encode(), "b.json": b"{}"}).problems()]
    assert any(problem in line for line in found), found


def test_text_that_is_only_text_is_no_problem() -> None:
    page = f"<p title='&lt;{MARK}>'>&lt;{MARK}&gt; <a href='../b/'>{MARK}:x</a>"
    files: Mapping[str, bytes] = {"a/index.html": page.encode(), "b/index.html": b"<p>"}
    assert [*Site(files).problems()] == []


def test_a_set_with_forbidden_texts_is_else_the_same() -> None:
    """So the set that is drawn after a refusal is that set without them."""
    clean, other = Texts(5, forbidden=False), Texts(5, forbidden=True)
    pairs = [(clean.text(), other.text()) for _ in range(2000)]
    differ = [text for plain, text in pairs if text != plain]
    assert differ
    assert len(differ) == other.forbidden
    assert {*differ} <= {*FORBIDDEN}


# --- processes and their events -------------------------------------------------------------------


def test_a_child_runs_a_command_in_a_folder(tmp_path: Path) -> None:
    ended = Child(tmp_path, "check").wait()
    assert ended.status == 2
    assert "mkdocs.yml" in ended.stderr
    assert_in_one_line(ended)


def test_an_unexpected_exception_of_a_child_is_seen(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("x")

    ended = Child(tmp_path, "check", before=fail).wait()
    assert ended == Ended(70, "", "unexpected: ValueError('x')\n")


def test_every_event_is_noted_in_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    note = noted_in(log)

    def act() -> None:
        note()
        (tmp_path / "a").write_text("x")
        (tmp_path / "a").rename(tmp_path / "b")
        os._exit(0)

    assert Child(tmp_path, "check", before=act).wait().status == 0
    lines = log.read_text().splitlines()
    assert [line.split(" ")[0] for line in lines] == ["open", "write", "os.rename"]
    assert {drawn_event(lines, tmp_path, Random(seed)) for seed in range(50)} == {1, 2, 3}


# --- progress -------------------------------------------------------------------------------------


def test_a_run_is_kept_and_goes_on(tmp_path: Path) -> None:
    """A failed case keeps it from being complete."""
    path = tmp_path / "state.json"
    run = read_run(path)
    run.of("x").add(7, "well", "")
    write_run(run, path)
    assert read_run(path) == run
    assert run.is_complete({"x": 1})
    assert not run.is_complete({"x": 2})
    run.of("x").add(8, "", "wrong")
    assert not run.is_complete({"x": 2})
    assert run == Run(run.seed, {"x": Progress(2, 0.0, {"well": 1}, {"8": "wrong"})})
