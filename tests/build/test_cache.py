"""The build cache: it saves time, and never affects the built site.

Three tests of whole builds are in `make test`, the others in `make test-all`.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from policybook.build.cache import BuildCache, cache_folder
from policybook.data.loader import read
from policybook.errors import DataError

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put, replace
from tests.support.books import REPOSITORY
from tests.support.cli import answer
from tests.support.edits import POLICY_EDITS, Edit, at_random, eight_policies, rare_patterns
from tests.support.sites import built, command, contents
from tests.support.sites import built_in_process as warm
from tests.support.soak.small_books import small_book


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A copy of the repository's book, with policies that have services and patterns in common."""
    book = tmp_path / "large"
    book.mkdir()
    for name in ("data", "docs"):
        shutil.copytree(REPOSITORY / name, book / name)
    shutil.copy(REPOSITORY / "mkdocs.yml", book)
    some_actions = '      action_pages: ["s3:*", "sqs:*", "kms:*", "iam:P*", "lambda:*"]\n'
    replace(book / "mkdocs.yml", "data_dir: data\n", "data_dir: data\n" + some_actions)
    eight_policies(book)
    return book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The book that `policybook init` starts, with a catalogue of three services."""
    small_book(tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture
def small(book: Path) -> Path:
    """A book for what does not depend on how much it has: the starter's, with one more policy."""
    put(book, "Policy1", document(("sqs:PurgeQueue", "*")))
    return book


def add(path: Path, text: str) -> None:
    """Write a text at the end of a file."""
    path.write_text(path.read_text() + text)


def cold(book: Path) -> dict[str, bytes]:
    """The files of a build without a cache."""
    copy = book.with_name("cold")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(book, copy, ignore=shutil.ignore_patterns(".cache", "site"))
    return contents(warm(copy))


def same_after(edits: Mapping[str, Edit], book: Path) -> None:
    """Assert after each edit that a build is one without a cache, which new sources alone need."""
    sources: dict[str, bytes] = {}
    for name, edit in edits.items():
        edit(book)
        own = {p: c for p, c in contents(book).items() if not p.startswith((".cache/", "site/"))}
        if own != sources:
            sources, expected = own, cold(book)
        assert contents(warm(book)) == expected, name


def inodes(site: Path) -> dict[str, int]:
    """The inode of every file of a site, by path."""
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.stat().st_ino for path in files}


# --- the same bytes -------------------------------------------------------------------------------


EDITS: Mapping[str, Edit] = {
    **POLICY_EDITS,
    "a group's title": lambda book: replace(
        book / "data/groups/sagemaker-core.yml", "title: ", "title: New "
    ),
    "a guide": lambda book: replace(
        book / "data/guides/managed-policies.yml", "summary: ", "summary: New "
    ),
    "the roles": lambda book: replace(book / "data/roles.yml", "summary: ", "summary: New "),
    "a rule's reason": lambda book: replace(
        book / "data/rules.yml", "    reason: >-\n", "    reason: >-\n      New. "
    ),
    "a rule that fewer meet": lambda book: replace(
        book / "data/rules.yml", 'actions: ["s3:GetObject", ', 'actions: ["s3:PutObject", '
    ),
    "no rules": lambda book: (book / "data/rules.yml").unlink(),
    "the book's title": lambda book: replace(book / "data/book.yml", "title: ", "title: New "),
    "a hand-written page": lambda book: replace(
        book / "docs/reference/verdicts.md", "# ", "# New "
    ),
    "a setting": lambda book: replace(
        book / "mkdocs.yml", "site_name: policybook", "site_name: other"
    ),
    "the address": lambda book: replace(
        book / "mkdocs.yml", "site_name:", "site_url: https://example.org/book/\nsite_name:"
    ),
    "a file of the site": lambda book: (book / "site/policies/Policy1/index.html").write_text("x"),
    "a file of the site that is gone": lambda book: (book / "site/api/v1/index.json").unlink(),
    "a file that is not the site's": lambda book: (book / "site/mine.html").write_text("mine"),
    "the whole site": lambda book: shutil.rmtree(book / "site"),
    "the cache": lambda book: shutil.rmtree(cache_folder(str(book / "mkdocs.yml"))),
}


@pytest.mark.exhaustive
def test_the_cache_never_affects_the_built_site(large: Path) -> None:
    """After each of several cumulative edits, the site equals that of a build without a cache."""
    rare_patterns(large)
    warm(large)
    same_after(EDITS, large)


