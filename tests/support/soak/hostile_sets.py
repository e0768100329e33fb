"""Hostile data, rendered in this process or built as a whole, and read back."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from policybook.build.planner import findings, plan_site
from policybook.build.site_files import SiteFiles
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import DataError

from tests.support.books import TEMPLATES, keep_catalogue, older_catalogue, small_catalogue
from tests.support.sites import contents
from tests.support.soak.forked import run_command
from tests.support.soak.hostile_book import HostileBook
from tests.support.soak.read_back import BODIES, Site
from tests.support.soak.small_books import small_book
from tests.support.soak.texts import Texts

Case = Callable[[int], str]

# After so many cases the answers that a catalogue and the program keep are dropped.
RENEWED_EVERY = 50
SITE_URL = "https://example.org/book/"


def drawn(seed: int, policies: int, catalogue: Catalogue, data: Path) -> tuple[HostileBook, str]:
    """The book of a seed, written to a folder.

    One in six has texts that no data may have. `check` has to refuse it, in one printable line for
    each finding; then it is drawn again without them.

    Returns:
        The book, and whether one was refused before it.

    """
    outcome = "accepted"
    book = HostileBook(Texts(seed, forbidden=False), policies, catalogue)
    if seed % 6 == 0:
        forbidden = HostileBook(Texts(seed, forbidden=True), policies, catalogue)
        # A text that was drawn may not be in the book, such as the Sid of a guide's statement.
        if forbidden.files != book.files:
            _rewrite(forbidden, data)
            _refused(data, catalogue)
            outcome = "accepted without what was refused"
    _rewrite(book, data)
    return book, outcome


def _rewrite(book: HostileBook, data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    book.write(data)


def _refused(data: Path, catalogue: Catalogue) -> None:
    found = findings(data, catalogue)
    assert any(f.level == "error" for f in found), "forbidden characters were accepted"
    _each_on_one_line(map(str, found))
    try:
        plan_site(data, catalogue=catalogue)
    except DataError as error:
        _each_on_one_line(str(error).split("\n"))
        return
    raise AssertionError("data that `check` refuses was built")


def _each_on_one_line(lines: object) -> None:
    assert isinstance(lines, map | list)
    for line in lines:
        assert line.isprintable(), repr(line)
        assert " expected " in line, line


def rendered_sets(policies: int) -> Callable[[Path], Case]:
    """A part whose cases draw a set of so many policies, and render it without MkDocs."""

    def prepare(folder: Path) -> Case:
        catalogues: list[Catalogue] = []
        since = 0

        def case(seed: int) -> str:
            nonlocal since
            if since % RENEWED_EVERY == 0:
                catalogues[:] = [small_catalogue(), older_catalogue()]
                gc.collect()
            since += 1
            return _render(seed, policies, folder / "data", *catalogues)

        return case

    return prepare


def _render(seed: int, policies: int, data: Path, catalogue: Catalogue, before: Catalogue) -> str:
    random = Random(seed)
    book, outcome = drawn(seed, policies, catalogue, data)
    own = SITE_URL if random.random() < 0.5 else ""
    if random.random() < 0.3:
        keep_catalogue(before, data)
    site = plan_site(data, catalogue=catalogue, site_url=own)
    files = SiteFiles(site, TEMPLATES)
    tasks = files.tasks(lambda page: files.body(page).html)
    rendered = {task.path: task.render() for task in tasks}
    files.check_links()
    _check(rendered, Site(rendered, BODIES, own), book)
    assert not [
        path for path, text in rendered.items() if path.endswith("html") and b"<!--" in text
    ]
    return outcome


def _check(files: Mapping[str, bytes], site: Site, book: HostileBook) -> None:
    problems = list(site.problems())
    assert not problems, "\n".join(problems[:10])
    for name in book.names:
        answer = json.loads(files[f"api/v1/policies/{name}.json"])["result"]
        expected = book.files[f"policies/{name}/policy.yml"]["summary"]
        assert answer["summary"] == expected, f"{name}: {answer['summary']!r}"


def built_sets(policies: int) -> Callable[[Path], Case]:
    """A part whose cases draw a set of so many policies, and run `policybook build`."""

    def prepare(folder: Path) -> Case:
        book = folder / "book"
        small_book(book)
        assert run_command(book, "build").status == 0
        harmless = contents(book / "site")
        pages = [text for path, text in harmless.items() if path.endswith(".html")]
        allowed = BODIES.also(pages)
        catalogue = small_catalogue()

        def case(seed: int) -> str:
            shutil.rmtree(book / "site")
            shutil.rmtree(book / ".cache", ignore_errors=True)
            own, outcome = drawn(seed, policies, catalogue, book / "data")
            ended = run_command(book, "build")
            assert (ended.status, ended.stderr) == (0, ""), ended.stderr
            files = contents(book / "site")
            _check(files, Site(files, allowed), own)
            return outcome

        return case

    return prepare
