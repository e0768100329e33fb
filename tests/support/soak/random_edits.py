"""Random edits of a book: after each, a build with the cache writes what one without it does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import yaml

from tests.support.book_folders import settings_in
from tests.support.books import small_catalogue
from tests.support.edits import at_random
from tests.support.sites import contents
from tests.support.soak.forked import run_command
from tests.support.soak.hostile_book import HostileBook
from tests.support.soak.killed import fresh_copy
from tests.support.soak.small_books import book_of
from tests.support.soak.texts import Texts

Case = Callable[[int], str]
Edit = Callable[[Path, Random], object]


def _hostile(book: Path, random: Random) -> None:
    """Groups, guides, roles and rules of a hostile book, and its policies too."""
    drawn = HostileBook(Texts(random.random(), forbidden=False), 5, small_catalogue())
    for left in ("groups", "guides", *(f"policies/{name}" for name in drawn.names)):
        shutil.rmtree(book / "data" / left, ignore_errors=True)
    drawn.write(book / "data")


def _no_topics(book: Path, random: Random) -> None:
    for name in ("groups", "guides"):
        shutil.rmtree(book / "data" / name, ignore_errors=True)
    (book / "data/roles.yml").unlink(missing_ok=True)
    if random.random() < 0.5:
        (book / "data/rules.yml").unlink(missing_ok=True)


def _settings(book: Path, random: Random) -> None:
    """Other settings in mkdocs.yml."""
    path = book / "mkdocs.yml"
    config = settings_in(path)
    config["site_name"] = f"Book {random.randint(0, 3)}"
    config["site_url"] = random.choice(("", "https://example.org/", "https://example.org/b/"))
    for plugin in config["plugins"]:
        if isinstance(plugin, dict):
            pages = random.choice((["*"], ["s3:*"], ["s3:Get*", "iam:*"]))
            plugin["policybook"] = {**plugin["policybook"], "action_pages": pages}
    path.write_text(yaml.safe_dump(config))


def _written_page(book: Path, random: Random) -> None:
    name = f"page{random.randint(0, 2)}.md"
    path = book / "docs" / name
    if path.exists() and random.random() < 0.4:
        path.unlink()
    else:
        path.write_text(f"# Page {random.randint(0, 9)}\n\nSee [this](keeping.md).\n")


def _damage(book: Path, random: Random) -> None:
    """Files of the site changed or removed by somebody, or the cache damaged."""
    files = sorted(p for p in (book / "site").rglob("*") if p.is_file() and p.name[0] != ".")
    for path in random.sample(files, 3):
        path.unlink()
        if random.random() < 0.5:
            path.write_text("damaged")
    cached = sorted((book / ".cache/policybook").glob("[a-z]*"))
    of_files = [path for path in cached if path.is_file()]
    damaged = random.choice(of_files)
    damaged.write_bytes(damaged.read_bytes()[: random.randint(0, 2000)])


def _touched(book: Path, random: Random) -> None:
    """Files written again as they were."""
    for path in sorted((book / "data").rglob("*.yml")):
        if random.random() < 0.3:
            path.write_bytes(path.read_bytes())


EDITS: tuple[Edit, ...] = (
    *(at_random, at_random, at_random, at_random),
    *(_hostile, _no_topics, _settings, _written_page, _damage, _touched),
)


class _Edits:
    """A book that is edited again and again."""

    def __init__(self, folder: Path) -> None:
        self._book, self._cold = folder / "book", folder / "cold"
        book_of(self._book, 20)
        assert run_command(self._book, "build").status == 0

    def case(self, seed: int) -> str:
        random = Random(seed)
        edits = [random.choice(EDITS) for _ in range(random.randint(1, 3))]
        for edit in edits:
            edit(self._book, random)
        ended = run_command(self._book, "build")
        fresh_copy(self._book, self._cold)
        for built in ("site", ".cache"):
            shutil.rmtree(self._cold / built)
        cold = run_command(self._cold, "build")
        names = ", ".join(edit.__name__.strip("_") for edit in edits)
        assert (ended.status, cold.status) == (0, 0), (names, ended, cold)
        found, expected = contents(self._book / "site"), contents(self._cold / "site")
        differ = [p for p in sorted({*found, *expected}) if found.get(p) != expected.get(p)]
        assert not differ, f"after {names}: {differ[:5]}"
        return "equal"


def random_edits(folder: Path) -> Case:
    """A part each of whose cases edits the book of the case before."""
    return _Edits(folder).case
