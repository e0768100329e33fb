"""The scripts of workers are joined to one file each, and the engine in it is small."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from mkdocs.structure.files import File, Files
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.joined_scripts import join_workers, joined

from tests.support.books import REPOSITORY
from tests.support.chance import chance
from tests.support.engine.process import Engine, encoded
from tests.support.engine.questions import KINDS

ASSETS = REPOSITORY / "templates/theme/assets"
MOST_COMPRESSED = 40_000

ENTRY = """\
// A comment.
import * as one from "./one.js";
import {
  second as two, third,
} from "./parts/two.js";
import "./shown.js";

export { third as passed } from "./parts/two.js";

/**
 * @param {number} n
 */
export function total(n) {
  // Another comment.
  const found = /** @type {number} */ (n); // https://example.org/*
  return [found, one.first, two, third(), "a // b"];
}

console.log(JSON.stringify(total(1)));
"""
ONE = """\
import { second } from "./parts/two.js";

export const first = second + 1;
export class Unused {
  #own = 1;
}
"""
TWO = """\
let count = 1;
export const second = ++count;
export function* many() {}
function own() {
  return second * 10;
}
export { own as third };
"""


def write(folder: Path, **modules: str) -> Path:
    (folder / "parts").mkdir()
    for name, text in modules.items():
        (folder / f"{name.replace('_', '/')}.js").write_text(text)
    return folder / "entry.js"


def run(folder: Path, name: str, script: str) -> str:
    """What a module prints."""
    path = folder / f"{name}.mjs"
    path.write_text(script)
    return subprocess.run(["node", path], capture_output=True, text=True, check=True).stdout


@pytest.mark.usefixtures("engine")  # so that it is skipped without Node.js
def test_joined_modules_do_what_they_do_apart(tmp_path: Path) -> None:
    """Each runs once, after those that it imports."""
    shown = 'console.log("shown");\n'
    entry = write(tmp_path, entry=ENTRY, one=ONE, parts_two=TWO, shown=shown)
    script = joined(entry)
    assert "comment" not in script
    assert "@type" not in script
    assert "import" not in script
    printed = run(tmp_path, "joined", script).splitlines()
    assert printed == ["shown", '[1,3,2,20,"a // b"]']
    other = 'import { passed, total } from "./joined.mjs"; console.log(passed(), total(2)[0]);'
    assert run(tmp_path, "other", other).splitlines() == [*printed, "20 2"]


@pytest.mark.parametrize(
    "line",
    [
        'import one from "./one.js";',
        'import { readFileSync } from "node:fs";',
        "export default 1;",
        "export let changing = 1;",
        'const later = await import("./one.js");',
    ],
)
def test_other_forms_of_modules_are_refused(tmp_path: Path, line: str) -> None:
    entry = write(tmp_path, entry=f"{line}\n", one=ONE, parts_two=TWO)
    with pytest.raises(PolicybookError, match=r"entry\.js: expected another form"):
        joined(entry)


def test_a_circle_of_imports_is_refused(tmp_path: Path) -> None:
    circle = 'import { first } from "./one.js";\nexport const second = first;\n'
    entry = write(tmp_path, entry='import "./one.js";\n', one=ONE, parts_two=circle)
    (tmp_path / "parts/two.js").write_text(circle.replace("./one.js", "../one.js"))
    with pytest.raises(PolicybookError, match="no circle of imports"):
        joined(entry)


def test_the_workers_of_a_site_are_joined_and_no_other_scripts(tmp_path: Path) -> None:
    write(tmp_path, entry="", one=ONE, parts_two=TWO)
    assets = tmp_path / "assets/tool"
    assets.mkdir(parents=True)
    text = 'import { second } from "../../parts/two.js";\nconsole.log(second);\n'
    for name in ("worker", "page"):
        (assets / f"{name}.js").write_text(text)
    found = Files(
        File(f"assets/tool/{name}.js", str(tmp_path), str(tmp_path / "site"), True)
        for name in ("worker", "page")
    )
    join_workers(found)
    contents = {file.src_uri: file.content_string for file in found}
    assert contents["assets/tool/page.js"] == text
    assert "import" not in contents["assets/tool/worker.js"]
    assert "console.log(second)" in contents["assets/tool/worker.js"]


@pytest.mark.usefixtures("engine")
def test_each_worker_of_the_theme_can_be_joined(tmp_path: Path) -> None:
    for worker in ASSETS.glob("*/worker.js"):
        (tmp_path / "worker.mjs").write_text(joined(worker))
        subprocess.run(["node", "--check", tmp_path / "worker.mjs"], check=True)


def test_the_engine_is_small(tmp_path: Path) -> None:
    """All of its modules, as a worker has them, when they are compressed."""
    entry = tmp_path / "entry.js"
    modules = sorted((ASSETS / "engine").rglob("*.js"))
    address = "../" * len(tmp_path.parts)
    lines = (f'import "./{address}{module.relative_to("/")}";\n' for module in modules)
    entry.write_text("".join(lines))
    assert len(gzip.compress(joined(entry).encode(), 9)) <= MOST_COMPRESSED


def test_the_joined_engine_gives_the_same_answers(engine: Engine, tmp_path: Path) -> None:
    numbers = chance("joined engine")
    questions = [
        question
        for kind, draw in KINDS.items()
        if kind != "limits"
        for _ in range(20)
        for question, _ in draw(numbers)
    ]
    (tmp_path / "questions.json").write_bytes(encoded(questions))
    (tmp_path / "calls.mjs").write_text(joined(REPOSITORY / "tests/support/engine/calls.js"))
    script = """
        import { readFileSync } from "node:fs";
        import { CALLS } from "./calls.mjs";
        const plain = (key, value) => (typeof value === "bigint" ? String(value) : value);
        const questions = JSON.parse(readFileSync(new URL("questions.json", import.meta.url)));
        const answers = questions.map(([name, ...given]) => CALLS[name](...given) ?? null);
        console.log(JSON.stringify(answers, plain));
    """
    assert json.loads(run(tmp_path, "answers", script)) == engine.answers(questions)