FEW_EDITS: Mapping[str, Edit] = {
    "nothing": lambda book: None,
    "a policy": lambda book: put(book, "Wide", document(("s3:*", "*"))),
    "a hand-written page": lambda book: replace(book / "docs/keeping.md", "# ", "# New "),
    "a setting": lambda book: replace(book / "mkdocs.yml", "site_name: ", "site_name: New "),
    "the address": lambda book: add(book / "mkdocs.yml", "site_url: https://book.example/\n"),
    "a file of the site": lambda book: (book / "site/policies/Wide/index.html").write_text("x"),
    "a file of the site that is gone": lambda book: (book / "site/api/v1/index.json").unlink(),
    "a file that is not the site's": lambda book: (book / "site/mine.html").write_text("mine"),
    "the whole site": lambda book: shutil.rmtree(book / "site"),
    "the cache": lambda book: shutil.rmtree(cache_folder(str(book / "mkdocs.yml"))),
}


def test_a_small_site_equals_a_build_without_a_cache(book: Path) -> None:
    """End to end; which data each key covers is tested in test_cache_keys.py."""
    warm(book)
    same_after(FEW_EDITS, book)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_edits_matters(large: Path, seed: int) -> None:
    """Policies are added, changed and removed at random."""
    chance = random.Random(seed)
    for _ in range(6):
        at_random(large, chance)
        warm(large)
    assert contents(large / "site") == cold(large)


# --- what is saved --------------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_files_that_do_not_change_are_not_written_again(large: Path) -> None:
    """Without a change no file is written; after a changed policy, only files that show it."""
    before = inodes(warm(large))
    assert inodes(warm(large)) == before
    put(large, "Policy1", document(("sqs:PurgeQueue", "*")))
    put(large, "Policy1", document(("sqs:PurgeQueue", "*")), summary="New.")
    after = inodes(warm(large))
    changed = {path for path in after if after[path] != before.get(path)}
    assert "policies/Policy1/index.html" in changed
    assert "api/v1/policies/Policy1.json" in changed
    assert "services/sqs/index.html" in changed
    assert not {path for path in changed if path.startswith("policies/AmazonSageMaker")}
    assert "services/athena/index.html" not in changed
    assert not {path for path in changed if path.startswith("assets/")}


@pytest.mark.exhaustive
def test_a_policy_that_comes_to_contain_another_changes_the_page_of_that(large: Path) -> None:
    """Its JSON changes too, but not its feed or the pages of unrelated policies."""
    put(large, "Narrow", document(("sqs:PurgeQueue", "*")))
    put(large, "Wide", document(("sns:*", "*")))
    before = inodes(warm(large))
    page = large / "site/policies/Narrow/index.html"
    assert "policies/Wide/" not in page.read_text()
    put(large, "Wide", document(("sqs:*", "*")))
    after = inodes(warm(large))
    assert "policies/Wide/" in page.read_text()
    changed = {path for path in after if after[path] != before.get(path)}
    assert {"policies/Narrow/index.html", "api/v1/policies/Narrow.json"} <= changed
    assert "policies/Narrow/feed.xml" not in changed
    assert "policies/AmazonSageMakerReadOnly/index.html" not in changed
    assert contents(large / "site") == cold(large)


def test_only_changed_policies_are_parsed_again(large: Path) -> None:
    """A changed policy is a new object; all others are the cached objects."""
    known = read(large / "data").parsed
    put(large, "Policy1", document(("sqs:PurgeQueue", "*")))
    again = read(large / "data", known).parsed
    assert [name for name in again if again[name] is not known.get(name)] == ["Policy1"]
    assert again["Policy1"].digest != known["Policy1"].digest


@pytest.mark.exhaustive
def test_everything_is_rendered_if_dependencies_are_unknown(small: Path) -> None:
    """A hook may change any page."""
    config = small / "mkdocs.yml"
    (small / "hook.py").write_text("")
    config.write_text(config.read_text() + "\nhooks: [hook.py]\n")
    page = "policies/Policy1/index.html"
    (small / "site").mkdir()
    before = contents(warm(small))
    (small / "site" / page).write_text("x")
    assert contents(warm(small)) == before


@pytest.mark.exhaustive
def test_a_preview_does_not_change_the_cache_of_the_site(large: Path) -> None:
    """A preview has its own site, and may show only some policies."""
    warm(large)
    before = contents(cache_folder(str(large / "mkdocs.yml")))
    config = load_config(str(large / "mkdocs.yml"), site_dir=str(large.with_name("preview")))
    config.site_url = "http://127.0.0.1:8000/"
    config.plugins["policybook"].config["only"] = "Policy?"
    config.plugins.on_startup(command="serve", dirty=False)
    build(config)
    assert (large.with_name("preview") / "policies/Policy1/index.html").exists()
    assert not (large.with_name("preview") / "policies/AmazonSageMakerReadOnly").exists()
    after = contents(cache_folder(str(large / "mkdocs.yml")))
    kept = {path for path in before if not path.startswith("spare/")}
    assert {path: before[path] for path in kept} == {path: after[path] for path in kept}


def test_an_up_to_date_site_is_not_built_again(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed input or output triggers a build, and so do snippets, which may be anywhere."""
    monkeypatch.chdir(book)

    def said() -> str:
        return answer("build")

    time.sleep(1.1)  # what was touched in the last second may be touched again unseen
    assert "nothing changed" not in said()
    assert "nothing changed" in said()
    (book / "site/index.html").write_text("x")
    assert "nothing changed" not in said()
    assert "nothing changed" in said()
    replace(book / "data/book.yml", "title: ", "title: New ")
    assert "nothing changed" not in said()
    config = book / "mkdocs.yml"
    config.write_text(config.read_text() + "\nmarkdown_extensions: [pymdownx.snippets]\n")
    time.sleep(1.1)
    assert "nothing changed" not in said()
    assert "nothing changed" not in said()


# --- bad memory -----------------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_an_unreadable_cache_is_ignored(large: Path) -> None:
    """If it is empty, truncated or of another program, everything is rendered."""
    expected = contents(warm(large))
    folder = cache_folder(str(large / "mkdocs.yml"))
    for bad in (b"", b"\0", b"x" * 4000):
        kept = [path for path in folder.iterdir() if path.is_file() and path.name != ".gitignore"]
        assert len(kept) > 5
        for path in kept:
            path.write_bytes(path.read_bytes()[:16] + bad)
        shutil.rmtree(large / "site")
        assert contents(warm(large)) == expected, bad


def test_a_cache_of_another_program_is_ignored(tmp_path: Path) -> None:
    """Its types may be different."""
    memory = BuildCache(tmp_path, b"0" * 16)
    memory.keep_book(memory.policies, {}, memory.related)
    memory.keep_site(memory.site(tmp_path), {}, preview=False)
    assert (tmp_path / "site").exists()
    assert BuildCache(tmp_path, b"1" * 16).site(Path()).files == {}


@pytest.mark.exhaustive
def test_facts_outlive_an_edit_of_a_template(tmp_path: Path, book: Path) -> None:
    """The pages are new, and the policies in the cache are those of the build before."""
    program = tmp_path / "program"
    for name in ("generator", "templates"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, program / name, ignore=ignored)
    config, code = book / "mkdocs.yml", str(program / "generator")
    site = built(book / "site", "-f", config, PYTHONPATH=code)
    policies = sorted((book / ".cache/policybook").glob("policies-*"))
    times = [path.stat().st_mtime_ns for path in policies]
    with (program / "templates/html/pages/policy.html").open("a") as template:
        template.write("<!-- edited -->")
    built(site, "-f", config, PYTHONPATH=code)
    assert b"<!-- edited -->" in next(site.glob("policies/*/index.html")).read_bytes()
    assert policies
    assert [path.stat().st_mtime_ns for path in policies] == times
    after = contents(site)
    shutil.rmtree(book / ".cache")
    assert contents(built(tmp_path / "cold", "-f", config, PYTHONPATH=code)) == after


def test_what_killed_builds_have_begun_to_write_is_removed(tmp_path: Path) -> None:
    """What a running build writes stays."""
    (tmp_path / f"site.{2**22 + 1}").write_bytes(b"half")
    (tmp_path / f"site.{os.getpid()}").write_bytes(b"half")
    (tmp_path / "site").write_bytes(b"whole")
    BuildCache(tmp_path, b"program")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", f"site.{os.getpid()}"]


def test_a_cache_that_cannot_be_written_is_skipped(small: Path) -> None:
    """A file has the name of the cache folder."""
    (small / ".cache").write_text("")
    expected = contents(warm(small))
    assert contents(warm(small)) == expected == cold(small)


def test_a_build_that_fails_changes_nothing(small: Path) -> None:
    """The site stays, and the next successful build is complete."""
    before = contents(warm(small))
    path = small / "data/policies/Policy1/v1.json"
    good = path.read_text()
    path.write_text("{")
    with pytest.raises(DataError, match="valid JSON"):
        warm(small)
    assert contents(small / "site") == before
    path.write_text(good)
    assert contents(warm(small)) == before == cold(small)


@pytest.mark.exhaustive
def test_garbage_collection_is_enabled_after_every_build(small: Path) -> None:
    """It is enabled even after a failed build, since a preview continues."""
    assert gc.isenabled()
    warm(small)
    assert gc.isenabled()
    (small / "data/policies/Policy1/v1.json").write_text("{")
    with pytest.raises(DataError):
        warm(small)
    assert gc.isenabled()


@pytest.mark.exhaustive
def test_git_ignores_the_cache(small: Path) -> None:
    """The cache folder has its own .gitignore."""
    warm(small)
    assert (cache_folder(str(small / "mkdocs.yml")) / ".gitignore").read_text() == "*\n"


@pytest.mark.exhaustive
def test_the_command_and_mkdocs_share_the_cache(small: Path) -> None:
    """Each reuses the files of the other."""
    assert command("build", cwd=small).returncode == 0
    before = inodes(small / "site")
    assert command("build", "-q", cwd=small, module="mkdocs").returncode == 0
    assert inodes(small / "site") == before
